"""4. The designs side by side: what each role costs, what a step costs, and every design at one load."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from costplan.graphics.pictures.bill import step_picture
from costplan.language.terms import ROLES
from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text, plain_text, strong
from costplan.output.views.compare import role_table
from costplan.report.blocks import Block, Cell, Column, Note, Paragraph, Row, Section, Table, charted
from costplan.report.findings import role_changes, steps
from costplan.report.language.amounts import cost_text, stand_in_legend
from costplan.report.language.slos import slo_warning
from costplan.report.report_data import ReportData, Stage
from costplan.report.tables.viewed import viewed

MOST_REASONS = 3


def section(report_data: ReportData, words: Translator) -> Section | None:
    """Write the comparison; a single design has none."""
    if len(report_data.stages) < 2:
        return None
    return Section("comparison", words("Comparison"), list(_blocks(report_data, words)))


def brief_section(report_data: ReportData, words: Translator) -> Section | None:
    """Write what each role costs; loads, SLOs and budgets are in the verdict above."""
    if len(report_data.stages) < 2:
        return None
    table = _roles(report_data, words)
    names = [plain_text(row.cells[0].text) for row in table.foot]
    foot = [
        row
        for row, name in zip(table.foot, names, strict=True)
        if name in (words("rounding"), words("total"))
    ]
    return Section("comparison", words("Comparison"), [replace(table, foot=foot)])


def _blocks(report_data: ReportData, words: Translator) -> Iterator[Block]:
    if (warning := slo_warning(report_data, words)) is not None:
        yield warning
    yield charted(step_picture(report_data.comparison, words), _roles(report_data, words))
    for stage, before in steps(report_data):
        yield Paragraph(_step(stage, before, report_data, words))
    if not report_data.comparison.same_load and all(stage.at_loads for stage in report_data.stages):
        yield _load_table(report_data, words)
        yield Note(
            words(
                "These are bills and nothing more: whether a design answers in time at such a load is a "
                "question of its capacity."
            )
        )


def _roles(report_data: ReportData, words: Translator) -> Table:
    caption = words("What each role costs, {currency} a month", currency=report_data.currency)
    totals = [column.budget.total for column in report_data.comparison.scenarios if column.budget is not None]
    caption += stand_in_legend(words, is_used=any(total.assumed_cost for total in totals))
    return viewed(role_table(report_data.comparison, words), words, caption)


def _step(stage: Stage, before: Stage, report_data: ReportData, words: Translator) -> Text:
    """Say what the step from one design to the next costs, and for what."""
    if stage.estimate.unpriced or before.estimate.unpriced:
        message = "By how much the bill changes from {before} to {stage} is not known: prices are missing."
        return words(message, before=before.name, stage=stage.name)
    cost, earlier = stage.estimate.total.monthly_cost, before.estimate.total.monthly_cost
    change = cost - earlier
    message = (
        "From {before} to {stage} the bill grows by {change} a month"
        if change >= 0
        else "From {before} to {stage} the bill falls by {change} a month"
    )
    said = words.spans(
        message,
        before=before.name,
        stage=stage.name,
        change=Span(words.round_money(abs(change), report_data.currency), "strong"),
    )
    reasons = [
        f"{words.term(role, ROLES)} {_signed(amount, report_data.currency, words)}"
        for role, amount in role_changes(stage, before)[:MOST_REASONS]
        if amount
    ]
    assert isinstance(said, tuple)
    return (*said, Span(f": {words.listed(reasons)}." if reasons else "."))


def _signed(amount: Decimal, currency: str, words: Translator) -> str:
    return ("+" if amount > 0 else "−") + words.round_money(abs(amount), currency)


def _load_table(report_data: ReportData, words: Translator) -> Table:
    stages = report_data.stages
    rows = [
        Row(
            [
                Cell(words.requests(other.monthly_requests), other.monthly_requests),
                *(_at_load(stage, position, words) for stage in stages),
            ]
        )
        for position, other in enumerate(stages)
    ]
    headings = [Column(stage.name, right=True) for stage in stages]
    caption = words("Every design at the load of each, {currency} a month", currency=report_data.currency)
    return Table(caption, [Column(words("Requests a month")), *headings], [rows])


def _at_load(stage: Stage, position: int, words: Translator) -> Cell:
    bill = stage.at_loads[position]
    text = cost_text(words.amount(bill.total.gross), bill.unpriced, words)
    return Cell(strong(text) if bill is stage.estimate else text, bill.total.monthly_cost)
