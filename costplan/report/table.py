"""Tables for the terminal: aligned columns, long texts folded to its width, colour where it is wanted.

Rich would do the same and costs a third of the whole run of `estimate` to import; this is what is needed.
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence

from costplan.report.document_view import document_view
from costplan.report.view import Cell, Column, Row, Table, Tone, View
from costplan.text import visible

ANSI: dict[Tone, str] = {
    "plain": "",
    "strong": "1",
    "faint": "2",
    "good": "32",
    "bad": "31",
    "warn": "33",
}
"""SGR codes; colour repeats what the words say."""
PIPED_WIDTH = 120
"""Columns when the output is not a terminal, where there is no width to ask for."""
GAP = "  "
NARROWEST = 16
"""A folding column gets no narrower, even where the terminal is; the terminal then wraps the line."""


def render(document: object) -> str:
    """Render a document as tables as wide as the terminal; plain text when it is not one."""
    return render_view(document_view(document), _screen_width(), coloured=_is_coloured())


def render_view(view: View, width: int, *, coloured: bool) -> str:
    """Render any view.

    Args:
        width: Columns of the screen.
        coloured: Whether to write ANSI styles.
    """
    lines = [_styled(visible(view.title), "strong", coloured)]
    lines += [folded for fact in view.facts for folded in _folded(visible(fact), width)]
    for table in view.tables:
        lines += ["", *_table_lines(table, width, coloured)]
    if view.notes:
        lines.append("")
    for note in view.notes:
        indent = " " * (len(note.text) - len(note.text.lstrip()) + 2)
        for line in _folded(visible(note.text), width, indent):
            lines.append(_styled(line, note.tone, coloured))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _screen_width() -> int:
    if sys.stdout.isatty():
        return shutil.get_terminal_size().columns
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isascii() and columns.isdigit() and int(columns) else PIPED_WIDTH


def _is_coloured() -> bool:
    """Follow NO_COLOR, FORCE_COLOR and TERM=dumb; without any of them, colour is for terminals."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))


def _table_lines(table: Table, width: int, coloured: bool) -> Iterator[str]:
    if table.heading:
        yield _styled(visible(table.heading), "strong", coloured)
    texts = [[visible(cell.text) for cell in row.cells] for row in table.rows]
    widths = _column_widths(table.columns, texts, width)
    heading = [Cell(column.heading) for column in table.columns]
    yield from _row_lines(Row(heading), [cell.text for cell in heading], table.columns, widths, coloured)
    rule = "-" * min(width, sum(widths) + len(GAP) * (len(widths) - 1))
    yield _styled(rule, "faint", coloured)
    for position, (row, text) in enumerate(zip(table.rows, texts, strict=True)):
        if row.rule and position:
            yield _styled(rule, "faint", coloured)
        yield from _row_lines(row, text, table.columns, widths, coloured)


def _column_widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Give each column its longest text; where that is too much, the folding ones share what is left."""
    natural = [
        max([cell_width(column.heading), *(cell_width(row[number]) for row in rows)])
        for number, column in enumerate(columns)
    ]
    excess = sum(natural) + len(GAP) * (len(columns) - 1) - width
    folding = [number for number, column in enumerate(columns) if column.folds]
    while excess > 0 and folding:
        widest = max(folding, key=lambda number: natural[number])
        others = [natural[number] for number in folding if number != widest]
        floor = max([NARROWEST, *(size for size in others if size < natural[widest])])
        step = min(excess, natural[widest] - floor)
        if step <= 0:
            break
        natural[widest] -= step
        excess -= step
    return natural


def _row_lines(
    row: Row, texts: Sequence[str], columns: Sequence[Column], widths: Sequence[int], coloured: bool
) -> Iterator[str]:
    folded = [
        _folded(text, width, " " * (len(text) - len(text.lstrip()) + 2)) if column.folds else [text]
        for text, column, width in zip(texts, columns, widths, strict=True)
    ]
    for line in range(max(len(parts) for parts in folded)):
        pieces = []
        for cell, column, width, parts in zip(row.cells, columns, widths, folded, strict=True):
            text = parts[line] if line < len(parts) else ""
            blank = " " * (width - cell_width(text))
            styled = _styled(text, cell.tone, coloured)
            pieces.append(blank + styled if column.right else styled + blank)
        yield GAP.join(pieces)


def _folded(text: str, width: int, indent: str = "") -> list[str]:
    if cell_width(text) <= width:
        return [text]
    return textwrap.wrap(
        text, max(width, NARROWEST), subsequent_indent=indent, drop_whitespace=True, break_on_hyphens=False
    ) or [""]


def cell_width(text: str) -> int:
    """Return how many columns of a terminal a text takes: wide East Asian letters take two, marks none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)


def _styled(text: str, tone: Tone, coloured: bool) -> str:
    code = ANSI[tone]
    return f"\x1b[{code}m{text}\x1b[0m" if coloured and code and text else text
