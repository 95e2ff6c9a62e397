"""Groups of Kubernetes nodes: virtual machines in a number that is fixed or moves between two bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, model_validator

from costplan.catalog.store import Catalog
from costplan.models import Count, Flag, Hours, Model, Name, Size, Whole
from costplan.resources.base import Charge, Problem, Resource, Setting, Usage
from costplan.resources.disks import Disk, disk_problems, disk_usage
from costplan.resources.machine import machine_problems, machine_usage, preemptible_problem
from costplan.units import Origin, Quantity


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
            raise ValueError(f"`min` must not exceed `max`, got {self.min} and {self.max}")
        if self.average is not None and not self.min <= self.average.value <= self.max:
            raise ValueError(f"`average` must lie between {self.min} and {self.max}")
        return self


def _one_number_is_a_range(value: Any) -> Any:
    return {"min": value, "max": value, "average": value} if isinstance(value, str) else value


Nodes = Annotated[NodeRange, BeforeValidator(_one_number_is_a_range)]


class KubernetesNodeGroup(Resource):
    """Equal nodes of one cluster."""

    sells: ClassVar[str] = "compute"

    kind: Literal["kubernetes-node-group"]
    platform: Name = "standard-v3"
    """Hardware platform of the nodes."""
    core_fraction: Whole = 100
    """Guaranteed share of a core, in percent."""
    vcpu: Whole
    """Virtual cores of one node."""
    memory: Size
    """Memory of one node."""
    gpu: Whole | None = None
    """GPUs of one node; the fewest that the platform is sold with when left out."""
    preemptible: Flag = False
    """Cheaper, and may be stopped by the provider at any time."""
    nodes: Nodes
    """A fixed number, or `{min: 1, max: 4, average: 2}`."""
    hours: Hours | None = None
    """How long the group runs in a month; around the clock when left out."""
    disk: Disk
    """Boot disk of one node."""

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """Nodes while they run; their disks live and die with them."""
        compute = setting.catalog.service(self.sells)
        hours = self.average_nodes() * (self.hours or setting.month)
        yield from machine_usage(
            compute, self.platform, self.core_fraction, self.vcpu, self.memory, self.gpu, hours,
            preemptible=self.preemptible,
        )  # fmt: skip
        yield disk_usage(compute, self.disk, hours)

    def average_nodes(self) -> Quantity:
        """Return the mean number of nodes; the maximum, marked as assumed, where only bounds are given."""
        if self.nodes.average is not None:
            return self.nodes.average
        reason = f"no average is given for {self.nodes.min} to {self.nodes.max} nodes; priced at the maximum"
        return Quantity(self.nodes.max, frozenset({Origin("assumed", "nodes", reason)}))

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """The machine and its disk must be sold."""
        compute = catalog.service(self.sells)
        yield from machine_problems(
            compute, self.platform, self.core_fraction, self.vcpu, self.memory, self.gpu
        )
        if self.preemptible:
            yield from preemptible_problem(compute, self.platform, self.core_fraction)
        yield from disk_problems(compute, self.disk, ["disk"])
