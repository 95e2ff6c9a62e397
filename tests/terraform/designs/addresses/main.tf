terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# Public addresses: taken at the root, through an output and a variable of modules, by nobody, and without a resource.

variable "with_spare" {
  type    = bool
  default = true
}

resource "yandex_vpc_address" "front" {
  external_ipv4_address {
    zone_id = "ru-central1-a"
  }
}

resource "yandex_vpc_address" "spare" {
  count = var.with_spare ? 1 : 0

  external_ipv4_address {
    zone_id = "ru-central1-a"
  }
}

resource "yandex_compute_instance" "front" {
  platform_id = "standard-v3"

  resources {
    cores  = 2
    memory = 2
  }

  boot_disk {
    initialize_params {
      size = 15
      type = "network-hdd"
    }
  }

  network_interface {
    subnet_id      = "subnet-of-the-tests"
    nat            = true
    nat_ip_address = yandex_vpc_address.front.external_ipv4_address[0].address
  }

  scheduling_policy {
    preemptible = false
  }
}

module "net" {
  source = "./net"
}

module "app" {
  source = "./app"

  public_ip = module.net.public_ip
}
