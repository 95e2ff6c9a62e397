"""Tables of how sure a bill is: its percentiles, the chances of its budget, its inputs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from costplan.analysis.uncertainty.documents import (
    Bar,
    BudgetChance,
    Sensitivity,
    Simulated,
    Spread,
    UncertainNumber,
    Uncertainty,
)
from costplan.graphics.pictures.uncertainty import budget_name
from costplan.language.terms import DISTRIBUTIONS, QUANTITY_ORIGINS
from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text
from costplan.report.blocks import Cell, Column, Row, Table, cells
from costplan.report.material import Stage


def spread_table(stage: Stage, found: Uncertainty, words: Translator) -> Table:
    """Return the percentiles of a bill."""
    columns = [
        Column(words("Monthly cost, {currency}", currency=stage.estimate.currency), is_text=True),
        Column(words("Amount"), right=True),
        Column(words("standard error"), right=True),
    ]
    rows = [
        _figure(words("1 of 10 cases is below"), found.bill.p10, words),
        _figure(words("median: half of the cases are below"), found.bill.p50, words),
        _figure(words("9 of 10 cases are below"), found.bill.p90, words),
        _figure(words("mean"), found.bill.mean, words),
    ]
    return Table(words("What {stage} may cost", stage=stage.name), columns, [rows])


def _figure(label: str, found: Simulated, words: Translator) -> Row:
    return Row(cells(label, Cell(words.amount(found.value), found.value), _error(found, words)))


def _error(found: Simulated, words: Translator) -> Cell:
    return Cell(f"± {words.significant(found.error, 2)}" if found.error else "–", found.error)


def chance_table(stage: Stage, budgets: Sequence[BudgetChance], words: Translator) -> Table:
    """Return what each part of a budget may cost, and how probable it is that it holds."""
    currency = budgets[0].currency
    columns = [
        Column(words("Budget"), is_text=True),
        Column(words("Budget, {currency}", currency=currency), right=True),
        Column(words("8 of 10 cases, {currency}", currency=currency), right=True),
        Column(words("holds in"), right=True),
    ]
    rows = [_chance(one, words) for one in budgets]
    return Table(words("{stage}: how sure its budget is", stage=stage.name), columns, [rows])


def _chance(one: BudgetChance, words: Translator) -> Row:
    shown = words.chance(one.probability.value)
    if one.unpriced:
        shown = words("at most {share}", share=shown)
    value = one.probability.value
    text = (
        Span(shown, "good")
        if value > Decimal("0.9")
        else Span(shown, "bad" if value < Decimal("0.5") else "warn")
    )
    return Row(
        cells(
            budget_name(one, words),
            Cell(words.amount(one.budget), one.budget),
            Cell(_span(one.cost, words), one.cost.p50.value),
            Cell((text,), value),
        )
    )


def _span(cost: Spread, words: Translator) -> str:
    return " – ".join(dict.fromkeys(words.amount(end.value) for end in (cost.p10, cost.p90)))


def input_table(stage: Stage, inputs: Sequence[UncertainNumber], words: Translator) -> Table:
    """Return the inputs with a range."""
    columns = [
        Column(words("Input")),
        Column(words("Taken"), right=True),
        Column(words("Low"), right=True, is_text=True),
        Column(words("High"), right=True, is_text=True),
        Column(words("Distribution")),
        Column(words("Known how")),
    ]
    rows = [
        Row(
            cells(
                (Span(one.path, "code"),),
                one.value,
                one.low,
                one.high,
                words.term(one.distribution, DISTRIBUTIONS),
                _known_how(one, words),
            )
        )
        for one in inputs
    ]
    caption = words.many(
        "{stage}: {count} input with a range",
        "{stage}: {count} inputs with a range",
        len(rows),
        stage=stage.name,
    )
    return Table(caption, columns, [rows], is_collapsed=True)


def _known_how(one: UncertainNumber, words: Translator) -> str:
    known = words.term(one.kind, QUANTITY_ORIGINS) or words("stated")
    if not one.range_reason:
        return known
    return words("{known}; its range is assumed: {why}", known=known, why=one.range_reason)


def tornado_table(stage: Stage, found: Sensitivity, words: Translator) -> Table:
    """Return both ends of every input that moves the bill."""
    has_indices = any(one.total is not None for one in found.bars)
    columns = [
        Column(words("Input")),
        Column(words("Moved"), is_text=True),
        Column(words("Low"), right=True, is_text=True),
        Column(words("costs, {currency}", currency=found.currency), right=True),
        Column(words("High"), right=True, is_text=True),
        Column(words("costs, {currency}", currency=found.currency), right=True),
        *([Column(words("of the variance"), right=True)] if has_indices else []),
    ]
    rows = [_bar(one, found, words, has_indices=has_indices) for one in found.bars]
    return Table(
        words("{stage}: one input moved at a time", stage=stage.name), columns, [rows], is_collapsed=True
    )


def _bar(one: Bar, found: Sensitivity, words: Translator, *, has_indices: bool) -> Row:
    moved: Text = (
        words("over its range: 10th to 90th percentile")
        if one.by == "distribution"
        else words("by {share} down and up", share=words.percent(found.swing))
    )
    share = (
        Cell("–")
        if one.total is None
        else Cell(words.chance(min(max(one.total.value, Decimal(0)), Decimal(1))), one.total.value)
    )
    return Row(
        cells(
            (Span(one.path, "code"),),
            moved,
            one.low,
            Cell(words.amount(one.cost_at_low), one.cost_at_low),
            one.high,
            Cell(words.amount(one.cost_at_high), one.cost_at_high),
            *([share] if has_indices else []),
        )
    )
