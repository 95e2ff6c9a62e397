"""The view of an estimate."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from costplan.messages.text import in_language
from costplan.output.views.view import Cell, Column, Row, Table, View, cells
from costplan.output.views.works import works_notes
from costplan.pricing.estimate import (
    BudgetLine,
    BudgetReport,
    Estimate,
    LineItem,
    ResourceEstimate,
    Unpriced,
)
from costplan.quantities.money import EXACT, exact_sum
from costplan.quantities.shown import (
    all_digits,
    counted,
    difference,
    money,
    percents,
    quantity,
    ratio,
    requests,
    rounding,
    share_of,
    usage,
)

MARKS = {"third-party": "", "list": "", "derived": "d", "unverified": "?", "stated": "", "assumed": "s"}
"""Mark behind a price, by where it comes from; a note under the table explains each that is used."""


def estimate_view(estimate: Estimate) -> View:
    """The month's bill: a row per resource, its lines below it, the total, the budget, what is uncertain."""
    tables = [_bill_table(estimate)]
    if estimate.budget is not None:
        tables.append(budget_table(estimate.budget))
    return View(
        title=_title(estimate.scenario, estimate.title, estimate.variants),
        facts=[_facts(estimate), *([differences_of(estimate)] if estimate.differences else [])],
        tables=tables,
        notes=_notes(estimate),
    )


def _title(scenario: str, title: dict[str, str], variants: tuple[str, ...]) -> str:
    varied = f" ({', '.join(variants)})" if variants else ""
    return f"{scenario}{varied}: {in_language(title)}"


def differences_of(estimate: Estimate) -> str:
    """Say in what a design differs from its scenario as written."""
    said = [
        f"without {path}" if found.value is None else f"{path}: {found.value}"
        for found in estimate.differences
        for path in [found.path.removeprefix("resources.")]
    ]
    return f"differs from {estimate.scenario} by: {'; '.join(said)}"


def _facts(estimate: Estimate) -> str:
    load = requests(estimate.workload["monthly_requests"] or Decimal(0))
    facts = [
        f"{load} requests a month",
        f"prices in {estimate.currency}, VAT {estimate.vat}, as of {estimate.catalog.as_of}",
        f"month of {quantity(estimate.hours_per_month)} h",
    ]
    if not estimate.free_tier:
        facts.append("free tier used up")
    return "; ".join(facts)


def _bill_table(estimate: Estimate) -> Table:
    rows = []
    ordered = sorted(estimate.resources, key=lambda found: -found.monthly_cost)
    costs = [resource.monthly_cost for resource in ordered]
    shares = percents(costs, estimate.total.monthly_cost)
    for resource, share in zip(ordered, shares, strict=True):
        rows.append(_resource_row(resource, share, estimate))
        rows += [_line_row(line) for line in resource.line_items]
        lines = [line.monthly_cost for line in resource.line_items]
        rows += _rounding_row("  rounding", lines, resource.monthly_cost)
        rows += [
            Row(
                cells(
                    f"  {part.name or part.sku}",
                    "",
                    usage(part.quantity, part.unit),
                    Cell("unpriced", "bad"),
                    "",
                )
            )
            for part in estimate.unpriced
            if part.resource == resource.name
        ]
    rows += _rounding_row("rounding", costs, estimate.total.gross)
    rows += _total_rows(estimate)
    columns = [
        Column("Resource", folds=True),
        Column("Role"),
        Column("Quantity", right=True),
        Column(f"{estimate.currency}/month", right=True),
        Column("Share", right=True),
    ]
    return Table(columns, rows)


def _rounding_row(label: str, parts: Sequence[Decimal], whole: Decimal, at: int = 3) -> list[Row]:
    """Say what lines as shown lack to their sum, which is rounded once; nothing where they add up."""
    rest = rounding(parts, whole)
    texts = ["" if column != at else all_digits(rest) for column in range(1, 5)]
    return [Row(cells(label, *texts, tone="faint"))] if rest else []


def _resource_row(resource: ResourceEstimate, share: str, estimate: Estimate) -> Row:
    runs = f" ({', '.join(resource.runs)})" if resource.runs else ""
    missing = any(part.resource == resource.name for part in estimate.unpriced)
    cost = money(resource.monthly_cost) if resource.line_items or not missing else "unpriced"
    return Row(
        [
            Cell(f"{resource.name}{runs}", "strong"),
            Cell(resource.role),
            Cell(""),
            Cell(f"{cost}+" if missing and resource.line_items else cost, "strong"),
            _share(resource, share, estimate),
        ]
    )


def _share(resource: ResourceEstimate, share: str, estimate: Estimate) -> Cell:
    if not resource.line_items:
        return Cell("")
    return Cell(share, bar=share_of(resource.monthly_cost, estimate.total.monthly_cost))


def _line_row(line: LineItem) -> Row:
    marks = MARKS[line.provenance] + {"assumed": "a", "measured": "m", "stated": ""}[line.quantity_provenance]
    name = f"  {line.name}" + (f" [{marks}]" if marks else "")
    shown = "" if line.provenance == "stated" else usage(line.quantity, line.unit)
    return Row(cells(name, "", shown, money(line.monthly_cost), "", tone="faint"))


