"""The view of a sensitivity: a tornado with both ends labelled, and shares of the variance."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.analysis.uncertainty.documents import Bar, Sensitivity, Simulated
from costplan.language.translator import Translator
from costplan.output.views.feasibility_notes import works_notes
from costplan.output.views.range_bar import range_bar
from costplan.output.views.view import Cell, Column, Table, View, row_of, spanning

BAR_WIDTH = 21


def sensitivity_view(document: Sensitivity, words: Translator) -> View:
    """What moves the bill, the widest first."""
    more = "+" if document.unpriced else ""
    message = (
        "{cost} a month as stated; VAT included, as of {day}; one input moved at a time"
        if document.vat == "included"
        else "{cost} a month as stated; VAT excluded, as of {day}; one input moved at a time"
    )
    cost = f"{words.amount(document.monthly_cost)}{more} {document.currency}"
    facts = [words(message, cost=cost, day=document.catalog.as_of)]
    title = words("{scenario}: what the bill depends on", scenario=document.scenario)
    return View(title, facts, [tornado_table(document, words)], list(_notes(document, words)))


def tornado_table(document: Sensitivity, words: Translator) -> Table:
    """What each input moves, the widest first."""
    costs = [cost for bar in document.bars for cost in (bar.cost_at_low, bar.cost_at_high)]
    axis = min([document.monthly_cost, *costs]), max([document.monthly_cost, *costs])
    has_indices = document.draws is not None
    rows = []
    for bar in document.bars:
        drawn = range_bar((bar.cost_at_low, bar.cost_at_high), document.monthly_cost, axis, BAR_WIDTH)
        texts = [
            bar.path, _how(bar, document, words), bar.low, words.amount(bar.cost_at_low), drawn,
            words.amount(bar.cost_at_high), bar.high,
        ]  # fmt: skip
        rows.append(
            row_of(*texts, *([_index(bar.first, words), _index(bar.total, words)] if has_indices else []))
        )
        if bar.note:
            rows.append(spanning(f"  {words.reason(bar.note)}"))
    columns = [
        Column(words("Input"), folds=True), Column(words("Moved")), Column(words("low"), right=True),
        Column(words("costs"), right=True), Column("", is_drawing=True), Column(words("costs"), right=True),
        Column(words("high"), right=True),
    ]  # fmt: skip
    if has_indices:
        columns += [Column(words("alone"), right=True), Column(words("in all"), right=True)]
    return Table(columns, rows)


def _how(bar: Bar, document: Sensitivity, words: Translator) -> str:
    return "P10-P90" if bar.by == "distribution" else words("by {swing}", swing=_swing(document, words))


def _swing(document: Sensitivity, words: Translator) -> str:
    return words.exact_percent(document.swing)


def _index(found: Simulated | None, words: Translator) -> str:
    if found is None:
        return ""
    return words.share(max(found.value, Decimal(0)), Decimal(1))


def _notes(document: Sensitivity, words: Translator) -> Iterator[Cell]:
    yield from works_notes(document.unmet, document.quota_raises, document.unknowns, document.caveats, words)
    if not document.bars:
        yield Cell(words("no input moves the bill"), "warn")
    if any(bar.by == "swing" for bar in document.bars):
        said = words(
            "by {swing}, down and up, is a convention, not knowledge: nobody said how sure these inputs are; "
            "a range beside a value says it: {example}",
            swing=_swing(document, words),
            example="`uncertain: {low: .., high: ..}`",
        )
        yield Cell(said, "warn")
    if document.draws is not None:
        yield Cell(index_legend(words), "faint")
        yield Cell(_precision(document, words), "faint")
    else:
        why = words.reason(document.no_indices or "")
        yield Cell(words("no shares of the variance: {why}", why=why), "faint")
    if document.without_effect:
        yield Cell(
            words(
                "moves nothing as far as it is moved here: {paths}", paths=", ".join(document.without_effect)
            ),
            "faint",
        )
    for still in document.not_moved:
        said = words("not moved: {path}: {why}", path=still.path, why=words.reason(still.reason))
        yield Cell(said, "faint")
    if document.unpriced:
        said = words.many(
            "{count} cost component without a price: what they would add is not in here",
            "{count} cost components without a price: what they would add is not in here",
            document.unpriced,
        )
        yield Cell(said, "bad")


def index_legend(words: Translator) -> str:
    """Say what the shares of the variance are."""
    return words(
        "of the variance, alone: what goes when only this is known (first Sobol index); "
        "in all: what stays when all but this is known (total index)"
    )


def _precision(document: Sensitivity, words: Translator) -> str:
    errors = [index.error for bar in document.bars for index in (bar.first, bar.total) if index is not None]
    return words(
        "{draws} draws, seed {seed}; standard error at most {error}",
        draws=words.number(Decimal(document.draws or 0)),
        seed=document.seed,
        error=words.about_percent(max(errors, default=Decimal(0))),
    )


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
