"""Which SKU of a catalog a billing SKU is, by the provider's identifiers; and what its prices become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from costplan.catalog.billing.answer import BilledVersion
from costplan.catalog.model import KnownMissing, PricingVersion, Sku
from costplan.catalog.store import Catalog
from costplan.checked.records import dataclass


@dataclass(frozen=True, slots=True)
class OwnSku:
    """A SKU of the catalog, or one whose price it is known not to have."""

    service: str
    row: Sku | KnownMissing

    @property
    def sku(self) -> Sku | None:
        """The SKU, where it has prices."""
        return self.row if isinstance(self.row, Sku) else None


def by_billing_id(catalog: Catalog) -> dict[str, OwnSku]:
    """Return the SKUs of a catalog by each of their identifiers in the provider's billing."""
    found: dict[str, OwnSku] = {}
    for name in catalog.service_names:
        service = catalog.service(name)
        rows: Sequence[Sku | KnownMissing] = (*service.skus, *service.known_missing)
        for row in rows:
            named = (row.id, *row.billing_ids) if isinstance(row, Sku) else (row.id,)
            found |= {one: OwnSku(name, row) for one in named if one is not None and one not in found}
    return found


@dataclass(frozen=True, slots=True)
class Origin:
    """Where imported versions come from."""

    file: str
    currency: str
    checked: date

    def source_of(self, version: BilledVersion) -> str:
        """Write it as a catalog names its sources."""
        kind = "contract price" if version.kind == "CONTRACT_PRICE" else "list price"
        return f"price API, {kind}, {self.file}"


def with_versions(own: OwnSku, unit: str, versions: Sequence[BilledVersion], origin: Origin) -> Sku:
    """Return a SKU with the answer's prices in their currency, from its first version on.

    Older versions and prices in other currencies stay as they are.
    """
    row, sku = own.row, own.sku
    return Sku.model_construct(
        code=row.code,
        code_known=sku.code_known if sku is not None else False,
        former_codes=row.former_codes,
        id=row.id,
        billing_ids=sku.billing_ids if sku is not None else (),
        name=row.name,
        pricing_unit=sku.pricing_unit if sku is not None else unit,
        prices=tuple(_merged(sku.prices if sku is not None else (), unit, versions, origin, row)),
    )


def _merged(
    known: Sequence[PricingVersion],
    unit: str,
    versions: Sequence[BilledVersion],
    origin: Origin,
    row: Sku | KnownMissing,
) -> list[PricingVersion]:
    first = versions[0].day
    own_unit = row.pricing_unit if isinstance(row, Sku) else unit
    kept = [one for one in known if one.effective_from < first]
    others = {one.effective_from: _without(one, origin.currency) for one in known if one not in kept}
    by_day: dict[date, PricingVersion] = {day: one for day, one in others.items() if one is not None}
    for day in {*by_day, *(one.day for one in versions)}:
        version = in_force(versions, day)
        below = by_day.get(day)
        if below is not None and (below.pricing_unit or own_unit) != unit and version.day != day:
            continue
        is_same_unit = below is not None and (below.pricing_unit or own_unit) == unit
        by_day[day] = _version(
            version, below if is_same_unit else None, None if unit == own_unit else unit, origin
        )
    return [*kept, *(by_day[day] for day in sorted(by_day))]


def in_force(versions: Sequence[BilledVersion], day: date) -> BilledVersion:
    """Return the version that holds on a day: the last that has begun, of those sorted by time."""
    return [one for one in versions if one.day <= day][-1]


def _without(version: PricingVersion, currency: str) -> PricingVersion | None:
    rates = {code: rates for code, rates in version.rates.items() if code != currency}
    return version.model_copy(update={"rates": rates}) if rates else None


def _version(
    version: BilledVersion, below: PricingVersion | None, unit: str | None, origin: Origin
) -> PricingVersion:
    source = origin.source_of(version)
    rates: Mapping[str, object] = {origin.currency: version.rates}
    if below is not None:
        return below.model_copy(
            update={
                "rates": {**below.rates, **rates},
                "source": f"{below.source}; {origin.currency}: {source}",
                "checked": origin.checked,
            }
        )
    is_free = not any(rate.unit_price for rate in version.rates)
    return PricingVersion.model_construct(
        effective_from=version.day,
        effective_until=None,
        source=source,
        checked=origin.checked,
        confidence="list",
        rule=None,
        note=None,
        start_known=True,
        free=is_free,
        pricing_unit=unit,
        rates=rates,
    )
