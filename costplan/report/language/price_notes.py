"""What the verdict says of the prices: how new they are, which services end, which prices are stand-ins."""

from __future__ import annotations

from collections.abc import Iterator

from costplan.language.translator import Translator
from costplan.pricing.price_basis import AssumedPrice, CatalogStamp, EndingService, PriceUser
from costplan.report.blocks import Note


def price_notes(stamp: CatalogStamp, words: Translator) -> Iterator[Note]:
    """Give the notes of a report's prices."""
    if stamp.newest is not None and stamp.as_of > stamp.newest:
        days = {"day": words.day(stamp.as_of), "newest": words.day(stamp.newest)}
        yield Note(words("The prices are as of {day}; the newest known are of {newest}.", **days), "warn")
    for service in stamp.ending:
        yield Note(f"{'; '.join(_ending(service, words))}.", "bad" if service.state == "ended" else "warn")
    for price in stamp.assumed_prices:
        if price.state == "used":
            yield Note(_assumed(price, words), "warn")


def _ending(service: EndingService, words: Translator) -> Iterator[str]:
    message = "{title} is off since {day}" if service.state == "ended" else "{title} ends on {day}"
    yield words(message, title=service.title, day=words.day(service.ends))
    if service.closed_to_new is not None:
        yield words("closed to new users from {day}", day=words.day(service.closed_to_new))
    if service.read_only is not None:
        yield words("read-only from {day}", day=words.day(service.read_only))
    yield words("used by {users}", users=_users(service.used_by, words))
    if service.successor is not None:
        yield words("its successor is {successor}", successor=service.successor)


def _assumed(price: AssumedPrice, words: Translator) -> str:
    return words(
        "No price list has {sku}; the scenario takes {value} {currency} {per}: {reason}. The costs and the "
        "verdict on the budget of {users} rest on it.",
        sku=price.sku,
        value=words.number(price.value),
        currency=price.currency,
        per=words("per {unit}", unit=words.unit(price.unit)),
        reason=price.reason,
        users=_users(price.used_by, words),
    )


def _users(users: tuple[PriceUser, ...], words: Translator) -> str:
    return words.listed(list(dict.fromkeys(user.scenario for user in users)))
