"""What became of one line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from costplan.analysis.diff.causes import Circumstances, Use, causes_of
from costplan.analysis.diff.documents import Cause, LineDiff, What
from costplan.analysis.diff.lines import Line, Pair
from costplan.analysis.diff.tariff import SkuKey, Tariff, factor_between, fixed_tariff, tariffs_of
from costplan.pricing.estimate import Estimate
from costplan.quantities.money import EXACT, quantized

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Bill:
    """An estimate, with what its lines tell of its prices."""

    estimate: Estimate
    tariffs: Mapping[SkuKey, Tariff]

    @classmethod
    def of(cls, estimate: Estimate) -> Bill:
        """Look through all lines once."""
        return cls(estimate, tariffs_of(estimate))

    def use_of(self, line: Line, factor: Fraction) -> Use:
        """Return what a line uses at which prices, in a unit of which `factor` make one of its own."""
        if line.is_fixed:
            return Use(Fraction(1), fixed_tariff(line.parts))
        tariff = self.tariffs[line.first.service, line.first.sku]
        return Use(Fraction(line.quantity) * factor, tariff.per(factor))


def line_diff(pair: Pair, old: Bill, new: Bill, unpriced: Collection[str]) -> LineDiff | None:
    """Compare a line with itself; None where it is as it was.

    Args:
        pair: The line before and after.
        old: The bill before.
        new: The bill after.
        unpriced: SKUs that the resource uses on the other side too, where they have no price.
    """
    first, second = pair
    if first is not None and second is not None:
        return None if _is_same(first, second) else _changed(first, second, old, new)
    line = first or second
    assert line is not None
    cost = line.cost if second is not None else EXACT.subtract(NOTHING, line.cost)  # of 0 that is no -0
    return LineDiff(
        sku=line.first.sku,
        name=line.first.name,
        service=line.first.service,
        change="removed" if second is None else "added",
        unit=line.first.unit,
        old_quantity=line.quantity if second is None else None,
        new_quantity=None if second is None else line.quantity,
        old_unit_price=_unit_price(line) if second is None else None,
        new_unit_price=None if second is None else _unit_price(line),
        old_cost=line.cost if second is None else NOTHING,
        new_cost=NOTHING if second is None else line.cost,
        delta=cost,
        causes=(Cause(_alone_kind(line, unpriced), cost),) if cost else (),
    )


def _alone_kind(line: Line, unpriced: Collection[str]) -> What:
    if line.is_discount:
        return "discount"
    return "price" if line.first.sku in unpriced else "quantity"


def _is_same(first: Line, second: Line) -> bool:
    named = [(one.first.sku, one.first.unit, one.quantity, one.cost) for one in (first, second)]
    return named[0] == named[1]


def _changed(first: Line, second: Line, old: Bill, new: Bill) -> LineDiff:
    factor = factor_between(second.first.unit, first.first.unit)
    assert factor is not None  # else they are no pair
    delta = EXACT.subtract(second.cost, first.cost)
    if first.is_discount:
        causes: tuple[Cause, ...] = (Cause("discount", delta),) if delta else ()
    else:
        uses = old.use_of(first, factor), new.use_of(second, Fraction(1))
        causes = causes_of(*uses, delta, _circumstances(first, second, old, new))
    is_other = first.first.sku != second.first.sku
    return LineDiff(
        sku=second.first.sku,
        name=second.first.name,
        service=second.first.service,
        change="changed",
        unit=second.first.unit,
        old_quantity=first.quantity if factor == 1 else quantized(Fraction(first.quantity) * factor),
        new_quantity=second.quantity,
        old_unit_price=_unit_price(first, factor),
        new_unit_price=_unit_price(second),
        old_cost=first.cost,
        new_cost=second.cost,
        delta=delta,
        causes=causes,
        old_sku=first.first.sku if is_other else "",
    )


def _unit_price(line: Line, factor: Fraction = Fraction(1)) -> Decimal | None:
    """Return what one unit costs: the rate itself where one holds."""
    rates = {piece.unit_price for part in line.parts for piece in part.slices}
    if len(rates) == 1 and factor == 1:
        return rates.pop()
    return quantized(Fraction(line.cost) / Fraction(line.quantity) / factor) if line.quantity else None


def _circumstances(first: Line, second: Line, old: Bill, new: Bill) -> Circumstances:
    one, other = old.estimate, new.estimate
    rates = one.total.vat_rate, other.total.vat_rate
    are_taxed = first.first.taxed and second.first.taxed and None not in rates
    hours = one.hours_per_month, other.hours_per_month
    are_hourly = all(line.first.unit.endswith("*hour") for line in (first, second))
    return Circumstances(
        price=_price_kind(first, second, old, new),
        vat_rates=_pair(*rates) if are_taxed and rates[0] != rates[1] else None,
        hours=_pair(*hours) if hours[0] != hours[1] and are_hourly else None,
    )


def _price_kind(first: Line, second: Line, old: Bill, new: Bill) -> What:
    """Say what another price is due to."""
    one, other = first.first, second.first
    if one.sku != other.sku:
        return "sku"
    if one.effective_from is None or one.effective_from != other.effective_from:
        return "price"
    if old.estimate.free_tier != new.estimate.free_tier:
        return "tier"
    return "currency" if one.rule != other.rule else "price"


def _pair(one: Decimal | None, other: Decimal | None) -> tuple[Fraction, Fraction]:
    assert one is not None
    assert other is not None
    return Fraction(one), Fraction(other)
