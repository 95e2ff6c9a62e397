"""One minimal resource of every kind, as it would stand in a scenario."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

EXAMPLES: dict[str, str] = {
    "api-gateway": "role: network",
    "application-load-balancer": "role: network",
    "audit-trails": "role: logs\nevents: 1M",
    "cdn": "role: network\ntraffic: 200 GB",
    "cloud-function": "role: inference\nmemory: 256 MB",
    "cloud-registry": "role: ci-cd\nsize: 10 GB",
    "compute-disk": "role: storage\ndisk: {size: 20 GB}",
    "compute-filesystem": "role: storage\nsize: 20 GB",
    "compute-image": "role: storage\nsize: 10 GB",
    "compute-instance": "role: compute\nvcpu: 2\nmemory: 4 GB",
    "compute-snapshot": "role: storage\nsize: 10 GB",
    "container-registry": "role: ci-cd\nsize: 10 GB",
    "data-transfer": "role: other\nhours: 100 h\nrows: 200M",
    "dns": "role: network",
    "fixed-cost": "role: other\namounts: {RUB: 1000}\nsource: offer of a partner",
    "kms-key": "role: other",
    "kubernetes-cluster": "role: compute",
    "kubernetes-node-group": "role: compute\nvcpu: 2\nmemory: 4 GB\nnodes: 2\ndisk: {size: 64 GB}",
    "lockbox": "role: other\nversions: 5",
    "logging": "role: logs",
    "managed-clickhouse": "role: database\nhosts: {preset: s3-c2-m8, storage: {size: 20 GB}}",
    "managed-gitlab": "role: ci-cd\npreset: s2-micro\nstorage: 30 GB",
    "managed-greenplum": (
        "role: database\nhosts: {preset: s3-c8-m32, count: 2, storage: {size: 20 GB}}\n"
        "masters: {preset: s3-c8-m32, count: 2, storage: {size: 10 GB}}"
    ),
    "managed-kafka": "role: other\nhosts: {preset: s3-c2-m8, storage: {size: 20 GB}}",
    "managed-mysql": "role: database\nhosts: {preset: s3-c2-m8, storage: {size: 20 GB}}",
    "managed-opensearch": "role: logs\nhosts: {preset: s3-c2-m8, storage: {size: 20 GB}}",
    "managed-postgresql": "role: database\nhosts: {preset: s3-c2-m8, storage: {size: 20 GB}}",
    "managed-prometheus": "role: monitoring\nmetrics: 1000",
    "managed-spqr": "role: database\nhosts: {preset: s3-c2-m8, storage: {size: 20 GB}}",
    "managed-storedoc": "role: database\nhosts: {preset: s3-c2-m8, storage: {size: 20 GB}}",
    "managed-valkey": (
        "role: database\nhosts: {platform: ice-lake, vcpu: 2, memory: 4 GB, storage: {size: 10 GB}}"
    ),
    "managed-ydb": "role: database\nmachines: 3\nstorage_groups: 2",
    "message-queue": "role: other\nrequests: 1M",
    "metered": "role: other\nservice: kms\nuses: [{sku: kms.key_versions, quantity: 1440}]",
    "monitoring": "role: monitoring\nmetrics: 100",
    "network": "role: network",
    "network-load-balancer": "role: network",
    "object-storage": "role: storage",
    "serverless-container": "role: inference\nvcpu: 1\nmemory: 1 GB",
    "smart-web-security": "role: network\nrequests: 1M",
    "smartcaptcha": "role: other\nrequests: 1M",
    "ydb-serverless": "role: database\nrequest_units: 2M\nstorage: 5 GB",
}

HEAD = """\
scenario: example
title: One resource
workload:
  monthly_requests: 1M
  request_duration: 100 ms
  request_size: 20 KB
  response_size: 2 KB
  log_size: 1 KB
  log_retention: 3 days
resources:
  it:
"""


def scenario_text(kind: str) -> str:
    """Return a scenario with the example of a kind."""
    return HEAD + indent(f"kind: {kind}\n{EXAMPLES[kind]}\n", "    ")


def scenario_file(folder: Path, kind: str) -> Path:
    """Write a scenario with the example of a kind."""
    path = folder / "example.yaml"
    path.write_text(scenario_text(kind), encoding="utf-8")
    return path
