"""Graduated rates: which part of a quantity is billed at which price, and whose part it is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Context, Decimal
from itertools import pairwise

from costplan.catalog.model import Rate
from costplan.checked.records import dataclass
from costplan.messages.errors import CatalogError
from costplan.quantities.money import EXACT, QUANTUM, exact_sum

_DOWN = Context(prec=EXACT.prec, rounding=ROUND_DOWN)


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a quantity that is billed at one rate."""

    start: Decimal
    """Quantity above which the rate holds, in the SKU's pricing unit."""
    quantity: Decimal
    unit_price: Decimal
    cost: Decimal
    """Exactly `quantity * unit_price`."""


def split_into_tiers(quantity: Decimal, rates: Sequence[Rate]) -> list[Slice]:
    """Split a quantity over graduated rates.

    Args:
        quantity: Pricing quantity of one billing period, in the SKU's unit.
        rates: Ascending by `start_quantity`; the first starts at 0.

    Returns:
        One slice per rate reached; the slices sum to `quantity`. A quantity of 0 has one slice, of 0.

    Raises:
        CatalogError: The rates are empty or out of order.

    Example: rates from 0, 10 and 100; 150 units -> 10, 90, 50.

    Source: Yandex Cloud billing API, `Sku` and `Rate`.
    """
    starts = [rate.start_quantity for rate in rates]
    if not starts or starts[0] != 0 or any(b <= a for a, b in pairwise(starts)):
        raise CatalogError("rates must ascend from a start of 0")
    slices = []
    for position, rate in enumerate(rates):
        end = starts[position + 1] if position + 1 < len(starts) else quantity
        part = EXACT.subtract(min(end, quantity), rate.start_quantity)
        if part > 0 or position == 0:
            cost = EXACT.multiply(part, rate.unit_price)
            slices.append(Slice(rate.start_quantity, part, rate.unit_price, cost))
    return slices


def without_free_tier(rates: Sequence[Rate]) -> Sequence[Rate]:
    """Return the rates with a free first tier billed at the next rate, as for an account that used it up."""
    if len(rates) > 1 and rates[0].unit_price == 0:
        first = rates[1].model_copy(update={"start_quantity": Decimal(0)})
        return (first, *rates[2:])
    return rates


def share_slices(slices: Sequence[Slice], quantities: Sequence[Decimal]) -> list[list[Slice]]:
    """Hand out an account's slices to the resources that make up the quantity, in proportion.

    Free tiers and graduated tiers apply once per account; every resource takes the same part of each tier.
    Parts are cut at twelve decimals; what cutting leaves over is handed out so that both sums stay exact:
    each slice is given away whole, and each resource gets exactly its quantity.

    Args:
        slices: The account's slices.
        quantities: One per resource, summing to the slices' sum.

    Returns:
        One list of slices per resource, in order, without those of 0; a resource of 0 has the first alone.
        Resources that get the same have one list.
    """
    if len(quantities) == 1:
        return [list(slices)]
    if len(slices) == 1:  # one price for all: nothing is cut, nothing is left over
        parts = [[quantity] for quantity in quantities]
    else:
        total = exact_sum([piece.quantity for piece in slices])
        parts = [[_part(piece.quantity, quantity, total) for piece in slices] for quantity in quantities]
        _hand_out_rest(parts, quantities, [piece.quantity for piece in slices])
    rows = [tuple(row) for row in parts]
    known = {row: _own_slices(slices, row) for row in dict.fromkeys(rows)}
    return [known[row] for row in rows]


def _own_slices(slices: Sequence[Slice], parts: Sequence[Decimal]) -> list[Slice]:
    cut = [
        Slice(piece.start, part, piece.unit_price, EXACT.multiply(part, piece.unit_price))
        for piece, part in zip(slices, parts, strict=True)
    ]
    return [piece for piece in cut if piece.quantity] or cut[:1]


def _part(slice_quantity: Decimal, quantity: Decimal, total: Decimal) -> Decimal:
    if quantity == 0:
        return quantity
    exact = _DOWN.divide(EXACT.multiply(slice_quantity, quantity), total)
    return exact.quantize(QUANTUM, context=_DOWN)


def _hand_out_rest(
    parts: list[list[Decimal]], quantities: Sequence[Decimal], slice_quantities: Sequence[Decimal]
) -> None:
    """Fill both margins up, walking over resources and slices once (the north-west corner rule)."""
    by_slice = [
        EXACT.subtract(whole, exact_sum([row[column] for row in parts]))
        for column, whole in enumerate(slice_quantities)
    ]
    column = 0
    for row, quantity in zip(parts, quantities, strict=True):
        rest = EXACT.subtract(quantity, exact_sum(row))
        while rest > 0 and column < len(by_slice):
            step = min(rest, by_slice[column])
            row[column] = EXACT.add(row[column], step)
            by_slice[column] = EXACT.subtract(by_slice[column], step)
            rest = EXACT.subtract(rest, step)
            if by_slice[column] == 0:
                column += 1
