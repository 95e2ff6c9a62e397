"""Rows of measurements side by side: a result each, a run each, then a cost each, told apart by `row`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.analysis.measured.documents import BenchComparison, ComparedResult, Figure, Ratio
from costplan.output.views.view import DataRow
from costplan.quantities.money import shortest


def bench_comparison_rows(found: BenchComparison) -> Iterator[DataRow]:
    """Give a row for each result, for each of its runs, and for its cost on each machine."""
    for one in found.results:
        yield {"row": "result", "name": one.name, **_result(one)}
    for one in found.results:
        for run in one.runs:
            yield {
                "row": "run",
                "name": one.name,
                "round": Decimal(run.round),
                "single_ms": _decimal(run.single_p50_ms),
                "peak_requests_per_second": _decimal(run.peak_requests_per_second),
                "capacity_requests_per_second": _decimal(run.capacity_requests_per_second),
                "verdict": run.verdict,
            }
    for machine in found.machines:
        for cost in machine.costs:
            yield {
                "row": "cost",
                "name": cost.name,
                "machine": machine.instance,
                "basis": cost.basis or "none",
                "is_claim": cost.is_claim,
                "currency": found.currency,
                "cost_per_million_requests": cost.cost_per_million_requests,
                **_ratio("cheaper", cost.cheaper),
            }


def _result(one: ComparedResult) -> DataRow:
    return {
        "source": one.source,
        "verdict": one.verdict,
        "slo": one.slo,
        **_figure("single_ms", one.single_ms),
        **_ratio("faster", one.faster),
        **_figure("peak_requests_per_second", one.peak_requests_per_second),
        **_ratio("more_throughput", one.more_throughput),
        **_figure("capacity_requests_per_second", one.capacity_requests_per_second),
        **_ratio("more_capacity", one.more_capacity),
        "differences": "; ".join(difference.said for difference in one.differences),
    }


def _figure(name: str, figure: Figure | None) -> DataRow:
    value, low, high = (figure.value, figure.low, figure.high) if figure else (None, None, None)
    return {name: _decimal(value), f"{name}_low": _decimal(low), f"{name}_high": _decimal(high)}


def _ratio(name: str, ratio: Ratio | None) -> DataRow:
    return _figure(name, Figure(ratio.value, ratio.low, ratio.high) if ratio else None)


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else shortest(value)
