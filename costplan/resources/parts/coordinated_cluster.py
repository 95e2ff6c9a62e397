"""What clusters with coordination hosts share: the provider adds these by the choice of `coordination`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from costplan.catalog.model import Preset
from costplan.catalog.store import Catalog
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import PricingContext, Problem, StatedCost, Usage
from costplan.resources.parts.coordination import Coordinators
from costplan.resources.parts.database import DatabaseCluster
from costplan.resources.parts.disks import Disk


class CoordinatedCluster(DatabaseCluster):
    """A cluster whose kind says in `coordination` who coordinates it."""

    if TYPE_CHECKING:
        coordination: str

    def coordinators(self) -> dict[str, Coordinators]:
        """Return the hosts that may coordinate the cluster, by the choice of `coordination`."""
        raise NotImplementedError

    def data_hosts(self) -> int:
        """Return how many hosts there are to coordinate."""
        return sum(group.count for group in self.groups())

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """The cluster, and the hosts that coordinate it where the provider adds them."""
        yield from super().usage(context)
        group = self.coordinators().get(self.coordination)
        if group is not None:
            yield from group.usage(context, self.data_hosts(), self.hours or context.month)

    def coordination_hosts(self, context: PricingContext) -> Iterator[tuple[Quantity, Preset, Disk | None]]:
        """Give those of the choice of `coordination`."""
        group = self.coordinators().get(self.coordination)
        if group is not None:
            yield from group.hosts(context, self.data_hosts())

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """Hosts, storage and the classes of coordination hosts must be sold."""
        yield from super().problems(catalog)
        for group in self.coordinators().values():
            yield from group.problems(catalog)
