"""Put measurements side by side: figures, ratios to the first, costs, and which is cheaper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from costplan.analysis.measured.conclusion import conclusion_of
from costplan.analysis.measured.contender import Contender, median_of, peak_of
from costplan.analysis.measured.costs import compared_machines
from costplan.analysis.measured.differences import differences_of
from costplan.analysis.measured.documents import (
    BENCH_COMPARISON_SCHEMA,
    BenchComparison,
    ComparedResult,
    ComparedRun,
)
from costplan.analysis.measured.ratios import ratio_of
from costplan.measurement.model import Measurement


def compare_measurements(
    contenders: Sequence[Contender], *, planned_rounds: int = 0, is_complete: bool = True
) -> BenchComparison:
    """Compare measurements with the first of them.

    Args:
        contenders: At least two, priced by the same question.
        planned_rounds: Interleaved rounds that were meant to run; 0 for files.
        is_complete: Whether they did.
    """
    first = contenders[0]
    settings = _differing_settings([one.measured for one in contenders])
    results = [_result(one, first, shown) for one, shown in zip(contenders, settings, strict=True)]
    machines = compared_machines(contenders)
    return BenchComparison(
        schema=BENCH_COMPARISON_SCHEMA,
        method="interleaved" if planned_rounds else "files",
        rounds=sum(None not in found for found in zip(*(one.runs for one in contenders), strict=True)),
        planned_rounds=planned_rounds,
        results=tuple(results),
        machines=machines,
        conclusion=conclusion_of(contenders, results),
        currency=next((row.currency for one in contenders for row in one.measured.cost), ""),
        prices=first.measured.prices,
        is_complete=is_complete,
    )


def _result(one: Contender, first: Contender, settings: dict[str, str]) -> ComparedResult:
    measured, percentile = one.measured, _shared_percentile(one, first)
    single, peak, capacity = one.single(percentile), one.peak(), one.capacity()
    differences = () if one is first else differences_of(first.measured, measured)
    found = ComparedResult(
        name=one.name,
        source=one.source,
        model=measured.model.name,
        target=measured.target,
        machine=measured.environment.processor.name,
        usable_cpus=measured.environment.usable_cpus,
        measured_on=measured.measured_on,
        slo=str(measured.claimed_slo),
        verdict=measured.verdict,
        reasons=measured.reasons,
        is_co_located=measured.is_co_located,
        settings=settings,
        single_ms=single and single.figure,
        single_percentile=percentile or 50.0,
        peak_requests_per_second=peak and peak.figure,
        capacity_requests_per_second=capacity and capacity.figure,
        differences=differences,
        answers=one.answers,
        runs=tuple(_run(number, run) for number, run in enumerate(one.runs, 1) if run is not None),
    )
    if one is first:
        return found
    is_alike = not any(difference.breaks for difference in differences)
    return replace(
        found,
        faster=ratio_of(first.single(percentile), single),
        more_throughput=ratio_of(peak, first.peak()),
        more_capacity=ratio_of(capacity, first.capacity()) if is_alike else None,
    )


def _shared_percentile(one: Contender, first: Contender) -> float | None:
    """Return the percentile whose interval both results keep of one request; None: only medians are left."""
    if one.runs:
        return None
    found = [contender.measured.single() for contender in (one, first)]
    if any(point is None or point.bounds.value_ms is None for point in found):
        return None
    percentiles = {point.bounds.percentile for point in found if point is not None}
    return percentiles.pop() if len(percentiles) == 1 else None


def _run(number: int, run: Measurement) -> ComparedRun:
    return ComparedRun(
        round=number,
        single_p50_ms=median_of(run),
        peak_requests_per_second=peak_of(run),
        capacity_requests_per_second=run.capacity.requests_per_second,
        verdict=run.verdict,
    )


def _differing_settings(found: Sequence[Measurement]) -> list[dict[str, str]]:
    """Return of each measurement what it set otherwise than another: threads, providers."""
    every = [{key: str(value) for key, value in one.settings.items()} for one in found]
    shared = [name for name in every[0] if all(name in one for one in every) and name not in _NO_CHOICE]
    shown = [name for name in shared if len({one[name] for one in every}) > 1]
    return [{name: one[name] for name in shown} for one in every]


_NO_CHOICE = frozenset(("peak_memory_bytes", "seed"))
"""Settings of a result that say what was found, or drawn, not what was set."""
