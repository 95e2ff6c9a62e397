"""The view of a curve: a chart, who wins where, crossovers, where promises end."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from costplan.analysis.curve.document import (
    CheapestRange,
    Crossover,
    Curve,
    InfeasibleRange,
    ScenarioCurve,
)
from costplan.output.views.compare import SLOS_DIFFER
from costplan.output.views.plot_text import Curve as Line
from costplan.output.views.plot_text import Plot
from costplan.output.views.view import Cell, Column, DataRow, Row, Table, View, cells, spanning
from costplan.output.views.works import not_billed_column, works_notes
from costplan.quantities.shown import money, requests

MOST_ROWS = 20
"""Rows of a table; whoever wants more takes JSON."""


def curve_view(curve: Curve) -> View:
    """Cost over load, with what wins and why."""
    facts = [
        f"prices in {curve.currency} a month, VAT {curve.vat}, as of {curve.catalog.as_of}; "
        f"{requests(Decimal(curve.start))} to {requests(Decimal(curve.end))} requests a month"
    ]
    held = [f"{one.scenario} {one.slo or 'none stated'}" for one in curve.scenarios]
    facts.append(f"SLO: {', '.join(held) if curve.slos_differ else curve.scenarios[0].slo or 'none stated'}")
    tables = [_cheapest_table(curve), _crossover_table(curve), _limit_table(curve)]
    return View("Cost over load", facts, tables, list(_notes(curve)), _plot(curve))


def curve_rows(curve: Curve) -> Iterator[DataRow]:
    """The points of every line, for a spreadsheet's own chart."""
    for scenario in curve.scenarios:
        for point in scenario.points:
            yield {
                "scenario": scenario.scenario,
                "monthly_requests": Decimal(point.monthly_requests),
                "monthly_cost": point.monthly_cost,
                "cost_per_million_requests": point.cost_per_million_requests,
                "feasible": point.feasible,
                "currency": curve.currency,
                **not_billed_column(scenario.not_billed),
            }


def _plot(curve: Curve) -> Plot:
    per_million = curve.charted == "cost_per_million_requests"
    starts = [one.start for one in curve.cheapest]
    return Plot(
        heading=f"{curve.currency} for a million requests" if per_million else f"{curve.currency} a month",
        foot="requests a month",
        curves=[Line(one.scenario, _reader(one, per_million)) for one in curve.scenarios],
        first=curve.start,
        last=curve.end,
        best=lambda load: curve.cheapest[max(0, bisect_right(starts, load) - 1)].scenario,
        number=lambda value: requests(Decimal(value)),
    )


def _reader(curve: ScenarioCurve, per_million: bool) -> Callable[[float], tuple[float, bool]]:
    """Return how a line's cost at any load is read off its segments."""
    starts = [segment.start for segment in curve.segments]

    def at(load: float) -> tuple[float, bool]:
        segment = curve.segments[max(0, bisect_right(starts, load) - 1)]
        cost = float(segment.cost_at_start)
        cost += float(segment.cost_per_further_million) * (load - segment.start) / 1e6
        return (cost / load * 1e6 if per_million else cost), segment.feasible

    return at


def _cheapest_table(curve: Curve) -> Table:
    columns = [
        Column("from requests", right=True), Column("to requests", right=True), Column("cheapest"),
        Column("a month, from", right=True), Column("to", right=True),
    ]  # fmt: skip
    rows = [_cheapest_row(one) for one in curve.cheapest[:MOST_ROWS]]
    kept = all(one.verdict == "kept" for one in curve.cheapest if one.scenario is not None)
    title = "Cheapest that keeps its SLO" if kept else "Cheapest; whether it works is not known everywhere"
    return Table(columns, [*rows, *_left_out(len(curve.cheapest))], title)


