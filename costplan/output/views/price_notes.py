"""What every answer says of the prices that it rests on: how new they are, which services end, stand-ins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from costplan.messages.text import listed
from costplan.output.views.view import Cell
from costplan.pricing.price_basis import AssumedPrice, CatalogStamp, EndingService, PriceUser
from costplan.quantities.money import plain
from costplan.quantities.shown import money


def price_notes(stamp: CatalogStamp) -> Iterator[Cell]:
    """Give the notes of a document's prices."""
    if stamp.newest is not None and stamp.as_of > stamp.newest:
        yield Cell(newest_text(stamp.as_of, stamp.newest), "warn")
    for service in stamp.ending:
        yield Cell(ending_text(service), "bad" if service.state == "ended" else "warn")
    for price in stamp.assumed_prices:
        yield Cell(assumed_price_text(price), "warn")


def newest_text(as_of: date, newest: date) -> str:
    """Say that prices are asked for a later day than any is known for."""
    return f"prices as of {as_of}; the newest known are of {newest}"


def ending_text(service: EndingService) -> str:
    """Say that a service ends: `Container Registry ends on 2026-12-14 (...); used by registry`."""
    steps = [
        f"{what} from {day}"
        for what, day in (
            ("closed to new users", service.closed_to_new),
            ("read-only", service.read_only),
        )
        if day is not None
    ]
    before = f" ({', '.join(steps)})" if steps else ""
    ends = "is off since" if service.state == "ended" else "ends on"
    successor = f"; its successor is {service.successor}" if service.successor else ""
    used = f"; used by {users_text(service.used_by)}" if service.used_by else ""
    return f"{service.title} {ends} {service.ends}{before}{used}{successor}"


def assumed_price_text(price: AssumedPrice) -> str:
    """Say what a stand-in rests on, or that it is not needed."""
    stated = f"{plain(price.value)} {price.currency}"
    why = {
        "not-needed": "the catalog has a price",
        "other-currency": "no price in the bill's currency follows from it",
        "unused": "no resource uses it",
    }
    if price.state != "used":
        return f"stand-in not used: {price.sku} at {stated}: {why[price.state]}"
    rests = "" if price.monthly_cost is None else f"; {money(price.monthly_cost)} of the total rest on it"
    users = users_text(price.used_by)
    return f"price assumed [s]: {price.sku} at {stated} per {price.unit} ({users}): {price.reason}{rests}"


def users_text(users: Iterable[PriceUser]) -> str:
    """Name who uses something: resources of one scenario, else the scenarios."""
    found = list(users)
    scenarios = list(dict.fromkeys(user.scenario for user in found))
    names = [user.resource for user in found] if len(scenarios) == 1 else scenarios
    return listed(names, 10)
