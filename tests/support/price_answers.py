"""Answers of the provider's price API in its shape, made of what a test says."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from costplan.catalog.model import PricingVersion, Sku
from costplan.catalog.store import Catalog
from costplan.quantities.money import plain

SAVED = Path(__file__).with_name("price_answer.json")
"""An answer of three SKUs: one as in the catalog, one of a contract, one that the catalog does not know."""
MIDNIGHT = "T21:00:00Z"
"""In UTC, of the day before: midnight in Moscow."""
WORDS = {"GB": "gbyte", "gpu": "gpus", "ip": "fip"}
ICE_LAKE = "dn2k3vqlk9snp1jv351u"
EGRESS = "dn28ml7sjbb5v98jkuj3"


def rates(*pairs: tuple[str, str], currency: str = "RUB") -> list[dict[str, str]]:
    return [
        {"startPricingQuantity": start, "unitPrice": price, "currency": currency} for start, price in pairs
    ]


def version(
    time: str, *pairs: tuple[str, str], kind: str = "STREET_PRICE", currency: str = "RUB"
) -> dict[str, Any]:
    expressions = [{"rates": rates(*pairs, currency=currency)}]
    return {"type": kind, "effectiveTime": time, "pricingExpressions": expressions}


def row(billing_id: str, unit: str, *versions: dict[str, Any], name: str = "A SKU") -> dict[str, Any]:
    return {
        "id": billing_id, "name": name, "serviceId": "dn2", "pricingUnit": unit,
        "pricingVersions": [*versions],
    }  # fmt: skip


def page(*rows: Any, token: str = "") -> dict[str, Any]:
    return {"skus": [*rows], "nextPageToken": token}


def vcpu(price: str, time: str = f"2026-04-30{MIDNIGHT}", **more: Any) -> dict[str, Any]:
    return row(ICE_LAKE, "core*hour", version(time, ("0", price), **more))


def of_catalog(catalog: Catalog, currency: str = "RUB") -> Iterable[dict[str, Any]]:
    """Give every SKU of a catalog with an id as the API would answer it, each version at its own time.

    The API has one unit for all versions, and a version ends where the next one begins: older versions in
    another unit are left out, and so are SKUs with a price that is known to have ended without a successor.
    """
    for name in catalog.service_names:
        for sku in catalog.service(name).skus:
            quoted = [
                one
                for one in sku.prices
                if currency in one.rates and one.pricing_unit in {None, sku.pricing_unit}
            ]
            if sku.id is not None and quoted and not any(one.effective_until for one in sku.prices):
                yield row(sku.id, _unit(sku), *(_of_version(one, currency) for one in quoted), name=sku.name)


def _unit(sku: Sku) -> str:
    base, star, time = sku.pricing_unit.partition("*")
    return WORDS.get(base, base) + star + time


def _of_version(one: PricingVersion, currency: str) -> dict[str, Any]:
    pairs = [(plain(rate.start_quantity), plain(rate.unit_price)) for rate in one.rates[currency]]
    return version(f"{one.effective_from}T00:00:00+03:00", *pairs, currency=currency)
