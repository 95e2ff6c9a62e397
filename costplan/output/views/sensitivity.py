"""The view of a sensitivity: a tornado with both ends labelled, and shares of the variance."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.analysis.uncertainty.documents import Bar, Sensitivity, Simulated
from costplan.output.views.range_bar import range_bar
from costplan.output.views.view import Cell, Column, Row, Table, View, cells, spanning
from costplan.output.views.works import works_notes
from costplan.quantities.money import plain
from costplan.quantities.shown import counted, money, significant

BAR_WIDTH = 21


def sensitivity_view(document: Sensitivity) -> View:
    """What moves the bill, the widest first."""
    more = "+" if document.unpriced else ""
    cost = f"{money(document.monthly_cost)}{more} {document.currency} a month"
    facts = [
        f"{cost} as stated; VAT {document.vat}, as of {document.catalog.as_of}; one input moved at a time"
    ]
    title = f"{document.scenario}: what the bill depends on"
    return View(title, facts, [_tornado(document)], list(_notes(document)))


def _tornado(document: Sensitivity) -> Table:
    costs = [cost for bar in document.bars for cost in (bar.cost_at_low, bar.cost_at_high)]
    axis = min([document.monthly_cost, *costs]), max([document.monthly_cost, *costs])
    has_indices = document.draws is not None
    rows = []
    for bar in document.bars:
        drawn = range_bar((bar.cost_at_low, bar.cost_at_high), document.monthly_cost, axis, BAR_WIDTH)
        texts = [
            bar.path, _how(bar, document), bar.low, money(bar.cost_at_low), drawn,
            money(bar.cost_at_high), bar.high,
        ]  # fmt: skip
        rows.append(Row(cells(*texts, *([_index(bar.first), _index(bar.total)] if has_indices else []))))
        if bar.note:
            rows.append(spanning(f"  {bar.note}"))
    columns = [
        Column("Input", folds=True), Column("Moved"), Column("low", right=True), Column("costs", right=True),
        Column(""), Column("costs", right=True), Column("high", right=True),
    ]  # fmt: skip
    if has_indices:
        columns += [Column("alone", right=True), Column("in all", right=True)]
    return Table(columns, rows)


def _how(bar: Bar, document: Sensitivity) -> str:
    return "P10-P90" if bar.by == "distribution" else f"by {plain(document.swing * 100)}%"


def _index(found: Simulated | None) -> str:
    if found is None:
        return ""
    share = max(found.value, Decimal(0)) * 100
    return "<1%" if 0 < share < Decimal("0.5") else f"{share:.0f}%"


def _notes(document: Sensitivity) -> Iterator[Cell]:
    yield from works_notes(document.unmet, document.quota_raises, document.unknowns, document.caveats)
    if not document.bars:
        yield Cell("no input moves the bill", "warn")
    if any(bar.by == "swing" for bar in document.bars):
        swing = plain(document.swing * 100)
        yield Cell(
            f"by {swing}%, down and up, is a convention, not knowledge: nobody said how sure these inputs "
            "are; a range beside a value says it: `uncertain: {low: .., high: ..}`",
            "warn",
        )
    if document.draws is not None:
        yield Cell(
            "of the variance, alone: what goes when only this is known (first Sobol index); "
            "in all: what stays when all but this is known (total index)",
            "faint",
        )
        yield Cell(_precision(document), "faint")
    else:
        yield Cell(f"no shares of the variance: {document.no_indices}", "faint")
    if document.without_effect:
        yield Cell(f"moves nothing: {', '.join(document.without_effect)}", "faint")
    for still in document.not_moved:
        yield Cell(f"not moved: {still.path}: {still.reason}", "faint")
    if document.unpriced:
        parts = counted(document.unpriced, "cost component")
        yield Cell(f"{parts} without a price: what they would add is not in here", "bad")


def _precision(document: Sensitivity) -> str:
    errors = [index.error for bar in document.bars for index in (bar.first, bar.total) if index is not None]
    largest = significant(max(errors, default=Decimal(0)) * 100, 1)
    return f"{document.draws:,} draws, seed {document.seed}; standard error at most {largest}%"


def sensitivity_rows(document: Sensitivity) -> Iterator[dict[str, str | Decimal | bool | None]]:
    """Give the rows of a CSV: one per input that moves the bill."""
    for bar in document.bars:
        yield {
            "input": bar.path,
            "by": bar.by,
            "value": bar.value,
            "low": bar.low,
            "cost_at_low": bar.cost_at_low,
            "high": bar.high,
            "cost_at_high": bar.cost_at_high,
            "currency": document.currency,
            "first_index": bar.first.value if bar.first is not None else None,
            "total_index": bar.total.value if bar.total is not None else None,
        }
