"""What the money is for: serving requests, room for peaks, waiting, and what no request needs.

A resource with a capacity says by its replica-hours. Of any other, the part of each line that grows with the
requests serves them, and what is there without any request is overhead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from costplan.pricing.estimate import CostSplit, LineItem
from costplan.quantities.money import EXACT, exact_sum, quantized
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import PricingContext, Resource, Shares, StatedCost

SkuKey = tuple[str, str]


def purpose_of(resource: Resource, lines: Sequence[LineItem], context: PricingContext) -> CostSplit:
    """Split the cost of a resource's lines by what it is for; the parts sum to it exactly."""
    cost = exact_sum([line.monthly_cost for line in lines])
    shares = resource.shares(context)
    if shares is not None:
        return _by_shares(cost, shares)
    fixed = _fixed_parts(resource, context)
    fixed_cost = exact_sum(
        [_part(line.monthly_cost, fixed.get((line.service, line.sku), Fraction(1))) for line in lines]
    )
    useful = EXACT.subtract(cost, fixed_cost)
    if resource.fixed_cost_purpose == "headroom":
        return CostSplit(useful=useful, headroom=fixed_cost)
    return CostSplit(useful=useful, overhead=fixed_cost)


def sum_of(splits: Iterable[CostSplit]) -> CostSplit:
    """Add splits up."""
    found = list(splits)
    return CostSplit(
        useful=exact_sum([split.useful for split in found]),
        headroom=exact_sum([split.headroom for split in found]),
        idle=exact_sum([split.idle for split in found]),
        overhead=exact_sum([split.overhead for split in found]),
    )


def _by_shares(cost: Decimal, shares: Shares) -> CostSplit:
    useful = _part(cost, shares.useful.value)
    headroom = _part(cost, shares.headroom.value)
    rest = EXACT.subtract(cost, EXACT.add(useful, headroom))
    return CostSplit(useful=useful, headroom=headroom, idle=rest)


def _fixed_parts(resource: Resource, context: PricingContext) -> dict[SkuKey, Fraction]:
    """Return by SKU which part of its quantity is used without any request."""
    nothing = context.workload.model_copy(update={"monthly_requests": Quantity(0)})
    whole = _quantities(resource, context)
    without = _quantities(resource, replace(context, workload=nothing))
    return {
        key: min(without.get(key, Fraction(0)) / used, Fraction(1)) for key, used in whole.items() if used
    }


def _quantities(resource: Resource, context: PricingContext) -> dict[SkuKey, Fraction]:
    found: dict[SkuKey, Fraction] = {}
    for used in resource.usage(context):
        if not isinstance(used, StatedCost):
            key = (used.service, used.sku)
            found[key] = found.get(key, Fraction(0)) + used.quantity.value
    return found


def _part(cost: Decimal, share: Fraction) -> Decimal:
    return quantized(Fraction(cost) * share)
