"""Groups of Kubernetes nodes: virtual machines in a number that is fixed or moves between two bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import (
    PricingContext,
    Problem,
    QuotaUse,
    Role,
    StatedCost,
    Usage,
    gigabytes,
)
from costplan.resources.parts.disks import Disk, disk_problems, disk_usage
from costplan.resources.parts.machine_group import MachineGroup, Machines
from costplan.resources.sizing.quota_uses import KUBERNETES, disk_uses, quota_uses


class KubernetesNodeGroup(MachineGroup):
    """Equal nodes of one cluster."""

    count_field: ClassVar[tuple[str, ...]] = ("nodes",)
    example: ClassVar[str] = (
        "{kind: kubernetes-node-group, vcpu: 2, memory: 8 GB, nodes: 3, disk: {"
        "type: network-ssd, size: 64 GB}}"
    )

    kind: Literal["kubernetes-node-group"]
    role: Role = "compute"
    nodes: Machines
    """A fixed number, or `{min: 1, max: 4, average: 2}`."""
    disk: Disk
    """Boot disk of one node."""

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Nodes while they run; their disks live and die with them."""
        hours, _ = self.machine_hours(context)
        yield from self.machine_usage(context, hours)
        yield disk_usage(context.catalog.offer(self.catalog_service), self.disk, hours)

    def boot_disk(self) -> Disk | None:
        """The one that a node has."""
        return self.disk

    def no_average(self) -> Reason:
        """Say it of nodes."""
        return Reason(
            "no average is given for {min} to {max} nodes; priced at the maximum",
            str(self.nodes.min),
            str(self.nodes.max),
        )

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """Nodes are taken to count against the quotas of Compute Cloud and of Managed Kubernetes both."""
        yield from super().quota_uses(context)
        nodes = self.most_replicas(context)
        yield from disk_uses(context, [self.disk], nodes)
        amounts: dict[str, Quantity | int] = {
            "kubernetes-node-groups": 1,
            "kubernetes-nodes": nodes,
            "kubernetes-node-vcpu": nodes * self.vcpu,
            "kubernetes-node-memory": nodes * gigabytes(self.memory),
            "kubernetes-node-disk": nodes * gigabytes(self.disk.size),
        }
        yield from quota_uses(context, KUBERNETES, amounts)

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """The machine and its disk must be sold."""
        yield from super().problems(catalog)
        yield from disk_problems(catalog.service(self.catalog_service), self.disk, ["disk"])
