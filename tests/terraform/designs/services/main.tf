terraform {
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.200"
    }
  }
}

# Smaller services, and what machines have besides.

resource "yandex_compute_filesystem" "shared" {
  name = "shared"
  type = "network-ssd"
  size = 100
}

resource "yandex_compute_image" "base" {
  source_image = "image-that-nobody-looks-up"
}

resource "yandex_compute_snapshot" "once" {
  source_disk_id = "disk-of-the-tests"
}

resource "yandex_compute_snapshot_schedule" "nightly" {
  retention_period = "168h"

  schedule_policy {
    expression = "0 3 * * *"
  }
}

resource "yandex_gitlab_instance" "git" {
  name                      = "git"
  resource_preset_id        = "s2.micro"
  disk_size                 = 100
  admin_login               = "admin"
  admin_email               = "admin@example.com"
  domain                    = "git.gitlab.yandexcloud.net"
  subnet_id                 = "subnet-of-the-tests"
  backup_retain_period_days = 7
  approval_rules_id         = "BASIC"
}

resource "yandex_message_queue" "jobs" {
  name = "jobs"
}

resource "yandex_cdn_origin_group" "media" {
  name = "media"

  origin {
    source = "media.example.com"
  }
}

resource "yandex_datatransfer_endpoint" "source" {
  name = "source"
}

resource "yandex_datatransfer_transfer" "copy" {
  name      = "copy"
  source_id = yandex_datatransfer_endpoint.source.id
  target_id = "endpoint-of-the-tests"
  type      = "SNAPSHOT_ONLY"
}

resource "yandex_cm_certificate" "site" {
  name    = "site"
  domains = ["example.com"]

  managed {
    challenge_type = "DNS_CNAME"
  }
}

resource "yandex_sws_security_profile" "site" {
  name           = "site"
  default_action = "ALLOW"
}

resource "yandex_api_gateway" "api" {
  name = "api"
  spec = "openapi: 3.0.0"
}

resource "yandex_audit_trails_trail" "audit" {
  name               = "audit"
  folder_id          = "folder-of-the-tests"
  service_account_id = "account-of-the-tests"

  logging_destination {
    log_group_id = "group-of-the-tests"
  }

  filtering_policy {
    management_events_filter {
      resource_scope {
        resource_id   = "folder-of-the-tests"
        resource_type = "resource-manager.folder"
      }
    }
  }
}
