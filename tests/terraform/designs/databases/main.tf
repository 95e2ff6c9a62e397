terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# The other databases, of both types where there are two.

resource "yandex_mdb_mysql_cluster" "blog" {
  name        = "blog"
  environment = "PRODUCTION"
  network_id  = "network-of-the-tests"
  version     = "8.0"

  resources {
    resource_preset_id = "s2.micro"
    disk_type_id       = "network-ssd"
    disk_size          = 20
  }

  host {
    zone = "ru-central1-a"
  }

  host {
    zone             = "ru-central1-b"
    assign_public_ip = true
  }
}

resource "yandex_mdb_mysql_cluster_v2" "blog" {
  name        = "blog-2"
  environment = "PRODUCTION"
  network_id  = "network-of-the-tests"
  version     = "8.0"

  resources {
    resource_preset_id = "s2.micro"
    disk_type_id       = "network-ssd"
    disk_size          = 20
  }

  hosts = {
    a = { zone = "ru-central1-a" }
    b = { zone = "ru-central1-b", assign_public_ip = true }
  }
}

resource "yandex_mdb_mongodb_cluster" "catalog" {
  name        = "catalog"
  environment = "PRODUCTION"
  network_id  = "network-of-the-tests"

  cluster_config {
    version = "7.0"
  }

  resources_mongod {
    resource_preset_id = "s3-c2-m8"
    disk_type_id       = "network-ssd"
    disk_size          = 20
  }

  dynamic "host" {
    for_each = ["ru-central1-a", "ru-central1-b", "ru-central1-d"]

    content {
      zone_id   = host.value
      subnet_id = "subnet-of-the-tests"
    }
  }
}

resource "yandex_mdb_greenplum_cluster" "warehouse" {
  name               = "warehouse"
  environment        = "PRODUCTION"
  network_id         = "network-of-the-tests"
  zone               = "ru-central1-a"
  subnet_id          = "subnet-of-the-tests"
  assign_public_ip   = false
  version            = "6.25"
  master_host_count  = 2
  segment_host_count = 2
  segment_in_host    = 1
  user_name          = "admin"
  user_password      = "only-of-the-tests"

  master_subcluster {
    resources {
      resource_preset_id = "s2.medium"
      disk_type_id       = "network-ssd"
      disk_size          = 100
    }
  }

  segment_subcluster {
    resources {
      resource_preset_id = "s2.medium"
      disk_type_id       = "network-ssd-nonreplicated"
      disk_size          = 186
    }
  }
}

resource "yandex_ydb_database_dedicated" "events" {
  name               = "events"
  network_id         = "network-of-the-tests"
  subnet_ids         = ["subnet-of-the-tests"]
  resource_preset_id = "medium"

  scale_policy {
    fixed_scale {
      size = 2
    }
  }

  storage_config {
    group_count     = 1
    storage_type_id = "ssd"
  }
}

resource "yandex_ydb_database_serverless" "sessions" {
  name = "sessions"
}
