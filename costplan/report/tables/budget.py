"""A budget against what its parts cost."""

from __future__ import annotations

from costplan.language.translator import Translator
from costplan.messages.spans import Span
from costplan.pricing.estimate import BudgetLine
from costplan.quantities.money import EXACT, exact_sum
from costplan.quantities.shown import gap, rounding
from costplan.report.blocks import Cell, Column, Row, Table, cells
from costplan.report.language.amounts import known
from costplan.report.material import Stage


def budget_table(stage: Stage, words: Translator) -> Table:
    """Return a row for each part of a budget, and its total."""
    estimate = stage.estimate
    budget = estimate.budget
    assert budget is not None
    rows = [_budget_row(line, line.name, words) for line in budget.lines]
    costs = [line.cost for line in budget.lines]
    if budget.lines and budget.not_budgeted:
        costs.append(EXACT.subtract(budget.total.cost, exact_sum(costs)))
        names = words("not budgeted: {names}", names=", ".join(budget.not_budgeted))
        rows.append(Row(cells(names, "–", Cell(words.amount(costs[-1]), costs[-1]), "", "")))
    lack = rounding(costs, budget.total.cost)
    if lack and exact_sum(costs) == budget.total.cost:
        rows.append(Row(cells(words("rounding"), "", Cell(words.all_digits(lack), lack), "", "")))
    columns = [
        Column(words("Budget"), is_text=True),
        Column(words("Budget, {currency}", currency=budget.currency), right=True),
        Column(words("Costs, {currency}", currency=budget.currency), right=True),
        Column(words("Ratio"), right=True),
        Column(words("Verdict")),
    ]
    vat = words("VAT included") if budget.vat == "included" else words("VAT excluded")
    caption = words(
        "{scenario} against its budget, {currency}, {vat}",
        scenario=stage.name,
        currency=budget.currency,
        vat=vat,
    )
    foot = [_budget_row(budget.total, words("Total"), words, kind_is_total=True)]
    return Table(caption, columns, [rows] if rows else [], foot)


def _budget_row(line: BudgetLine, name: str, words: Translator, *, kind_is_total: bool = False) -> Row:
    over = gap(line.cost, line.budget)
    if not line.within:
        excess = known(words.all_digits(over), line.unpriced, words)
        verdict = Span(words("over by {excess}", excess=excess), "bad")
    elif line.unpriced:
        verdict = Span(words("open: prices are missing"), "warn")
    else:
        verdict = Span(words("within, {left} left", left=words.all_digits(-over)), "good")
    shown = known(words.amount(line.cost), line.unpriced, words)
    ratio = Cell(words.ratio(line.ratio), line.ratio) if line.ratio is not None else Cell("–")
    return Row(
        [
            Cell(name),
            Cell(words.amount(line.budget), line.budget),
            Cell(shown, line.cost),
            ratio,
            Cell((verdict,)),
        ],
        "total" if kind_is_total else "plain",
    )
