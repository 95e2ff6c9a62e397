terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# The second type: attributes and a map of hosts; the server adds the hosts of ZooKeeper.

resource "yandex_mdb_clickhouse_cluster_v2" "stats" {
  name        = "stats"
  environment = "PRODUCTION"
  network_id  = "network-of-the-tests"

  clickhouse = {
    resources = {
      resource_preset_id = "s3-c2-m8"
      disk_type_id       = "network-ssd"
      disk_size          = 50
    }
  }

  hosts = {
    a = { type = "CLICKHOUSE", zone = "ru-central1-a", shard_name = "shard1" }
    b = { type = "CLICKHOUSE", zone = "ru-central1-b", shard_name = "shard1" }
  }
}

resource "yandex_mdb_clickhouse_cluster_v2" "single" {
  name            = "single"
  environment     = "PRESTABLE"
  network_id      = "network-of-the-tests"
  embedded_keeper = true

  clickhouse = {
    resources = {
      resource_preset_id = "b3-c1-m4"
      disk_type_id       = "network-hdd"
      disk_size          = 20
    }
  }

  hosts = {
    a = { type = "CLICKHOUSE", zone = "ru-central1-a", assign_public_ip = true }
  }
}

# Hosts of ClickHouse Keeper are stated, with their class.
resource "yandex_mdb_clickhouse_cluster_v2" "kept" {
  name        = "kept"
  environment = "PRODUCTION"
  network_id  = "network-of-the-tests"

  clickhouse = {
    resources = {
      resource_preset_id = "s3-c2-m8"
      disk_type_id       = "network-ssd"
      disk_size          = 30
    }
  }

  zookeeper = {
    resources = {
      resource_preset_id = "b3-c1-m4"
      disk_type_id       = "network-ssd"
      disk_size          = 10
    }
  }

  hosts = {
    a  = { type = "CLICKHOUSE", zone = "ru-central1-a", shard_name = "shard1" }
    b  = { type = "CLICKHOUSE", zone = "ru-central1-b", shard_name = "shard2" }
    k1 = { type = "KEEPER", zone = "ru-central1-a" }
    k2 = { type = "KEEPER", zone = "ru-central1-b" }
    k3 = { type = "KEEPER", zone = "ru-central1-d" }
  }
}
