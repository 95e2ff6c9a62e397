"""Check a whole catalog: sourced, dated, positive, known units, no duplicates, none missing that is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from costplan.catalog.bounds import Bound, Page, Quota, ServiceLimits, ServiceQuotas
from costplan.catalog.defaults import wrong_defaults
from costplan.catalog.model import PricingVersion, Service, Sku
from costplan.catalog.store import Catalog, configured_skus
from costplan.messages.reason import Reason
from costplan.quantities.pricing_units import pricing_unit


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in a catalog."""

    service: str
    where: str
    message: str


def verify(catalog: Catalog, meters: Iterable[tuple[str, str]] = ()) -> list[Finding]:
    """Check every service; reading one already checks its form and the order of rates and versions.

    Args:
        catalog: The catalog.
        meters: Service and name of every meter that resource kinds name.

    Raises:
        CatalogError: A file cannot be read at all.
    """
    services = [catalog.service(name) for name in catalog.service_names]
    findings: list[Finding] = []
    for service in services:
        findings += _service_findings(service, catalog.index.as_of)
    findings += _duplicates(services)
    findings += _asked_in_vain(services, meters)
    findings += _bound_findings(catalog)
    findings += _successors(services)
    findings += _terms(services, catalog.index.commitment_terms)
    return findings


def _successors(services: Sequence[Service]) -> Iterator[Finding]:
    """A closing service must name a successor that is there, and a source."""
    known = {service.service for service in services}
    for service in services:
        closing = service.closing
        if closing is None:
            continue
        if closing.successor is not None and closing.successor not in known:
            message = Reason("its successor `{successor}` is not in the catalog", closing.successor)
            yield Finding(service.service, "closing", message)
        if not closing.source.strip():
            yield Finding(service.service, "closing", "has no source")


def _terms(services: Sequence[Service], known: Sequence[str]) -> Iterator[Finding]:
    """A commitment for a term that `catalog.yaml` does not name would never be offered."""
    for service in services:
        for found in service.commitments:
            for term in set(found.terms) - set(known):
                message = Reason("the term `{term}` is not among `commitment_terms` of the catalog", term)
                yield Finding(service.service, found.covers, message)


def _service_findings(service: Service, as_of: date) -> Iterator[Finding]:
    for sku in service.skus:
        for version in sku.prices:
            for message in _version_messages(sku, version, as_of):
                yield Finding(
                    service.service,
                    f"{sku.code}, {version.effective_from}",
                    message,
                )
    priced = {sku.code for sku in service.skus}
    for entry in service.known_missing:
        if entry.code in priced:
            yield Finding(service.service, entry.code, "is listed as known-missing and has prices")
    names = (
        [p.name for p in service.platforms],
        [d.name for d in service.disk_types],
        [p.name for p in service.presets],
        [r.name for r in service.rules],
    )
    for key, message in wrong_defaults(service):
        yield Finding(service.service, f"defaults: {key}", message)
    for group in names:
        for name, count in Counter(group).items():
            if count > 1:
                yield Finding(service.service, name, Reason("appears {count} times", str(count)))


def _version_messages(sku: Sku, version: PricingVersion, as_of: date) -> Iterator[str]:
    if not version.source.strip():
        yield "has no source"
    if version.checked.year < 2018 or version.effective_from.year < 2018:
        yield Reason("is dated before the provider opened")
    if version.checked > max(as_of, date(2026, 12, 31)):
        yield Reason("was checked in the future, on {checked}", version.checked)
    unit, own = pricing_unit(version.pricing_unit or sku.pricing_unit), pricing_unit(sku.pricing_unit)
    try:
        unit.factor_from(own)
    except ValueError:
        yield Reason(
            "is priced per {unit}, which does not measure what {other} does",
            version.pricing_unit,
            sku.pricing_unit,
        )
    for currency, rates in version.rates.items():
        if len(rates) > 1 and rates[-1].unit_price == 0:
            yield Reason("{currency}: the last rate of several is free", currency)
        elif rates[-1].unit_price == 0 and not version.free:
            yield Reason("{currency}: the price is 0; `free: true` says that its source means it", currency)
        if version.free and any(rate.unit_price for rate in rates):
            yield Reason("{currency}: is said to be free, and has a price", currency)
        if any(rate.unit_price < 0 for rate in rates):
            yield Reason("{currency}: a price is negative", currency)


