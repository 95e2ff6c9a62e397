"""The view of an answer of the price API beside the catalog."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from costplan.analysis.inventory.price_import import ImportedChange, ImportedRow, PriceImport
from costplan.analysis.inventory.price_list import ListedRate
from costplan.language.translator import Translator
from costplan.output.views.catalog import rates_text
from costplan.output.views.view import Cell, Column, DataRow, Table, View, row_of
from costplan.quantities.money import rounded


def price_import_view(found: PriceImport, words: Translator) -> View:
    """A row for each price that is another, then what is refused, then what the catalog does not know."""
    by_status = {status: [one for one in found.rows if one.status == status] for status in found.counts}
    tables = []
    if by_status["changed"]:
        tables.append(_changed_table(by_status["changed"], found.currency, words))
    if by_status["refused"]:
        tables.append(_refused_table(by_status["refused"], words))
    if by_status["unknown"]:
        tables.append(_unknown_table(by_status["unknown"], words))
    notes = []
    if found.is_cut:
        said = words("the last page names a next one: give all pages at once")
        notes.append(Cell(said, "warn"))
    if any(one.is_contract for one in found.rows):
        said = words("[c]: a contract's price, which holds in place of the list's from its first day on")
        notes.append(Cell(said, "faint"))
    return View(_title(found, words), [_counts(found, words)], tables, notes)


def _title(found: PriceImport, words: Translator) -> str:
    return words.many(
        "{count} SKU of the price API beside {catalog}, in {currency}",
        "{count} SKUs of the price API beside {catalog}, in {currency}",
        found.count,
        catalog=found.catalog.name,
        currency=found.currency,
    )


def _counts(found: PriceImport, words: Translator) -> str:
    said = {
        "same": words("as in the catalog"),
        "changed": words("other prices"),
        "unknown": words("not in the catalog"),
        "refused": words("refused"),
    }
    return "; ".join(f"{said[status]}: {count}" for status, count in found.counts.items())


def _changed_table(rows: Sequence[ImportedRow], currency: str, words: Translator) -> Table:
    columns = [
        Column("SKU", folds=True), Column(words("From")), Column(words("Catalog"), right=True, folds=True),
        Column(words("Answer"), right=True, folds=True), Column(words("Unit")),
        Column(words("Change"), right=True),
    ]  # fmt: skip
    made = [
        row_of(
            Cell(one.code + (" [c]" if one.is_contract else ""), "strong"), str(change.effective_from),
            _before(change, words), rates_text(change.after, words) if change.after else Cell("-", "faint"),
            words.plain_unit(change.unit or change.before_unit), _percent(change, words),
        )
        for one in rows
        for change in one.changes
    ]  # fmt: skip
    return Table(columns, made, words("Other prices, in {currency}", currency=currency))


def _before(change: ImportedChange, words: Translator) -> Cell:
    if not change.before:
        return Cell(words("none"), "faint")
    unit = "" if change.before_unit == change.unit else f" / {words.plain_unit(change.before_unit)}"
    return Cell(rates_text(change.before, words) + unit)


def _percent(change: ImportedChange, words: Translator) -> Cell:
    if change.percent is None:
        return Cell(words("other tiers") if change.before else words("new"), "faint")
    share = words.exact_percent(rounded(abs(change.percent), 1) / 100)
    return Cell(f"+{share}", "warn") if change.percent > 0 else Cell(f"-{share}")


def _refused_table(rows: Sequence[ImportedRow], words: Translator) -> Table:
    columns = [Column(words("Refused"), folds=True), Column("id"), Column(words("Why"), folds=True)]
    made = [row_of(one.name or one.place, one.id, Cell(words.reason(one.reason), "bad")) for one in rows]
    return Table(columns, made)


def _unknown_table(rows: Sequence[ImportedRow], words: Translator) -> Table:
    columns = [Column(words("Not in the catalog"), folds=True), Column("id"), Column(words("Unit"))]
    return Table(columns, [row_of(one.name, one.id, one.unit, tone="faint") for one in rows])


def price_import_rows(found: PriceImport) -> Iterator[DataRow]:
    """Give a row for each SKU of the answer, and for each of its changes."""
    for one in found.rows:
        row: DataRow = {
            "status": one.status, "service": one.service, "sku": one.code, "id": one.id, "name": one.name,
            "unit": one.unit, "reason": one.reason,
        }  # fmt: skip
        if not one.changes:
            yield row
        for change in one.changes:
            yield row | {
                "effective_from": str(change.effective_from),
                "before": _rates(change.before),
                "after": _rates(change.after),
                "percent": change.percent,
                "currency": found.currency,
            }


def _rates(rates: Sequence[ListedRate]) -> str:
    return "; ".join(f"{one.start_quantity:f}: {one.unit_price:f}" for one in rates)
