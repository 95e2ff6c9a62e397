"""Managed Kubernetes: the master. Nodes are a kind of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import Charge, Problem, QuotaUse, Resource, Setting, SkuCode, Usage
from costplan.resources.parts.presets import find_preset, preset_problems
from costplan.resources.sizing.quota_uses import quota_uses
from costplan.source.fields import Name

SERVICE = "managed-kubernetes"
CPU = "mk8s.master.master_host_resources.cpu"
RAM = "mk8s.master.master_host_resources.ram"
FIXED_FEE = {"basic": "mk8s.master.zonal.small", "highly-available": "mk8s.master.regional.small"}
MASTER_HOSTS = {"basic": "basic-master-hosts", "highly-available": "highly-available-master-hosts"}
"""The catalog's rules: how many hosts a master has."""


class KubernetesCluster(Resource):
    """The master of a cluster."""

    sells: ClassVar[str] = SERVICE
    asks: ClassVar[frozenset[SkuCode]] = frozenset(
        (SERVICE, code) for code in (CPU, RAM, *FIXED_FEE.values())
    )

    kind: Literal["kubernetes-cluster"]
    master: Literal["basic", "highly-available"] = "basic"
    """One master host, or three in three zones."""
    preset: Name = "s-c2-m8"
    """Size of each master host."""

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """Cores and memory of the master's hosts, and the fee per master that was charged until June 2026."""
        preset = find_preset(setting.catalog, SERVICE, self.preset)
        assert preset is not None
        hours = setting.month * setting.catalog.rule(SERVICE, MASTER_HOSTS[self.master]).value
        yield Usage(SERVICE, CPU, hours * preset.vcpu, "core*hour")
        yield Usage(SERVICE, RAM, hours * preset.memory_gb, "GB*hour")
        yield Usage(SERVICE, FIXED_FEE[self.master], setting.month, "master*hour")

    def quota_uses(self, setting: Setting) -> Iterator[QuotaUse]:
        """A cluster, and the cores and memory of its master's hosts."""
        preset = find_preset(setting.catalog, SERVICE, self.preset)
        assert preset is not None
        hosts = Quantity(setting.catalog.rule(SERVICE, MASTER_HOSTS[self.master]).value)
        amounts: dict[str, Quantity | int] = {
            "kubernetes-clusters": 1,
            "kubernetes-master-vcpu": hosts * preset.vcpu,
            "kubernetes-master-memory": hosts * preset.memory_gb,
        }
        yield from quota_uses(setting, SERVICE, amounts)

    def zone_obstacle(self) -> str | None:
        """A basic master is one host."""
        return "a basic master stands in one zone" if self.master == "basic" else None

    def zone_changes(self, zones: int, catalog: Catalog) -> Iterator[tuple[tuple[str, ...], str]]:
        """A highly available master stands in three."""
        if self.master == "basic":
            yield ("master",), "highly-available"

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """The preset must be sold."""
        yield from preset_problems(catalog, SERVICE, self.preset)
