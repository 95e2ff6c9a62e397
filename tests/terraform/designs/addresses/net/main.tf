terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

resource "yandex_vpc_address" "app" {
  external_ipv4_address {
    zone_id = "ru-central1-b"
  }
}

resource "yandex_vpc_address" "inside" {
  internal_ipv4_address {
    subnet_id = "subnet-of-the-tests"
  }
}

output "public_ip" {
  value = yandex_vpc_address.app.external_ipv4_address[0].address
}
