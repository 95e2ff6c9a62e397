"""The view of a comparison with how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from costplan.analysis.bill.compare import column_name
from costplan.analysis.bill.documents import ScenarioColumn
from costplan.analysis.uncertainty.documents import (
    ComparisonUncertainty,
    CrossoverRange,
    ScenarioChance,
    Simulated,
    UncertainComparison,
)
from costplan.output.views.compare import comparison_view
from costplan.output.views.uncertainty import DIGITS, about, chance_text, figure_row, spread_rows
from costplan.output.views.view import Cell, Column, Row, Table, View, cells
from costplan.output.views.works import chance_kept
from costplan.quantities.shown import counted, requests


def uncertain_comparison_view(document: UncertainComparison) -> View:
    """The comparison as without `--uncertain`, then what each bill may be and where they cross."""
    view = comparison_view(document)
    found = document.uncertainty
    tables = [_bills(document, found), _crossovers(found)]
    return replace(view, tables=[*view.tables, *tables], notes=[*view.notes, *_notes(document)])


def _bills(document: UncertainComparison, found: ComparisonUncertainty) -> Table:
    columns = [Column(f"Scenario, {document.currency} a month")]
    columns += [Column(heading, right=True) for heading in ("P10", "P50", "P90", "Mean", "Budget", "Works")]
    heading = f"How sure: {found.draws:,} draws, seed {found.seed}"
    pairs = zip(found.scenarios, document.scenarios, strict=True)
    return Table(columns, [Row(_bill_cells(one, column)) for one, column in pairs], heading)


def _bill_cells(one: ScenarioChance, column: ScenarioColumn) -> list[Cell]:
    if one.bill is None:
        return cells(one.scenario, *["-"] * 4, "", "")
    spread = one.bill
    works = chance_kept(_chance(one.needs_met), column.unknowns, column.caveats)
    costs = [about(figure.value) for figure in (spread.p10, spread.p50, spread.p90, spread.mean)]
    return cells(one.scenario, *costs, _chance(one.budget_met), works)


def _chance(probability: Simulated | None) -> str:
    return "-" if probability is None else chance_text(probability)


def _crossovers(found: ComparisonUncertainty) -> Table:
    columns = [Column("Cheaper below"), Column("Cheaper above")]
    columns += [Column(heading, right=True) for heading in ("P10", "P50", "P90", "Crosses in")]
    heading = f"Crossovers, in requests a month: {found.crossover_draws:,} draws"
    return Table(columns, [Row(_crossover_cells(one)) for one in found.crossovers], heading)


def _crossover_cells(one: CrossoverRange) -> list[Cell]:
    again = f" ({one.number})" if one.number > 1 else ""
    spread = one.requests
    loads = ["-"] * 3 if spread is None else [_load(f.value) for f in (spread.p10, spread.p50, spread.p90)]
    return cells(f"{one.cheaper_below}{again}", one.cheaper_above, *loads, chance_text(one.probability))


def _load(count: Decimal) -> str:
    return requests(Decimal(f"{count:.{DIGITS}g}"))


def _notes(document: UncertainComparison) -> Iterator[Cell]:
    found = document.uncertainty
    low, high = requests(Decimal(found.lowest_requests)), requests(Decimal(found.highest_requests))
    bounds = [column_name(column) for column in document.scenarios if column.unpriced]
    if bounds:
        yield Cell(f"where others cross {', '.join(bounds)} is not known: prices are missing", "bad")
    if not found.crossovers and len(document.scenarios) - len(bounds) > 1:
        yield Cell(f"no draw has a crossover between {low} and {high} requests a month", "faint")
    yield Cell(
        f"crossovers are of the costs alone, between {low} and {high} requests, "
        "over the draws that have them; whether a promise is kept there is in `costplan curve`",
        "faint",
    )
    sure = [one.scenario for one in found.scenarios if one.bill is None]
    if sure:
        yield Cell(
            f"{counted(len(sure), 'scenario')} in which nothing is uncertain: {', '.join(sure)}", "warn"
        )


def uncertain_comparison_rows(
    document: UncertainComparison,
) -> Iterator[dict[str, str | Decimal | bool | None]]:
    """Give the rows of a CSV: one per figure, with its error."""
    for one in document.uncertainty.scenarios:
        if one.bill is not None:
            yield from spread_rows(one.scenario, document.currency, one.bill)
        if one.budget_met is not None:
            yield figure_row(one.scenario, "probability within budget", one.budget_met, "")
        if one.needs_met is not None:
            yield figure_row(one.scenario, "probability of all needs", one.needs_met, "")
    for crossing in document.uncertainty.crossovers:
        name = f"crossover {crossing.number}: {crossing.cheaper_below} to {crossing.cheaper_above}"
        yield figure_row(name, "probability", crossing.probability, "")
        if crossing.requests is not None:
            yield from spread_rows(name, "", crossing.requests)
