"""Answers about the catalog itself: prices that hold, a SKU's history, a verification."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from costplan.catalog.model import Service, Sku
from costplan.catalog.price import Currency
from costplan.catalog.store import Catalog
from costplan.catalog.verify import Finding, verify
from costplan.messages.errors import InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.result import Result
from costplan.messages.text import listed, visible
from costplan.pricing.catalog_stamp import CatalogStamp, catalog_stamp, ending_services
from costplan.resources.kinds import named_meters

PRICE_LIST_SCHEMA = "costplan/price-list/1"
PRICE_HISTORY_SCHEMA = "costplan/price-history/1"
VERIFICATION_SCHEMA = "costplan/verification/1"


@dataclass(frozen=True, slots=True)
class ListedRate:
    """One tier."""

    start_quantity: Decimal
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class ListedSku:
    """A SKU with the price that holds, or why there is none."""

    service: str
    code: str
    id: str | None
    name: str
    unit: str
    rates: tuple[ListedRate, ...]
    provenance: str
    """`unpriced` when no price holds."""
    source: str
    """Where the price was read, or why there is none."""


@dataclass(frozen=True, slots=True)
class PriceList(Result):
    """SKUs of a catalog on one day in one currency."""

    schema: str
    catalog: CatalogStamp
    currency: str
    skus: tuple[ListedSku, ...]


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """One price version of a SKU in one currency."""

    effective_from: date
    effective_until: date | None
    currency: str
    unit: str
    rates: tuple[ListedRate, ...]
    provenance: str
    source: str
    checked: date
    start_known: bool
    rule: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class PriceHistory(Result):
    """All versions of one SKU."""

    schema: str
    service: str
    code: str
    code_known: bool
    id: str | None
    name: str
    unit: str
    versions: tuple[ListedVersion, ...]
    known_missing: str | None = None
    """Why there is no price, for SKUs that are known to be missing."""


@dataclass(frozen=True, slots=True)
class Verification(Result):
    """What is wrong with a catalog."""

    schema: str
    catalog: CatalogStamp
    services: int
    skus: int
    versions: int
    known_missing: int
    quotas: int
    limits: int
    findings: tuple[Finding, ...]


def price_list(
    catalog: Catalog, service: str | None, match: str | None, currency: Currency, day: date
) -> PriceList:
    """List SKUs.

    Args:
        service: Only this service; None for all.
        match: Only SKUs with this text in code, id or name; case does not matter.

    Raises:
        CatalogError: There is no such service.
        InputError: No SKU matches; the message names the nearest.
    """
    services = [catalog.service(service)] if service else [catalog.service(n) for n in catalog.service_names]
    found = tuple(
        listed_sku
        for one in services
        for listed_sku in _listed(catalog, one, currency, day)
        if match is None or match.lower() in f"{listed_sku.code} {listed_sku.id} {listed_sku.name}".lower()
    )
    if not found:
        codes = [sku.code for one in services for sku in one.skus]
        raise InputError(
            Reason("no SKU matches `{match}`", visible((match or "")[:60])),
            hint=did_you_mean(match or "", codes),
        )
    stamp = catalog_stamp(catalog, day)
    ending = ending_services(catalog, day, (sku.service for sku in found))
    return PriceList(PRICE_LIST_SCHEMA, replace(stamp, ending=ending), currency, found)


def _listed(catalog: Catalog, service: Service, currency: Currency, day: date) -> Iterator[ListedSku]:
    for sku in service.skus:
        price = catalog.price(service.service, sku.code, currency, day)
        common = (service.service, sku.code, sku.id, sku.name)
        if isinstance(price, str):
            yield ListedSku(*common, sku.pricing_unit, (), "unpriced", price)
        else:
            unit = price.version.pricing_unit or sku.pricing_unit
            rates = tuple(ListedRate(rate.start_quantity, rate.unit_price) for rate in price.rates)
            yield ListedSku(*common, unit, rates, price.confidence, price.source)
    for entry in service.known_missing:
        yield ListedSku(service.service, entry.code, None, entry.name, "", (), "unpriced", entry.reason)


def price_history(catalog: Catalog, wanted: str) -> PriceHistory:
    """Return all versions of the SKU of a code or id.

    Raises:
        InputError: There is none; the message names the nearest.
    """
    codes: list[str] = []
    for name in catalog.service_names:
        service = catalog.service(name)
        for sku in service.skus:
            if wanted in {sku.code, sku.id, *sku.billing_ids}:
                return _history(service, sku)
            codes.append(sku.code)
        for entry in service.known_missing:
            if wanted in {entry.code, entry.id}:
                return PriceHistory(
                    PRICE_HISTORY_SCHEMA, name, entry.code, False, None, entry.name, "", (), entry.reason
                )
            codes.append(entry.code)
    near = [code for code in codes if wanted.lower() in code]
    hint = did_you_mean(wanted, codes) or (Reason("codes with it: {near}", listed(near)) if near else None)
    raise InputError(
        Reason("there is no SKU `{wanted}`", visible(wanted[:80])),
        hint=hint or "costplan catalog list --match TEXT",
    )


def _history(service: Service, sku: Sku) -> PriceHistory:
    versions = tuple(
        ListedVersion(
            version.effective_from,
            version.effective_until,
            currency,
            version.pricing_unit or sku.pricing_unit,
            tuple(ListedRate(rate.start_quantity, rate.unit_price) for rate in rates),
            version.confidence,
            version.source,
            version.checked,
            version.start_known,
            version.rule,
            version.note,
        )
        for version in sku.prices
        for currency, rates in version.rates.items()
    )
    return PriceHistory(
        PRICE_HISTORY_SCHEMA,
        service.service,
        sku.code,
        sku.code_known,
        sku.id,
        sku.name,
        sku.pricing_unit,
        versions,
    )


def verification(catalog: Catalog) -> Verification:
    """Verify a catalog against itself and against what the resource kinds ask for."""
    services = [catalog.service(name) for name in catalog.service_names]
    return Verification(
        VERIFICATION_SCHEMA,
        catalog_stamp(catalog, catalog.index.as_of),
        len(services),
        sum(len(service.skus) for service in services),
        sum(len(sku.prices) for service in services for sku in service.skus),
        sum(len(service.known_missing) for service in services),
        sum(len(catalog.quotas(name)) for name in catalog.bounded_services),
        sum(len(catalog.limits(name)) for name in catalog.bounded_services),
        tuple(verify(catalog, named_meters())),
    )
