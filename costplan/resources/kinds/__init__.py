"""Resource kinds. A new kind is one file and one line here; it is imported when a scenario first names it."""

from __future__ import annotations

from importlib import import_module

from costplan.resources.contract import Meter, Resource

KINDS: dict[str, str] = {
    "api-gateway": "api_gateway:ApiGateway",
    "application-load-balancer": "application_load_balancer:ApplicationLoadBalancer",
    "cloud-function": "cloud_function:CloudFunction",
    "cloud-registry": "cloud_registry:CloudRegistry",
    "compute-disk": "compute_disk:ComputeDisk",
    "compute-instance": "compute_instance:ComputeInstance",
    "container-registry": "container_registry:ContainerRegistry",
    "dns": "dns:Dns",
    "fixed-cost": "fixed_cost:FixedCost",
    "kubernetes-cluster": "kubernetes_cluster:KubernetesCluster",
    "kubernetes-node-group": "kubernetes_node_group:KubernetesNodeGroup",
    "lockbox": "lockbox:Lockbox",
    "logging": "logging:Logging",
    "managed-clickhouse": "databases.managed_clickhouse:ManagedClickhouse",
    "managed-kafka": "databases.managed_kafka:ManagedKafka",
    "managed-opensearch": "databases.managed_opensearch:ManagedOpensearch",
    "managed-postgresql": "databases.managed_postgresql:ManagedPostgresql",
    "managed-prometheus": "managed_prometheus:ManagedPrometheus",
    "managed-valkey": "databases.managed_valkey:ManagedValkey",
    "metered": "metered:Metered",
    "monitoring": "monitoring:Monitoring",
    "network": "network:Network",
    "network-load-balancer": "network_load_balancer:NetworkLoadBalancer",
    "object-storage": "object_storage:ObjectStorage",
    "serverless-container": "serverless_container:ServerlessContainer",
}
"""Name of the kind in scenarios -> module and class."""


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