def _total_rows(estimate: Estimate) -> list[Row]:
    total = estimate.total
    more = "+" if estimate.unpriced else ""
    known = total.vat_rate is not None or estimate.vat == "excluded"
    vat = difference(total.gross, total.net) + more if total.vat_rate is not None else "-"
    label = f"Total{_stand_in_mark(estimate)}"
    rows = [
        Row(cells("Net", "", "", f"{money(total.net)}{more}" if known else "-", ""), rule=True),
        Row(cells(_vat_label(estimate), "", "", vat, "")),
        Row(
            cells(
                Cell(label, "strong"),
                "",
                "",
                Cell(f"{money(total.gross)}{more}", "strong"),
                "100%",
            )
        ),
    ]
    if estimate.cost_per_million_requests is not None:
        rows.append(
            Row(
                cells(
                    "per million requests", "", "", f"{money(estimate.cost_per_million_requests)}{more}", ""
                )
            )
        )
    return rows


def _stand_in_mark(estimate: Estimate) -> str:
    """Mark a total that rests on a price which the scenario states itself."""
    return " [s]" if any(price.state == "used" for price in estimate.catalog.assumed_prices) else ""


def _vat_label(estimate: Estimate) -> str:
    rate = estimate.total.vat_rate
    if rate is None:
        return (
            f"VAT ({'not in' if estimate.vat == 'excluded' else 'inside; no rate is known for'} these prices)"
        )
    return f"VAT {quantity(EXACT.multiply(rate, Decimal(100)))}%"


def budget_table(budget: BudgetReport) -> Table:
    """What was promised against what it costs."""
    rows = [_budget_row(line) for line in budget.lines]
    costs = [line.cost for line in budget.lines]
    if budget.not_budgeted:
        names = ", ".join(budget.not_budgeted)
        costs.append(EXACT.subtract(budget.total.cost, exact_sum(costs)))
        more = "+" if {part.resource for part in budget.unpriced} & {*budget.not_budgeted} else ""
        rows.append(Row(cells(f"not budgeted: {names}", "-", money(costs[-1]) + more, "", "", tone="faint")))
    if exact_sum(costs) == budget.total.cost:
        rows += _rounding_row("rounding", costs, budget.total.cost, at=2)
    rows.append(_budget_row(budget.total, rule=True))
    columns = [
        Column(f"Budget in {budget.currency}, VAT {budget.vat}", folds=True),
        Column("Promised", right=True),
        Column("Costs", right=True),
        Column("Ratio", right=True),
        Column("Verdict"),
    ]
    return Table(columns, rows)


def _budget_row(line: BudgetLine, *, rule: bool = False) -> Row:
    rests = " [s]" if line.assumed_cost else ""
    verdict = (
        Cell(
            f"within{rests}, {difference(line.budget, line.cost)} left"
            if not line.unpriced
            else "open: prices missing",
            "warn" if line.unpriced else "good",
        )
        if line.within
        else Cell(f"over{rests} by {difference(line.cost, line.budget)}", "bad")
    )
    cost = f"{money(line.cost)}+" if line.unpriced else money(line.cost)
    shown = ratio(line.ratio) if line.ratio is not None else "-"
    return Row(cells(line.name, money(line.budget), cost, shown, verdict), rule=rule)


def _notes(estimate: Estimate) -> list[Cell]:
    lines = [line for resource in estimate.resources for line in resource.line_items]
    notes = list(works_notes(estimate.unmet, estimate.quota_raises, estimate.unknowns, estimate.caveats))
    if estimate.total.monthly_cost:
        notes.append(Cell(f"for what: {_purposes(estimate)}", "faint"))
    if estimate.unpriced:
        count = counted(len(estimate.unpriced), "cost component")
        notes.append(Cell(f"unpriced: {count}; the total is a lower bound", "bad"))
        notes += [Cell(f"  {text}", "bad") for text in _unpriced_texts(estimate.unpriced)]
    assumed = [found for found in estimate.assumptions if found.kind == "assumed"]
    if assumed:
        resting = sum(1 for line in lines if line.quantity_provenance == "assumed")
        rest = f"{counted(resting, 'line')} {'rests' if resting == 1 else 'rest'} on them"
        notes.append(
            Cell(f"assumed [a]: {counted(len(assumed), 'input')} that nobody stated; {rest}", "warn")
        )
        notes += [Cell(f"  {found.path}: {found.reason}", "faint") for found in assumed]
    measured = [found for found in estimate.assumptions if found.kind == "measured"]
    notes += [Cell(f"measured [m]: {found.path}: {found.reason}", "faint") for found in measured]
    if any(line.provenance == "derived" for line in lines):
        notes.append(
            Cell(
                "derived [d]: computed from other prices, by the rule that `costplan explain` gives", "faint"
            )
        )
    if any(line.provenance == "unverified" for line in lines):
        notes.append(Cell("unverified [?]: seen once, source not recorded; check before use", "warn"))
    return notes


def _purposes(estimate: Estimate) -> str:
    split, whole = estimate.split, estimate.total.monthly_cost
    named = [
        (split.useful, "serves requests"),
        (split.headroom, "room for peaks"),
        (split.idle, "waits for requests"),
        (split.overhead, "there whatever the load"),
    ]
    shares = percents([part for part, _ in named], whole)
    return ", ".join(f"{share} {words}" for (part, words), share in zip(named, shares, strict=True) if part)


def _unpriced_texts(unpriced: Sequence[Unpriced]) -> list[str]:
    """Name each SKU without a price once, with the resources that use it."""
    users: dict[tuple[str, str], list[str]] = {}
    for part in unpriced:
        users.setdefault((part.sku, part.reason), []).append(part.resource)
    return [f"{sku} ({', '.join(dict.fromkeys(names))}): {why}" for (sku, why), names in users.items()]
