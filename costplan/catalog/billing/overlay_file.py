"""Imported SKUs as files of an overlay, written as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from costplan.catalog.model import PricingVersion, Rate, Service, Sku
from costplan.catalog.store import rate_faults
from costplan.messages.errors import CatalogError
from costplan.quantities.money import plain
from costplan.source.fields import validate
from costplan.source.parse_cache import Document
from costplan.source.reader import CATALOG_LIMIT_BYTES, parse_yaml, to_plain


def overlay_text(service: Service, skus: Iterable[Sku]) -> str:
    """Write one service's file, and check it as every file of a catalog is checked.

    Raises:
        CatalogError: What was written is no file of a catalog.
    """
    import yaml  # few commands write YAML

    whole = {"service": service.service, "title": service.title, "skus": [_sku(sku) for sku in skus]}
    text: str = yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=110)
    node = parse_yaml(text.encode(), f"{service.service}.yaml", limit_bytes=CATALOG_LIMIT_BYTES)
    plain_file = to_plain(node)
    found = validate(Service, plain_file, node)
    assert found is not None
    faults = rate_faults(found, Document(plain_file, lambda: node))
    if faults:
        raise CatalogError(faults)
    return text


def _sku(sku: Sku) -> dict[str, Any]:
    found: dict[str, Any] = {"code": sku.code}
    if sku.code_known:
        found["code_known"] = True
    if sku.former_codes:
        found["former_codes"] = list(sku.former_codes)
    if sku.id is not None:
        found["id"] = sku.id
    if sku.billing_ids:
        found["billing_ids"] = list(sku.billing_ids)
    return found | {
        "name": sku.name,
        "pricing_unit": sku.pricing_unit,
        "prices": [_version(one) for one in sku.prices],
    }


def _version(version: PricingVersion) -> dict[str, Any]:
    stated: Mapping[str, Any] = {
        "effective_from": _day(version.effective_from),
        "effective_until": _day(version.effective_until),
        "source": version.source,
        "checked": _day(version.checked),
        "confidence": version.confidence,
        "rule": version.rule,
        "note": version.note,
        "start_known": None if version.start_known else False,
        "free": True if version.free else None,
        "pricing_unit": version.pricing_unit,
    }
    found = {key: value for key, value in stated.items() if value is not None}
    return found | {"rates": {code: _rates(rates) for code, rates in version.rates.items()}}


def _day(day: date | None) -> date | None:
    """Return a day of its own: YAML writes one that comes twice as an anchor."""
    return None if day is None else date(day.year, day.month, day.day)


def _rates(rates: tuple[Rate, ...]) -> object:
    if len(rates) == 1:
        return plain(rates[0].unit_price)
    return [
        {"start_quantity": plain(rate.start_quantity), "unit_price": plain(rate.unit_price)} for rate in rates
    ]
