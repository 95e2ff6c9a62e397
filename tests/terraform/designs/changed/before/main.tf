terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# What is there before the plan.

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
    subnet_id = "subnet-of-the-tests"
  }

  scheduling_policy {
    preemptible = false
  }
}

resource "yandex_compute_disk" "removed" {
  name = "removed"
  type = "network-ssd"
  size = 50
}

resource "terraform_data" "generation" {
  input = "first"
}

resource "yandex_compute_disk" "replaced" {
  name = "replaced"
  type = "network-ssd"
  size = 40

  lifecycle {
    replace_triggered_by = [terraform_data.generation]
  }
}

resource "yandex_compute_disk" "moved" {
  name = "moved"
  type = "network-ssd"
  size = 60
}
