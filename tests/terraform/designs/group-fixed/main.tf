terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# Three machines of a group on Cascade Lake that the cloud may stop at any time.

resource "yandex_iam_service_account" "group" {
  name = "group"
}

resource "yandex_compute_instance_group" "workers" {
  service_account_id = yandex_iam_service_account.group.id

  instance_template {
    platform_id = "standard-v2"

    resources {
      cores         = 4
      memory        = 8
      core_fraction = 100
    }

    boot_disk {
      initialize_params {
        image_id = "image-that-nobody-looks-up"
        size     = 15
        type     = "network-ssd"
      }
    }

    secondary_disk {
      initialize_params {
        type = "network-hdd"
      }
    }

    network_interface {
      subnet_ids = ["subnet-of-the-tests"]
      nat        = true
    }

    scheduling_policy {
      preemptible = true
    }
  }

  scale_policy {
    fixed_scale {
      size = 3
    }
  }

  allocation_policy {
    zones = ["ru-central1-a"]
  }

  deploy_policy {
    max_unavailable = 1
    max_expansion   = 0
  }
}
