"""What every answer says of the prices that it rests on: how new they are, which services end, stand-ins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from costplan.language.lists import enumerated
from costplan.language.translator import Translator
from costplan.output.views.view import Cell
from costplan.pricing.catalog_stamp import AssumedPrice, CatalogStamp, EndingService, PriceUser


def price_notes(stamp: CatalogStamp, currency: str, words: Translator) -> Iterator[Cell]:
    """Give the notes of a document's prices, whose amounts are in `currency`."""
    if stamp.newest is not None and stamp.as_of > stamp.newest:
        yield Cell(newest_text(stamp.as_of, stamp.newest, words), "warn")
    for service in stamp.ending:
        yield Cell(ending_text(service, words), "bad" if service.state == "ended" else "warn")
    for price in stamp.assumed_prices:
        yield Cell(assumed_price_text(price, currency, words), "warn")


def newest_text(as_of: date, newest: date, words: Translator) -> str:
    """Say that prices are asked for a later day than any is known for."""
    return words("prices as of {day}; the newest known are of {newest}", day=as_of, newest=newest)


def ending_text(service: EndingService, words: Translator) -> str:
    """Say that a service ends: `Container Registry ends on 2026-12-14 (...); used by registry`."""
    steps = [
        *(
            [words("closed to new users from {day}", day=service.closed_to_new)]
            if service.closed_to_new
            else ()
        ),
        *([words("read-only from {day}", day=service.read_only)] if service.read_only else ()),
    ]
    message = "{title} is off since {day}" if service.state == "ended" else "{title} ends on {day}"
    ends = words(message, title=service.title, day=service.ends)
    said = [f"{ends} ({', '.join(steps)})" if steps else ends]
    if service.used_by:
        said.append(words("used by {users}", users=users_text(service.used_by, words)))
    if service.successor:
        said.append(words("its successor is {successor}", successor=service.successor))
    return "; ".join(said)


def assumed_price_text(price: AssumedPrice, currency: str, words: Translator) -> str:
    """Say what a stand-in rests on, or that it is not needed."""
    stated = f"{words.exact(price.value)} {price.currency}"
    if price.state != "used":
        why = {
            "not-needed": words("the catalog has a price"),
            "other-currency": words("no price in the bill's currency follows from it"),
            "unused": words("no resource uses it"),
        }
        return words(
            "stand-in not used: {sku} at {price}: {why}", sku=price.sku, price=stated, why=why[price.state]
        )
    said = words(
        "price assumed [s]: {sku} at {price} per {unit} ({users}): {reason}",
        sku=price.sku,
        price=stated,
        unit=words.plain_unit(price.unit),
        users=users_text(price.used_by, words),
        reason=words.reason(price.reason),
    )
    if price.monthly_cost is None:
        return said
    resting = f"{words.amount(price.monthly_cost)} {currency}"
    return f"{said}; " + words("{cost} of the total rest on it", cost=resting)


def users_text(users: Iterable[PriceUser], words: Translator) -> str:
    """Name who uses something: resources of one scenario, else the scenarios."""
    found = list(users)
    scenarios = list(dict.fromkeys(user.scenario for user in found))
    names = [user.resource for user in found] if len(scenarios) == 1 else scenarios
    return enumerated(names, words, 10)
