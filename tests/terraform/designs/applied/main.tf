terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# What is there already, as a state has it: the server has filled in what a plan does not know.

data "yandex_compute_image" "ubuntu" {
  family = "ubuntu-2204-lts"
}

resource "yandex_vpc_address" "front" {
  name = "front"

  external_ipv4_address {
    zone_id = "ru-central1-a"
  }
}

resource "yandex_compute_disk" "boot" {
  name     = "boot"
  type     = "network-ssd"
  size     = 30
  image_id = data.yandex_compute_image.ubuntu.id
}

resource "yandex_compute_instance" "front" {
  name        = "front"
  platform_id = "standard-v3"

  resources {
    cores  = 2
    memory = 2
  }

  boot_disk {
    disk_id = yandex_compute_disk.boot.id
  }

  network_interface {
    subnet_id      = "subnet-of-the-tests"
    nat            = true
    nat_ip_address = yandex_vpc_address.front.external_ipv4_address[0].address
  }
}

module "inner" {
  source = "./inner"
  count  = 2

  name     = "inner-${count.index}"
  image_id = data.yandex_compute_image.ubuntu.id
}
