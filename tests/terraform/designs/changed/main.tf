terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# What a plan does to that of `before`: kept, grown, removed, added, replaced, and moved to another address.

resource "yandex_compute_instance" "kept" {
  name        = "kept"
  platform_id = "standard-v3"

  resources {
    cores  = 2
    memory = 2
  }

  boot_disk {
    initialize_params {
      image_id = "image-that-nobody-looks-up"
      size     = 10
    }
  }

  network_interface {
    subnet_id = "subnet-of-the-tests"
  }

  scheduling_policy {
    preemptible = false
  }
}

resource "yandex_compute_instance" "grown" {
  name        = "grown"
  platform_id = "standard-v3"

  resources {
    cores  = 4
    memory = 8
  }

  boot_disk {
    initialize_params {
      image_id = "image-that-nobody-looks-up"
      size     = 20
      type     = "network-ssd"
    }
  }

  network_interface {
    subnet_id = "subnet-of-the-tests"
  }

  scheduling_policy {
    preemptible = false
  }
}

resource "yandex_compute_disk" "added" {
  name = "added"
  type = "network-hdd"
  size = 100
}

resource "terraform_data" "generation" {
  input = "second"
}

resource "yandex_compute_disk" "replaced" {
  name = "replaced"
  type = "network-ssd"
  size = 40

  lifecycle {
    replace_triggered_by = [terraform_data.generation]
  }
}

module "data" {
  source = "./data"
}

# The disk was at the root before.
moved {
  from = yandex_compute_disk.moved
  to   = module.data.yandex_compute_disk.moved
}
