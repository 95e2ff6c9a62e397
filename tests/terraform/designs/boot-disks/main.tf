terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# Disks: of an image, of another image that nobody looks up, of their own, attached, loose, and without a size.

variable "subnet_id" {
  type    = string
  default = "subnet-of-the-tests"
}

data "yandex_compute_image" "ubuntu" {
  family = "ubuntu-2204-lts"
}

# The size is not stated: it is that of the image.
resource "yandex_compute_instance" "of_image" {
  platform_id = "standard-v3"

  resources {
    cores         = 2
    memory        = 4
    core_fraction = 20
  }

  boot_disk {
    initialize_params {
      image_id = data.yandex_compute_image.ubuntu.id
    }
  }

  network_interface {
    subnet_id = var.subnet_id
  }
}

# An image by its id: the plan does not know how large its disk is.
resource "yandex_compute_instance" "of_unseen_image" {
  platform_id = "standard-v3"

  resources {
    cores  = 2
    memory = 2
  }

  boot_disk {
    initialize_params {
      image_id = "image-that-nobody-looks-up"
      type     = "network-ssd"
    }
  }

  network_interface {
    subnet_id = var.subnet_id
  }

  scheduling_policy {
    preemptible = true
  }
}

resource "yandex_compute_disk" "boot" {
  type     = "network-ssd"
  size     = 30
  image_id = data.yandex_compute_image.ubuntu.id
}

# Neither a type nor a size.
resource "yandex_compute_disk" "data" {
}

resource "yandex_compute_disk" "loose" {
  type = "network-ssd-nonreplicated"
  size = 93
}

# Boots from a disk of its own, and has another.
resource "yandex_compute_instance" "of_disks" {
  platform_id = "standard-v3"

  resources {
    cores         = 4
    memory        = 8
    core_fraction = 50
  }

  boot_disk {
    disk_id = yandex_compute_disk.boot.id
  }

  secondary_disk {
    disk_id = yandex_compute_disk.data.id
  }

  network_interface {
    subnet_id = var.subnet_id
  }
}
