"""4. The designs side by side: what each role costs, what a step costs, and every design at one load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from costplan.analysis.bill.documents import ScenarioColumn
from costplan.graphics.pictures.bill import step_picture
from costplan.language.terms import ROLES
from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text, strong
from costplan.pricing.estimate import Estimate
from costplan.quantities.shown import rounding
from costplan.report.blocks import Block, Cell, Column, Note, Paragraph, Row, Section, Table, charted
from costplan.report.findings import role_changes, steps
from costplan.report.language.amounts import known
from costplan.report.language.slos import slo_text, slo_warning
from costplan.report.material import Material, Stage

MOST_REASONS = 3


def section(material: Material, words: Translator) -> Section | None:
    """Write the comparison; a single design has none."""
    if len(material.stages) < 2:
        return None
    return Section("comparison", words("Comparison"), list(_blocks(material, words)))


def brief_section(material: Material, words: Translator) -> Section | None:
    """Write the table alone."""
    if len(material.stages) < 2:
        return None
    return Section("comparison", words("Comparison"), [role_table(material, words)])


def _blocks(material: Material, words: Translator) -> Iterator[Block]:
    if (warning := slo_warning(material, words)) is not None:
        yield warning
    yield charted(step_picture(material.comparison, words), role_table(material, words))
    for stage, before in steps(material):
        yield Paragraph(_step(stage, before, material, words))
    if not material.comparison.same_load and all(stage.at_loads for stage in material.stages):
        yield _load_table(material, words)
        yield Note(
            words(
                "These are bills and nothing more: whether a design answers in time at such a load is a "
                "question of its capacity."
            )
        )


def role_table(material: Material, words: Translator) -> Table:
    """Return what each role costs in each design, the dearest role first."""
    columns = material.comparison.scenarios
    roles = dict.fromkeys(role for column in columns for role in column.roles)
    most = {role: max(column.roles.get(role, Decimal(0)) for column in columns) for role in roles}
    rows = [
        Row(
            [
                Cell(words.term(role, ROLES)),
                *(_amount(role, column, words) for column in columns),
            ]
        )
        for role in sorted(roles, key=lambda role: (-most[role], role))
    ]
    headings = [Column(stage.name, right=True) for stage in material.stages]
    caption = words("What each role costs, {currency} a month", currency=material.currency)
    return Table(caption, [Column(words("Role")), *headings], [rows], list(_foot(material, words)))


def _amount(role: str, column: ScenarioColumn, words: Translator) -> Cell:
    cost = column.roles.get(role)
    if cost is None:
        return Cell("–", Decimal(0))
    return Cell(known(words.amount(cost), column.unpriced_roles.get(role), words), cost)


def _foot(material: Material, words: Translator) -> Iterator[Row]:
    stages = material.stages
    bills = [stage.estimate for stage in stages]
    rests = [rounding(column.roles.values(), column.total.gross) for column in material.comparison.scenarios]
    if any(rests):
        yield _row(words("rounding"), [words.all_digits(rest) if rest else "" for rest in rests])
    if all(bill.total.vat_rate is not None for bill in bills):
        nets = [known(words.amount(bill.total.net), bill.unpriced, words) for bill in bills]
        yield _row(words("Net"), nets)
    yield _row(strong(words("Total")), [strong(_total(bill, words)) for bill in bills])
    yield _row(words("SLO"), [slo_text(bill.slo, words) for bill in bills])
    yield _row(words("Requests a month"), [words.requests(stage.monthly_requests) for stage in stages])
    yield _row(words("Per million requests"), [_per_million(bill, words) for bill in bills])
    if any(bill.budget for bill in bills):
        yield _row(words("Budget"), [_budget(bill, words) for bill in bills])
        yield _row(words("Costs in its currency"), [_against(bill, words) for bill in bills])
        yield _row(words("Verdict"), [_verdict(bill, words) for bill in bills])


def _row(label: Text, texts: Sequence[Text]) -> Row:
    return Row([Cell(label), *map(Cell, texts)], "total")


def _total(bill: Estimate, words: Translator) -> str:
    return known(words.amount(bill.total.gross), bill.unpriced, words)


def _per_million(bill: Estimate, words: Translator) -> str:
    cost = bill.cost_per_million_requests
    return "–" if cost is None else known(words.amount(cost), bill.unpriced, words)


def _budget(bill: Estimate, words: Translator) -> str:
    return "–" if bill.budget is None else words.money(bill.budget.total.budget, bill.budget.currency)


def _against(bill: Estimate, words: Translator) -> str:
    if bill.budget is None:
        return "–"
    cost = words.money(bill.budget.total.cost, bill.budget.currency)
    return known(cost, bill.budget.total.unpriced, words)


def _verdict(bill: Estimate, words: Translator) -> Text:
    if bill.budget is None:
        return "–"
    total = bill.budget.total
    if total.within:
        return (Span(words("open"), "warn"),) if total.unpriced else (Span(words("within"), "good"),)
    times = words.ratio(total.ratio) if total.ratio is not None else ""
    return (Span(words("over, {times}", times=times) if times else words("over"), "bad"),)


def _step(stage: Stage, before: Stage, material: Material, words: Translator) -> Text:
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
        change=Span(words.round_money(abs(change), material.currency), "strong"),
    )
    reasons = [
        f"{words.term(role, ROLES)} {_signed(amount, material.currency, words)}"
        for role, amount in role_changes(stage, before)[:MOST_REASONS]
        if amount
    ]
    assert isinstance(said, tuple)
    return (*said, Span(f": {words.listed(reasons)}." if reasons else "."))


def _signed(amount: Decimal, currency: str, words: Translator) -> str:
    return ("+" if amount > 0 else "−") + words.round_money(abs(amount), currency)


def _load_table(material: Material, words: Translator) -> Table:
    stages = material.stages
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
    caption = words("Every design at the load of each, {currency} a month", currency=material.currency)
    return Table(caption, [Column(words("Requests a month")), *headings], [rows])


def _at_load(stage: Stage, position: int, words: Translator) -> Cell:
    bill = stage.at_loads[position]
    text = _total(bill, words)
    return Cell(strong(text) if bill is stage.estimate else text, bill.total.monthly_cost)
