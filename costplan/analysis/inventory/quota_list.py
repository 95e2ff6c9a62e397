"""Answers about what the catalog says that a provider allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from costplan.catalog.bounds import Bound, Bounds, Quota, ServiceLimits, ServiceQuotas, value_text
from costplan.catalog.store import Catalog
from costplan.messages.errors import CatalogError, InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.result import Result
from costplan.messages.text import listed, visible
from costplan.pricing.catalog_stamp import CatalogStamp, catalog_stamp

QUOTA_LIST_SCHEMA = "costplan/quota-list/1"


@dataclass(frozen=True, slots=True)
class ListedBound:
    """A quota or a limit with where it was read."""

    service: str
    code: str
    kind: Literal["quota", "limit"]
    """A quota is raised on request, a limit is not."""
    id: str | None
    """The provider's name for a quota, as its command line and its requests have it."""
    name: str
    scope: str
    """Per what it counts."""
    value: str | None
    """None where the figure is not published."""
    unit: str | None
    as_of: str
    source: str
    provenance: str
    note: str | None
    source_note: str | None
    """What is to know of the source: `copy undated`."""


@dataclass(frozen=True, slots=True)
class QuotaList(Result):
    """Quotas and limits of a catalog."""

    schema: str
    catalog: CatalogStamp
    bounds: tuple[ListedBound, ...]


def quota_list(catalog: Catalog, service: str | None, match: str | None) -> QuotaList:
    """List what the provider allows.

    Args:
        catalog: The catalog.
        service: Only this service; None for all.
        match: Only rows with this text in code, id or name; case does not matter.

    Raises:
        CatalogError: There are no quotas or limits of such a service.
        InputError: No row matches; the message names the nearest.
    """
    names = catalog.bounded_services
    if service is not None and service not in names:
        hint = did_you_mean(service, names) or (
            Reason("known: {names}", listed(names, 30)) if names else None
        )
        message = Reason(
            "the catalog `{catalog}` has no quotas or limits of `{service}`",
            catalog.index.catalog,
            visible(service[:60]),
        )
        raise CatalogError(message, hint=hint)
    rows = [row for name in ([service] if service else names) for row in _listed(catalog, name)]
    wanted = (match or "").lower()
    found = tuple(row for row in rows if wanted in f"{row.code} {row.id or ''} {row.name}".lower())
    if not found:
        hint = did_you_mean(match or "", [key for row in rows for key in (row.code, row.id) if key])
        raise InputError(
            Reason("no quota or limit matches `{match}`", visible((match or "")[:60])), hint=hint
        )
    return QuotaList(QUOTA_LIST_SCHEMA, catalog_stamp(catalog, catalog.index.as_of), found)


def _listed(catalog: Catalog, service: str) -> Iterator[ListedBound]:
    quotas, limits = catalog.bounds(ServiceQuotas, service), catalog.bounds(ServiceLimits, service)
    yield from (_row(row, quotas, "quota") for row in catalog.quotas(service))
    yield from (_row(row, limits, "limit") for row in catalog.limits(service))


def _row(row: Bound, bounds: Bounds | None, kind: Literal["quota", "limit"]) -> ListedBound:
    assert bounds is not None
    page = bounds.sources[row.page]
    return ListedBound(
        service=bounds.service,
        code=row.code,
        kind=kind,
        id=row.id if isinstance(row, Quota) else None,
        name=row.name,
        scope=row.scope,
        value=None if row.value is None else value_text(row.value),
        unit=row.unit,
        as_of=page.as_of,
        source=page.source,
        provenance=page.confidence,
        note=row.note,
        source_note=page.note,
    )
