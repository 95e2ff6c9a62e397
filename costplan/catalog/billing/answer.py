"""An answer of the price API, page by page: SKUs, with their versions by time, or why one is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

from costplan.catalog.model import Rate
from costplan.checked.records import dataclass
from costplan.messages.errors import Fault, InputError, SourceLocation
from costplan.messages.reason import Reason
from costplan.messages.text import is_hidden, visible
from costplan.quantities.money import parse_decimal

HOW = Reason("save the answer of GET /billing/v1/skus?currency=RUB as it is, page by page")
MOST_SKUS = 20_000
"""SKUs of all pages; the provider sells about a thousand."""
MOSCOW = timezone(timedelta(hours=3))
"""Price lists begin at midnight there, which is 21:00 of the day before in the API's UTC."""
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})", re.ASCII)
_ID = re.compile(r"[a-z0-9]{10,50}", re.ASCII)
Kind = Literal["STREET_PRICE", "CONTRACT_PRICE"]
_KINDS: Mapping[str, Kind] = {"STREET_PRICE": "STREET_PRICE", "CONTRACT_PRICE": "CONTRACT_PRICE"}


@dataclass(frozen=True, slots=True)
class BilledVersion:
    """Prices of a billing SKU from a moment on."""

    begins: datetime
    kind: Kind
    rates: tuple[Rate, ...]
    currency: str

    @property
    def day(self) -> date:
        """The day on which it begins, as price lists are dated: in Moscow."""
        return self.begins.astimezone(MOSCOW).date()


