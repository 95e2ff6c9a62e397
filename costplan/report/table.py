"""Tables for the terminal, by Rich."""

from __future__ import annotations

import io
import os
import sys

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from costplan.report.document_view import document_view
from costplan.report.view import Cell, Table, Tone, View
from costplan.text import visible

STYLES: dict[Tone, str] = {
    "plain": "",
    "strong": "bold",
    "faint": "dim",
    "good": "green",
    "bad": "red",
    "warn": "yellow",
}
PIPED_WIDTH = 120
"""Columns when the output is not a terminal, where there is no width to ask for."""


def render(document: object) -> str:
    """Render a document as tables as wide as the terminal; plain text when it is not one."""
    return render_view(document_view(document))


def render_view(view: View) -> str:
    """Render any view."""
    console = _console()
    parts = [Text(visible(view.title), style="bold"), *(Text(visible(fact)) for fact in view.facts)]
    group = Group(*parts, *(_table(table) for table in view.tables), *(_note(note) for note in view.notes))
    with console.capture() as captured:
        console.print(group)
    lines = captured.get().splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _console() -> Console:
    terminal = sys.stdout.isatty()
    coloured = (terminal or bool(os.environ.get("FORCE_COLOR"))) and not os.environ.get("NO_COLOR")
    coloured = coloured and os.environ.get("TERM") != "dumb"
    return Console(
        file=io.StringIO() if not terminal else None,
        width=None if terminal else int(os.environ.get("COLUMNS") or PIPED_WIDTH),
        force_terminal=coloured,
        color_system="auto" if coloured else None,
        no_color=not coloured,
        highlight=False,
        markup=False,
        emoji=False,
    )


def _table(table: Table) -> Padding:
    drawn = RichTable(
        title=visible(table.heading) or None, title_justify="left", title_style="bold", box=None,
        pad_edge=False, padding=(0, 2, 0, 0), show_edge=False,
    )  # fmt: skip
    for column in table.columns:
        drawn.add_column(
            visible(column.heading),
            justify="right" if column.right else "left",
            no_wrap=not column.folds,
            overflow="fold",
            header_style="underline",
        )
    for row in table.rows:
        drawn.add_row(*(_text(cell) for cell in row.cells))
    return Padding(drawn, (1, 0, 0, 0))


def _text(cell: Cell) -> Text:
    return Text(visible(cell.text), style=STYLES[cell.tone])


def _note(note: Cell) -> Text:
    return Text(visible(note.text), style=STYLES[note.tone])
