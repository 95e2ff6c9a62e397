"""Rows of a measurement: a load each."""

from __future__ import annotations

from decimal import Decimal

from costplan.measurement.model import Measurement
from costplan.messages.text import visible
from costplan.quantities.money import shortest


def point_rows(measurement: Measurement) -> list[dict[str, str | Decimal | bool | None]]:
    """Return a row per load point for CSV, then one per cost, told apart by `row`."""
    rows: list[dict[str, str | Decimal | bool | None]] = []
    for point in measurement.points:
        rows.append(
            {
                "row": "point",
                "name": point.mode,
                "offered_requests_per_second": _decimal(point.offered_requests_per_second),
                "achieved_requests_per_second": _decimal(point.achieved_requests_per_second),
                "goodput_requests_per_second": _decimal(point.goodput_requests_per_second),
                "achieved_items_per_second": _decimal(point.achieved_items_per_second),
                "mean_server_batch": _decimal(point.mean_server_batch),
                "requests": Decimal(point.requests),
                "failed": Decimal(point.errors + point.timeouts + point.dropped),
                "p50_ms": _decimal(point.response_ms.p50),
                "p90_ms": _decimal(point.response_ms.p90),
                "p99_ms": _decimal(point.response_ms.p99),
                "lag_p99_ms": _decimal(point.lag_ms.p99),
                "verdict": point.verdict,
                "reason": visible("; ".join(point.reasons)),
            }
        )
    for row in measurement.cost:
        rows.append(
            {
                "row": "cost",
                "name": row.instance,
                "p99_ms": row.p99_ms,
                "verdict": row.basis or "none",
                "reason": row.reason,
                "is_claim": row.is_claim,
                "assumed_speed": row.assumed_speed,
                "currency": row.currency,
                "hourly_cost": row.hourly_cost,
                "capacity_requests_per_second": row.requests_per_second,
                "requests_per_second_per_vcpu": row.requests_per_second_per_vcpu,
                "cost_per_million_requests": row.cost_per_million_requests,
                "cost_per_million_items": row.cost_per_million_items,
                "low": row.low,
                "high": row.high,
                "cost_per_million_at_utilisation": row.cost_per_million_at_utilisation,
            }
        )
    return rows


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else shortest(value)
