"""What a catalog's prices did between two days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from costplan.analysis.inventory.price_list import ListedRate, ListedSku, PriceList, price_list
from costplan.catalog.price import Currency
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.result import Result
from costplan.pricing.catalog_stamp import CatalogStamp
from costplan.quantities.money import quantized

PRICE_CHANGES_SCHEMA = "costplan/price-changes/1"
What = Literal["raised", "lowered", "changed", "first", "gone"]


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A SKU whose price is another on the second day."""

    service: str
    code: str
    name: str
    unit: str
    """On the second day; on the first where there is no price any more."""
    what: What
    """`changed` where tiers or unit differ, so that no one percentage says by how much; `first` where the
    catalog has no price on the first day: it may have been sold, at a price that nobody wrote down."""
    before: tuple[ListedRate, ...]
    """Empty where no price held."""
    after: tuple[ListedRate, ...]
    percent: Decimal | None
    """Of the first day's price; negative where it fell."""
    source: str


@dataclass(frozen=True, slots=True)
class PriceChanges(Result):
    """Changes of a catalog's prices between two days, in one currency."""

    schema: str
    catalog: CatalogStamp
    """As of the second day."""
    currency: str
    start: date
    end: date
    unchanged: int
    """SKUs whose price is the same on both days, or has none on both."""
    changes: tuple[PriceChange, ...]
    first_priced: date | None
    """First day from `start` on of which the catalog has any of these prices; None where it has none."""


def price_changes(
    catalog: Catalog, service: str | None, currency: Currency, start: date, end: date
) -> PriceChanges:
    """Compare the prices of two days.

    Args:
        catalog: The prices, overlays included.
        service: Only this service; None for all.
        currency: Prices in others are not looked at.
        start: First day.
        end: Second day, after the first.

    Raises:
        CatalogError: There is no such service.
        InputError: The days are not in order.
    """
    if start >= end:
        raise InputError(Reason("--from: must be before --to, got {start} and {end}", start, end))
    before, after = (price_list(catalog, service, None, currency, day) for day in (start, end))
    changes = tuple(_changes(before, after))
    unchanged = len(after.skus) - len(changes)
    first = (
        start if any(sku.rates for sku in before.skus) else _next_priced(catalog, service, currency, start)
    )
    return PriceChanges(PRICE_CHANGES_SCHEMA, after.catalog, currency, start, end, unchanged, changes, first)


def _next_priced(catalog: Catalog, service: str | None, currency: Currency, start: date) -> date | None:
    """Return the first day with a price after one without: nothing is known to have changed since."""
    services = [service] if service else catalog.service_names
    versions = (one for name in services for sku in catalog.service(name).skus for one in sku.prices)
    days = (one.effective_from for one in versions if currency in one.rates)
    return min((day for day in days if day > start), default=None)


def _changes(before: PriceList, after: PriceList) -> Iterator[PriceChange]:
    for old, new in zip(before.skus, after.skus, strict=True):
        if (old.rates, old.unit) == (new.rates, new.unit):
            continue
        percent = _percent(old, new)
        shown, source = (new.unit, new.source) if new.rates else (old.unit, old.source)
        what = _what(old, new, percent)
        rates = (old.rates, new.rates)
        yield PriceChange(new.service, new.code, new.name, shown, what, *rates, percent, source)


def _percent(old: ListedSku, new: ListedSku) -> Decimal | None:
    """Return by how much a price moved, where every tier moved by the same share: 20 to 25 is 25."""
    starts = [[rate.start_quantity for rate in one.rates] for one in (old, new)]
    if old.unit != new.unit or starts[0] != starts[1]:
        return None
    pairs = [(a.unit_price, b.unit_price) for a, b in zip(old.rates, new.rates, strict=True)]
    shares = {_share(a, b) for a, b in pairs if a or b}
    return shares.pop() if len(shares) == 1 else None


def _share(old: Decimal, new: Decimal) -> Decimal | None:
    return quantized(((new - old) / old) * 100) if old else None


def _what(old: ListedSku, new: ListedSku, percent: Decimal | None) -> What:
    if not old.rates or not new.rates:
        return "first" if new.rates else "gone"
    if percent is None:
        return "changed"
    return "raised" if percent > 0 else "lowered"
