terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# A machine that names no platform is on the oldest one.

resource "yandex_compute_instance" "silent" {
  resources {
    cores  = 2
    memory = 4
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
}
