terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

variable "groups" {
  type = map(object({
    fixed       = optional(map(number))
    auto        = optional(map(number))
    preemptible = optional(bool)
    disk_size   = optional(number, 64)
  }))
}

resource "yandex_kubernetes_cluster" "main" {
  name                    = "main"
  network_id              = "network-of-the-tests"
  service_account_id      = "account-of-the-tests"
  node_service_account_id = "account-of-the-tests"

  master {
    public_ip = true

    zonal {
      zone      = "ru-central1-a"
      subnet_id = "subnet-of-the-tests"
    }
  }
}

module "nodes" {
  source = "./nodes"

  cluster_id = yandex_kubernetes_cluster.main.id
  groups     = var.groups
}
