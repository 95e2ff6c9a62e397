terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# Inference: a cluster with ordinary nodes, and two nodes with a T4 each and an address.

resource "yandex_vpc_network" "main" {
  name = "inference"
}

resource "yandex_vpc_subnet" "main" {
  network_id     = yandex_vpc_network.main.id
  zone           = "ru-central1-a"
  v4_cidr_blocks = ["10.1.0.0/16"]
}

resource "yandex_kubernetes_cluster" "main" {
  network_id              = yandex_vpc_network.main.id
  service_account_id      = "account-of-the-tests"
  node_service_account_id = "account-of-the-tests"

  master {
    master_location {
      zone      = "ru-central1-a"
      subnet_id = yandex_vpc_subnet.main.id
    }
  }
}

resource "yandex_kubernetes_node_group" "gpu" {
  cluster_id = yandex_kubernetes_cluster.main.id

  instance_template {
    platform_id = "standard-v3-t4"

    resources {
      cores  = 4
      memory = 16
      gpus   = 1
    }

    boot_disk {
      type = "network-ssd"
      size = 96
    }

    network_interface {
      subnet_ids = [yandex_vpc_subnet.main.id]
      nat        = true
    }

    gpu_settings {
      gpu_environment = "runc_drivers_cuda"
    }
  }

  scale_policy {
    fixed_scale {
      size = 2
    }
  }

  allocation_policy {
    location {
      zone = "ru-central1-a"
    }
  }
}

# What its disk is like is the server's choice.
resource "yandex_kubernetes_node_group" "common" {
  cluster_id = yandex_kubernetes_cluster.main.id

  instance_template {
    platform_id = "standard-v3"

    resources {
      cores         = 2
      memory        = 8
      core_fraction = 50
    }

    network_interface {
      subnet_ids = [yandex_vpc_subnet.main.id]
    }

    scheduling_policy {
      preemptible = false
    }
  }

  scale_policy {
    fixed_scale {
      size = 1
    }
  }

  allocation_policy {
    location {
      zone = "ru-central1-a"
    }
  }
}
