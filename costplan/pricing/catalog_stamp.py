"""What prices rest on: which catalog, how new it is, which services end, which prices are stand-ins.

Every document carries it as its `catalog`; sentences are made of it where they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal

from costplan.catalog.model import Closing
from costplan.catalog.store import Catalog
from costplan.checked.records import dataclass


@dataclass(frozen=True, slots=True)
class PriceUser:
    """A resource that uses a service or a price."""

    scenario: str
    """Name with its variants: `stage2:preemptible`."""
    resource: str


@dataclass(frozen=True, slots=True)
class EndingService:
    """A service in use that its provider closes."""

    service: str
    title: str
    state: Literal["ending", "closed-to-new", "read-only", "ended"]
    """On the day of the prices."""
    ends: date
    """First day on which it is off."""
    closed_to_new: date | None
    """First day on which new users were or will be refused."""
    read_only: date | None
    """First day on which nothing can be written any more."""
    successor: str | None
    """Service of the catalog that takes its place."""
    source: str
    checked: date
    used_by: tuple[PriceUser, ...]


@dataclass(frozen=True, slots=True)
class AssumedPrice:
    """A price that the catalog does not have and a scenario stands in for."""

    sku: str
    service: str
    name: str
    value: Decimal
    currency: str
    """As the scenario states it; prices in other currencies follow by the catalog's rules."""
    unit: str
    """What the price is per."""
    reason: str
    state: Literal["used", "not-needed", "other-currency", "unused"]
    """`not-needed` where the catalog has a price, `other-currency` where none in the bill's currency follows
    from it, `unused` where no resource uses the SKU."""
    used_by: tuple[PriceUser, ...]
    """Who uses the SKU."""
    monthly_cost: Decimal | None = None
    """What of the bill rests on it, in the bill's currency; None beside several bills."""


@dataclass(frozen=True, slots=True)
class CatalogStamp:
    """Which prices were used, and what they rest on."""

    name: str
    region: str
    as_of: date
    sha256: str
    newest: date | None = None
    """Day of the newest prices that the catalog knows; nothing later than it is known."""
    ending: tuple[EndingService, ...] = ()
    """Services in use that end."""
    assumed_prices: tuple[AssumedPrice, ...] = ()
    """Prices that scenarios stand in for."""


def catalog_stamp(catalog: Catalog, day: date) -> CatalogStamp:
    """Name a catalog and how new it is."""
    index = catalog.index
    return CatalogStamp(index.catalog, index.region, day, catalog.sha256, catalog.newest)


def ending_services(
    catalog: Catalog, day: date, services: Iterable[str], users: Iterable[tuple[str, PriceUser]] = ()
) -> tuple[EndingService, ...]:
    """Return those of the services that end, each with all who use it.

    Args:
        catalog: Says which end.
        day: Of the prices.
        services: Their names; one may come often.
        users: Looked through only where one ends.
    """
    closings = {
        name: catalog.service(name).closing
        for name in dict.fromkeys(services)
        if name in catalog.service_names
    }
    ending = {name: closing for name, closing in closings.items() if closing is not None}
    used_by: dict[str, dict[PriceUser, None]] = {name: {} for name in ending}
    for name, user in users if ending else ():
        if name in ending:
            used_by[name][user] = None
    return tuple(
        _ending(catalog, name, closing, day, tuple(used_by[name])) for name, closing in ending.items()
    )


def _ending(
    catalog: Catalog, name: str, closing: Closing, day: date, used_by: tuple[PriceUser, ...]
) -> EndingService:
    return EndingService(
        service=name,
        title=catalog.service(name).title,
        state=closing.state_on(day),
        ends=closing.ends,
        closed_to_new=closing.closed_to_new,
        read_only=closing.read_only,
        successor=closing.successor,
        source=closing.source,
        checked=closing.checked,
        used_by=used_by,
    )


def joined_stamps(stamps: Sequence[CatalogStamp]) -> CatalogStamp:
    """Join the stamps of several designs that are priced from one catalog."""
    ending: dict[str, EndingService] = {}
    assumed: dict[tuple[object, ...], AssumedPrice] = {}
    for stamp in stamps:
        for one in stamp.ending:
            known = ending.get(one.service)
            ending[one.service] = replace(one, used_by=_users(known, one)) if known else one
        for price in stamp.assumed_prices:
            key = (price.sku, price.value, price.currency, price.unit, price.reason, price.state)
            before = assumed.get(key)
            users = price.used_by if before is None else _users(before, price)
            cost = price.monthly_cost if len(stamps) == 1 else None
            assumed[key] = replace(price, used_by=users, monthly_cost=cost)
    return replace(stamps[0], ending=tuple(ending.values()), assumed_prices=tuple(assumed.values()))


def at_any_load(stamp: CatalogStamp) -> CatalogStamp:
    """Return a stamp without what one bill has spent on stand-ins, for documents of many loads."""
    prices = tuple(replace(price, monthly_cost=None) for price in stamp.assumed_prices)
    return replace(stamp, assumed_prices=prices)


def _users(one: EndingService | AssumedPrice, other: EndingService | AssumedPrice) -> tuple[PriceUser, ...]:
    return tuple(dict.fromkeys((*one.used_by, *other.used_by)))
