"""Bills over small catalogs that a test writes itself, so that numbers can be worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from costplan.catalog.price import Currency
from costplan.catalog.store import Catalog
from costplan.datafiles import data_folder
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate, LineItem
from costplan.scenario.load import load_scenario

INDEX = """
catalog: yandex-cloud
title: Small
region: here
as_of: 2026-06-01
currencies:
  - currency: RUB
    vat: included
    vat_rates:
      - {effective_from: 2019-01-01, rate: 0.20, source: law}
      - {effective_from: 2026-01-01, rate: 0.22, source: law}
  - currency: USD
    vat: excluded
    derived_from: RUB
    derivations:
      - {effective_from: 2026-01-01, factor: 0.01, decimals: 6, confidence: derived, source: a rule}
  - currency: KZT
    vat: included
"""


def sku(code: str, unit: str, rates: Any, **more: Any) -> dict[str, Any]:
    """A SKU with one price from 2026-01-01 on; `rates` is a price in RUB or what the file would say."""
    version = {
        "effective_from": "2026-01-01", "source": "the test", "checked": "2026-01-02", "confidence": "list",
        "rates": rates if isinstance(rates, dict) else {"RUB": rates},
    } | more  # fmt: skip
    return {"code": code, "name": code, "pricing_unit": unit, "prices": [version]}


def tiers(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"start_quantity": start, "unit_price": price} for start, price in pairs]


def service(name: str, *skus: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A service of a catalog; its meters are billed by the SKUs that the shipped catalog bills them by."""
    meters = dict(Catalog.shipped().offer(name).meters)
    return {"service": name, "title": name, "meters": meters, "skus": list(skus), **more}


class Desk:
    """Prices scenarios over a catalog of its own, laid over the shipped one where `shipped` says so."""

    def __init__(self, folder: Path, *services: dict[str, Any], shipped: bool = False) -> None:
        self.folder = folder
        own = folder / "prices"
        own.mkdir()
        for document in services:
            (own / f"{document['service']}.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
        layers = [data_folder("catalogs") / "yandex-cloud", own] if shipped else [own]
        if not shipped:
            (own / "catalog.yaml").write_text(INDEX)
        self.catalog = Catalog(layers)

    def bill(
        self,
        scenario: str,
        *,
        currency: Currency | None = None,
        day: str | None = None,
        variants: Sequence[str] = (),
    ) -> Estimate:
        """Price a scenario given without its name and title."""
        path = self.folder / "scenario.yaml"
        head = "scenario: small\ntitle: Small\n"
        if "workload:" not in scenario:
            head += "workload: {monthly_requests: 0}\n"
        path.write_text(head + scenario, encoding="utf-8")
        loaded = load_scenario(str(path), lambda _: self.catalog, variants=variants)
        return price_scenario(loaded, currency=currency, as_of=date.fromisoformat(day) if day else None)


def line(bill: Estimate, resource: str, code: str) -> LineItem:
    [found] = [
        item
        for owner in bill.resources
        for item in owner.line_items
        if owner.name == resource and item.sku == code
    ]
    return found


def cost(bill: Estimate, resource: str) -> Decimal:
    [found] = [owner.monthly_cost for owner in bill.resources if owner.name == resource]
    return found
