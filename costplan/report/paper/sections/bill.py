"""3. The bill of each design: resources, every line with its price, the budget, what is not certain."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.analysis.documents import ExplainedLine
from costplan.analysis.explain import explain
from costplan.money import EXACT
from costplan.pricing.estimate import BudgetLine, Estimate, ResourceEstimate
from costplan.report.paper.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Note,
    Paragraph,
    Row,
    Section,
    Span,
    Table,
    Text,
    cells,
    strong,
)
from costplan.report.paper.material import Material, Stage
from costplan.report.paper.pictures import bill_chart, budget_chart
from costplan.report.paper.source_book import SourceBook
from costplan.report.paper.terms import QUANTITY_ORIGINS, ROLES
from costplan.report.paper.words import Words


def section(material: Material, words: Words) -> Section:
    """Write the bills."""
    book = SourceBook.of(material)
    blocks: list[Block] = []
    for stage in material.stages:
        blocks += _stage(stage, book, words)
    return Section("bill", words("The bill"), blocks)


def _stage(stage: Stage, book: SourceBook, words: Words) -> Iterator[Block]:
    estimate = stage.estimate
    yield Heading(stage.heading(words.language), f"bill-{stage.slug}")
    yield Paragraph(_conditions(stage, words))
    by_resource = resource_table(stage, words)
    yield bill_chart(stage, words, by_resource) or by_resource
    if estimate.resources:
        yield _line_table(stage, book, words)
    if estimate.budget is not None:
        yield budget_chart(stage, words, _budget_table(stage, words))
    yield from _open_points(stage, words)


def _conditions(stage: Stage, words: Words) -> str:
    estimate = stage.estimate
    said = words(
        "{requests} requests a month; a month of {hours} hours.",
        requests=words.requests(stage.monthly_requests),
        hours=words.short(estimate.hours_per_month),
    )
    used_up = "" if estimate.free_tier else " " + words("The free volumes are taken to be used up.")
    return said + used_up


def title_of(resource: ResourceEstimate, words: Words) -> str:
    """Return what a resource is called, with what runs on it."""
    runs = f" ({', '.join(resource.runs)})" if resource.runs else ""
    return words.title(resource.title, resource.name) + runs


def resource_table(stage: Stage, words: Words) -> Table:
    """Return a row per resource, the dearest first."""
    estimate = stage.estimate
    total = estimate.total
    missing = {part.resource for part in estimate.unpriced}
    rows = []
    for found in sorted(estimate.resources, key=lambda resource: -resource.monthly_cost):
        cost = _cost(found, found.name in missing, words)
        share = words.share(found.monthly_cost, total.monthly_cost) if found.line_items else ""
        rows.append(
            Row(
                cells(
                    title_of(found, words),
                    words.term(found.role, ROLES),
                    Cell(cost, found.monthly_cost),
                    Cell(share, found.monthly_cost),
                )
            )
        )
    columns = [
        Column(words("Resource"), is_text=True),
        Column(words("Role")),
        Column(words("{currency} a month", currency=estimate.currency), right=True),
        Column(words("Share"), right=True),
    ]
    caption = words("{scenario} by resource", scenario=stage.name)
    return Table(caption, columns, [rows], list(_totals(estimate, words, blanks=(1, 1))))


def _cost(resource: ResourceEstimate, is_missing: bool, words: Words) -> str:
    if is_missing and not resource.line_items:
        return words("unpriced")
    cost = words.amount(resource.monthly_cost)
    return words("at least {cost}", cost=cost) if is_missing else cost


def _totals(estimate: Estimate, words: Words, *, blanks: tuple[int, int]) -> Iterator[Row]:
    """Return net, VAT, total and cost per million requests; `blanks`: empty cells before and behind."""
    total = estimate.total
    if total.vat_rate is not None:
        percent = words.short(EXACT.multiply(total.vat_rate, Decimal(100)))
        yield _total_row(words("Net"), words.amount(total.net), blanks)
        yield _total_row(words("VAT {percent} %", percent=percent), words.amount(total.vat), blanks)
    cost = words.amount(total.gross)
    shown = words("at least {cost}", cost=cost) if estimate.unpriced else cost
    yield _total_row(words("Total"), shown, blanks, kind_is_total=True)
    if estimate.cost_per_million_requests is not None:
        yield _total_row(
            words("per million requests"), words.amount(estimate.cost_per_million_requests), blanks
        )


def _total_row(label: str, amount: str, blanks: tuple[int, int], *, kind_is_total: bool = False) -> Row:
    before, behind = ([Cell("")] * count for count in blanks)
    made: tuple[Text, Text] = (strong(label), strong(amount)) if kind_is_total else (label, amount)
    return Row([Cell(made[0]), *before, Cell(made[1]), *behind], "total")


def _line_table(stage: Stage, book: SourceBook, words: Words) -> Table:
    estimate = stage.estimate
    explained: dict[str, list[ExplainedLine]] = {}
    for found in explain(estimate, None).lines:
        explained.setdefault(found.resource, []).append(found)
    has_vat = estimate.total.vat_rate is not None
    groups = [
        [
            _head_row(resource, words, has_vat=has_vat),
            *(_line_row(one, book, words, has_vat=has_vat) for one in explained.get(resource.name, [])),
            *_unpriced_rows(estimate, resource, words, has_vat=has_vat),
        ]
        for resource in sorted(estimate.resources, key=lambda resource: -resource.monthly_cost)
    ]
    columns = [
        Column(words("Line"), is_text=True),
        Column(words("Quantity"), right=True, is_text=True),
        Column(words("Unit price"), right=True, is_text=True),
        Column(words("{currency} a month", currency=estimate.currency), right=True),
        *([Column(words("of it VAT"), right=True)] if has_vat else []),
        Column(words("Source, in force from")),
    ]
    count = sum(len(found) for found in explained.values())
    caption = words.many(
        "{scenario}: {count} line", "{scenario}: all {count} lines", count, scenario=stage.name
    )
    return Table(caption, columns, groups, is_collapsed=True)


def _head_row(resource: ResourceEstimate, words: Words, *, has_vat: bool) -> Row:
    cost = Cell(strong(words.amount(resource.monthly_cost)), resource.monthly_cost)
    blanks = [Cell("")] * (2 if has_vat else 1)
    return Row([Cell(strong(title_of(resource, words))), Cell(""), Cell(""), cost, *blanks], "head")


def _line_row(found: ExplainedLine, book: SourceBook, words: Words, *, has_vat: bool) -> Row:
    line = found.line
    is_stated = line.provenance == "stated"
    origin = words.term(line.quantity_provenance, QUANTITY_ORIGINS) if not is_stated else ""
    name: Text = (Span(line.name), Span(f" · {origin}", "faint")) if origin else line.name
    return Row(
        [
            Cell(name),
            Cell("" if is_stated else _quantity(found, words)),
            Cell("" if is_stated else _unit_price(found, words)),
            Cell(words.amount(line.monthly_cost), line.monthly_cost),
            *([Cell(words.amount(found.vat), found.vat)] if has_vat else []),
            Cell(book.reference(line)),
        ],
        "line",
    )


def _quantity(found: ExplainedLine, words: Words) -> Text:
    """Write the quantity, and what of it is free."""
    line = found.line
    quantity = words.quantity(line.quantity, line.unit)
    if not found.free_quantity or found.free_quantity == line.quantity:
        return quantity
    free = words("{quantity} free", quantity=words.quantity(found.free_quantity, line.unit))
    return (Span(f"{quantity}, "), Span(free, "faint"))


def _unit_price(found: ExplainedLine, words: Words) -> str:
    """Write the prices of the tiers that are reached: `2.376 per GB·month`, `1.5; 1.2 above 100 per GB`."""
    line = found.line
    paid = [piece for piece in line.slices if piece.unit_price]
    per = words("per {unit}", unit=words.unit(line.unit))
    if not paid:
        return words("free")
    if len(paid) == 1:
        return f"{words.number(paid[0].unit_price.normalize())} {per}"
    tiers = [
        words(
            "{price} above {start}", price=words.number(p.unit_price.normalize()), start=words.short(p.start)
        )
        if p.start
        else words.number(p.unit_price.normalize())
        for p in paid
    ]
    return f"{'; '.join(tiers)} {per}"


def _unpriced_rows(
    estimate: Estimate, resource: ResourceEstimate, words: Words, *, has_vat: bool
) -> Iterator[Row]:
    for part in estimate.unpriced:
        if part.resource == resource.name:
            quantity = words.quantity(part.quantity, part.unit)
            missing = Cell((Span(words("unpriced"), "bad"),))
            blanks = [Cell("")] * (2 if has_vat else 1)
            yield Row([Cell(part.name or part.sku), Cell(quantity), Cell(""), missing, *blanks], "line")


def _budget_table(stage: Stage, words: Words) -> Table:
    estimate = stage.estimate
    budget = estimate.budget
    assert budget is not None
    rows = [_budget_row(line, line.name, words) for line in budget.lines]
    if budget.not_budgeted:
        rest = EXACT.subtract(budget.total.cost, sum((line.cost for line in budget.lines), Decimal(0)))
        names = words("not budgeted: {names}", names=", ".join(budget.not_budgeted))
        rows.append(Row(cells(names, "–", Cell(words.amount(rest), rest), "", "")))
    columns = [
        Column(words("Budget"), is_text=True),
        Column(words("Promised, {currency}", currency=budget.currency), right=True),
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
    return Table(caption, columns, [rows], foot)


def _budget_row(line: BudgetLine, name: str, words: Words, *, kind_is_total: bool = False) -> Row:
    over = EXACT.subtract(line.cost, line.budget)
    if not line.within:
        verdict = Span(words("over by {excess}", excess=words.amount(over)), "bad")
    elif line.unpriced:
        verdict = Span(words("open: prices are missing"), "warn")
    else:
        verdict = Span(words("within, {left} left", left=words.amount(-over)), "good")
    cost = words.amount(line.cost)
    shown = words("at least {cost}", cost=cost) if line.unpriced else cost
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


def _open_points(stage: Stage, words: Words) -> Iterator[Block]:
    """Call out what is unpriced, unverified and assumed."""
    estimate = stage.estimate
    if estimate.unpriced:
        names = list(dict.fromkeys(f"{part.sku} ({part.reason})" for part in estimate.unpriced))
        yield Note(words("Unpriced, and never counted as 0: {names}.", names="; ".join(names)), "bad")
    lines = [line for resource in estimate.resources for line in resource.line_items]
    unverified = sorted({line.name for line in lines if line.provenance == "unverified"})
    if unverified:
        yield Note(
            words(
                "Seen once, source not recorded; check before use: {names}.", names=words.listed(unverified)
            ),
            "warn",
        )
    if estimate.assumptions:
        yield _inputs_table(stage, words)


def _inputs_table(stage: Stage, words: Words) -> Table:
    estimate = stage.estimate
    rows = [
        Row(cells((Span(found.path, "code"),), words.term(found.kind, QUANTITY_ORIGINS), found.reason))
        for found in estimate.assumptions
    ]
    assumed = sum(1 for found in estimate.assumptions if found.kind == "assumed")
    caption = words.many(
        "{scenario}: {count} input that nobody stated, and those that were measured",
        "{scenario}: {count} inputs that nobody stated, and those that were measured",
        assumed,
        scenario=stage.name,
    )
    columns = [Column(words("Input")), Column(words("Known how")), Column(words("Why so"), is_text=True)]
    return Table(caption, columns, [rows], is_collapsed=True)
