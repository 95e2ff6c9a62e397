terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

variable "public_ip" {
  type = string
}

resource "yandex_compute_instance" "app" {
  platform_id = "standard-v3"

  resources {
    cores  = 2
    memory = 4
  }

  boot_disk {
    initialize_params {
      size = 20
      type = "network-ssd"
    }
  }

  network_interface {
    subnet_id      = "subnet-of-the-tests"
    nat            = true
    nat_ip_address = var.public_ip
  }

  scheduling_policy {
    preemptible = false
  }
}

# Its address is the server's choice, and goes when it stops.
resource "yandex_compute_instance" "jump" {
  platform_id = "standard-v3"

  resources {
    cores         = 2
    memory        = 1
    core_fraction = 20
  }

  boot_disk {
    initialize_params {
      size = 10
      type = "network-hdd"
    }
  }

  network_interface {
    subnet_id = "subnet-of-the-tests"
    nat       = true
  }

  scheduling_policy {
    preemptible = false
  }
}
