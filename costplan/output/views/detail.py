"""View of an explanation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from costplan.analysis.bill.documents import ExplainedLine, Explanation
from costplan.language.terms import ARITHMETIC, PROVENANCE, QUANTITY_ORIGINS
from costplan.language.translator import Translator
from costplan.output.views.estimate import prices_text
from costplan.output.views.view import Cell, Column, Table, View, row_of, spanning
from costplan.quantities.money import plain, rounded
from costplan.quantities.shown import ShownNumber
from costplan.resources.contract import Metering

_FORMULA_WORD = re.compile(rf"\b(?:{'|'.join(sorted(ARITHMETIC, key=len, reverse=True))})\b")

MOST_DECIMALS = 8
"""Decimals of a quantity or a cost that is taken apart."""


def explanation_view(explanation: Explanation, words: Translator) -> View:
    """One table per line of the bill: slice by slice, then VAT and source."""
    facts = [
        prices_text(explanation.currency, explanation.vat, explanation.catalog.as_of, words)
        + "; "
        + words(
            "catalog {name} {sha256}",
            name=explanation.catalog.name,
            sha256=explanation.catalog.sha256[:12],
        )
    ]
    notes = [
        Cell(
            words(
                "unpriced: {resource}: {sku}: {reason}",
                resource=part["resource"],
                sku=part["sku"],
                reason=words.reason(part["reason"]),
            ),
            "bad",
        )
        for part in explanation.unpriced
    ]
    tables = [_line_table(line, explanation, words) for line in explanation.lines]
    return View(words("{scenario}, taken apart", scenario=explanation.scenario), facts, tables, notes)


def _line_table(explained: ExplainedLine, explanation: Explanation, words: Translator) -> Table:
    line = explained.line
    rows = [
        row_of(
            words("above {quantity}", quantity=words.short(piece.start)) if piece.start else words("from 0"),
            _exact(piece.quantity, line.unit, words),
            words("free") if piece.unit_price == 0 else words.exact(piece.unit_price),
            _detailed(piece.cost, words),
        )
        for piece in line.slices
    ]
    whole = _exact(line.quantity, line.unit, words)
    rows.append(
        row_of(words("together"), whole, "", Cell(_detailed(line.monthly_cost, words), "strong"), rule=True)
    )
    rows.append(
        row_of(
            words("shown as"),
            "",
            "",
            Cell(f"{words.amount(line.monthly_cost)} {explanation.currency}", "strong"),
        )
    )
    if explanation.vat_rate is not None:
        rate = words.exact_percent(explanation.vat_rate)
        inside = words("of it VAT {rate}", rate=rate) if line.taxed else words("no VAT")
        rows.append(row_of(inside, "", "", f"{words.amount(explained.vat)} {explanation.currency}"))
    rows += [spanning(f"{name}: {text}") for name, text in _origins(explained, words)]
    columns = [
        Column(words("Tier")),
        Column(words("Quantity"), right=True),
        Column(words("Unit price"), right=True),
        Column(words("Cost"), right=True),
    ]
    return Table(columns, rows, f"{explained.resource}: {words.price_name(line.name)} ({line.sku})")


def _exact(number: Decimal, unit: str, words: Translator) -> str:
    """Write a quantity with its decimals: `0.5 x 1M invocations`, `5 core*hour`."""
    return f"{_detailed(number, words)} {_times(unit, words)}"


def _detailed(number: Decimal, words: Translator) -> str:
    """Write more decimals than a reader checks by hand; JSON has all of them."""
    shown = Decimal(plain(rounded(number, MOST_DECIMALS)))
    if number and not shown:
        return words.significant(number, 2)
    return ShownNumber(words.number(shown), number)


def _times(unit: str, words: Translator) -> str:
    shown = words.plain_unit(unit)
    count, blank, word = shown.partition(" ")
    if count.isdigit():
        return f"x {words.number(Decimal(count))}{blank}{word}"
    return f"x {shown}" if unit[:1].isdigit() else shown


def _arithmetic(explained: ExplainedLine, words: Translator) -> Iterator[tuple[str, str]]:
    """Say how a quantity comes about, and where its inputs are written."""
    how = explained.arithmetic
    if how is None:
        return
    if how.expression:
        line = explained.line
        whole = f"{words.short(line.quantity)} {_times(line.unit, words)}"
        yield words("quantity"), f"{_said(how.expression, words)} = {whole}"
    yield words("from"), "; ".join(f"{one.path} = {_said(one.value, words)}" for one in how.inputs)


def _said(formula: str, words: Translator) -> str:
    """Say a written formula in the language: `300,000 requests x 0.4 s` as `300 000 запросов x 0,4 с`."""
    if words.language == "en":
        return formula
    return _FORMULA_WORD.sub(lambda found: words.term(found[0], ARITHMETIC), words.digits(formula))


def _origins(explained: ExplainedLine, words: Translator) -> Iterator[tuple[str, str]]:
    line = explained.line
    yield from _arithmetic(explained, words)
    origin = words("price ({provenance})", provenance=words.term(line.provenance, PROVENANCE))
    yield origin, words.reason(line.source).removeprefix("third party: ")
    if line.rule:
        yield words("rule"), words.reason(line.rule)
    if line.effective_from and line.checked:
        message = (
            "in force from {day}, checked {checked}"
            if line.start_known
            else "in force on or before {day}, checked {checked}"
        )
        yield words("dates"), words(message, day=line.effective_from, checked=line.checked)
    if line.note:
        yield words("note"), words.reason(line.note)
    if line.metering is not None:
        yield words("rounding"), _rounding(line.metering, words)
    if explained.account_quantity != line.quantity:
        whole = _exact(explained.account_quantity, line.unit, words)
        said = words("{quantity} in all resources; tiers apply to that sum", quantity=whole)
        yield words("account"), said
    for found in explained.assumptions:
        yield words.term(found.kind, QUANTITY_ORIGINS), f"{found.path}: {words.reason(found.reason)}"


def _rounding(metering: Metering, words: Translator) -> str:
    """Say how a quantity was rounded: `each call is rounded up to 100 ms (the catalog's rule)`."""
    by = words("chosen in the scenario") if metering.is_chosen else words("the catalog's rule")
    message = (
        "nothing is rounded"
        if not metering.value
        else "the month's sum is rounded up to {step}, once"
        if metering.applies_to == "total"
        else "each call is rounded up to {step}"
    )
    how = words(message, step=f"{words.exact(metering.value)} {words.plain_unit(metering.unit)}")
    return f"{how} ({by})"
