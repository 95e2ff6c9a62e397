"""Resource kinds. A new kind is one file and one line here; it is imported when a scenario first names it."""

from __future__ import annotations

from importlib import import_module

from costplan.resources.contract import Meter, Resource

KINDS: dict[str, str] = {
    "api-gateway": "api_gateway:ApiGateway",
    "application-load-balancer": "application_load_balancer:ApplicationLoadBalancer",
    "audit-trails": "services.audit_trails:AuditTrails",
    "cdn": "services.cdn:Cdn",
    "cloud-function": "cloud_function:CloudFunction",
    "cloud-registry": "cloud_registry:CloudRegistry",
    "compute-disk": "compute_disk:ComputeDisk",
    "compute-filesystem": "services.compute_filesystem:ComputeFilesystem",
    "compute-image": "services.compute_image:ComputeImage",
    "compute-instance": "compute_instance:ComputeInstance",
    "compute-snapshot": "services.compute_snapshot:ComputeSnapshot",
    "container-registry": "container_registry:ContainerRegistry",
    "data-transfer": "services.data_transfer:DataTransfer",
    "dns": "dns:Dns",
    "fixed-cost": "fixed_cost:FixedCost",
    "kms-key": "services.kms_key:KmsKey",
    "kubernetes-cluster": "kubernetes_cluster:KubernetesCluster",
    "kubernetes-node-group": "kubernetes_node_group:KubernetesNodeGroup",
    "lockbox": "lockbox:Lockbox",
    "logging": "logging:Logging",
    "managed-clickhouse": "databases.managed_clickhouse:ManagedClickhouse",
    "managed-gitlab": "services.managed_gitlab:ManagedGitlab",
    "managed-greenplum": "databases.managed_greenplum:ManagedGreenplum",
    "managed-kafka": "databases.managed_kafka:ManagedKafka",
    "managed-mysql": "databases.managed_mysql:ManagedMysql",
    "managed-opensearch": "databases.managed_opensearch:ManagedOpensearch",
    "managed-postgresql": "databases.managed_postgresql:ManagedPostgresql",
    "managed-prometheus": "managed_prometheus:ManagedPrometheus",
    "managed-spqr": "databases.managed_spqr:ManagedSpqr",
    "managed-storedoc": "databases.managed_storedoc:ManagedStoredoc",
    "managed-valkey": "databases.managed_valkey:ManagedValkey",
    "managed-ydb": "databases.managed_ydb:ManagedYdb",
    "message-queue": "services.message_queue:MessageQueue",
    "metered": "metered:Metered",
    "monitoring": "monitoring:Monitoring",
    "network": "network:Network",
    "network-load-balancer": "network_load_balancer:NetworkLoadBalancer",
    "object-storage": "object_storage:ObjectStorage",
    "serverless-container": "serverless_container:ServerlessContainer",
    "smart-web-security": "services.smart_web_security:SmartWebSecurity",
    "smartcaptcha": "services.smartcaptcha:Smartcaptcha",
    "ydb-serverless": "services.ydb_serverless:YdbServerless",
}
"""Name of the kind in scenarios -> module, in a folder of its own where several are alike, and class."""


def named_meters() -> set[Meter]:
    """Return every meter that a kind names."""
    return {meter for name in KINDS for meter in resource_kind(name).meters}


def resource_kind(name: str) -> type[Resource]:
    """Return the model of a kind.

    Raises:
        KeyError: There is no such kind.
    """
    module, _, attribute = KINDS[name].partition(":")
    kind: type[Resource] = getattr(import_module(f"{__name__}.{module}"), attribute)
    return kind
