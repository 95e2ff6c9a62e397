terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# Three modules deep: two shops by key, two tiers of each by number, and machines by name.

module "shop" {
  source   = "./shop"
  for_each = { blue = 2, green = 4 }

  cores = each.value
}
