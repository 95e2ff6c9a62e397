"""Tables for the terminal: aligned columns, long texts folded to its width, colour where it is wanted.

Rich would do the same and costs a third of the whole run of `estimate` to import; this is what is needed.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from costplan.language.translator import ENGLISH, Translator
from costplan.messages.text import visible
from costplan.output.views.bars import BAR_WIDTH, bar
from costplan.output.views.document_view import document_view
from costplan.output.views.view import Cell, Column, Picture, Row, Table, Tone, View

ANSI: dict[Tone, str] = {
    "plain": "",
    "strong": "1",
    "faint": "2",
    "good": "32",
    "bad": "31",
    "warn": "33",
}
"""SGR codes; colour repeats what the words say."""
UNBOUNDED = sys.maxsize
"""Width of a pipe and of a file: a row is a line, for `grep`, `cut` and copying, and no code is broken."""
GAP = "  "
NARROWEST = 16
"""A folding column gets no narrower, even where the terminal is; the other columns then go below."""
BREAKS = re.compile(r"(?<=[./:@_+-])(?=.)")
"""Where a long word is cut: after these characters."""


def render(
    document: object, words: Translator = ENGLISH, *, is_brief: bool = False, is_detailed: bool = False
) -> str:
    """Render a document as tables as wide as the terminal; plain text when it is not one."""
    view = document_view(document, words, is_brief=is_brief)
    return render_view(view.whole() if is_detailed else view, _screen_width(), coloured=_is_coloured())


def render_view(view: View, width: int, *, coloured: bool) -> str:
    """Render any view.

    Args:
        width: Columns of the screen.
        coloured: Whether to write ANSI styles.
    """
    lines = [_styled(folded, "strong", coloured) for folded in _folded(visible(view.title), width)]
    lines += [folded for fact in view.facts for folded in _folded(visible(fact), width)]
    if view.picture is not None:
        lines += ["", *_drawn(view.picture, width, coloured)]
    for table in view.tables_with_rows:
        lines += ["", *_table_lines(table, width, coloured)]
    if view.notes:
        lines.append("")
    for note in view.notes:
        for line in _folded(visible(note.text), width, _hanging(note.text)):
            lines.append(_styled(line, note.tone, coloured))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def render_for_file(
    document: object, words: Translator = ENGLISH, *, is_brief: bool = False, is_detailed: bool = False
) -> str:
    """Render a document as plain tables, whatever the screen is."""
    view = document_view(document, words, is_brief=is_brief)
    return render_view(view.whole() if is_detailed else view, UNBOUNDED, coloured=False)


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _screen_width() -> int:
    if _is_terminal():
        return shutil.get_terminal_size().columns
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if re.fullmatch("[1-9][0-9]{0,4}", columns) else UNBOUNDED


def _is_coloured() -> bool:
    """Follow NO_COLOR, FORCE_COLOR and TERM=dumb; without any of them, colour is for terminals."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return _is_terminal() or bool(os.environ.get("FORCE_COLOR"))


def _drawn(picture: Picture, width: int, coloured: bool) -> Iterator[str]:
    for line in picture.lines(width, ascii_only=not _shows_lines()):
        yield "".join(_styled(visible(cell.text), cell.tone, coloured) for cell in line)


def _shows_lines() -> bool:
    """Say whether the screen has characters for drawing lines."""
    try:
        "─╭".encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _table_lines(table: Table, width: int, coloured: bool) -> Iterator[str]:
    if table.heading:
        for line in _folded(visible(table.heading), width, GAP):
            yield _styled(line, "strong", coloured)
    texts = [_visible_texts(row) for row in table.rows]
    widths = _column_widths(table, texts, width)
    barred = _barred(table)
    if barred and _room_for_bars(len(barred), _column_widths(table, texts, sys.maxsize), width):
        texts = _with_bars(table, texts, widths, barred)
        widths = _column_widths(table, texts, width)
    for position, numbers in enumerate(_blocks(widths, width)):
        if position:
            yield ""
        yield from _block_lines(table, texts, widths, numbers, width, coloured)


