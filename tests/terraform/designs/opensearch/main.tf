terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# Disks in bytes, which is how this type counts, and in gigabytes, as newer versions of the provider may.

locals {
  gigabyte = 1024 * 1024 * 1024
}

resource "yandex_mdb_opensearch_cluster" "logs" {
  name       = "logs"
  network_id = "network-of-the-tests"

  config {
    version        = "2.17"
    admin_password = "only-of-the-tests"

    opensearch {
      node_groups {
        name             = "data"
        hosts_count      = 3
        zone_ids         = ["ru-central1-a", "ru-central1-b", "ru-central1-d"]
        roles            = ["DATA"]
        assign_public_ip = false

        resources {
          resource_preset_id = "s3-c2-m8"
          disk_type_id       = "network-ssd"
          disk_size          = 100 * local.gigabyte
        }
      }

      node_groups {
        name             = "managers"
        hosts_count      = 3
        zone_ids         = ["ru-central1-a", "ru-central1-b", "ru-central1-d"]
        roles            = ["MANAGER"]
        assign_public_ip = false

        resources {
          resource_preset_id = "b3-c1-m4"
          disk_type_id       = "network-ssd"
          disk_size          = 10 * local.gigabyte
        }
      }
    }

    dashboards {
      node_groups {
        name             = "pages"
        hosts_count      = 1
        zone_ids         = ["ru-central1-a"]
        assign_public_ip = true

        resources {
          resource_preset_id = "s2.micro"
          disk_type_id       = "network-ssd"
          disk_size          = 10 * local.gigabyte
        }
      }
    }
  }
}

resource "yandex_mdb_opensearch_cluster" "search" {
  name       = "search"
  network_id = "network-of-the-tests"

  config {
    admin_password = "only-of-the-tests"

    opensearch {
      node_groups {
        name             = "all"
        hosts_count      = 1
        zone_ids         = ["ru-central1-a"]
        roles            = ["DATA", "MANAGER"]
        assign_public_ip = false

        resources {
          resource_preset_id = "s3-c4-m16"
          disk_type_id       = "network-ssd"
          disk_size_gb       = 100
        }
      }
    }
  }
}
