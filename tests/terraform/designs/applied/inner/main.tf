terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

variable "name" {
  type = string
}

variable "image_id" {
  type = string
}

resource "yandex_compute_instance" "machine" {
  name        = var.name
  platform_id = "standard-v3"

  resources {
    cores         = 2
    memory        = 4
    core_fraction = 50
  }

  boot_disk {
    initialize_params {
      image_id = var.image_id
    }
  }

  network_interface {
    subnet_id = "subnet-of-the-tests"
  }
}
