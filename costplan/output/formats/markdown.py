"""Markdown for GitLab and GitHub."""

from __future__ import annotations

import re
from collections.abc import Iterator

from costplan.language.translator import ENGLISH, Translator
from costplan.messages.text import visible
from costplan.output.views.document_view import document_view
from costplan.output.views.view import Cell, Row, Table, View

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!$])")


def render(document: object, words: Translator = ENGLISH, *, is_brief: bool = False) -> str:
    """Render a document as Markdown; texts from data cannot make markup, links or HTML."""
    view = document_view(document, words, is_brief=is_brief)
    parts = [f"## {escaped(view.title)}", *_parts(view)]
    if view.details is not None:
        summary = f"<details>\n<summary>{escaped(view.details.title)}</summary>"
        parts += [summary, *_parts(view.details), "</details>"]
    return "\n\n".join(parts) + "\n"


def _parts(view: View) -> Iterator[str]:
    yield from (escaped(fact) for fact in view.facts)
    for table in view.tables_with_rows:
        if table.heading:
            yield f"### {escaped(table.heading)}"
        yield _table(table)
    if view.notes:
        yield "\n".join(f"- {escaped(note.text.strip())}" for note in view.notes)


def escaped(text: str) -> str:
    """Escape what Markdown would read as markup; `&`, `<` and `>` become entities, a newline a blank."""
    flat = visible(text.replace("\n", " ")).replace("&", "&amp;")
    flat = _SPECIAL.sub(r"\\\1", flat).replace("\\<", "&lt;").replace("\\>", "&gt;")
    broken = re.sub(r"(?i)\b(https?|ftp|javascript|data|mailto|www)([:.])", r"\1&#8203;\2", flat)
    return broken.replace("@", "@&#8203;")


def _table(table: Table) -> str:
    heading = "| " + " | ".join(escaped(column.heading) or " " for column in table.columns) + " |"
    rule = "|" + "|".join(" ---: " if column.right else " --- " for column in table.columns) + "|"
    return "\n".join([heading, rule, *(_row(row, len(table.columns)) for row in table.rows)])


def _row(row: Row, columns: int) -> str:
    cells = [*row.cells, *[Cell("")] * (columns - len(row.cells))]
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(cell: Cell) -> str:
    indent = "&nbsp;&nbsp;" if cell.text.startswith("  ") else ""
    text = indent + escaped(cell.text.strip())
    return f"**{text}**" if cell.tone == "strong" and text else text
