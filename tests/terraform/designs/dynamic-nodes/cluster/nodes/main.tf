terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

variable "cluster_id" {
  type = string
}

variable "groups" {
  type = any
}

resource "yandex_kubernetes_node_group" "group" {
  for_each = var.groups

  cluster_id = var.cluster_id
  name       = each.key

  instance_template {
    platform_id = "standard-v3"

    resources {
      cores  = 4
      memory = 16
    }

    boot_disk {
      type = "network-ssd"
      size = each.value.disk_size
    }

    network_interface {
      subnet_ids = ["subnet-of-the-tests"]
      nat        = false
    }

    dynamic "scheduling_policy" {
      for_each = each.value.preemptible == null ? [] : [each.value.preemptible]

      content {
        preemptible = scheduling_policy.value
      }
    }
  }

  scale_policy {
    dynamic "fixed_scale" {
      for_each = each.value.fixed == null ? [] : [each.value.fixed]

      content {
        size = fixed_scale.value.size
      }
    }

    dynamic "auto_scale" {
      for_each = each.value.auto == null ? [] : [each.value.auto]

      content {
        min     = auto_scale.value.min
        max     = auto_scale.value.max
        initial = auto_scale.value.initial
      }
    }
  }

  allocation_policy {
    location {
      zone = "ru-central1-a"
    }
  }
}
