terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# Balancers: addresses of their own, one that is a resource, none at all, and more units than the least.

resource "yandex_vpc_address" "tcp" {
  external_ipv4_address {
    zone_id = "ru-central1-a"
  }
}

resource "yandex_vpc_address" "https" {
  external_ipv4_address {
    zone_id = "ru-central1-a"
  }
}

# The first listener takes the address above, the second one gets its own.
resource "yandex_lb_network_load_balancer" "outer" {
  name = "outer"

  listener {
    name = "smtp"
    port = 25

    external_address_spec {
      address = yandex_vpc_address.tcp.external_ipv4_address[0].address
    }
  }

  listener {
    name = "imap"
    port = 143

    external_address_spec {
      ip_version = "ipv4"
    }
  }
}

resource "yandex_lb_network_load_balancer" "inner" {
  name = "inner"
  type = "internal"

  listener {
    name = "sql"
    port = 5432

    internal_address_spec {
      subnet_id = "subnet-of-the-tests"
    }
  }
}

# Its listener says nothing of an address; the balancer is external, as the type says nothing either.
resource "yandex_lb_network_load_balancer" "bare" {
  name = "bare"

  listener {
    name = "http"
    port = 80
  }
}

# At least three units in each of two zones.
resource "yandex_alb_load_balancer" "site" {
  name       = "site"
  network_id = "network-of-the-tests"

  allocation_policy {
    location {
      zone_id   = "ru-central1-a"
      subnet_id = "subnet-of-the-tests"
    }

    location {
      zone_id   = "ru-central1-b"
      subnet_id = "subnet-of-the-tests"
    }
  }

  auto_scale_policy {
    min_zone_size = 3
    max_size      = 20
  }

  listener {
    name = "https"

    endpoint {
      ports = [443]

      address {
        external_ipv4_address {
          address = yandex_vpc_address.https.external_ipv4_address[0].address
        }
      }
    }

    http {
      handler {
        http_router_id = "router-of-the-tests"
      }
    }
  }
}