def _visible_texts(row: Row) -> list[str]:
    texts = [cell.text for cell in row.cells]
    whole = "".join(texts)
    return texts if whole.isascii() and whole.isprintable() else [visible(text) for text in texts]


def _barred(table: Table) -> set[int]:
    """Return the columns that have bars."""
    rows = (row.cells for row in table.rows if not row.spans)
    return {number for cells in rows for number, cell in enumerate(cells) if cell.bar is not None}


def _room_for_bars(barred: int, natural: Sequence[int], width: int) -> bool:
    """Say whether bars fit without a text having to fold."""
    return sum(natural) + len(GAP) * (len(natural) - 1) + barred * (BAR_WIDTH + 1) <= width


def _with_bars(
    table: Table, texts: Sequence[Sequence[str]], widths: Sequence[int], barred: Collection[int]
) -> list[list[str]]:
    """Put bars behind the texts of their columns, all beginning in one place."""
    found = []
    for row, line in zip(table.rows, texts, strict=True):
        drawn = list(line)
        for number in barred if not row.spans else ():
            cell, text = row.cells[number], line[number]
            blank = " " * (widths[number] - cell_width(text))
            aligned = blank + text if table.columns[number].right else text + blank
            drawn[number] = f"{aligned} {'' if cell.bar is None else bar(cell.bar):<{BAR_WIDTH}}"
        found.append(drawn)
    return found


def _block_lines(
    table: Table,
    texts: Sequence[Sequence[str]],
    widths: Sequence[int],
    numbers: Sequence[int],
    width: int,
    coloured: bool,
) -> Iterator[str]:
    """Write some columns of a table."""
    columns, sizes = [table.columns[n] for n in numbers], [widths[n] for n in numbers]
    headings = [Cell(visible(column.heading)) for column in columns]
    folding = [replace(column, folds=True) for column in columns]
    yield from _row_lines(headings, [cell.text for cell in headings], folding, sizes, coloured)
    across = sum(sizes) + len(GAP) * (len(sizes) - 1)
    rule = _styled("-" * across, "faint", coloured)
    yield rule
    in_a_line = "" if coloured else _line_format(columns, sizes)
    whole = len(numbers) == len(table.columns)
    for position, (row, text) in enumerate(zip(table.rows, texts, strict=True)):
        if row.rule and position:
            yield rule
        if row.spans:
            for line in _folded(text[0], width, _hanging(text[0])):
                yield _styled(line, row.cells[0].tone, coloured)
            continue
        own = text if whole else [text[n] for n in numbers]
        line = in_a_line.format(*own)
        if len(line) == across and (line.isascii() or all(cell_width(text) == len(text) for text in own)):
            yield line  # nothing is folded
        else:
            yield from _row_lines([row.cells[n] for n in numbers], own, columns, sizes, coloured)


def _line_format(columns: Sequence[Column], sizes: Sequence[int]) -> str:
    """Return how a row is written whose texts all fit; empty where a text would be changed first."""
    if any(column.right and column.folds for column in columns):
        return ""
    return GAP.join(f"{{:{'>' if c.right else '<'}{size}}}" for c, size in zip(columns, sizes, strict=True))


