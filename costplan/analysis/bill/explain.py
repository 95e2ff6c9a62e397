"""Take numbers of a bill apart: quantity, free part, tier slices, price, VAT, source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest

from costplan.analysis.bill.documents import EXPLANATION_SCHEMA, Arithmetic, ExplainedLine, Explanation
from costplan.messages.errors import InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible
from costplan.pricing.estimate import Estimate, LineItem
from costplan.quantities.money import EXACT, exact_sum, quantized


def explain(
    estimate: Estimate,
    what: str | None,
    arithmetic: Mapping[str, Sequence[Arithmetic | None]] | None = None,
) -> Explanation:
    """Explain the lines of a resource, of a SKU, or all.

    Args:
        estimate: A bill.
        what: Name of a resource, or its address in Terraform, or a SKU's code; None for everything.
        arithmetic: How quantities come about, by resource in the order of its lines.

    Raises:
        InputError: Nothing of that name is in the bill; the message names the nearest.
    """
    named = {what, *_billed_as(estimate, what)}
    lines = [
        (resource.name, line, how)
        for resource in estimate.resources
        for line, how in zip_longest(resource.line_items, (arithmetic or {}).get(resource.name, ()))
        if what is None or not named.isdisjoint((resource.name, line.sku))
    ]
    unpriced = [
        part for part in estimate.unpriced if what is None or not named.isdisjoint((part.resource, part.sku))
    ]
    if not lines and not unpriced:
        raise InputError(
            Reason("the bill has no resource or SKU `{what}`", visible((what or "")[:80])),
            hint=_nearest(estimate, what),
        )
    return Explanation(
        EXPLANATION_SCHEMA,
        estimate.scenario,
        estimate.currency,
        estimate.vat,
        estimate.total.vat_rate,
        estimate.catalog,
        tuple(_explained(estimate, *found) for found in lines),
        tuple({"resource": part.resource, "sku": part.sku, "reason": part.reason} for part in unpriced),
    )


def _billed_as(estimate: Estimate, address: str | None) -> tuple[str, ...]:
    """Return the resources that bill one of Terraform."""
    rows = estimate.terraform.resources if estimate.terraform is not None else ()
    return next((row.resources for row in rows if row.address == address), ())


def _nearest(estimate: Estimate, what: str | None) -> str:
    names = [resource.name for resource in estimate.resources]
    names += [row.address for row in estimate.terraform.resources] if estimate.terraform is not None else []
    skus = {line.sku for resource in estimate.resources for line in resource.line_items}
    return did_you_mean(what or "", [*names, *skus]) or Reason("resources: {names}", listed(names, 20))


def _explained(
    estimate: Estimate, resource: str, line: LineItem, arithmetic: Arithmetic | None
) -> ExplainedLine:
    rate = estimate.total.vat_rate if line.taxed else None
    net = quantized(EXACT.divide(line.monthly_cost, 1 + rate)) if rate is not None else line.monthly_cost
    used = [
        other.quantity
        for owner in estimate.resources
        for other in owner.line_items
        if (other.service, other.sku) == (line.service, line.sku)
        if other is line or line.provenance != "stated"  # what is stated stands by itself
    ]
    return ExplainedLine(
        resource=resource,
        line=line,
        free_quantity=exact_sum([piece.quantity for piece in line.slices if piece.unit_price == 0]),
        account_quantity=exact_sum(used),
        net=net,
        vat=EXACT.subtract(line.monthly_cost, net) if rate is not None else Decimal(0),
        assumptions=tuple(found for found in estimate.assumptions if found.path in line.assumptions),
        arithmetic=arithmetic,
    )
