"""What a bill tells of its prices: the tiers that the account reached, and what a part of its use costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from costplan.pricing.estimate import Estimate, LineItem
from costplan.quantities.pricing_units import pricing_unit

FIXED = "fixed-cost"
"""Stands for the SKU of a stated cost, which no other resource shares."""
SkuKey = tuple[str, str]
"""Service and code."""


@dataclass(frozen=True, slots=True)
class Tariff:
    """Graduated prices as far as the account of one bill reached them, and how much it uses."""

    rates: tuple[tuple[Fraction, Fraction], ...]
    """Start and unit price, ascending from 0."""
    used: Fraction
    """By all resources of the account: nothing is known of higher tiers, and nothing is asked of them."""

    def total(self, quantity: Fraction) -> Fraction:
        """Return what the account pays for a quantity that it reached."""
        cost = Fraction(0)
        for place, (start, price) in enumerate(self.rates):
            end = self.rates[place + 1][0] if place + 1 < len(self.rates) else quantity
            cost += max(min(end, quantity) - start, Fraction(0)) * price
        return cost

    def share(self, own: Fraction, others: Fraction) -> Fraction:
        """Return what one resource pays of it: everyone has the same part of each tier."""
        if len(self.rates) == 1:
            return own * self.rates[0][1]
        return own / (own + others) * self.total(own + others) if own else own

    def per(self, factor: Fraction) -> Tariff:
        """Return it in another unit, of which `factor` make one of this."""
        if factor == 1:
            return self
        rates = tuple((start * factor, price / factor) for start, price in self.rates)
        return Tariff(rates, self.used * factor)


def tariffs_of(estimate: Estimate) -> Mapping[SkuKey, Tariff]:
    """Return the prices of each SKU as the lines of a bill tell them; every unit of the account is in one."""
    rates: dict[SkuKey, dict[Fraction, Fraction]] = {}
    used: dict[SkuKey, Fraction] = {}
    for line in (line for resource in estimate.resources for line in resource.line_items):
        key = line.service, line.sku
        used[key] = used.get(key, Fraction(0)) + Fraction(line.quantity)
        for piece in line.slices:
            rates.setdefault(key, {})[Fraction(piece.start)] = Fraction(piece.unit_price)
    return {key: Tariff(tuple(sorted(found.items())), used[key]) for key, found in rates.items()}


def fixed_tariff(lines: Iterable[LineItem]) -> Tariff:
    """Return the price of stated costs of one name, which is what they cost."""
    cost = sum((Fraction(line.monthly_cost) for line in lines), Fraction(0))
    return Tariff(((Fraction(0), cost),), Fraction(1))


def factor_between(unit: str, other: str) -> Fraction | None:
    """Return by what a quantity in `other` is multiplied to be in `unit`; None where they do not compare."""
    if unit == other:
        return Fraction(1)
    try:
        return pricing_unit(unit).factor_from(pricing_unit(other))
    except ValueError:
        return None
