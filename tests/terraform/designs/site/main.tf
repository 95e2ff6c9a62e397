terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# A site without machines: balancers and a gateway, and what is billed by its use.

resource "yandex_vpc_network" "main" {
  name = "site"
}

resource "yandex_vpc_gateway" "out" {
  name = "out"
  shared_egress_gateway {}
}

resource "yandex_vpc_route_table" "out" {
  network_id = yandex_vpc_network.main.id

  static_route {
    destination_prefix = "0.0.0.0/0"
    gateway_id         = yandex_vpc_gateway.out.id
  }
}

resource "yandex_vpc_subnet" "main" {
  for_each = toset(["ru-central1-a", "ru-central1-b"])

  network_id     = yandex_vpc_network.main.id
  zone           = each.key
  v4_cidr_blocks = [each.key == "ru-central1-a" ? "10.1.0.0/24" : "10.2.0.0/24"]
  route_table_id = yandex_vpc_route_table.out.id
}

resource "yandex_lb_target_group" "tcp" {
  name = "tcp"
}

resource "yandex_lb_network_load_balancer" "tcp" {
  name = "tcp"

  listener {
    name = "mail"
    port = 25

    external_address_spec {
      ip_version = "ipv4"
    }
  }

  attached_target_group {
    target_group_id = yandex_lb_target_group.tcp.id

    healthcheck {
      name = "tcp"

      tcp_options {
        port = 25
      }
    }
  }
}

resource "yandex_alb_http_router" "site" {
  name = "site"
}

resource "yandex_alb_load_balancer" "site" {
  name       = "site"
  network_id = yandex_vpc_network.main.id

  allocation_policy {
    dynamic "location" {
      for_each = yandex_vpc_subnet.main

      content {
        zone_id   = location.key
        subnet_id = location.value.id
      }
    }
  }

  listener {
    name = "https"

    endpoint {
      ports = [443]

      address {
        external_ipv4_address {}
      }
    }

    http {
      handler {
        http_router_id = yandex_alb_http_router.site.id
      }
    }
  }
}

resource "yandex_dns_zone" "site" {
  zone   = "example.com."
  public = true
}

resource "yandex_dns_recordset" "site" {
  zone_id = yandex_dns_zone.site.id
  name    = "www"
  type    = "A"
  ttl     = 300
  data    = ["192.0.2.1"]
}

resource "yandex_kms_symmetric_key" "site" {
  name = "site"
}

resource "yandex_lockbox_secret" "site" {
  name = "site"
}

resource "yandex_lockbox_secret_version" "site" {
  secret_id = yandex_lockbox_secret.site.id

  entries {
    key        = "token"
    text_value = "only-of-the-tests"
  }
}

resource "yandex_storage_bucket" "media" {
  bucket   = "media-of-the-tests"
  max_size = 107374182400
}

resource "yandex_container_registry" "images" {
  name = "images"
}

resource "yandex_logging_group" "site" {
  name             = "site"
  retention_period = "72h0m0s"
}

resource "yandex_function" "resize" {
  name       = "resize"
  runtime    = "python312"
  entrypoint = "main.handler"
  memory     = 256
  user_hash  = "first"
}

resource "yandex_serverless_container" "api" {
  name   = "api"
  memory = 512
  cores  = 1

  image {
    url = "cr.yandex/images-of-the-tests/api:1"
  }
}
