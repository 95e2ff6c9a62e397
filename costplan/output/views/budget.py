"""The table of a budget: the budget of each part against what it costs."""

from __future__ import annotations

from costplan.language.translator import Translator
from costplan.output.views.rounding import rounding_row
from costplan.output.views.view import Cell, Column, Row, Table, cells, row_of
from costplan.pricing.estimate import BudgetLine, BudgetReport
from costplan.quantities.money import EXACT, exact_sum


def budget_table(budget: BudgetReport, words: Translator) -> Table:
    """The budget of each part against what it costs."""
    rows = [_budget_row(line, words) for line in budget.lines]
    costs = [line.cost for line in budget.lines]
    if budget.lines and budget.not_budgeted:
        costs.append(EXACT.subtract(budget.total.cost, exact_sum(costs)))
        more = "+" if {part.resource for part in budget.unpriced} & {*budget.not_budgeted} else ""
        label = words("not budgeted: {names}", names=", ".join(budget.not_budgeted))
        rows.append(row_of(label, "-", words.amount(costs[-1]) + more, "", "", tone="faint"))
    if exact_sum(costs) == budget.total.cost:
        rows += rounding_row(costs, budget.total.cost, words, at=2)
    rows.append(_budget_row(budget.total, words, is_total=True))
    message = (
        "Budget in {currency}, VAT included"
        if budget.vat == "included"
        else "Budget in {currency}, VAT excluded"
    )
    columns = [
        Column(words(message, currency=budget.currency), folds=True),
        Column(words("Budget"), right=True),
        Column(words("Costs"), right=True),
        Column(words("Ratio"), right=True),
        Column(words("Verdict")),
    ]
    return Table(columns, rows)


def _budget_row(line: BudgetLine, words: Translator, *, is_total: bool = False) -> Row:
    cost = words.amount(line.cost) + ("+" if line.unpriced else "")
    ratio = words.times(line.ratio) if line.ratio is not None else "-"
    name = words("total") if is_total and line.name == "total" else line.name
    texts = cells(name, words.amount(line.budget), cost, ratio, _verdict(line, words))
    return Row(texts, rule=is_total, is_total=is_total)


def _verdict(line: BudgetLine, words: Translator) -> Cell:
    if not line.within:
        gap = words.difference(line.cost, line.budget)
        message = "over [s] by {excess}" if line.assumed_cost else "over by {excess}"
        return Cell(words(message, excess=gap), "bad")
    if line.unpriced:
        return Cell(words("open: prices missing"), "warn")
    message = "within [s], {left} left" if line.assumed_cost else "within, {left} left"
    return Cell(words(message, left=words.difference(line.budget, line.cost)), "good")
