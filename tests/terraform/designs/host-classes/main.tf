terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# Classes of hosts whose names begin alike: half of a core, many cores, AMD, and one at a high frequency.

resource "yandex_mdb_postgresql_cluster" "cluster" {
  for_each = {
    half  = "b3-c1-m4"
    cores = "c3-c2-m4"
    amd   = "s4a-c2-m8"
    fast  = "s3f-c2-m8"
  }

  name        = each.key
  environment = "PRODUCTION"
  network_id  = "network-of-the-tests"

  config {
    version = "16"

    resources {
      resource_preset_id = each.value
      disk_type_id       = "network-ssd"
      disk_size          = 20
    }
  }

  host {
    zone = "ru-central1-a"
  }
}
