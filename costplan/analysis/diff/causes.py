"""Why a line costs other than before: the change of its cost, split without a rest.

The cost of a line hangs on three things: how much of the SKU the resource uses, how much all others of the
account use (which tiers its part falls into), and the prices. Both bills are led to a common point, where the
resource and the others use the lesser of their two quantities; there each bill knows its own prices, as it
reached those tiers. Between the two bills at that point only the prices differ: that is the price's part.
What the way there costs in the old bill and the way from there in the new one is the quantity's part and the
tiers', each step taken as the mean of doing the one first and the other first. Nothing of it knows which bill
is the old one, so that the diff of (b, a) is that of (a, b) with every sign turned.

A worked example. Old: the resource uses 20, the others 10; 5 are free, then 2 each. New: 30, 20, and 3 each.
Cost of a part of a sum: own / sum x (sum - 5) x price.

    old:   20/30 x 25 x 2 = 33.333...        new:   30/50 x 45 x 3 = 81
    common point, 20 and 10, at the old prices 33.333..., at the new ones 20/30 x 25 x 3 = 50
    price     50 - 33.333... = 16.666...
    on to 81 in the new bill, by way of 30 and 10:  30/40 x 35 x 3 = 78.75
                           or by way of 20 and 20:  20/40 x 35 x 3 = 52.5
    quantity  ((78.75 - 50) + (81 - 52.5)) / 2 = 28.625
    tier      ((81 - 78.75) + (52.5 - 50)) / 2 =  2.375
    in all    16.666... + 28.625 + 2.375 = 47.666... = 81 - 33.333...

Each part is rounded to twelve decimals, as bills are, and what that leaves goes to the largest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from costplan.analysis.diff.documents import Cause, Rule, What
from costplan.analysis.diff.tariff import Tariff
from costplan.quantities.money import EXACT, exact_sum, quantized

HALF = Fraction(1, 2)
ORDER: tuple[What, ...] = ("quantity", "price", "sku", "tier", "currency", "rule", "discount")
_SAME_HOURS = Fraction(1, 10**9)
"""Two quantities are alike in a month of another length up to this part: they were rounded once."""


@dataclass(frozen=True, slots=True)
class Use:
    """One line in one bill, in a unit that both lines have."""

    quantity: Fraction
    tariff: Tariff

    @property
    def others(self) -> Fraction:
        """What all other resources of the account use of the SKU."""
        return self.tariff.used - self.quantity


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What says of a price's or a quantity's part whose doing it is."""

    price: What = "price"
    """What another price is called: `sku` where it is that of another SKU, `currency`, `tier`."""
    vat_rates: tuple[Fraction, Fraction] | None = None
    """Rates inside both prices, where they differ."""
    hours: tuple[Fraction, Fraction] | None = None
    """Lengths of the month, where they differ and the line is billed by the hour."""


Key = tuple[What, Rule]


def causes_of(old: Use, new: Use, delta: Decimal, about: Circumstances) -> tuple[Cause, ...]:
    """Split the change of a line's cost.

    Args:
        old: The line before.
        new: The line after.
        delta: The change, as the two bills have it.
        about: Whose doing a part is.
    """
    own, others = min(old.quantity, new.quantity), min(old.others, new.others)
    before, after = old.tariff.share(own, others), new.tariff.share(own, others)
    quantity, tier = (
        there - here for here, there in zip(_steps(old, own, others), _steps(new, own, others), strict=True)
    )
    price = after - before
    vat = _vat_part(before, after, about.vat_rates) if price and before and after else Fraction(0)
    parts: dict[Key, Fraction] = {}
    for key, part in (
        (_quantity_key(old, new, about.hours), quantity),
        ((about.price, ""), price - vat),
        (("tier", ""), tier),
        (("rule", "vat"), vat),
    ):
        parts[key] = parts.get(key, Fraction(0)) + part
    return _without_rest({key: quantized(part) for key, part in parts.items()}, delta)


def _steps(use: Use, own: Fraction, others: Fraction) -> tuple[Fraction, Fraction]:
    """Return what the use costs above the common point by its own quantity, and by that of the others."""
    share = use.tariff.share
    low, high = share(own, others), share(use.quantity, use.others)
    if use.others == others:
        return high - low, Fraction(0)
    if use.quantity == own:
        return Fraction(0), high - low
    more_own, more_others = share(use.quantity, others), share(own, use.others)
    quantity = HALF * ((more_own - low) + (high - more_others))
    return quantity, high - low - quantity


def _vat_part(before: Fraction, after: Fraction, rates: tuple[Fraction, Fraction] | None) -> Fraction:
    """Return what the other rate alone does to a price, as the mean at the old and the new net price."""
    if rates is None:
        return Fraction(0)
    old, new = (1 + rate for rate in rates)
    return HALF * (before / old + after / new) * (new - old)


def _quantity_key(old: Use, new: Use, hours: tuple[Fraction, Fraction] | None) -> Key:
    """Say whether another quantity is all due to a longer or shorter month."""
    if hours is not None:
        first, last = old.quantity * hours[1], new.quantity * hours[0]
        if abs(first - last) <= max(first, last) * _SAME_HOURS:
            return "rule", "month-hours"
    return "quantity", ""


def _without_rest(parts: Mapping[Key, Decimal], delta: Decimal) -> tuple[Cause, ...]:
    """Make causes that sum to the change: what rounding leaves goes to the largest, else to the tiers."""
    rest = EXACT.subtract(delta, exact_sum(list(parts.values())))
    largest = max(parts, key=lambda key: parts[key].copy_abs())
    found = dict(parts)
    if rest:
        key: Key = largest if parts[largest] else ("tier", "")
        found[key] = EXACT.add(found.get(key, Decimal(0)), rest)
    return tuple(Cause(what, part, rule) for (what, rule), part in found.items() if part)


def sum_of_causes(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """Add causes up by what they are, the largest first; what cancels out is left out."""
    found: dict[Key, Cause] = {}
    for one in causes:
        key = one.what, one.rule
        before = found.get(key)
        found[key] = one if before is None else replace(one, delta=EXACT.add(before.delta, one.delta))
    kept = [one for one in found.values() if one.delta]
    return tuple(
        sorted(kept, key=lambda one: (one.delta.copy_abs().copy_negate(), ORDER.index(one.what), one.rule))
    )
