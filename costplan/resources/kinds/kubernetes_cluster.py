"""Managed Kubernetes: the master. Nodes are a kind of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
from costplan.resources.catalog_defaults import DEFAULT
from costplan.resources.contract import (
    Meter,
    PricingContext,
    Problem,
    QuotaUse,
    Resource,
    Role,
    StatedCost,
    Usage,
)
from costplan.resources.parts.presets import find_preset, preset_problems
from costplan.resources.sizing.quota_uses import quota_uses
from costplan.source.fields import Name

SERVICE = "managed-kubernetes"
CPU = "master-cpu"
RAM = "master-memory"
FIXED_FEE = {"basic": "master-basic", "highly-available": "master-highly-available"}
MASTER_HOSTS = {"basic": "basic-master-hosts", "highly-available": "highly-available-master-hosts"}
"""The catalog's rules: how many hosts a master has."""


class KubernetesCluster(Resource):
    """The master of a cluster."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset(
        (SERVICE, code) for code in (CPU, RAM, *FIXED_FEE.values())
    )
    catalog_defaults: ClassVar[Mapping[str, str]] = {"preset": "preset"}
    example: ClassVar[str] = "{kind: kubernetes-cluster, preset: s-c2-m8}"

    kind: Literal["kubernetes-cluster"]
    role: Role = "compute"
    master: Literal["basic", "highly-available"] = "basic"
    """One master host, or three in three zones."""
    preset: Name = DEFAULT
    """Size of each master host; `default` is the one that the catalog names."""

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Cores and memory of the master's hosts, and the fee per master that was charged until June 2026."""
        preset = find_preset(context.catalog, SERVICE, self.preset)
        if preset is not None:
            hours = context.month * self.hosts(context.catalog)
            yield context.meter(SERVICE, CPU, hours * preset.vcpu, "core*hour")
            yield context.meter(SERVICE, RAM, hours * preset.memory_gb, "GB*hour")
        yield context.meter(SERVICE, FIXED_FEE[self.master], context.month, "master*hour")

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """A cluster, and the cores and memory of its master's hosts."""
        preset = find_preset(context.catalog, SERVICE, self.preset)
        amounts: dict[str, Quantity | int] = {"kubernetes-clusters": 1}
        if preset is not None:
            hosts = self.hosts(context.catalog)
            amounts["kubernetes-master-vcpu"] = hosts * preset.vcpu
            amounts["kubernetes-master-memory"] = hosts * preset.memory_gb
        yield from quota_uses(context, SERVICE, amounts)

    def zone_obstacle(self) -> str | None:
        """A basic master is one host."""
        return Reason("a basic master is in one zone") if self.master == "basic" else None

    def zone_changes(self, zones: int, catalog: Catalog) -> Iterator[tuple[tuple[str, ...], str]]:
        """A highly available master stands in three."""
        if self.master == "basic":
            yield ("master",), "highly-available"

    def hosts(self, catalog: Catalog) -> Quantity:
        """Return how many hosts the master has."""
        return Quantity(catalog.rule_value(SERVICE, MASTER_HOSTS[self.master], otherwise=1))

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """The preset must be sold."""
        yield from preset_problems(catalog, SERVICE, self.preset)
