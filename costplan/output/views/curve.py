"""The view of a curve: a chart, who wins where, crossovers, where requirements are not met."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from costplan.analysis.curve.documents import (
    CheapestRange,
    Crossover,
    Curve,
    InfeasibleRange,
    ScenarioCurve,
)
from costplan.language.reasons import causes_in_words
from costplan.language.terms import CROSSINGS
from costplan.language.translator import Translator
from costplan.output.views.compare import monthly_prices_text, slo_text, slos_differ_note
from costplan.output.views.feasibility_notes import not_billed_column, works_notes
from costplan.output.views.plot_text import Curve as Line
from costplan.output.views.plot_text import Plot
from costplan.output.views.view import Cell, Column, DataRow, Row, Table, View, row_of, spanning

MOST_ROWS = 20
"""Rows of a table; whoever wants more takes JSON."""


def curve_view(curve: Curve, words: Translator) -> View:
    """Cost over load, with what wins and why."""
    facts = [
        monthly_prices_text(curve.currency, curve.vat, curve.catalog.as_of, words)
        + "; "
        + words(
            "{first} to {last} requests a month",
            first=words.requests(Decimal(curve.start), 3),
            last=words.requests(Decimal(curve.end), 3),
        )
    ]
    held = [f"{one.scenario} {slo_text(one.slo, words)}" for one in curve.scenarios]
    shared = slo_text(curve.scenarios[0].slo, words)
    facts.append(f"SLO: {', '.join(held) if curve.slos_differ else shared}")
    tables = [_cheapest_table(curve, words), crossover_table(curve, words), limit_table(curve, words)]
    return View(words("Cost over load"), facts, tables, list(_notes(curve, words)), _plot(curve, words))


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


def _plot(curve: Curve, words: Translator) -> Plot:
    per_million = curve.charted == "cost_per_million_requests"
    starts = [one.start for one in curve.cheapest]
    return Plot(
        heading=words("{currency} for a million requests", currency=curve.currency)
        if per_million
        else words("{currency} a month", currency=curve.currency),
        foot=words("requests a month"),
        curves=[Line(one.scenario, _reader(one, per_million)) for one in curve.scenarios],
        first=curve.start,
        last=curve.end,
        best=lambda load: curve.cheapest[max(0, bisect_right(starts, load) - 1)].scenario,
        number=lambda value: words.requests(Decimal(value), 3),
        misses=words("does not meet its requirements"),
        cheapest=words("letters: the cheapest"),
        none=words("x: none meets its requirements"),
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


def _cheapest_table(curve: Curve, words: Translator) -> Table:
    columns = [
        Column(words("from requests"), right=True), Column(words("to requests"), right=True),
        Column(words("cheapest")), Column(words("a month, from"), right=True),
        Column(words("to"), right=True),
    ]  # fmt: skip
    rows = [_cheapest_row(one, words) for one in curve.cheapest[:MOST_ROWS]]
    known = all(one.verdict == "kept" for one in curve.cheapest if one.scenario is not None)
    message = (
        "Cheapest that meets its requirements"
        if known
        else "Cheapest; whether it works is not known everywhere"
    )
    return Table(columns, [*rows, *_left_out(len(curve.cheapest), MOST_ROWS, words)], words(message))


def _cheapest_row(one: CheapestRange, words: Translator) -> Row:
    start, end = words.number(Decimal(one.start)), words.number(Decimal(one.end))
    if one.scenario is None or one.cost_at_start is None or one.cost_at_end is None:
        return row_of(start, end, Cell(words("none"), "bad"), "-", "-")
    more = "+" if one.lower_bound else ""
    name = (
        Cell(one.scenario, "strong")
        if one.verdict == "kept"
        else Cell(words("{name} (open)", name=one.scenario), "warn")
    )
    costs = [words.amount(cost) + more for cost in (one.cost_at_start, one.cost_at_end)]
    return row_of(start, end, name, *costs)


def crossover_table(curve: Curve, words: Translator, most: int = MOST_ROWS) -> Table:
    """Where the order of any two costs changes, and whether both work there."""
    columns = [
        Column(words("requests"), right=True), Column(words("before")), Column(words("after")),
        Column(words("costs"), right=True), Column(words("instead of"), right=True),
        Column(words("how"), folds=True),
        Column(words("requirements"), folds=True),
    ]  # fmt: skip
    unknown = [one.scenario for one in curve.scenarios if one.unknowns]
    rows = [_crossover_row(one, unknown, words) for one in curve.crossovers[:most]]
    missing = _left_out(len(curve.crossovers) + curve.crossovers_left_out, most, words)
    return Table(columns, [*rows, *missing], words("Crossovers: the cheaper of two, before and after"))


def _crossover_row(one: Crossover, unknown: Sequence[str], words: Translator) -> Row:
    costs = one.after.costs
    causes = causes_in_words(one.cause, words)
    how = words("step: {causes}", causes=causes) if causes else words.term(one.kind, CROSSINGS)
    return row_of(
        words.number(Decimal(one.after.monthly_requests)),
        one.cheaper_before,
        Cell(one.cheaper_after, "strong"),
        words.amount(costs[one.cheaper_after]),
        words.amount(costs[one.cheaper_before]),
        how,
        _kept(one, unknown, words),
    )


def _kept(one: Crossover, unknown: Sequence[str], words: Translator) -> Cell:
    """Say who does not work on either side, and of whom it is not known."""
    before, after = one.before.obstacles, one.after.obstacles
    names = list(dict.fromkeys([*before, *after]))
    open_ones = [name for name in one.after.costs if name in unknown and name not in names]
    missing = [words("not known for {name}", name=name) for name in open_ones]
    if not names:
        return Cell("; ".join(missing), "warn") if missing else Cell(words("both meet them"), "good")
    for name in names:
        message = (
            "{name} does not meet them"
            if name in before and name in after
            else "{name} does not meet them before"
            if name in before
            else "{name} does not meet them from there on"
        )
        missing.append(words(message, name=name))
    return Cell("; ".join(missing), "bad")


def limit_table(curve: Curve, words: Translator, most: int = MOST_ROWS) -> Table:
    """Where designs do not work, and why."""
    columns = [
        Column(words("scenario")), Column(words("from requests"), right=True),
        Column(words("to requests"), right=True), Column(words("why"), folds=True),
    ]  # fmt: skip
    limits = [(one.scenario, limit) for one in curve.scenarios for limit in one.infeasible]
    rows = [_limit_row(name, limit, curve.end, words) for name, limit in limits[:most]]
    return Table(
        columns, [*rows, *_left_out(len(limits), most, words)], words("Where a design does not work")
    )


def _limit_row(name: str, limit: InfeasibleRange, last: int, words: Translator) -> Row:
    end = words.number(Decimal(limit.end)) if limit.end < last else words("the end")
    why = f"{limit.obstacle.resource}: {words.reason(limit.obstacle.reason)}"
    return row_of(name, words.number(Decimal(limit.start)), end, Cell(why, "bad"))


def _left_out(count: int, most: int, words: Translator) -> Sequence[Row]:
    if count <= most:
        return []
    more = words.number(Decimal(count - most))
    return [
        spanning(words("and {count} more; `costplan curve --format json` lists them", count=more), "warn")
    ]


def _notes(curve: Curve, words: Translator) -> Iterator[Cell]:
    if curve.slos_differ:
        yield slos_differ_note(words, "--slo 'p99 <= 100 ms'")
    for one in curve.scenarios:
        if one.unpriced:
            message = (
                "{name}: {count} unpriced; its cost is a lower bound, and where others cross it is not known"
                if len(curve.scenarios) > 1
                else "{name}: {count} unpriced; its cost is a lower bound"
            )
            yield Cell(words(message, name=one.scenario, count=one.unpriced), "bad")
        yield from works_notes((), (), one.unknowns, one.caveats, words, one.scenario)
        for raised in one.quota_raises_that_help():
            yield Cell(_raise_text(one.scenario, raised, curve, words), "warn")


def _raise_text(name: str, raised: InfeasibleRange, curve: Curve, words: Translator) -> str:
    """Say at which loads a quota must be raised; the ends of the axis are none of the design's."""
    begins, ends = raised.start <= curve.start, raised.end >= curve.end
    message = (
        "{name}: at every load: {why}"
        if begins and ends
        else "{name}: up to {last} requests: {why}"
        if begins
        else "{name}: from {first} requests on: {why}"
        if ends
        else "{name}: from {first} to {last} requests: {why}"
    )
    first, last = (words.number(Decimal(load)) for load in (raised.start, raised.end))
    return words(message, name=name, first=first, last=last, why=words.reason(str(raised.obstacle)))
