"""Types of resources. A new type is one function in the file of its group and one line here."""

from __future__ import annotations

import csv
from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from costplan.terraform.mapped import Mapped
from costplan.terraform.planned import Planned
from costplan.terraform.reading import Reading

Mapper = Callable[[Planned, Reading], Mapped]

TYPES: dict[str, str] = {
    "yandex_alb_load_balancer": "network:application_load_balancer",
    "yandex_api_gateway": "serverless:api_gateway",
    "yandex_audit_trails_trail": "services:by_use",
    "yandex_cdn_resource": "services:cdn_resource",
    "yandex_cloudregistry_registry": "serverless:cloud_registry",
    "yandex_compute_disk": "compute:compute_disk",
    "yandex_compute_filesystem": "compute:filesystem",
    "yandex_compute_image": "services:stored",
    "yandex_compute_instance": "compute:compute_instance",
    "yandex_compute_instance_group": "compute:compute_instance_group",
    "yandex_compute_snapshot": "services:stored",
    "yandex_compute_snapshot_schedule": "services:by_use",
    "yandex_container_registry": "serverless:container_registry",
    "yandex_datatransfer_transfer": "services:transfer",
    "yandex_dns_zone": "network:dns_zone",
    "yandex_function": "serverless:function",
    "yandex_gitlab_instance": "services:gitlab_instance",
    "yandex_kms_asymmetric_encryption_key": "services:asymmetric_key",
    "yandex_kms_asymmetric_signature_key": "services:asymmetric_key",
    "yandex_kms_symmetric_key": "services:symmetric_key",
    "yandex_kubernetes_cluster": "kubernetes:kubernetes_cluster",
    "yandex_kubernetes_node_group": "kubernetes:kubernetes_node_group",
    "yandex_lb_network_load_balancer": "network:network_load_balancer",
    "yandex_lockbox_secret_version": "security:secret_version",
    "yandex_lockbox_secret_version_hashed": "security:secret_version",
    "yandex_logging_group": "serverless:logging_group",
    "yandex_mdb_clickhouse_cluster": "coordinated:clickhouse",
    "yandex_mdb_clickhouse_cluster_v2": "coordinated:clickhouse",
    "yandex_mdb_greenplum_cluster": "databases:greenplum",
    "yandex_mdb_greenplum_cluster_v2": "databases:greenplum",
    "yandex_mdb_kafka_cluster": "coordinated:kafka",
    "yandex_mdb_mongodb_cluster": "databases:mongodb",
    "yandex_mdb_mysql_cluster": "databases:mysql",
    "yandex_mdb_mysql_cluster_v2": "databases:mysql",
    "yandex_mdb_opensearch_cluster": "databases:opensearch",
    "yandex_mdb_postgresql_cluster": "databases:postgresql",
    "yandex_mdb_postgresql_cluster_v2": "databases:postgresql",
    "yandex_mdb_redis_cluster": "databases:redis",
    "yandex_mdb_redis_cluster_v2": "databases:redis",
    "yandex_mdb_sharded_postgresql_cluster": "databases:sharded_postgresql",
    "yandex_message_queue": "services:by_use",
    "yandex_serverless_container": "serverless:serverless_container",
    "yandex_smartcaptcha_captcha": "services:by_use",
    "yandex_storage_bucket": "serverless:storage_bucket",
    "yandex_sws_security_profile": "services:security_profile",
    "yandex_vpc_address": "network:vpc_address",
    "yandex_vpc_gateway": "network:vpc_gateway",
    "yandex_ydb_database_dedicated": "databases:ydb_dedicated",
    "yandex_ydb_database_serverless": "services:serverless_ydb",
}
"""Type in Terraform -> module and function that map it to resources of a scenario."""


@lru_cache(maxsize=1000)
def mapper_of(kind: str) -> Mapper | None:
    """Return the function that maps a type; None where there is none."""
    if kind not in TYPES:
        return None
    module, _, function = TYPES[kind].partition(":")
    found: Mapper = getattr(import_module(f"{__name__}.{module}"), function)
    return found


@lru_cache(maxsize=1000)
def is_free(kind: str) -> bool:
    """Say whether nothing is charged for a type, or what it is part of is charged instead."""
    return any(fnmatchcase(kind, pattern) for pattern in free_types())


@lru_cache(maxsize=1)
def free_types() -> dict[str, str]:
    """Return the types that cost nothing of their own, with `*` for any name -> why."""
    with (Path(__file__).parent.parent / "free_types.csv").open(encoding="utf-8", newline="") as file:
        return {row["type"]: row["why"] for row in csv.DictReader(file)}