@dataclass(frozen=True, slots=True)
class BilledSku:
    """One row of the answer."""

    place: str
    """`skus.json: skus[3]`."""
    file: str
    id: str
    name: str
    unit: str
    versions: Sequence[Any]
    """As they stand there; `versions_of` reads them."""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that cannot be read."""

    place: str
    id: str
    name: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Answer:
    """All pages."""

    skus: tuple[BilledSku, ...]
    refused: tuple[RefusedRow, ...]
    currency: str
    rows: int
    """SKUs that the pages hold: all of `skus` and `refused`."""
    is_cut: bool = False
    """Whether the last page names a next one."""


def read_pages(pages: Sequence[tuple[str, Any]]) -> Answer:
    """Read pages of an answer.

    Args:
        pages: Name of each file with the JSON that it holds: a page, a list of pages, or a single SKU.

    Raises:
        InputError: A page is of another shape, or prices are in several currencies.
    """
    whole = [page for file, document in pages for page in _pages(file, document)]
    rows = [row for file, page, at in whole for row in _rows(file, page, at)]
    if len(rows) > MOST_SKUS:
        raise InputError(Reason("more than {most} SKUs in all pages", MOST_SKUS), hint=HOW)
    if not rows:
        raise InputError(Reason("the answer holds no SKU"), hint=HOW)
    skus, refused = _sorted_out(rows)
    token = whole[-1][1].get("nextPageToken")
    return Answer(skus, refused, _currency(rows), len(rows), bool(token))


def _pages(file: str, document: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any], str]]:
    if isinstance(document, list) and not at:
        for number, page in enumerate(document):
            yield from _pages(file, page, f"[{number}].")
        return
    if isinstance(document, dict) and "pricingVersions" in document:
        document = {"skus": [document]}
    if not isinstance(document, dict) or not isinstance(document.get("skus"), list):
        message = Reason("is no answer of the price API: it has no list `skus`")
        raise InputError(Fault(message, SourceLocation(file, 1, 1), at.rstrip("."), HOW))
    yield file, document, at


def _rows(file: str, page: dict[str, Any], at: str) -> Iterator[tuple[str, str, Any]]:
    for number, row in enumerate(page["skus"]):
        yield file, f"{file}: {at}skus[{number}]", row


def _sorted_out(
    rows: Sequence[tuple[str, str, Any]],
) -> tuple[tuple[BilledSku, ...], tuple[RefusedRow, ...]]:
    skus: dict[str, list[BilledSku]] = {}
    refused: list[RefusedRow] = []
    for file, place, row in rows:
        found = _sku(file, place, row)
        if isinstance(found, RefusedRow):
            refused.append(found)
        else:
            skus.setdefault(found.id, []).append(found)
    for alike in skus.values():
        if len(alike) > 1:
            said = Reason("the id is there {count} times: was a page given twice?", len(alike))
            refused += [RefusedRow(one.place, one.id, one.name, said) for one in alike]
    return tuple(alike[0] for alike in skus.values() if len(alike) == 1), tuple(refused)


def _sku(file: str, place: str, row: Any) -> BilledSku | RefusedRow:
    if not isinstance(row, dict):
        return RefusedRow(place, "", "", Reason("is no object"))
    texts = {key: row.get(key) for key in ("id", "name", "pricingUnit")}
    shown = {key: visible(str(value or "")[:120]) for key, value in texts.items()}
    for key, value in texts.items():
        if not isinstance(value, str) or not value.strip() or any(map(is_hidden, value)):
            said = Reason("its `{key}` is no text that can be shown", key)
            return RefusedRow(place, shown["id"], shown["name"], said)
    if not _ID.fullmatch(shown["id"]):
        said = Reason("its id is none of the provider: lower-case letters and digits")
        return RefusedRow(place, shown["id"], shown["name"], said)
    versions = row.get("pricingVersions")
    if not isinstance(versions, list) or not versions:
        return RefusedRow(place, shown["id"], shown["name"], Reason("has no `pricingVersions`"))
    return BilledSku(place, file, shown["id"], shown["name"], shown["pricingUnit"], versions)


def _currency(rows: Sequence[tuple[str, str, Any]]) -> str:
    """Return the one currency of all rates.

    Raises:
        InputError: There are several, or none.
    """
    found = sorted({visible(str(one)[:10]) for _, _, row in rows for one in _currencies(row)})
    if len(found) != 1:
        said = Reason("prices are in {currencies}; one answer is in one currency", ", ".join(found[:5]))
        raise InputError(said if found else Reason("no price in the answer names a currency"), hint=HOW)
    return found[0]


def _currencies(row: Any) -> Iterator[Any]:
    """Give whatever stands under `currency`, however deep."""
    waiting = [row]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if "currency" in one:
                yield one["currency"]
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def versions_of(sku: BilledSku) -> tuple[BilledVersion, ...]:
    """Read the versions of a SKU, sorted by time.

    Contract prices hold from their own time on in place of the list's.

    Raises:
        ValueError: One cannot be read, or two begin at one moment.
    """
    found = sorted((_version(one) for one in sku.versions), key=lambda one: (one.begins, one.kind))
    for one, other in pairwise(found):
        if (one.begins, one.kind) == (other.begins, other.kind):
            raise ValueError(Reason("two versions begin at {time}", one.begins.isoformat()))
    contract = next((one.begins for one in found if one.kind == "CONTRACT_PRICE"), None)
    if contract is not None:
        found = [one for one in found if one.kind == "CONTRACT_PRICE" or one.begins < contract]
    days = {one.day: one for one in found}  # of two on one day the later one holds at its end
    return tuple(days.values())


def _version(row: Any) -> BilledVersion:
    if not isinstance(row, dict):
        raise ValueError(Reason("a version is no object"))
    kind = _KINDS.get(str(row.get("type")))
    if kind is None:
        said = visible(str(row.get("type"))[:40])
        raise ValueError(Reason("a version is of the unknown type `{type}`", said))
    rates, currency = _rates(row.get("pricingExpressions"))
    return BilledVersion(_time(row.get("effectiveTime")), kind, rates, currency)


def _time(value: Any) -> datetime:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        shown = visible(str(value)[:40])
        raise ValueError(Reason("its `effectiveTime` is not like 2026-04-30T21:00:00Z: `{time}`", shown))
    whole = re.sub(r"\.\d+", "", value)
    try:
        found = datetime.fromisoformat(whole.replace("Z", "+00:00")).astimezone(UTC)
        found.astimezone(MOSCOW)
    except (ValueError, OverflowError):
        raise ValueError(Reason("its `effectiveTime` is no time of the calendar: `{time}`", value)) from None
    return found


def _rates(expressions: Any) -> tuple[tuple[Rate, ...], str]:
    if not isinstance(expressions, list) or len(expressions) != 1 or not isinstance(expressions[0], dict):
        raise ValueError(Reason("a version must have one of `pricingExpressions`"))
    rates = expressions[0].get("rates")
    if not isinstance(rates, list) or not rates:
        raise ValueError(Reason("a version has no `rates`"))
    found = tuple(_rate(one) for one in rates)
    starts = [one.start_quantity for one in found]
    if starts[0] != 0 or any(later <= earlier for earlier, later in pairwise(starts)):
        shown = ", ".join(f"{start:f}" for start in starts[:8])
        raise ValueError(Reason("starts must ascend from 0, got {values}", shown))
    return found, str(rates[0].get("currency"))


def _rate(row: Any) -> Rate:
    if not isinstance(row, dict):
        raise ValueError(Reason("a rate is no object"))
    return Rate.model_construct(
        start_quantity=_number(row, "startPricingQuantity"), unit_price=_number(row, "unitPrice")
    )


def _number(row: dict[str, Any], key: str) -> Decimal:
    value = row.get(key)
    if not isinstance(value, str):
        raise ValueError(Reason("a rate has no `{key}`", key))
    try:
        return parse_decimal(value)
    except ValueError as error:
        raise ValueError(Reason("`{key}` {why}", key, error)) from None
