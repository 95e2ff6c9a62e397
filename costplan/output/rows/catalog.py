"""Rows for spreadsheets of what the catalog and the scenarios answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal

from costplan.analysis.inventory.capacity_list import CapacityList
from costplan.analysis.inventory.price_changes import PriceChanges
from costplan.analysis.inventory.price_list import PriceHistory, PriceList
from costplan.analysis.inventory.quota_list import QuotaList
from costplan.analysis.inventory.scenario_list import ScenarioList
from costplan.messages.text import in_language
from costplan.output.views.view import DataRow


def price_list_rows(prices: PriceList) -> Iterator[DataRow]:
    """Give a row for each tier of each SKU; one without a price has a row without it."""
    for sku in prices.skus:
        for rate in sku.rates or (None,):
            yield {
                "service": sku.service,
                "sku": sku.code,
                "name": sku.name,
                "unit": sku.unit,
                "currency": prices.currency,
                "start_quantity": rate.start_quantity if rate else None,
                "unit_price": rate.unit_price if rate else None,
                "provenance": sku.provenance,
                "source": sku.source,
            }


def price_change_rows(changes: PriceChanges) -> Iterator[DataRow]:
    """Give a row for each SKU that changed; of tiers, the first."""
    for one in changes.changes:
        yield {
            "service": one.service,
            "sku": one.code,
            "name": one.name,
            "unit": one.unit,
            "currency": changes.currency,
            "what": one.what,
            "before": one.before[0].unit_price if one.before else None,
            "after": one.after[0].unit_price if one.after else None,
            "percent": one.percent,
            "source": one.source,
        }


def price_history_rows(history: PriceHistory) -> Iterator[DataRow]:
    """Give a row for each tier of each version, the newest version first."""
    for version in reversed(history.versions):
        for rate in version.rates:
            yield {
                "sku": history.code,
                "effective_from": version.effective_from.isoformat(),
                "effective_until": version.effective_until.isoformat() if version.effective_until else None,
                "start_known": version.start_known,
                "currency": version.currency,
                "start_quantity": rate.start_quantity,
                "unit_price": rate.unit_price,
                "unit": version.unit,
                "provenance": version.provenance,
                "checked": version.checked.isoformat(),
                "source": version.source,
            }


def quota_rows(found: QuotaList) -> Iterator[DataRow]:
    """Give a row for each quota and limit."""
    for bound in found.bounds:
        yield {field.name: _plain(getattr(bound, field.name)) for field in fields(bound)}


def capacity_rows(found: CapacityList) -> Iterator[DataRow]:
    """Give a row for each published figure."""
    for one in found.capacities:
        yield {field.name: _plain(getattr(one, field.name)) for field in fields(one)}


def scenario_list_rows(scenarios: ScenarioList) -> Iterator[DataRow]:
    """Give a row for each scenario and for each of its variants, as they are named on the command line."""
    for found in scenarios.scenarios:
        yield {"scenario": found.scenario, "title": in_language(found.title)}
        for name, title in found.variants.items():
            yield {"scenario": f"{found.scenario}:{name}", "title": in_language(title)}


def _plain(value: object) -> str | Decimal | bool | None:
    if value is None or isinstance(value, (str, Decimal, bool)):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
