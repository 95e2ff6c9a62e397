"""Which percentile a number of requests allows to be claimed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from costplan.bench.results.statistics import minimum_count
from costplan.measurement.model import MeasuredSlo

LOWER: Final = (95.0, 90.0, 50.0)
"""Percentiles that are claimed with the SLO's bound, where there is no time for its own."""


def claims_of(slo: MeasuredSlo) -> Iterator[MeasuredSlo]:
    """Give the SLO, then its bound at ever lower percentiles."""
    yield slo
    yield from (replace(slo, percentile=lower) for lower in LOWER if lower < slo.percentile)


def claimable(slo: MeasuredSlo, count: float) -> MeasuredSlo:
    """Return the highest claim that so many requests allow; the lowest there is where they allow none.

    Example: p99 from 662 requests, p95 from 130, p90 from 64, p50 from 11.
    """
    claims = list(claims_of(slo))
    return next((claim for claim in claims if minimum_count(claim.percentile) <= count), claims[-1])