def _column_widths(table: Table, rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Give each column its longest text; where that is too much, folding columns give way, then headings."""
    columns = table.columns
    whole = [texts for texts, row in zip(rows, table.rows, strict=True) if not row.spans]
    inside = [max(1, _widest(texts)) for texts in zip(*whole, strict=True)] or [1] * len(columns)
    sizes = [max(cell_width(visible(c.heading)), size) for c, size in zip(columns, inside, strict=True)]
    excess = sum(sizes) + len(GAP) * (len(columns) - 1) - width
    folding = [number for number, column in enumerate(columns) if column.folds]
    while excess > 0 and folding:
        widest = max(folding, key=lambda number: sizes[number])
        others = [sizes[number] for number in folding if number != widest]
        floor = max([NARROWEST, *(size for size in others if size < sizes[widest])])
        step = min(excess, sizes[widest] - floor)
        if step <= 0:
            break
        sizes[widest] -= step
        excess -= step
    for number, column in enumerate(columns):
        pieces = [piece for word in visible(column.heading).split() for piece in BREAKS.split(word)]
        least = max([inside[number], *(cell_width(piece) for piece in pieces)])
        step = min(max(excess, 0), sizes[number] - least)
        if not column.folds and step > 0:
            sizes[number] -= step
            excess -= step
    return sizes


def _blocks(widths: Sequence[int], width: int) -> list[list[int]]:
    """Split columns that do not fit beside each other; the first column stands in every block."""
    blocks: list[list[int]] = [[0]]
    for number in range(1, len(widths)):
        taken = sum(widths[n] for n in blocks[-1]) + len(GAP) * len(blocks[-1])
        if taken + widths[number] > width and len(blocks[-1]) > 1:
            blocks.append([0])
        blocks[-1].append(number)
    return blocks


def _row_lines(
    cells: Sequence[Cell],
    texts: Sequence[str],
    columns: Sequence[Column],
    widths: Sequence[int],
    coloured: bool,
) -> Iterator[str]:
    folded = [
        _folded(text, width, "" if column.right else _hanging(text)) if column.folds else [text]
        for text, column, width in zip(texts, columns, widths, strict=True)
    ]
    for line in range(max(len(parts) for parts in folded)):
        pieces = []
        for cell, column, width, parts in zip(cells, columns, widths, folded, strict=True):
            text = parts[line] if line < len(parts) else ""
            text = text.strip() if column.right and column.folds else text
            blank = " " * (width - cell_width(text))
            styled = _styled(text, cell.tone, coloured)
            pieces.append(blank + styled if column.right else styled + blank)
        yield GAP.join(pieces)


def _hanging(text: str) -> str:
    """Return the indentation of a folded text's further lines: a little more than its own."""
    return " " * (len(text) - len(text.lstrip()) + 2)


def _folded(text: str, width: int, indent: str = "") -> list[str]:
    """Fold a text at blanks, and a word that is wider than a line at its dots, slashes and hyphens."""
    if cell_width(text) <= width:
        return [text]
    line = text[: len(text) - len(text.lstrip())]
    lines: list[str] = []
    fresh = True
    for word in text.split():
        for number, piece in enumerate(_pieces(word, max(width - len(indent), 1))):
            gap = "" if fresh or number else " "
            if not fresh and cell_width(line + gap + piece) > width:
                lines.append(line)
                line, gap = indent, ""
            line += gap + piece
            fresh = False
    return [*lines, line]


def _pieces(word: str, width: int) -> list[str]:
    """Cut a word that is wider than `width` where it may be read on."""
    if cell_width(word) <= width:
        return [word]
    found = []
    for piece in BREAKS.split(word):
        while cell_width(piece) > width:
            found.append(piece[:width])
            piece = piece[width:]
        found.append(piece)
    return [piece for piece in found if piece]


def _widest(texts: Sequence[str]) -> int:
    """Return the width of the widest text."""
    return max(map(len if "".join(texts).isascii() else cell_width, texts))


def cell_width(text: str) -> int:
    """Return how many columns of a terminal a text takes: wide East Asian letters take two, marks none."""
    return len(text) if text.isascii() else _counted_width(text)


@lru_cache(maxsize=4096)
def _counted_width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)


def _styled(text: str, tone: Tone, coloured: bool) -> str:
    code = ANSI[tone]
    return f"\x1b[{code}m{text}\x1b[0m" if coloured and code and text else text
