"""A report as Markdown for GitLab and GitHub: tables, Mermaid, charts as files beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import zip_longest
from typing import Any, Final

from costplan.messages.spans import Span, Text, spans_of
from costplan.messages.text import visible
from costplan.output.formats.markdown import escaped
from costplan.report.blocks import (
    Block,
    Bullets,
    Cell,
    Chart,
    Code,
    Diagram,
    Figures,
    Heading,
    Live,
    Note,
    Paragraph,
    Report,
    Row,
    Table,
)

_PLAIN_CODE = re.compile(r"[\w .:=/+\-\[\],]+")
"""What stands in a code span as it is; anything else is written as escaped text."""
_INDENT = "&nbsp;&nbsp;"


def render(report: Report, charts: Mapping[str, str] | None = None) -> str:
    """Render a report.

    Args:
        report: The content.
        charts: Name of a chart -> where its file is, as a link; a chart that is not there is left out, its
            numbers stay.
    """
    parts = [f"# {escaped(report.title)}", " · ".join(escaped(fact) for fact in report.facts)]
    for section in report.sections:
        parts.append(f"## {escaped(section.title)}")
        for block in section.blocks:
            parts += _block(block, charts or {})
    return "\n\n".join(parts) + "\n"


def _block(block: Block, charts: Mapping[str, str]) -> Iterator[str]:
    if isinstance(block, Chart):
        yield from _chart(block, charts)
    else:
        yield _WRITERS[type(block)](block)


def _chart(chart: Chart, charts: Mapping[str, str]) -> Iterator[str]:
    if chart.name in charts:
        yield f"![{escaped(chart.title)}](<{charts[chart.name]}>)"
        yield f"**{escaped(chart.title)}** {escaped(chart.description)}"
    yield _table(chart.table)


def _text(text: Text) -> str:
    return "".join(_span(span) for span in spans_of(text))


def _span(span: Span) -> str:
    if span.style == "code" and _PLAIN_CODE.fullmatch(span.text):
        return f"`{span.text}`"
    text = escaped(span.text)
    bold = span.style in ("strong", "bad") and text.strip() == text and text
    return f"**{text}**" if bold else text


def _figures(block: Figures) -> str:
    """Write big numbers as a table with a column for each."""
    columns = [
        [escaped(figure.label), f"**{escaped(figure.value)}**", *map(_text, figure.details)]
        for figure in block.figures
    ]
    rows = list(zip_longest(*columns, fillvalue=" "))
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(columns), *lines[1:]])


def _bullets(block: Bullets) -> str:
    return "\n".join(f"{'1.' if block.is_numbered else '-'} {_text(item)}" for item in block.items)


def _code(block: Code) -> str:
    text = "\n".join(visible(line) for line in block.text.rstrip("\n").replace("\t", "    ").split("\n"))
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    fenced = f"{fence}\n{text}\n{fence}"
    if block.is_collapsed:
        return _folded(block.caption, fenced)
    return f"{escaped(block.caption)}:\n\n{fenced}" if block.caption else fenced


def _folded(caption: str, content: str) -> str:
    """Fold long content; the blank lines let Markdown be read inside the HTML."""
    return f"<details>\n<summary>{escaped(caption)}</summary>\n\n{content}\n\n</details>"


def _diagram(block: Diagram) -> str:
    return f"**{escaped(block.title)}**\n\n```mermaid\n{block.mermaid().rstrip()}\n```"


def _table(table: Table) -> str:
    heading = "| " + " | ".join(escaped(column.heading) or " " for column in table.columns) + " |"
    rule = "|" + "|".join(" ---: " if column.right else " --- " for column in table.columns) + "|"
    written = "\n".join([heading, rule, *(_row(row) for row in table.rows)])
    return (
        _folded(table.caption, written)
        if table.is_collapsed
        else f"**{escaped(table.caption)}**\n\n{written}"
    )


def _row(row: Row) -> str:
    first, *others = row.cells
    indent = _INDENT if row.kind == "line" else ""
    return "| " + " | ".join([indent + _cell(first), *map(_cell, others)]) + " |"


def _cell(cell: Cell) -> str:
    return _text(cell.text) or " "


_WRITERS: Final[Mapping[type, Callable[[Any], str]]] = {
    Heading: lambda block: f"### {escaped(block.text)}",
    Paragraph: lambda block: _text(block.text),
    Figures: _figures,
    Bullets: _bullets,
    Note: lambda block: f"> {_text(block.text)}",
    Code: _code,
    Table: _table,
    Diagram: _diagram,
    Live: lambda block: _table(block.table),
}
