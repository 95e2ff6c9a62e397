"""The view of a comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from costplan.analysis.bill.compare import best_known, column_name, may_be_cheaper
from costplan.analysis.bill.documents import Comparison, ScenarioColumn
from costplan.language.translator import Translator
from costplan.output.views.estimate import role_text
from costplan.output.views.feasibility_notes import works_notes
from costplan.output.views.view import Cell, Column, Row, Table, View, row_of
from costplan.pricing.estimate import BudgetLine
from costplan.quantities.shown import rounding, share_of


def comparison_view(comparison: Comparison, words: Translator) -> View:
    """Scenarios side by side by role."""
    facts = [
        monthly_prices_text(comparison.currency, comparison.vat, comparison.catalog.as_of, words)
        + "; "
        + (words("all at one load") if comparison.same_load else words("each at its own load"))
    ]
    notes = _comparison_notes(comparison, words)
    return View(words("Comparison"), facts, [role_table(comparison, words)], notes)


def role_table(comparison: Comparison, words: Translator) -> Table:
    """What each role costs in each scenario, the most expensive role first; below them what it comes to."""
    names = [column_name(column) for column in comparison.scenarios]
    roles = list(dict.fromkeys(role for column in comparison.scenarios for role in column.roles))
    most = {
        role: max(column.roles.get(role, Decimal(0)) for column in comparison.scenarios) for role in roles
    }
    rows = [_role_row(role, comparison, words) for role in sorted(roles, key=lambda role: -most[role])]
    totals = [*_rounding_row(comparison, words), *_comparison_totals(comparison, words)]
    columns = [Column(words("Role")), *(Column(name, right=True) for name in names)]
    return Table(columns, [*rows, *(replace(row, is_total=True) for row in totals)])


def monthly_prices_text(currency: str, vat: str, as_of: object, words: Translator) -> str:
    """Say what all amounts of an answer are: `prices in RUB a month, VAT included, as of 2026-10-06`."""
    message = (
        "prices in {currency} a month, VAT included, as of {day}"
        if vat == "included"
        else "prices in {currency} a month, VAT excluded, as of {day}"
    )
    return words(message, currency=currency, day=as_of)


def slos_differ_note(words: Translator, way: str) -> Cell:
    """Warn where designs are held to different SLOs, with the option that holds all to one."""
    said = words("the designs are held to different SLOs: the cheaper may only be allowed to be slower")
    return Cell(f"{said}; {words('`{option}` holds all to one', option=way)}", "warn")


def _role_row(role: str, comparison: Comparison, words: Translator) -> Row:
    name = Cell(role_text(role, words))
    return Row([name, *(_role_cell(role, column, words) for column in comparison.scenarios)])


def _role_cell(role: str, column: ScenarioColumn, words: Translator) -> Cell:
    cost = column.roles.get(role)
    if cost is None:
        return Cell("-")
    more = "+" if role in column.unpriced_roles else ""
    return Cell(words.amount(cost) + more, bar=share_of(cost, column.total.monthly_cost))


def _rounding_row(comparison: Comparison, words: Translator) -> list[Row]:
    """Say what the roles as shown lack to each total, which is rounded once; nothing where all add up."""
    rests = [rounding(c.roles.values(), c.total.gross) for c in comparison.scenarios]
    shown = [words.all_digits(rest) if rest else "" for rest in rests]
    return [row_of(words("rounding"), *shown, tone="faint")] if any(rests) else []


def _comparison_totals(comparison: Comparison, words: Translator) -> list[Row]:
    columns = comparison.scenarios
    rows = [
        row_of(words("net"), *(_net(column, comparison, words) for column in columns), rule=True),
        Row(
            [
                Cell(words("total"), "strong"),
                *(Cell(words.amount(c.total.gross) + ("+" if c.unpriced else ""), "strong") for c in columns),
            ]
        ),
        row_of("SLO", *(slo_text(column.slo, words) for column in columns), rule=True),
        row_of(
            words("requests a month"), *(words.requests(column.monthly_requests, 3) for column in columns)
        ),
        row_of(
            words("per million requests"),
            *(
                "-"
                if c.cost_per_million_requests is None
                else words.amount(c.cost_per_million_requests) + ("+" if c.unpriced else "")
                for c in columns
            ),
        ),
    ]
    if any(column.budget for column in columns):
        rows += _budget_rows(columns, words)
    return rows


def _net(column: ScenarioColumn, comparison: Comparison, words: Translator) -> str:
    if column.total.vat_rate is None and comparison.vat == "included":
        return "-"
    return words.amount(column.total.net) + ("+" if column.unpriced else "")


def _budget_rows(columns: tuple[ScenarioColumn, ...], words: Translator) -> list[Row]:
    budgets, costs, verdicts = [], [], []
    for column in columns:
        budget = column.budget
        if budget is None:
            budgets.append(Cell("-"))
            costs.append(Cell("-"))
            verdicts.append(Cell("-"))
            continue
        budgets.append(Cell(words.amount(budget.total.budget) + f" {budget.currency}"))
        more = "+" if budget.total.unpriced else ""
        costs.append(Cell(words.amount(budget.total.cost) + f"{more} {budget.currency}"))
        verdicts.append(_verdict(budget.total, words))
    return [
        Row([Cell(words("budget")), *budgets], rule=True),
        Row([Cell(words("costs in its currency")), *costs]),
        Row([Cell(words("verdict")), *verdicts]),
    ]


def _verdict(total: BudgetLine, words: Translator) -> Cell:
    rests = " [s]" if total.assumed_cost else ""
    if not total.within:
        times = f", {words.times(total.ratio)}" if total.ratio is not None else ""
        return Cell(words("over") + rests + times, "bad")
    return Cell(words("open"), "warn") if total.unpriced else Cell(words("within") + rests, "good")


def slo_text(slo: object, words: Translator) -> str:
    """Write an SLO as scenarios do: `p99 <= 100 ms`."""
    return words("none stated") if slo is None else str(slo)


def _cheapest_note(
    columns: Sequence[ScenarioColumn], best: ScenarioColumn, words: Translator
) -> Iterator[Cell]:
    """Say which is the cheapest, as far as that is known."""
    name = column_name(best)
    rivals = may_be_cheaper(columns, best)
    if rivals:
        named = words(" and ").join(map(column_name, rivals))
        if not best.unpriced:
            said = words(
                "cheapest of those with all prices: {name}; {rivals} may cost less", name=name, rivals=named
            )
            yield Cell(said, "warn")
        return
    is_cheaper = any(one.total.monthly_cost < best.total.monthly_cost for one in columns)
    if best.unpriced:
        said = words("cheapest of those that may work, as far as prices are known: {name}", name=name)
        yield Cell(said, "warn")
    elif best.verdict != "kept":
        yield Cell(words("cheapest, if it works at this load: {name}", name=name), "warn")
    elif is_cheaper:
        yield Cell(words("cheapest that is known to work at this load: {name}", name=name), "good")
    else:
        yield Cell(words("cheapest at this load: {name}", name=name), "good")


def _shared_notes(comparison: Comparison, words: Translator) -> Iterator[Cell]:
    """Say what holds of several designs once, with their names."""
    names: dict[Cell, list[str]] = {}
    for column in comparison.scenarios:
        for note in works_notes(column.unmet, column.quota_raises, column.unknowns, column.caveats, words):
            names.setdefault(note, []).append(column_name(column))
    yield from (Cell(f"{', '.join(who)}: {note.text}", note.tone) for note, who in names.items())


def _comparison_notes(comparison: Comparison, words: Translator) -> list[Cell]:
    notes: list[Cell] = []
    best = best_known(comparison.scenarios) if comparison.same_load else None
    if best is not None:
        notes += _cheapest_note(comparison.scenarios, best, words)
    elif comparison.same_load:
        notes.append(Cell(words("none of these designs works at this load"), "bad"))
    elif not comparison.same_load:
        notes.append(Cell(words("the loads differ; `--requests 5M` prices all at one"), "faint"))
    if comparison.slos_differ:
        notes.append(slos_differ_note(words, "--set 'workload.slo=p99 <= 100 ms'"))
    notes += _shared_notes(comparison, words)
    for column in comparison.scenarios:
        if column.unpriced:
            notes.append(
                Cell(
                    words(
                        "{name}: {count} unpriced; its total is a lower bound",
                        name=column_name(column),
                        count=column.unpriced,
                    ),
                    "bad",
                )
            )
        if column.assumed:
            said = words.many("{count} assumed input", "{count} assumed inputs", column.assumed)
            notes.append(Cell(f"{column_name(column)}: {said}", "warn"))
    return notes
