terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# A cluster whose kind of disk the server chooses.

resource "yandex_mdb_redis_cluster" "cache" {
  name        = "cache"
  environment = "PRODUCTION"
  network_id  = "network-of-the-tests"
  tls_enabled = true

  config {
    version  = "7.2"
    password = "only-of-the-tests"
  }

  resources {
    resource_preset_id = "hm3-c2-m8"
    disk_size          = 16
  }

  host {
    zone = "ru-central1-a"
  }

  host {
    zone = "ru-central1-b"
  }
}
