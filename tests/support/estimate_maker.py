"""Estimates made by hand, for pictures that need names, roles, connections and costs but no catalog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from costplan.pricing.catalog_stamp import CatalogStamp
from costplan.pricing.estimate import Estimate, ResourceEstimate, Total, Unpriced


@dataclass(frozen=True)
class Thing:
    """A resource in a few words."""

    name: str
    role: str = "compute"
    talks_to: Sequence[str] = ()
    cost: str = "10"
    title: str = ""
    runs: Sequence[str] = ()


def estimate(*things: Thing, unpriced: Sequence[str] = (), requests: str = "5000000") -> Estimate:
    """Make an estimate of things; each name in `unpriced` is a resource with one line without price."""
    resources = tuple(
        ResourceEstimate(
            name=thing.name,
            kind="compute-instance",
            role=thing.role,
            title={"en": thing.title} if thing.title else {},
            runs=tuple(thing.runs),
            talks_to=tuple(thing.talks_to),
            line_items=(),
            monthly_cost=Decimal(thing.cost),
        )
        for thing in things
    )
    total = sum((resource.monthly_cost for resource in resources), Decimal(0))
    return Estimate(
        schema="costplan/estimate/1",
        scenario="made",
        title={"en": "Made"},
        currency="RUB",
        vat="included",
        hours_per_month=Decimal(720),
        catalog=CatalogStamp("yandex-cloud", "ru-central1", date(2026, 10, 6), "0" * 64),
        workload={"monthly_requests": Decimal(requests)},
        resources=resources,
        unpriced=tuple(Unpriced(name, "sku", "no price", Decimal(1), "hour") for name in unpriced),
        total=Total(total, Decimal(0), total, total, None),
        cost_per_million_requests=None,
    )
