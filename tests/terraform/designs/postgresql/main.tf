terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# The same cluster as the first type writes it, in blocks, and as the second does, with a map of hosts.

locals {
  zones = ["ru-central1-a", "ru-central1-b"]
}

resource "yandex_mdb_postgresql_cluster" "shop" {
  name        = "shop"
  environment = "PRODUCTION"
  network_id  = "network-of-the-tests"

  config {
    version = "16"

    resources {
      resource_preset_id = "s2.micro"
      disk_type_id       = "network-ssd"
      disk_size          = 20
    }
  }

  host {
    zone             = "ru-central1-a"
    assign_public_ip = true
  }

  host {
    zone = "ru-central1-b"
  }
}

resource "yandex_mdb_postgresql_cluster_v2" "shop" {
  name        = "shop-2"
  environment = "PRODUCTION"
  network_id  = "network-of-the-tests"

  config {
    version = "16"

    resources {
      resource_preset_id = "s2.micro"
      disk_type_id       = "network-ssd"
      disk_size          = 20
    }
  }

  hosts = {
    for zone in local.zones : zone => {
      zone             = zone
      assign_public_ip = zone == "ru-central1-a"
    }
  }
}

resource "yandex_mdb_postgresql_user" "shop" {
  cluster_id = yandex_mdb_postgresql_cluster.shop.id
  name       = "shop"
  password   = "only-of-the-tests"
}

resource "yandex_mdb_postgresql_database" "shop" {
  cluster_id = yandex_mdb_postgresql_cluster.shop.id
  name       = "shop"
  owner      = yandex_mdb_postgresql_user.shop.name
}
