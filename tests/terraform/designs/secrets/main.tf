terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# Values that must not be shown: passwords, and the memory of a machine, which a price hangs on.

variable "password" {
  type      = string
  default   = "only-of-the-tests"
  sensitive = true
}

variable "memory" {
  type      = number
  default   = 6
  sensitive = true
}

resource "yandex_compute_instance" "hidden" {
  platform_id = "standard-v3"

  resources {
    cores  = 2
    memory = var.memory
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

  metadata = {
    user-data = "password: ${var.password}"
  }

  scheduling_policy {
    preemptible = false
  }
}

resource "yandex_mdb_postgresql_cluster" "shop" {
  name        = "shop"
  environment = "PRODUCTION"
  network_id  = "network-of-the-tests"

  config {
    version = "16"

    resources {
      resource_preset_id = "s3-c2-m8"
      disk_type_id       = "network-ssd"
      disk_size          = 10
    }
  }

  host {
    zone = "ru-central1-a"
  }
}

resource "yandex_mdb_postgresql_user" "shop" {
  cluster_id = yandex_mdb_postgresql_cluster.shop.id
  name       = "shop"
  password   = var.password
}
