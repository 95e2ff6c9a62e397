"""The view of an estimate with how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from costplan.analysis.uncertainty.documents import (
    BudgetChance,
    Simulated,
    Spread,
    UncertainEstimate,
    Uncertainty,
)
from costplan.output.views.estimate import estimate_view
from costplan.output.views.view import Cell, Column, Row, Table, View, cells
from costplan.output.views.works import chance_kept
from costplan.quantities.money import plain
from costplan.quantities.shown import counted, money, significant

DIGITS = 4
"""Significant digits of a simulated amount."""
LIKELY = Decimal("0.5")
"""A budget that holds in fewer draws is marked as one that does not."""
NOTHING = Cell("")


def uncertain_estimate_view(document: UncertainEstimate) -> View:
    """The bill as without `--uncertain`, then what it may be, what may hold, and from which ranges."""
    view = estimate_view(document)
    found = document.uncertainty
    tables = [_spread_table(document, found), _needs_table(document, found), _inputs_table(found)]
    return replace(view, tables=[*view.tables, *tables], notes=[*view.notes, *_notes(found)])


def _spread_table(document: UncertainEstimate, found: Uncertainty) -> Table:
    more = "+" if found.unpriced else ""
    label = Cell(f"bill, {document.currency}{more}", "strong")
    rows = [Row([label, *_spread_cells(found.bill, more), NOTHING])]
    for number, chance in enumerate(found.budget):
        limit = f"{chance.name}, {chance.currency}: at most {money(chance.budget)}"
        more = "+" if chance.unpriced else ""
        rows.append(
            Row([Cell(limit), *_spread_cells(chance.cost, more), _budget_cell(chance)], rule=number == 0)
        )
    columns = [
        Column("Per month", folds=True),
        *(Column(heading, right=True) for heading in ("P10", "P50", "P90", "Mean", "Holds in")),
    ]
    heading = f"How sure: {found.draws:,} draws of {counted(len(found.inputs), 'input')}, seed {found.seed}"
    return Table(columns, rows, heading)


def _spread_cells(spread: Spread, more: str) -> list[Cell]:
    figures = (spread.p10, spread.p50, spread.p90, spread.mean)
    return [Cell(about(figure.value) + more) for figure in figures]


def _budget_cell(chance: BudgetChance) -> Cell:
    text = chance_text(chance.probability)
    if chance.unpriced:
        return Cell(f"at most {text}", "warn")
    return Cell(text, "good" if chance.probability.value >= LIKELY else "bad")


def _needs_table(document: UncertainEstimate, found: Uncertainty) -> Table:
    rows = [
        Row(cells(f"{need.resource}: {need.what}", need.reason, chance_text(need.probability)))
        for need in found.needs
    ]
    if found.needs_met is not None:
        chance = chance_kept(chance_text(found.needs_met), document.unknowns, document.caveats)
        rows.append(Row(cells("all at once", "", Cell(chance, "strong")), rule=True))
    columns = [Column("Must be enough"), Column("Else", folds=True), Column("Holds in", right=True)]
    return Table(columns, rows, "Whether it works")


def _inputs_table(found: Uncertainty) -> Table:
    rows = [
        Row(cells(one.path, one.distribution, one.low, one.likely or "", one.high, one.value))
        for one in found.inputs
    ]
    headings = ("Low", "Likely", "High", "In the bill")
    columns = [Column("Uncertain input", folds=True), Column("Distribution")]
    columns += [Column(heading, right=True) for heading in headings]
    return Table(columns, rows, "What is uncertain")


def _notes(found: Uncertainty) -> Iterator[Cell]:
    if found.unpriced:
        parts = counted(found.unpriced, "cost component")
        yield Cell(f"{parts} without a price: what is spread out here is a lower bound", "bad")
    yield Cell(f"more than the bill at stated values: {chance_text(found.above_stated)}", "warn")
    for one in found.inputs:
        if one.range_reason:
            yield Cell(f"range of {one.path} assumed: {one.range_reason}", "warn")
    for pair in found.correlations:
        yield Cell(f"correlated {plain(pair.rho)}: {' and '.join(pair.between)}", "faint")
    idle = [one.path for one in found.inputs if not one.has_effect]
    if idle:
        yield Cell(f"changes nothing here: {', '.join(idle)}", "warn")
    if any(one.distribution in ("normal", "lognormal") for one in found.inputs):
        yield Cell("low and high of normal and lognormal inputs are their P10 and P90", "faint")
    yield Cell(f"standard error: {_errors(found)}, from {found.scrambles} independent scrambles", "faint")


def _errors(found: Uncertainty) -> str:
    """Say the largest error of a percentile, as a part of it, and of a probability."""
    spreads = [found.bill, *(chance.cost for chance in found.budget)]
    figures = [figure for spread in spreads for figure in (spread.p10, spread.p50, spread.p90)]
    largest = max(((f.error / f.value if f.value else Decimal(0)) for f in figures), default=Decimal(0))
    chances = [*(c.probability for c in found.budget), *(n.probability for n in found.needs)]
    text = f"at most {_in_percent(largest)} of a percentile"
    if chances:
        text += f", and {_in_percent(max(c.error for c in chances))} in a probability"
    return text


def _in_percent(part: Decimal) -> str:
    return f"{significant(part * 100, 1)}%"


def about(amount: Decimal) -> str:
    """Write an amount to four significant digits: `11,750`, `7.358`."""
    if not amount:
        return "0"
    return f"{Decimal(significant(amount, DIGITS)):,}"


def chance_text(probability: Simulated) -> str:
    """Write a probability; one that no draw speaks against is not called certain."""
    share = probability.value * 100
    if share in (0, 100):
        return "no draw" if share == 0 else "all draws"
    if share < Decimal("0.1"):
        return "<0.1%"
    return ">99.9%" if share > Decimal("99.9") else f"{share:.1f}%"


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
