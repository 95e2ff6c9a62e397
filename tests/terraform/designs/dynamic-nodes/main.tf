terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# A cluster as shared modules write it: groups of nodes by key, and how they scale by `dynamic`, of `each.value`.

module "cluster" {
  source = "./cluster"

  groups = {
    steady = { fixed = { size = 2 } }
    bursts = { auto = { min = 1, max = 4, initial = 3 }, preemptible = true }
  }
}
