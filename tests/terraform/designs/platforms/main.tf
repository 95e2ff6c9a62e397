terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# One machine on each of the platforms that are easy to get wrong.

locals {
  platforms = ["standard-v2", "highfreq-v3", "standard-v4a", "amd-v1", "highfreq-v4a"]
}

resource "yandex_compute_instance" "machine" {
  for_each = toset(local.platforms)

  platform_id = each.key

  resources {
    cores  = 2
    memory = 4
  }

  boot_disk {
    initialize_params {
      image_id = "image-that-nobody-looks-up"
      size     = 10
      type     = "network-hdd"
    }
  }

  network_interface {
    subnet_id = "subnet-of-the-tests"
  }

  scheduling_policy {
    preemptible = false
  }
}

# Its memory has a price of its own.
resource "yandex_compute_instance" "cheap" {
  platform_id = "standard-v2"

  resources {
    cores  = 2
    memory = 4
  }

  boot_disk {
    initialize_params {
      image_id = "image-that-nobody-looks-up"
      size     = 10
      type     = "network-hdd"
    }
  }

  network_interface {
    subnet_id = "subnet-of-the-tests"
  }

  scheduling_policy {
    preemptible = true
  }
}
