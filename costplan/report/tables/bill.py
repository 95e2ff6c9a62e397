"""The bill as tables: resources, and every line with its quantity, price and source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from costplan.analysis.bill.documents import ExplainedLine
from costplan.analysis.bill.explain import explain
from costplan.language.terms import QUANTITY_ORIGINS
from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text, strong
from costplan.pricing.estimate import Estimate, ResourceEstimate
from costplan.quantities.shown import rounding
from costplan.report.blocks import Cell, Column, Row, Table, row_of
from costplan.report.language.amounts import cost_text
from costplan.report.report_data import Stage
from costplan.report.source_book import SourceBook


def title_of(resource: ResourceEstimate, words: Translator) -> str:
    """Return what a resource is called, with what runs on it."""
    runs = f" ({', '.join(resource.runs)})" if resource.runs else ""
    return words.title(resource.title, resource.name) + runs


def _rounding_row(
    parts: Sequence[Decimal],
    whole: Decimal,
    words: Translator,
    behind: int,
) -> list[Row]:
    """Say what lines as shown lack to their sum, which is rounded once; nothing where they add up."""
    rest = rounding(parts, whole)
    cost = Cell(words.all_digits(rest), rest)
    blanks = [""] * behind
    return [row_of(words("rounding"), "", "", cost, *blanks, kind="line")] if rest else []


def _cost(resource: ResourceEstimate, is_missing: bool, words: Translator) -> str:
    if is_missing and not resource.line_items:
        return words("unpriced")
    return cost_text(words.amount(resource.monthly_cost), is_missing, words)


def line_table(stage: Stage, book: SourceBook, words: Translator) -> Table:
    """Return every line of a bill under its resource, the most expensive resource first."""
    estimate = stage.estimate
    explained: dict[str, list[ExplainedLine]] = {}
    for found in explain(estimate, None).lines:
        explained.setdefault(found.resource, []).append(found)
    has_vat = estimate.total.vat_rate is not None
    missing = {part.resource for part in estimate.unpriced}
    groups = [
        [
            _head_row(resource, resource.name in missing, words, has_vat=has_vat),
            *(_line_row(one, book, words, has_vat=has_vat) for one in explained.get(resource.name, [])),
            *_rounding_row(
                [line.monthly_cost for line in resource.line_items],
                resource.monthly_cost,
                words,
                2 if has_vat else 1,
            ),
            *_unpriced_rows(estimate, resource, words, has_vat=has_vat),
        ]
        for resource in sorted(estimate.resources, key=lambda resource: -resource.monthly_cost)
    ]
    columns = [
        Column(words("Line"), is_text=True),
        Column(words("Quantity"), right=True, is_text=True),
        Column(words("Unit price"), right=True, is_text=True),
        Column(words("{currency} a month", currency=estimate.currency), right=True),
        *([Column(words("of it VAT"), right=True, is_minor=True)] if has_vat else []),
        Column(words("Source, in force from"), is_minor=True),
    ]
    count = sum(len(found) for found in explained.values())
    caption = words.many(
        "{scenario}: {count} line", "{scenario}: all {count} lines", count, scenario=stage.name
    )
    return Table(caption, columns, groups, is_collapsed=True)


def _head_row(resource: ResourceEstimate, is_missing: bool, words: Translator, *, has_vat: bool) -> Row:
    cost = Cell(strong(_cost(resource, is_missing, words)), resource.monthly_cost)
    blanks = [Cell("")] * (2 if has_vat else 1)
    return Row([Cell(strong(title_of(resource, words))), Cell(""), Cell(""), cost, *blanks], "head")


def _line_row(found: ExplainedLine, book: SourceBook, words: Translator, *, has_vat: bool) -> Row:
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
            Cell(book.reference(line, words)),
        ],
        "line",
    )


def _quantity(found: ExplainedLine, words: Translator) -> Text:
    """Write the quantity, and what of it is free."""
    line = found.line
    quantity = words.quantity(line.quantity, line.unit)
    if not found.free_quantity or found.free_quantity == line.quantity:
        return quantity
    free = words("{quantity} free", quantity=words.quantity(found.free_quantity, line.unit))
    return (Span(f"{quantity}, "), Span(free, "faint"))


def _unit_price(found: ExplainedLine, words: Translator) -> str:
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
    estimate: Estimate, resource: ResourceEstimate, words: Translator, *, has_vat: bool
) -> Iterator[Row]:
    for part in estimate.unpriced:
        if part.resource == resource.name:
            quantity = words.quantity(part.quantity, part.unit)
            missing = Cell((Span(words("unpriced"), "bad"),))
            blanks = [Cell("")] * (2 if has_vat else 1)
            yield Row([Cell(part.name or part.sku), Cell(quantity), Cell(""), missing, *blanks], "line")
