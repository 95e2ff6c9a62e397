terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# Two groups that follow the load: one begins with its initial size, one cannot be smaller than its zones ask.

locals {
  groups = {
    web = { initial = 2, zones = ["ru-central1-a"], minimum = null }
    api = { initial = 2, zones = ["ru-central1-a", "ru-central1-b", "ru-central1-d"], minimum = 2 }
  }
}

resource "yandex_compute_instance_group" "group" {
  for_each = local.groups

  service_account_id = "account-of-the-tests"

  instance_template {
    platform_id = "standard-v3"

    resources {
      cores  = 2
      memory = 4
    }

    boot_disk {
      initialize_params {
        image_id = "image-that-nobody-looks-up"
        size     = 20
        type     = "network-ssd"
      }
    }

    network_interface {
      subnet_ids = ["subnet-of-the-tests"]
      nat        = false
    }

    scheduling_policy {
      preemptible = false
    }
  }

  scale_policy {
    auto_scale {
      initial_size           = each.value.initial
      min_zone_size          = each.value.minimum
      max_size               = 10
      measurement_duration   = 60
      cpu_utilization_target = 75
    }
  }

  allocation_policy {
    zones = each.value.zones
  }

  deploy_policy {
    max_unavailable = 1
    max_expansion   = 1
  }
}