def _cheapest_row(one: CheapestRange) -> Row:
    start, end = f"{one.start:,}", f"{one.end:,}"
    if one.scenario is None or one.cost_at_start is None or one.cost_at_end is None:
        return Row(cells(start, end, Cell("none", "bad"), "-", "-"))
    more = "+" if one.lower_bound else ""
    name = Cell(one.scenario, "strong") if one.verdict == "kept" else Cell(f"{one.scenario} (open)", "warn")
    return Row(cells(start, end, name, money(one.cost_at_start) + more, money(one.cost_at_end) + more))


def _crossover_table(curve: Curve) -> Table:
    columns = [
        Column("requests", right=True), Column("before"), Column("after"),
        Column("costs", right=True), Column("instead of", right=True), Column("how", folds=True),
        Column("SLO", folds=True),
    ]  # fmt: skip
    unknown = [one.scenario for one in curve.scenarios if one.unknowns]
    rows = [_crossover_row(one, unknown) for one in curve.crossovers[:MOST_ROWS]]
    missing = _left_out(len(curve.crossovers) + curve.crossovers_left_out)
    return Table(columns, [*rows, *missing], "Crossovers: the cheaper of two, before and after")


def _crossover_row(one: Crossover, unknown: Sequence[str]) -> Row:
    costs = one.after.costs
    how = f"step: {'; '.join(one.cause)}" if one.cause else one.kind
    return Row(
        cells(
            f"{one.after.monthly_requests:,}",
            one.cheaper_before,
            Cell(one.cheaper_after, "strong"),
            money(costs[one.cheaper_after]),
            money(costs[one.cheaper_before]),
            how,
            _kept(one, unknown),
        )
    )


def _kept(one: Crossover, unknown: Sequence[str]) -> Cell:
    """Say who does not work on either side, and of whom it is not known."""
    before, after = one.before.obstacles, one.after.obstacles
    names = list(dict.fromkeys([*before, *after]))
    missing = [f"not known for {name}" for name in one.after.costs if name in unknown and name not in names]
    if not names:
        return Cell("; ".join(missing), "warn") if missing else Cell("both keep it", "good")
    missing += [
        f"{name} misses it"
        + ("" if name in before and name in after else " before" if name in before else " from there on")
        for name in names
    ]
    return Cell("; ".join(missing), "bad")


def _limit_table(curve: Curve) -> Table:
    columns = [
        Column("scenario"), Column("from requests", right=True), Column("to requests", right=True),
        Column("why", folds=True),
    ]  # fmt: skip
    limits = [(one.scenario, limit) for one in curve.scenarios for limit in one.infeasible]
    rows = [_limit_row(name, limit, curve.end) for name, limit in limits[:MOST_ROWS]]
    return Table(columns, [*rows, *_left_out(len(limits))], "Where a design does not work")


def _limit_row(name: str, limit: InfeasibleRange, last: int) -> Row:
    end = f"{limit.end:,}" if limit.end < last else "..."
    why = f"{limit.obstacle.resource}: {limit.obstacle.reason}"
    return Row(cells(name, f"{limit.start:,}", end, Cell(why, "bad")))


def _left_out(count: int) -> Sequence[Row]:
    if count <= MOST_ROWS:
        return []
    return [spanning(f"and {count - MOST_ROWS:,} more; --format json lists them", "warn")]


def _notes(curve: Curve) -> Iterator[Cell]:
    if curve.slos_differ:
        yield Cell(f"{SLOS_DIFFER}; `--slo 'p99 <= 100 ms'` holds all to one", "warn")
    for one in curve.scenarios:
        if one.unpriced:
            crossed = ", and where others cross it is not known" if len(curve.scenarios) > 1 else ""
            yield Cell(f"{one.scenario}: {one.unpriced} unpriced; its cost is a lower bound{crossed}", "bad")
        yield from works_notes((), (), one.unknowns, one.caveats, one.scenario)
        for raised in one.quota_raises:
            yield Cell(f"{one.scenario}: from {raised.start:,} requests on: {raised.obstacle}", "warn")
