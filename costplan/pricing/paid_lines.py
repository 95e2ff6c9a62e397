"""The lines of a bill at what is paid for them: shares of a bill count what a discount leaves of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from costplan.pricing.estimate import Estimate, LineItem, ResourceEstimate
from costplan.quantities.money import EXACT

DISCOUNT_SKU = "discount"
"""Code of the lines that a discount makes, as `fixed-cost` is of stated costs."""


def paid_lines(estimate: Estimate) -> Iterator[tuple[ResourceEstimate, LineItem]]:
    """Give every line with its resource, after the discount; together they are the total."""
    shares = {one.service: one.share for one in estimate.discount.services} if estimate.discount else {}
    for resource in estimate.resources:
        for line in resource.line_items:
            if line.sku != DISCOUNT_SKU:
                yield resource, after_share(line, shares.get(line.service))


def after_share(line: LineItem, share: Decimal | None) -> LineItem:
    """Return a line with what is left of its cost."""
    if not share:
        return line
    taken = EXACT.multiply(line.monthly_cost, share)
    return replace(line, monthly_cost=EXACT.subtract(line.monthly_cost, taken))
