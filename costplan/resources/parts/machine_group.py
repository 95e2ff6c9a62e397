"""Equal machines in a number that is fixed, or moves between two bounds."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Annotated, Any

from costplan.catalog.store import Catalog
from costplan.checked.markers import BeforeValidator, model_validator
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Origin, Quantity
from costplan.resources.contract import PricingContext, capacity_for
from costplan.resources.parts.virtual_machine import VirtualMachine
from costplan.source.fields import Count, Model, Whole


class NodeRange(Model):
    """A number of machines that moves with the load."""

    min: Whole
    """Fewest machines."""
    max: Whole
    """Most machines."""
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

    def __str__(self) -> str:
        return str(self.min) if self.min == self.max else f"{self.min} to {self.max}"


def _one_number_is_a_range(value: Any) -> Any:
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return {"min": value, "max": value, "average": value}
    return value


Machines = Annotated[NodeRange, BeforeValidator(_one_number_is_a_range)]


def one_machine() -> NodeRange:
    """Return the range of a single machine."""
    return NodeRange.model_construct(min=1, max=1, average=Quantity(1))


class MachineGroup(VirtualMachine):
    """A kind whose `count_field` is a number of machines, or a range of it."""

    @property
    def machines(self) -> NodeRange:
        """How many there may be."""
        found: NodeRange = getattr(self, self.count_field[0])
        return found

    @abstractmethod
    def no_average(self) -> Reason:
        """Say that a range is given and no mean, so that the maximum is priced."""

    def bounds(self) -> tuple[Quantity, int | None]:
        """A range bounds machines that follow the load; one number, or a mean, is the least."""
        machines = self.machines
        most = machines.max if machines.max > machines.min else None
        if self.capacity is not None and self.capacity.is_elastic and most is not None:
            return Quantity(machines.min), most
        return self.average_machines(), most

    def average_machines(self) -> Quantity:
        """Return the mean number of machines; the maximum, marked as assumed, where only bounds are given."""
        if self.machines.average is not None:
            return self.machines.average
        origin = Origin("assumed", self.count_field[0], self.no_average())
        return Quantity(self.machines.max, frozenset({origin}))

    def zone_changes(self, zones: int, catalog: Catalog) -> Iterator[tuple[tuple[str, ...], str]]:
        """A range keeps its bounds where they allow it."""
        machines = self.machines
        if machines.max == machines.min:
            yield from super().zone_changes(zones, catalog)
            return
        found = self.deployment(catalog)
        if found.replicas is not None and found.replicas.least.value < zones:
            yield (*self.count_field, "min"), str(zones)
            if machines.max < zones:
                yield (*self.count_field, "max"), str(zones)
            if machines.average is not None and machines.average.value < zones:
                yield (*self.count_field, "average"), str(zones)
            yield from capacity_for(zones, found)

    def most_replicas(self, context: PricingContext) -> Quantity:
        """Return the most machines; a range without a capacity may grow to its end."""
        if self.capacity is None:
            return Quantity(self.machines.max)
        return super().most_replicas(context)