def _duplicates(services: Iterable[Service]) -> Iterator[Finding]:
    codes: dict[str, str] = {}
    ids: dict[str, str] = {}
    for service in services:
        for sku in service.skus:
            for code in (sku.code, *sku.former_codes):
                if code in codes:
                    yield Finding(service.service, code, Reason("the code is in {codes} too", codes[code]))
                codes[code] = service.service
            for known in (sku.id, *sku.billing_ids):
                if known is not None and known in ids:
                    message = Reason("the id {id} belongs to {ids} too", known, ids[known])
                    yield Finding(service.service, sku.code, message)
                if known is not None:
                    ids[known] = sku.code


def _asked_in_vain(services: Sequence[Service], meters: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Find SKUs and meters that are named and not there, of the services that the catalog has."""
    known = {
        service.service: {sku.code for sku in service.skus} | {entry.code for entry in service.known_missing}
        for service in services
    }
    for service in services:
        for code in sorted(configured_skus(service) - known[service.service]):
            yield Finding(service.service, code, "a valid configuration needs this SKU, which is missing")
        for meter, code in service.meters.items():
            if code not in known[service.service]:
                yield Finding(
                    service.service,
                    code,
                    Reason("the meter `{meter}` is billed by this SKU, which is not there", meter),
                )
    named = {service.service: {*service.meters} for service in services}
    for name, meter in sorted(set(meters)):
        if name in named and meter not in named[name] and f"{name}.{meter}" not in known[name]:
            yield Finding(name, meter, "a resource kind names this meter, which the catalog does not have")


BOUND_UNITS = frozenset(
    {
        "count", "vCPU", "GPU", "B", "KB", "MB", "GB", "TB", "s", "h", "day", "%", "IOPS", "MB/s", "1/s",
        "records/s", "1/vCPU", "flag", "state", "GB:vCPU", "GPU:VRAM GB:vCPU:RAM GB",
    }
)  # fmt: skip
"""What quotas and limits are counted in."""


def _bound_findings(catalog: Catalog) -> Iterator[Finding]:
    """Check quotas and limits: sourced, dated, in known units, every code once, one value for one id."""
    codes: dict[str, str] = {}
    pools: dict[str, Quota] = {}
    for service in catalog.bounded_services:
        if service not in catalog.service_names:
            yield Finding(service, service, "has quotas or limits, and no prices")
        quotas, limits = catalog.bounds(ServiceQuotas, service), catalog.bounds(ServiceLimits, service)
        for bounds in (quotas, limits):
            for name, page in bounds.sources.items() if bounds is not None else ():
                yield from (Finding(service, name, message) for message in _page_messages(page, catalog))
        for row in (*catalog.quotas(service), *catalog.limits(service)):
            yield from (Finding(service, row.code, message) for message in _row_messages(row))
            yield from _unknown_names(row, service, catalog)
            if row.code in codes:
                yield Finding(service, row.code, Reason("the code is in {codes} too", codes[row.code]))
            codes[row.code] = service
        for quota in catalog.quotas(service):
            pool = pools.setdefault(quota.key, quota)
            if (pool.value, pool.unit, pool.scope) != (quota.value, quota.unit, quota.scope):
                message = Reason("says something else of {key} than {code} does", quota.key, pool.code)
                yield Finding(service, quota.code, message)


def _unknown_names(row: Bound, service: str, catalog: Catalog) -> Iterator[Finding]:
    named = (*(row.platforms if isinstance(row, Quota) else ()), *row.disk_types)
    if not named:
        return
    sold = catalog.service(service)
    known = {found.name for found in sold.platforms} | {found.name for found in sold.disk_types}
    for name in named:
        if name not in known:
            yield Finding(service, row.code, Reason("counts `{name}`, which the service does not sell", name))


def _page_messages(page: Page, catalog: Catalog) -> Iterator[str]:
    if not page.source.strip():
        yield "has no source"
    if not "2018" <= page.as_of <= f"{max(catalog.index.as_of, date(2026, 12, 31))}":
        yield Reason("is dated {as_of}", page.as_of)


def _row_messages(row: Bound) -> Iterator[str]:
    if row.unit is not None and row.unit not in BOUND_UNITS:
        yield Reason("has the unknown unit {unit}", row.unit)
    if (row.unit == "flag") != isinstance(row.value, bool) or (row.unit == "state") != (
        row.value in ("up", "down")
    ):
        yield Reason("has a value that is not a {unit}", row.unit)
    if isinstance(row, Quota) and row.value is not None and row.number is None:
        yield Reason("is a quota without a number")
