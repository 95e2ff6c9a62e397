terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# The first type: blocks, and hosts of ZooKeeper among the others.

resource "yandex_mdb_clickhouse_cluster" "stats" {
  name        = "stats"
  environment = "PRODUCTION"
  network_id  = "network-of-the-tests"

  clickhouse {
    resources {
      resource_preset_id = "s2.micro"
      disk_type_id       = "network-ssd"
      disk_size          = 50
    }
  }

  zookeeper {
    resources {
      resource_preset_id = "b2.medium"
      disk_type_id       = "network-ssd"
      disk_size          = 10
    }
  }

  dynamic "host" {
    for_each = ["ru-central1-a", "ru-central1-b"]

    content {
      type             = "CLICKHOUSE"
      zone             = host.value
      assign_public_ip = false
    }
  }

  dynamic "host" {
    for_each = ["ru-central1-a", "ru-central1-b", "ru-central1-d"]

    content {
      type = "ZOOKEEPER"
      zone = host.value
    }
  }
}
