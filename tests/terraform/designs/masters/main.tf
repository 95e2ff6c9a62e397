terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# Masters: zonal, regional, and one whose three places are blocks of their own with a class that is stated.

locals {
  zones = ["ru-central1-a", "ru-central1-b", "ru-central1-d"]
}

resource "yandex_kubernetes_cluster" "zonal" {
  network_id              = "network-of-the-tests"
  service_account_id      = "account-of-the-tests"
  node_service_account_id = "account-of-the-tests"

  master {
    zonal {
      zone = "ru-central1-a"
    }
  }
}

resource "yandex_kubernetes_cluster" "regional" {
  network_id              = "network-of-the-tests"
  service_account_id      = "account-of-the-tests"
  node_service_account_id = "account-of-the-tests"

  master {
    regional {
      region = "ru-central1"

      dynamic "location" {
        for_each = local.zones

        content {
          zone = location.value
        }
      }
    }
  }
}

resource "yandex_kubernetes_cluster" "places" {
  network_id              = "network-of-the-tests"
  service_account_id      = "account-of-the-tests"
  node_service_account_id = "account-of-the-tests"

  master {
    dynamic "master_location" {
      for_each = local.zones

      content {
        zone = master_location.value
      }
    }

    scale_policy {
      auto_scale {
        min_resource_preset_id = "s-c4-m16"
      }
    }
  }
}
