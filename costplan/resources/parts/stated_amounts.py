"""Kinds whose bill is nothing but amounts that a scenario states, each by a meter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, NamedTuple

from costplan.quantities.quantity import Quantity
from costplan.resources.contract import Meter, PricingContext, Resource, StatedCost, Usage, gigabytes


class Billed(NamedTuple):
    """What a key of a kind is billed by."""

    meter: str
    unit: str
    """Of the amount. What is billed by the hour (`version*hour`) is there all the month; what is billed in GB
    is a size."""


def meters_of(service: str, *billed: Mapping[str, Billed]) -> frozenset[Meter]:
    """Return the meters of keys."""
    return frozenset((service, one.meter) for keys in billed for one in keys.values())


class StatedAmounts(Resource):
    """A resource that says by what each of its amounts is billed."""

    billed: ClassVar[Mapping[str, Billed]]
    """Key -> meter and unit, in the order of the bill."""

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Each amount that is stated."""
        for key, by in self.amounts().items():
            amount = getattr(self, key)
            if amount is None:
                continue
            quantity = amount if isinstance(amount, Quantity) else Quantity(amount)
            thing, _, time = by.unit.partition("*")
            if thing == "GB":
                quantity = gigabytes(quantity)
            if time == "hour":
                quantity = quantity * context.month
            yield context.meter(self.catalog_service, by.meter, quantity, by.unit)

    def amounts(self) -> Mapping[str, Billed]:
        """Return by what each key is billed; a kind that has a choice makes it here."""
        return self.billed
