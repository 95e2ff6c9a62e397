"""The view of a comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from costplan.analysis.bill.compare import best_known, column_name, may_be_cheaper
from costplan.analysis.bill.documents import Comparison, ScenarioColumn
from costplan.output.views.view import Cell, Column, Row, Table, View, cells
from costplan.output.views.works import works_notes
from costplan.pricing.estimate import BudgetLine
from costplan.quantities.shown import all_digits, counted, money, ratio, requests, rounding, share_of

SLOS_DIFFER = "the designs are held to different SLOs: the cheaper may only be allowed to be slower"


def comparison_view(comparison: Comparison) -> View:
    """Scenarios side by side by role."""
    names = [column_name(column) for column in comparison.scenarios]
    roles = list(dict.fromkeys(role for column in comparison.scenarios for role in column.roles))
    most = {
        role: max(column.roles.get(role, Decimal(0)) for column in comparison.scenarios) for role in roles
    }
    rows = [_role_row(role, comparison) for role in sorted(roles, key=lambda role: -most[role])]
    rows += _rounding_row(comparison)
    rows += _comparison_totals(comparison)
    columns = [Column(""), *(Column(name, right=True) for name in names)]
    facts = [
        f"prices in {comparison.currency} a month, VAT {comparison.vat}, "
        f"as of {comparison.catalog.as_of}; "
        + ("all at one load" if comparison.same_load else "each at its own load")
    ]
    return View("Comparison", facts, [Table(columns, rows)], _comparison_notes(comparison))


def _role_row(role: str, comparison: Comparison) -> Row:
    return Row([Cell(role), *(_role_cell(role, column) for column in comparison.scenarios)])


def _role_cell(role: str, column: ScenarioColumn) -> Cell:
    cost = column.roles.get(role)
    if cost is None:
        return Cell("-")
    more = "+" if role in column.unpriced_roles else ""
    return Cell(money(cost) + more, bar=share_of(cost, column.total.monthly_cost))


def _rounding_row(comparison: Comparison) -> list[Row]:
    """Say what the roles as shown lack to each total, which is rounded once; nothing where all add up."""
    rests = [rounding(c.roles.values(), c.total.gross) for c in comparison.scenarios]
    shown = [all_digits(rest) if rest else "" for rest in rests]
    return [Row(cells("rounding", *shown, tone="faint"))] if any(rests) else []


def _comparison_totals(comparison: Comparison) -> list[Row]:
    columns = comparison.scenarios
    rows = [
        Row(cells("net", *(_net(column, comparison) for column in columns)), rule=True),
        Row(
            [
                Cell("total", "strong"),
                *(Cell(money(c.total.gross) + ("+" if c.unpriced else ""), "strong") for c in columns),
            ]
        ),
        Row(cells("SLO", *(str(column.slo or "none stated") for column in columns)), rule=True),
        Row(
            cells("requests a month", *(requests(column.monthly_requests) for column in columns)),
        ),
        Row(
            cells(
                "per million requests",
                *(
                    "-"
                    if c.cost_per_million_requests is None
                    else money(c.cost_per_million_requests) + ("+" if c.unpriced else "")
                    for c in columns
                ),
            )
        ),
    ]
    if any(column.budget for column in columns):
        rows += _budget_rows(columns)
    return rows


def _net(column: ScenarioColumn, comparison: Comparison) -> str:
    if column.total.vat_rate is None and comparison.vat == "included":
        return "-"
    return money(column.total.net) + ("+" if column.unpriced else "")


def _budget_rows(columns: tuple[ScenarioColumn, ...]) -> list[Row]:
    promised, costs, verdicts = [], [], []
    for column in columns:
        budget = column.budget
        if budget is None:
            promised.append(Cell("-"))
            costs.append(Cell("-"))
            verdicts.append(Cell("-"))
            continue
        promised.append(Cell(f"{money(budget.total.budget)} {budget.currency}"))
        more = "+" if budget.total.unpriced else ""
        costs.append(Cell(f"{money(budget.total.cost)}{more} {budget.currency}"))
        verdicts.append(_verdict(budget.total))
    return [
        Row([Cell("budget"), *promised], rule=True),
        Row([Cell("costs in its currency"), *costs]),
        Row([Cell("verdict"), *verdicts]),
    ]


def _verdict(total: BudgetLine) -> Cell:
    rests = " [s]" if total.assumed_cost else ""
    if not total.within:
        times = f", {ratio(total.ratio)}" if total.ratio is not None else ""
        return Cell(f"over{rests}{times}", "bad")
    return Cell("open", "warn") if total.unpriced else Cell(f"within{rests}", "good")


def _cheapest_note(columns: Sequence[ScenarioColumn], best: ScenarioColumn) -> Iterator[Cell]:
    """Say which is the cheapest, as far as that is known."""
    name = column_name(best)
    rivals = may_be_cheaper(columns, best)
    if rivals:
        named = " and ".join(map(column_name, rivals))
        if not best.unpriced:
            yield Cell(f"cheapest of those with all prices: {name}; {named} may cost less", "warn")
        return
    is_cheaper = any(one.total.monthly_cost < best.total.monthly_cost for one in columns)
    if best.unpriced:
        yield Cell(f"cheapest of those that may work, as far as prices are known: {name}", "warn")
    elif best.verdict != "kept":
        yield Cell(f"cheapest, if it works at this load: {name}", "warn")
    elif is_cheaper:
        yield Cell(f"cheapest that is known to work at this load: {name}", "good")
    else:
        yield Cell(f"cheapest at this load: {name}", "good")


def _comparison_notes(comparison: Comparison) -> list[Cell]:
    notes: list[Cell] = []
    best = best_known(comparison.scenarios) if comparison.same_load else None
    if best is not None:
        notes += _cheapest_note(comparison.scenarios, best)
    elif comparison.same_load:
        notes.append(Cell("none of these designs works at this load", "bad"))
    elif not comparison.same_load:
        notes.append(Cell("the loads differ; `--requests 5M` prices all at one", "faint"))
    if comparison.slos_differ:
        notes.append(Cell(f"{SLOS_DIFFER}; `--set 'workload.slo=p99 <= 100 ms'` holds all to one", "warn"))
    for column in comparison.scenarios:
        notes += works_notes(
            column.unmet, column.quota_raises, column.unknowns, column.caveats, column_name(column)
        )
        if column.unpriced:
            notes.append(
                Cell(f"{column_name(column)}: {column.unpriced} unpriced; its total is a lower bound", "bad")
            )
        if column.assumed:
            notes.append(Cell(f"{column_name(column)}: {counted(column.assumed, 'assumed input')}", "warn"))
    return notes
