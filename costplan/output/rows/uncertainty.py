"""Rows of how sure bills are."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.analysis.uncertainty.documents import (
    Simulated,
    Spread,
    UncertainEstimate,
)


def uncertainty_rows(document: UncertainEstimate) -> Iterator[dict[str, str | Decimal | bool | None]]:
    """Give the rows of a CSV: one per figure, with its error."""
    found = document.uncertainty
    yield from spread_rows("bill", document.currency, found.bill)
    for chance in found.budget:
        name = f"budget: {chance.name}"
        yield from spread_rows(name, chance.currency, chance.cost)
        yield figure_row(name, "probability within", chance.probability, "")
    for need in found.needs:
        yield figure_row(f"{need.resource}: {need.what}", "probability met", need.probability, "")
    if found.needs_met is not None:
        yield figure_row("all needs", "probability met", found.needs_met, "")


def spread_rows(name: str, currency: str, spread: Spread) -> Iterator[dict[str, str | Decimal | bool | None]]:
    """Give the rows of a spread: one per percentile, and the mean."""
    for statistic in ("p10", "p50", "p90", "mean"):
        yield figure_row(name, statistic, getattr(spread, statistic), currency)


def figure_row(
    name: str, statistic: str, figure: Simulated, currency: str
) -> dict[str, str | Decimal | bool | None]:
    """Give the row of one figure."""
    return {
        "of": name,
        "statistic": statistic,
        "value": figure.value,
        "standard_error": figure.error,
        "currency": currency,
    }
