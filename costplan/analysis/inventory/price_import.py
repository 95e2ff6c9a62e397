"""What an answer of the price API says beside a catalog: row by row, and the overlay that it makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from costplan.analysis.inventory.price_list import ListedRate
from costplan.catalog.billing.answer import Answer, BilledSku, BilledVersion, versions_of
from costplan.catalog.billing.match import Origin, OwnSku, by_billing_id, in_force, with_versions
from costplan.catalog.billing.overlay_file import overlay_text
from costplan.catalog.billing.units import unit_of
from costplan.catalog.model import Rate, Sku
from costplan.catalog.price import Price, price_on
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.result import Result
from costplan.messages.text import listed
from costplan.pricing.catalog_stamp import CatalogStamp, catalog_stamp
from costplan.quantities.money import quantized
from costplan.quantities.pricing_units import pricing_unit

PRICE_IMPORT_SCHEMA = "costplan/price-import/1"
Status = Literal["same", "changed", "unknown", "refused"]


@dataclass(frozen=True, slots=True)
class ImportedChange:
    """A day from which on the answer has another price than the catalog."""

    effective_from: date
    before: tuple[ListedRate, ...]
    """Of the catalog on that day, per `before_unit`; empty where it has none."""
    before_unit: str
    after: tuple[ListedRate, ...]
    unit: str
    percent: Decimal | None
    """By how much the price moved; None where tiers or units differ, or one is 0 or missing."""


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One SKU of the answer."""

    place: str
    """`skus.json: skus[3]`."""
    id: str
    name: str
    unit: str
    """As the answer writes it."""
    status: Status
    """`same` and `changed` are SKUs of the catalog; `unknown` has an id that is none of the catalog's;
    `refused` cannot be read, or does not fit the catalog's SKU."""
    service: str = ""
    code: str = ""
    """Of the catalog's SKU."""
    is_contract: bool = False
    """Whether the newest price is that of a contract."""
    changes: tuple[ImportedChange, ...] = ()
    reason: str = ""
    """Why it is refused."""


@dataclass(frozen=True, slots=True)
class PriceImport(Result):
    """An answer of the price API beside a catalog; nothing in it was written by making it."""

    schema: str
    catalog: CatalogStamp
    currency: str
    count: int
    """SKUs of the answer: the sum of `counts`."""
    counts: dict[str, int]
    """Status -> how many rows have it."""
    rows: tuple[ImportedRow, ...]
    files: tuple[str, ...]
    """Files of the overlay that the changed ones make."""
    is_cut: bool
    """Whether the last page names a next one, which was not given."""


Priced = tuple[tuple[ListedRate, ...], str]
"""Rates, and what they are per."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A SKU of the catalog with what the answer says of it."""

    row: BilledSku
    own: OwnSku
    unit: str
    versions: tuple[BilledVersion, ...]

    @property
    def prices(self) -> tuple[object, ...]:
        """All that two billing SKUs of one of the catalog must have in common."""
        return self.unit, tuple((one.day, _listed(one.rates)) for one in self.versions)


def price_import(catalog: Catalog, answer: Answer, checked: date) -> tuple[PriceImport, Mapping[str, str]]:
    """Compare an answer with a catalog.

    Args:
        catalog: With the layers over it that are there already.
        answer: All pages.
        checked: The day on which the answer was got.

    Returns:
        The comparison, and the overlay's files: name -> text.

    Raises:
        InputError: The catalog does not have the answer's currency.
    """
    if answer.currency not in catalog.currencies:
        raise InputError(
            Reason("the answer is in {currency}, which the catalog does not have", answer.currency),
            hint=Reason("the catalog's: {currencies}", listed(catalog.currencies)),
        )
    rows: list[ImportedRow] = [
        ImportedRow(one.place, one.id, one.name, "", "refused", reason=one.reason) for one in answer.refused
    ]
    new: dict[str, list[Sku]] = {}
    known = by_billing_id(catalog)
    found, others = _read_rows(answer.skus, known)
    rows += others
    for alike in found:
        made, sku = _compared(catalog, alike, answer.currency, checked)
        rows += made
        if sku is not None:
            new.setdefault(alike[0].own.service, []).append(sku)
    files = {f"{name}.yaml": overlay_text(catalog.service(name), skus) for name, skus in sorted(new.items())}
    rows.sort(key=lambda one: (one.service, one.code, one.name, one.place))
    counts: dict[str, int] = {status: sum(one.status == status for one in rows) for status in _STATUSES}
    document = PriceImport(
        PRICE_IMPORT_SCHEMA,
        catalog_stamp(catalog, catalog.index.as_of),
        answer.currency,
        len(rows),
        counts,
        tuple(rows),
        tuple(files),
        answer.is_cut,
    )
    return document, files


