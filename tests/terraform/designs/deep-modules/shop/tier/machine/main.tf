terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

variable "shape" {
  type = object({
    cores  = number
    memory = optional(number, 4)
    disk   = optional(object({ type = string, size = optional(number, 20) }), { type = "network-hdd" })
  })
}

resource "yandex_compute_instance" "machine" {
  platform_id = "standard-v3"

  resources {
    cores  = var.shape.cores
    memory = var.shape.memory
  }

  boot_disk {
    initialize_params {
      image_id = "image-that-nobody-looks-up"
      size     = var.shape.disk.size
      type     = var.shape.disk.type
    }
  }

  network_interface {
    subnet_id = "subnet-of-the-tests"
  }

  scheduling_policy {
    preemptible = false
  }
}
