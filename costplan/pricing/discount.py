"""What an account's discount takes off: a line of its own in each resource, so that sums go on holding.

A discount is a share of what the prices of a service come to, free volumes and tiers included; costs that a
scenario states itself are not the provider's, and stay. The shares are exact, so are the amounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from costplan.messages.reason import Reason
from costplan.pricing.estimate import AppliedDiscount, LineItem, ServiceDiscount
from costplan.pricing.paid_lines import DISCOUNT_SKU, after_share
from costplan.pricing.tiers import Slice
from costplan.quantities.money import EXACT, exact_sum, plain
from costplan.scenario.account.loaded import LoadedAccount
from costplan.scenario.account.model import Discount
from costplan.source.reader import locate

NAME = Reason("Discount")

Lines = Mapping[str, Sequence[LineItem]]
"""Lines by resource."""


def with_discount(account: LoadedAccount, lines: Lines, currency: str, day: date) -> Lines:
    """Return the lines with one below them for each service that a share is taken off."""
    discount = account.model.discount
    if discount is None:
        return lines
    place = _place(account)
    return {name: (*own, *_off(own, discount, currency, day, place)) for name, own in lines.items()}


def after_discount(account: LoadedAccount, lines: Lines, day: date) -> Lines:
    """Return the same lines with what is left of each of their costs: what budgets and purposes count."""
    discount = account.model.discount
    if discount is None:
        return lines
    return {
        name: [after_share(line, _share(line, discount, day)) for line in own] for name, own in lines.items()
    }


def applied_discount(account: LoadedAccount, lines: Lines, day: date) -> AppliedDiscount | None:
    """Return what the discount takes off the whole bill, by service."""
    discount = account.model.discount
    if discount is None:
        return None
    costs: dict[str, list[Decimal]] = {}
    for line in (line for own in lines.values() for line in own):
        if _share(line, discount, day):
            costs.setdefault(line.service, []).append(line.monthly_cost)
    services = tuple(_of_service(name, discount, exact_sum(costs[name]), day) for name in sorted(costs))
    return AppliedDiscount(
        is_in_force=discount.begins is None or discount.begins <= day,
        effective_from=discount.begins,
        share=None if discount.all is None else _decimal(discount.all.value),
        services=services,
        monthly_amount=exact_sum([one.monthly_amount for one in services]),
        source=_place(account),
    )


def _of_service(name: str, discount: Discount, cost: Decimal, day: date) -> ServiceDiscount:
    share = discount.share_of(name, day)
    assert share is not None
    rate = _decimal(share.value)
    return ServiceDiscount(name, rate, cost, EXACT.multiply(cost, rate))


def _off(
    lines: Iterable[LineItem], discount: Discount, currency: str, day: date, place: str
) -> Iterator[LineItem]:
    """Give a line for each service: its share is one, as the price of a SKU is."""
    costs: dict[str, list[LineItem]] = {}
    for line in lines:
        if _share(line, discount, day):
            costs.setdefault(line.service, []).append(line)
    for own in costs.values():
        yield _line(_share(own[0], discount, day), own, currency, discount.begins, place)


def _line(
    share: Decimal, lines: Sequence[LineItem], currency: str, begins: date | None, place: str
) -> LineItem:
    cost = exact_sum([line.monthly_cost for line in lines])
    taken = EXACT.multiply(cost, -share)
    service = lines[0].service
    return LineItem(
        sku=DISCOUNT_SKU,
        name=f"{NAME}, {plain(EXACT.multiply(share, Decimal(100)))}%, {service}",
        service=service,
        quantity=cost,
        unit=currency,
        slices=(Slice(Decimal(0), cost, -share, taken),),
        monthly_cost=taken,
        provenance="stated",
        quantity_provenance="stated",
        source=place,
        effective_from=begins,
    )


def _share(line: LineItem, discount: Discount, day: date) -> Decimal:
    """Return the share that is taken off a line; 0 of what is not the provider's, or costs nothing."""
    share = discount.share_of(line.service, day) if line.service and line.monthly_cost else None
    return Decimal(0) if share is None else _decimal(share.value)


def _decimal(share: Fraction) -> Decimal:
    """Return a share as the decimal that it was written as."""
    return EXACT.divide(Decimal(share.numerator), Decimal(share.denominator))


def _place(account: LoadedAccount) -> str:
    return str(locate(account.node, ["discount"])[0])