_STATUSES: tuple[Status, ...] = ("same", "changed", "unknown", "refused")


def _read_rows(
    skus: Iterable[BilledSku], known: Mapping[str, OwnSku]
) -> tuple[list[list[_Read]], list[ImportedRow]]:
    """Read the SKUs that the catalog knows, those of one of its SKUs together, and list all others."""
    found: dict[tuple[str, str], list[_Read]] = {}
    others: list[ImportedRow] = []
    for sku in skus:
        own = known.get(sku.id)
        if own is None:
            others.append(ImportedRow(sku.place, sku.id, sku.name, sku.unit, "unknown"))
            continue
        try:
            unit = unit_of(sku.unit, own.sku.pricing_unit if own.sku is not None else None)
            read = _Read(sku, own, unit, versions_of(sku))
        except ValueError as error:
            others.append(_refused(sku, own, str(error)))
            continue
        found.setdefault((own.service, own.row.code), []).append(read)
    return list(found.values()), others


def _refused(sku: BilledSku, own: OwnSku, reason: str) -> ImportedRow:
    return ImportedRow(
        sku.place, sku.id, sku.name, sku.unit, "refused", own.service, own.row.code, reason=reason
    )


def _compared(
    catalog: Catalog, alike: Sequence[_Read], currency: str, checked: date
) -> tuple[list[ImportedRow], Sku | None]:
    """Compare one SKU of the catalog; the second is what it becomes, where that is another."""
    first = alike[0]
    if other := next((one for one in alike if one.prices != first.prices), None):
        said = Reason(
            "{id} and {other} are one SKU here, and have different prices", first.row.id, other.row.id
        )
        return [_refused(one.row, one.own, said) for one in alike], None
    made = with_versions(first.own, first.unit, first.versions, Origin(first.row.file, currency, checked))
    changes = tuple(_changes(catalog, first, made, currency))
    if any(_price(catalog, made, currency, day) != _answered(first, day) for day in _days(first)):
        said = Reason("prices in other currencies of later days stand in the way")
        return [_refused(one.row, one.own, said) for one in alike], None
    rows = [_row(one, changes) for one in alike]
    return rows, made if changes else None


def _row(read: _Read, changes: tuple[ImportedChange, ...]) -> ImportedRow:
    is_contract = read.versions[-1].kind == "CONTRACT_PRICE"
    status: Status = "changed" if changes else "same"
    sku, own = read.row, read.own
    row = ImportedRow(sku.place, sku.id, sku.name, sku.unit, status, own.service, own.row.code)
    return replace(row, is_contract=is_contract, changes=changes)


def _changes(catalog: Catalog, read: _Read, made: Sku, currency: str) -> Iterator[ImportedChange]:
    """Give the days on which either has a new price and the two differ."""
    sku = read.own.sku
    last: object = None
    for day in _days(read):
        before, after = _price(catalog, sku, currency, day), _price(catalog, made, currency, day)
        if before != after and (before, after) != last:
            percent = _percent(before, after)
            yield ImportedChange(day, before[0], before[1], after[0], after[1], percent)
        last = (before, after)


def _days(read: _Read) -> list[date]:
    """Return the days on which either has a new price, from the answer's first one on."""
    own = read.own.sku.prices if read.own.sku is not None else ()
    first = read.versions[0].day
    days = {one.day for one in read.versions} | {one.effective_from for one in own}
    return sorted(day for day in days if day >= first)


def _answered(read: _Read, day: date) -> Priced:
    """Return what the answer has on a day, and what it is per."""
    return _listed(in_force(read.versions, day).rates), read.unit


def _price(catalog: Catalog, sku: Sku | None, currency: str, day: date) -> tuple[tuple[ListedRate, ...], str]:
    """Return the rates that hold on a day, and what they are per."""
    found = price_on(sku, currency, day, catalog.currencies) if sku is not None else ""
    if not isinstance(found, Price) or sku is None:
        return (), ""
    return _listed(found.rates), found.version.pricing_unit or sku.pricing_unit


def _listed(rates: Iterable[Rate]) -> tuple[ListedRate, ...]:
    return tuple(ListedRate(one.start_quantity, one.unit_price) for one in rates)


def _percent(before: Priced, after: Priced) -> Decimal | None:
    """Return by how much a price moved, where every tier moved by the same share."""
    starts = [[rate.start_quantity for rate in rates] for rates, _ in (before, after)]
    if not before[0] or starts[0] != starts[1] or pricing_unit(before[1]) != pricing_unit(after[1]):
        return None
    pairs = [(a.unit_price, b.unit_price) for a, b in zip(before[0], after[0], strict=True)]
    shares = {quantized((b - a) / a * 100) if a else None for a, b in pairs if a or b}
    return shares.pop() if len(shares) == 1 else None
