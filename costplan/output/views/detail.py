"""Views of an explanation and of checks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.analysis.bill.documents import Check, Checks, ExplainedLine, Explanation
from costplan.output.views.view import Cell, Column, Row, Table, View, cells, spanning
from costplan.quantities.money import EXACT, plain
from costplan.quantities.shown import counted, money, quantity
from costplan.resources.contract import Metering


def explanation_view(explanation: Explanation) -> View:
    """One table per line of the bill: slice by slice, then VAT and source."""
    facts = [
        f"prices in {explanation.currency}, VAT {explanation.vat}, as of {explanation.catalog.as_of}; "
        f"catalog {explanation.catalog.name} {explanation.catalog.sha256[:12]}"
    ]
    notes = [
        Cell(f"unpriced: {part['resource']}: {part['sku']}: {part['reason']}", "bad")
        for part in explanation.unpriced
    ]
    tables = [_line_table(line, explanation) for line in explanation.lines]
    return View(f"{explanation.scenario}, taken apart", facts, tables, notes)


def _line_table(explained: ExplainedLine, explanation: Explanation) -> Table:
    line = explained.line
    rows = [
        Row(
            cells(
                f"above {quantity(piece.start)}" if piece.start else "from 0",
                _exact(piece.quantity, line.unit),
                "free" if piece.unit_price == 0 else plain(piece.unit_price),
                plain(piece.cost),
            )
        )
        for piece in line.slices
    ]
    whole = _exact(line.quantity, line.unit)
    rows.append(Row(cells("together", whole, "", Cell(plain(line.monthly_cost), "strong")), rule=True))
    rows.append(
        Row(cells("shown as", "", "", Cell(f"{money(line.monthly_cost)} {explanation.currency}", "strong")))
    )
    if explanation.vat_rate is not None:
        percent = quantity(EXACT.multiply(explanation.vat_rate, Decimal(100)))
        inside = f"of it VAT {percent}%" if line.taxed else "no VAT"
        rows.append(Row(cells(inside, "", "", f"{money(explained.vat)} {explanation.currency}")))
    rows += [spanning(f"{name}: {text}") for name, text in _origins(explained)]
    columns = [
        Column("Tier"),
        Column("Quantity", right=True),
        Column("Unit price", right=True),
        Column("Cost", right=True),
    ]
    return Table(columns, rows, f"{explained.resource}: {line.name} ({line.sku})")


def _holds(check: Check) -> Cell:
    if not check.passed:
        return Cell("FAILS", "bad")
    return Cell("warning", "warn") if check.is_warning else Cell("holds", "good")


def _exact(number: Decimal, unit: str) -> str:
    """Write a quantity with all its decimals: `0.5 x 1M invocations`, `5 core*hour`."""
    return f"{plain(number)} {_times(unit)}"


def _times(unit: str) -> str:
    return f"x {unit}" if unit[:1].isdigit() else unit


def _arithmetic(explained: ExplainedLine) -> Iterator[tuple[str, str]]:
    """Say how a quantity comes about, and where its inputs are written."""
    how = explained.arithmetic
    if how is None:
        return
    if how.expression:
        line = explained.line
        yield "quantity", f"{how.expression} = {quantity(line.quantity)} {_times(line.unit)}"
    yield "from", "; ".join(f"{one.path} = {one.value}" for one in how.inputs)


def _origins(explained: ExplainedLine) -> list[tuple[str, str]]:
    line = explained.line
    found = list(_arithmetic(explained))
    found += [(f"price ({line.provenance})", line.source.removeprefix("third party: "))]
    if line.rule:
        found.append(("rule", line.rule))
    if line.effective_from and line.checked:
        found.append(("dates", f"in force from {line.effective_from}, checked {line.checked}"))
    if line.note:
        found.append(("note", line.note))
    if line.metering is not None:
        found.append(("reading", _reading(line.metering)))
    if explained.account_quantity != line.quantity:
        whole = f"{_exact(explained.account_quantity, line.unit)} in all resources; tiers apply to that sum"
        found.append(("account", whole))
    found += [(a.kind, f"{a.path}: {a.reason}") for a in explained.assumptions]
    return found


def _reading(metering: Metering) -> str:
    """Say how a quantity was rounded: `total: the month's run time is rounded up to 100 ms, once`."""
    by = "chosen in the scenario" if metering.is_chosen else f"the catalog's rule `{metering.rule}`"
    if not metering.value:
        how = "nothing is rounded"
    elif metering.applies_to == "total":
        how = f"the month's sum is rounded up to {plain(metering.value)} {metering.unit}, once"
    else:
        how = f"each call is rounded up to {plain(metering.value)} {metering.unit}"
    return f"{metering.reading}: {how} ({by})"


def checks_view(checks: Checks) -> View:
    """A row per rule."""
    rows = [
        Row(
            [
                _holds(check),
                Cell(check.rule),
                Cell(check.detail),
            ]
        )
        for check in checks.checks
    ]
    warnings = sum(1 for check in checks.checks if check.is_warning)
    verdict = "the answer is no" if not checks.passed else "all rules hold"
    if warnings and checks.passed:
        verdict += f", {counted(warnings, 'warning')}"
    columns = [Column("Verdict"), Column("Rule"), Column("Detail", folds=True)]
    facts = [f"prices as of {checks.catalog.as_of}, catalog {checks.catalog.sha256[:12]}"]
    return View(f"{checks.scenario}: {verdict}", facts, [Table(columns, rows)])
