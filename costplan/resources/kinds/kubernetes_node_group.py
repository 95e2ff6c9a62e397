"""Groups of Kubernetes nodes: virtual machines in a number that is fixed or moves between two bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.checked.markers import BeforeValidator, model_validator
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Origin, Quantity
from costplan.resources.contract import (
    PricingContext,
    Problem,
    QuotaUse,
    Role,
    StatedCost,
    Usage,
    capacity_for,
    gigabytes,
)
from costplan.resources.parts.disks import Disk, disk_problems, disk_usage
from costplan.resources.parts.virtual_machine import VirtualMachine
from costplan.resources.sizing.quota_uses import KUBERNETES, disk_uses, quota_uses
from costplan.source.fields import Count, Model, Whole


class NodeRange(Model):
    """A number of nodes that moves with the load."""

    min: Whole
    """Fewest nodes."""
    max: Whole
    """Most nodes."""
    average: Count | None = None
    """Mean over the month; the bill assumes the maximum when it is left out."""

    @model_validator(mode="after")
    def _ordered(self) -> NodeRange:
        if self.min > self.max:
            raise ValueError(
                Reason("`min` must not exceed `max`, got {min} and {max}", str(self.min), str(self.max))
            )
        if self.average is not None and not self.min <= self.average.value <= self.max:
            raise ValueError(
                Reason("`average` must lie between {min} and {max}", str(self.min), str(self.max))
            )
        return self


def _one_number_is_a_range(value: Any) -> Any:
    return {"min": value, "max": value, "average": value} if isinstance(value, str) else value


Nodes = Annotated[NodeRange, BeforeValidator(_one_number_is_a_range)]


class KubernetesNodeGroup(VirtualMachine):
    """Equal nodes of one cluster."""

    count_field: ClassVar[tuple[str, ...]] = ("nodes",)
    example: ClassVar[str] = (
        "{kind: kubernetes-node-group, vcpu: 2, memory: 8 GB, nodes: 3, disk: {"
        "type: network-ssd, size: 64 GB}}"
    )

    kind: Literal["kubernetes-node-group"]
    role: Role = "compute"
    nodes: Nodes
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

    def bounds(self) -> tuple[Quantity, int | None]:
        """A range bounds nodes that follow the load; one number, or a mean, is the least."""
        most = self.nodes.max if self.nodes.max > self.nodes.min else None
        if self.capacity is not None and self.capacity.is_elastic and most is not None:
            return Quantity(self.nodes.min), most
        return self.average_nodes(), most

    def average_nodes(self) -> Quantity:
        """Return the mean number of nodes; the maximum, marked as assumed, where only bounds are given."""
        if self.nodes.average is not None:
            return self.nodes.average
        reason = Reason(
            "no average is given for {min} to {max} nodes; priced at the maximum",
            str(self.nodes.min),
            str(self.nodes.max),
        )
        return Quantity(self.nodes.max, frozenset({Origin("assumed", "nodes", reason)}))

    def zone_changes(self, zones: int, catalog: Catalog) -> Iterator[tuple[tuple[str, ...], str]]:
        """A range keeps its bounds where they allow it."""
        if self.nodes.max == self.nodes.min:
            yield from super().zone_changes(zones, catalog)
            return
        found = self.deployment(catalog)
        if found.replicas is not None and found.replicas.least.value < zones:
            yield ("nodes", "min"), str(zones)
            if self.nodes.max < zones:
                yield ("nodes", "max"), str(zones)
            if self.nodes.average is not None and self.nodes.average.value < zones:
                yield ("nodes", "average"), str(zones)
            yield from capacity_for(zones, found)

    def most_replicas(self, context: PricingContext) -> Quantity:
        """Return the most nodes; a range without a capacity may grow to its end."""
        if self.capacity is None:
            return Quantity(self.nodes.max)
        return super().most_replicas(context)

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
