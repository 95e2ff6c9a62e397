terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

resource "yandex_compute_disk" "moved" {
  name = "moved"
  type = "network-ssd"
  size = 60
}
