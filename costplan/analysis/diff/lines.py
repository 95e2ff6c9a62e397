"""The lines of one resource in two bills: which of them belong together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from costplan.analysis.diff.tariff import FIXED, factor_between
from costplan.pricing.estimate import LineItem
from costplan.pricing.paid_lines import DISCOUNT_SKU
from costplan.quantities.money import exact_sum


@dataclass(frozen=True, slots=True)
class Line:
    """All that a resource uses of one SKU."""

    parts: tuple[LineItem, ...]
    quantity: Decimal
    cost: Decimal

    @property
    def first(self) -> LineItem:
        """What is said of the SKU."""
        return self.parts[0]

    @property
    def is_fixed(self) -> bool:
        """Whether it is a stated cost."""
        return self.first.sku == FIXED

    @property
    def is_discount(self) -> bool:
        """Whether it is what a discount takes off the other lines of the resource."""
        return self.first.sku == DISCOUNT_SKU

    @property
    def content(self) -> tuple[object, ...]:
        """What is used of what, whatever it costs."""
        used = (self.first.name, self.cost) if self.is_fixed else self.quantity
        return self.first.service, self.first.sku, self.first.unit, used


Pair = tuple[Line | None, Line | None]


def lines_of(items: Iterable[LineItem]) -> list[Line]:
    """Put the parts of one SKU together, and all discounts; stated costs of different names are different."""
    found: dict[tuple[str, ...], list[LineItem]] = {}
    for item in items:
        name = item.name if item.sku == FIXED else ""
        service = "" if item.sku == DISCOUNT_SKU else item.service
        found.setdefault((service, item.sku, item.unit, name), []).append(item)
    return [
        Line(
            tuple(parts),
            exact_sum([part.quantity for part in parts]),
            exact_sum([part.monthly_cost for part in parts]),
        )
        for parts in found.values()
    ]


def line_pairs(old: Iterable[Line], new: Iterable[Line]) -> Iterator[Pair]:
    """Give the lines that belong together: of one SKU, else one SKU in another's place, else each alone."""
    left, right = list(old), list(new)
    for alike in (_same_sku, _same_quantity, _same_unit):
        pairs = list(_pairs(left, right, alike))
        yield from pairs
        taken = {id(line) for pair in pairs for line in pair}
        left = [line for line in left if id(line) not in taken]
        right = [line for line in right if id(line) not in taken]
    yield from ((line, None) for line in left)
    yield from ((None, line) for line in right)


def _pairs(
    left: Sequence[Line], right: Sequence[Line], alike: Callable[[Line], object]
) -> Iterator[tuple[Line, Line]]:
    """Give the pairs that have something in common which no other line of the resource has."""
    mine, theirs = _by_key(left, alike), _by_key(right, alike)
    for key, found in mine.items():
        others = theirs.get(key, [])
        if len(found) == len(others) == 1 and _compare(found[0], others[0]):
            yield found[0], others[0]


def _by_key(lines: Sequence[Line], alike: Callable[[Line], object]) -> dict[object, list[Line]]:
    found: dict[object, list[Line]] = {}
    for line in lines:
        found.setdefault(alike(line), []).append(line)
    return found


def _compare(old: Line, new: Line) -> bool:
    return factor_between(old.first.unit, new.first.unit) is not None


def _same_sku(line: Line) -> object:
    if line.is_discount:
        return DISCOUNT_SKU
    return line.first.service, line.first.sku, line.first.name if line.is_fixed else ""


def _same_quantity(line: Line) -> object:
    return line.first.service, line.first.unit, line.quantity


def _same_unit(line: Line) -> object:
    return line.first.service, line.first.unit
