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
from costplan.language.translator import Translator
from costplan.output.rows.uncertainty import figure_row, spread_rows
from costplan.output.views.compare import comparison_view
from costplan.output.views.feasibility_notes import chance_kept
from costplan.output.views.uncertainty import DIGITS, about, chance_text
from costplan.output.views.view import Cell, Column, Row, Table, View, cells
from costplan.quantities.money import significant


def uncertain_comparison_view(document: UncertainComparison, words: Translator) -> View:
    """The comparison as without `--uncertain`, then what each bill may be and where they cross."""
    view = comparison_view(document, words)
    found = document.uncertainty
    tables = [_bills(document, found, words), _crossovers(found, words)]
    return replace(view, tables=[*view.tables, *tables], notes=[*view.notes, *_notes(document, words)])


def _bills(document: UncertainComparison, found: ComparisonUncertainty, words: Translator) -> Table:
    columns = [Column(words("Scenario, {currency} a month", currency=document.currency))]
    headings = ("P10", "P50", "P90", words("Mean"), words("Budget"), words("Works"))
    columns += [Column(heading, right=True) for heading in headings]
    heading = words(
        "How sure: {draws} draws, seed {seed}", draws=words.number(Decimal(found.draws)), seed=found.seed
    )
    pairs = zip(found.scenarios, document.scenarios, strict=True)
    return Table(columns, [Row(_bill_cells(one, column, words)) for one, column in pairs], heading)


def _bill_cells(one: ScenarioChance, column: ScenarioColumn, words: Translator) -> list[Cell]:
    if one.bill is None:
        return cells(one.scenario, *["-"] * 4, "", "")
    spread = one.bill
    works = chance_kept(_chance(one.needs_met, words), column.unknowns, column.caveats, words)
    costs = [about(figure.value, words) for figure in (spread.p10, spread.p50, spread.p90, spread.mean)]
    return cells(one.scenario, *costs, _chance(one.budget_met, words), works)


def _chance(probability: Simulated | None, words: Translator) -> str:
    return "-" if probability is None else chance_text(probability, words)


def _crossovers(found: ComparisonUncertainty, words: Translator) -> Table:
    columns = [Column(words("Cheaper below")), Column(words("Cheaper above"))]
    columns += [Column(heading, right=True) for heading in ("P10", "P50", "P90", words("Crosses in"))]
    heading = words(
        "Crossovers, in requests a month: {draws} draws",
        draws=words.number(Decimal(found.crossover_draws)),
    )
    return Table(columns, [Row(_crossover_cells(one, words)) for one in found.crossovers], heading)


def _crossover_cells(one: CrossoverRange, words: Translator) -> list[Cell]:
    again = f" ({one.number})" if one.number > 1 else ""
    spread = one.requests
    loads = (
        ["-"] * 3 if spread is None else [_load(f.value, words) for f in (spread.p10, spread.p50, spread.p90)]
    )
    return cells(
        f"{one.cheaper_below}{again}", one.cheaper_above, *loads, chance_text(one.probability, words)
    )


def _load(count: Decimal, words: Translator) -> str:
    return words.requests(significant(count, DIGITS), 3)


def _notes(document: UncertainComparison, words: Translator) -> Iterator[Cell]:
    found = document.uncertainty
    low = words.requests(Decimal(found.lowest_requests), 3)
    high = words.requests(Decimal(found.highest_requests), 3)
    bounds = [column_name(column) for column in document.scenarios if column.unpriced]
    if bounds:
        said = words("where others cross {names} is not known: prices are missing", names=", ".join(bounds))
        yield Cell(said, "bad")
    if not found.crossovers and len(document.scenarios) - len(bounds) > 1:
        said = words("no draw has a crossover between {low} and {high} requests a month", low=low, high=high)
        yield Cell(said, "faint")
    said = words(
        "crossovers are of the costs alone, between {low} and {high} requests, "
        "over the draws that have them; whether requirements are met there is in `costplan curve`",
        low=low,
        high=high,
    )
    yield Cell(said, "faint")
    sure = [one.scenario for one in found.scenarios if one.bill is None]
    if sure:
        said = words.many(
            "{count} scenario in which nothing is uncertain: {names}",
            "{count} scenarios in which nothing is uncertain: {names}",
            len(sure),
            names=", ".join(sure),
        )
        yield Cell(said, "warn")


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
