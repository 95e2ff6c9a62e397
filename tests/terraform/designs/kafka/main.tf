terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# Two brokers in each of three zones, a single one, and a version that has KRaft in place of ZooKeeper.

resource "yandex_mdb_kafka_cluster" "bus" {
  name        = "bus"
  environment = "PRODUCTION"
  network_id  = "network-of-the-tests"

  config {
    version       = "3.6"
    brokers_count = 2
    zones         = ["ru-central1-a", "ru-central1-b", "ru-central1-d"]

    kafka {
      resources {
        resource_preset_id = "s2.micro"
        disk_type_id       = "network-hdd"
        disk_size          = 32
      }
    }
  }
}

resource "yandex_mdb_kafka_cluster" "small" {
  name       = "small"
  network_id = "network-of-the-tests"

  config {
    version          = "3.6"
    zones            = ["ru-central1-a"]
    assign_public_ip = true

    kafka {
      resources {
        resource_preset_id = "b3-c1-m4"
        disk_type_id       = "network-ssd"
        disk_size          = 10
      }
    }
  }
}

resource "yandex_mdb_kafka_cluster" "new" {
  name       = "new"
  network_id = "network-of-the-tests"

  config {
    version       = "4.0"
    brokers_count = 2
    zones         = ["ru-central1-a", "ru-central1-b", "ru-central1-d"]

    kafka {
      resources {
        resource_preset_id = "s3-c2-m8"
        disk_type_id       = "network-ssd"
        disk_size          = 10
      }
    }
  }
}

# One in each of three zones: the brokers may hold KRaft themselves.
resource "yandex_mdb_kafka_cluster" "combined" {
  name       = "combined"
  network_id = "network-of-the-tests"

  config {
    version = "4.0"
    zones   = ["ru-central1-a", "ru-central1-b", "ru-central1-d"]

    kafka {
      resources {
        resource_preset_id = "s3-c2-m8"
        disk_type_id       = "network-ssd"
        disk_size          = 10
      }
    }
  }
}

resource "yandex_mdb_kafka_topic" "orders" {
  cluster_id         = yandex_mdb_kafka_cluster.bus.id
  name               = "orders"
  partitions         = 6
  replication_factor = 3
}
