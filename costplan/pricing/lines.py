"""Components with a price as lines of the bill: each SKU split into tiers once, and handed back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from costplan.catalog.price import Currency, Price
from costplan.catalog.store import Catalog
from costplan.checked.records import dataclass
from costplan.messages.reason import Reason
from costplan.pricing.components import Component
from costplan.pricing.estimate import LineItem, QuantityProvenance, Unpriced
from costplan.pricing.tiers import Slice, share_slices, split_into_tiers, without_free_tier
from costplan.quantities.money import exact_sum
from costplan.quantities.quantity import Origin
from costplan.resources.contract import StatedCost


@dataclass(frozen=True, slots=True)
class PricedLines:
    """What resources use, and what it costs in one currency."""

    components: Sequence[Component]
    by_resource: Mapping[str, Sequence[LineItem]]
    unpriced: tuple[Unpriced, ...]


def lines_of(
    components: Sequence[Component],
    charges: Iterable[tuple[str, StatedCost]],
    currency: Currency,
    catalog: Catalog,
    *,
    free_tier: bool,
) -> PricedLines:
    """Price what resources of one billing account use together.

    Args:
        components: What they use; those of one SKU and one price have the very same price.
        charges: Stated costs by resource.
        currency: Of the bill.
        catalog: It knows the names of what has no price.
        free_tier: Whether the account's free volumes are still there.
    """
    lines = _by_resource(components, free_tier=free_tier)
    unpriced = [
        Unpriced(
            part.resource, part.key[1], part.reason, part.quantity, part.unit, catalog.name_of(*part.key)
        )
        for part in components
        if part.price is None
    ]
    for resource, charge in charges:
        if currency in charge.amounts:
            lines.setdefault(resource, []).append(_charge_line(charge, charge.amounts[currency]))
        else:
            stated = ", ".join(sorted(charge.amounts))
            reason = Reason("stated in {stated} only; there is no exchange rate", stated)
            unpriced.append(Unpriced(resource, "fixed-cost", reason, Decimal(1), "month", charge.name))
    return PricedLines(components, lines, tuple(unpriced))


def _by_resource(components: Sequence[Component], *, free_tier: bool) -> dict[str, list[LineItem]]:
    """Price each SKU once for the whole account and give each resource its part, in the order of use."""
    by_sku: dict[int, list[int]] = {}
    for position, part in enumerate(components):
        if part.price is not None:
            by_sku.setdefault(id(part.price), []).append(position)
    shares: dict[int, list[Slice]] = {}
    for positions in by_sku.values():
        shares |= _sku_shares(components, positions, free_tier=free_tier)
    lines: dict[str, list[LineItem]] = {}
    known: dict[object, LineItem] = {}
    for position, part in enumerate(components):
        if part.price is None:
            continue
        # Prices and slices are held here, so that their ids are theirs alone.
        key = id(part.price), id(shares[position]), part.quantity, part.unit, part.origins, part.metering
        line = known.get(key)
        if line is None:
            line = known[key] = _line(part, part.price, shares[position])
        lines.setdefault(part.resource, []).append(line)
    return lines


def _sku_shares(
    components: Sequence[Component], positions: Iterable[int], *, free_tier: bool
) -> dict[int, list[Slice]]:
    """Split one SKU's sum into tiers; parts are taken by name, so the order of resources does not matter."""
    ordered = sorted(positions, key=lambda at: (components[at].resource, components[at].quantity))
    quantities = [components[at].quantity for at in ordered]
    price = components[ordered[0]].price
    assert price is not None
    rates = price.rates if free_tier else without_free_tier(price.rates)
    slices = split_into_tiers(exact_sum(quantities), rates)
    return dict(zip(ordered, share_slices(slices, quantities), strict=True))


def _line(part: Component, price: Price, slices: Iterable[Slice]) -> LineItem:
    own = tuple(slices)
    return LineItem(
        sku=part.key[1],
        name=price.sku.name,
        service=part.key[0],
        quantity=part.quantity,
        unit=part.unit,
        slices=own,
        monthly_cost=exact_sum([piece.cost for piece in own]),
        provenance=price.confidence,
        quantity_provenance=_provenance(part.origins),
        source=price.source,
        effective_from=None if part.origin == "assumed" else price.version.effective_from,
        start_known=part.origin == "assumed" or price.version.start_known,
        checked=None if part.origin == "assumed" else price.version.checked,
        rule=price.rule,
        note=price.version.note,
        assumptions=tuple(sorted(origin.path for origin in part.origins)),
        metering=part.metering,
    )


def _provenance(origins: frozenset[Origin]) -> QuantityProvenance:
    kinds = {origin.kind for origin in origins} if origins else ()
    known: tuple[QuantityProvenance, ...] = ("assumed", "published", "measured")
    return next((kind for kind in known if kind in kinds), "stated")


def _charge_line(charge: StatedCost, amount: Decimal) -> LineItem:
    piece = Slice(Decimal(0), Decimal(1), amount, amount)
    return LineItem(
        sku="fixed-cost",
        name=charge.name,
        service="",
        quantity=Decimal(1),
        unit="month",
        slices=(piece,),
        monthly_cost=amount,
        provenance="stated",
        quantity_provenance="stated",
        source=charge.source,
        taxed=charge.taxed,
    )
