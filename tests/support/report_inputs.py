"""Data of a report for tests: the shipped stages as the command gathers them, or scenarios of a test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from costplan.cli.report.options import ReportOptions
from costplan.cli.report.report_data import build_report_data
from costplan.inputs.bundles import Changes, Layers, Prices
from costplan.messages.spans import Span
from costplan.report.blocks import (
    Bullets,
    Cell,
    Code,
    Column,
    Figure,
    Figures,
    Heading,
    Note,
    Paragraph,
    Report,
    Row,
    Section,
    Table,
)
from costplan.report.report_data import ReportData

DAY = date(2026, 11, 23)
STAGES = ("stage1", "stage2", "stage3")


@cache
def report_data(
    references: Sequence[str] = STAGES,
    currency: str | None = None,
    requests: str | None = None,
    sets: tuple[str, ...] = (),
) -> ReportData:
    """Gather what the command would, for one day."""
    words = ReportOptions(
        references, Prices(currency, "2026-10-06"), Layers(), Changes(list(sets), requests), DAY, "en"
    )
    return build_report_data(words, lambda _: None)


def report_data_of(folder: Path, *scenarios: str) -> ReportData:
    """Gather from scenarios given as YAML; each says its own name."""
    paths = []
    for number, text in enumerate(scenarios):
        path = folder / f"scenario{number}.yaml"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    return build_report_data(
        ReportOptions(paths, Prices(None, "2026-10-06"), Layers(), Changes(), DAY, "en"), lambda _: None
    )


EVIL = (
    "\"><script>alert(1)</script><img src=x onerror='alert(2)'>{{7*7}}{% raw %}</style></title>&amp;"
    "\u202e\x1b[31m"
)


def evil_report() -> Report:
    """A report whose every text is hostile."""
    table = Table(EVIL, [Column(EVIL), Column(EVIL, right=True)], [[Row([Cell(EVIL), Cell(EVIL)], "head")]])
    blocks = [
        Heading(EVIL, "here"),
        Paragraph(tuple(Span(EVIL, style) for style in ("plain", "strong", "code", "faint", "bad"))),  # type: ignore[arg-type]
        Figures([Figure(EVIL, EVIL, [EVIL, (Span(EVIL, "good"),)])]),
        Bullets([EVIL]),
        Bullets([EVIL], is_numbered=True),
        Note(EVIL, "warn"),
        Code(EVIL, EVIL),
        Code(f"one\n{EVIL}", EVIL, is_collapsed=True),
        table,
        Table(EVIL, table.columns, table.groups, table.groups[0], is_collapsed=True),
    ]
    return Report("en", EVIL, [EVIL], [Section("here-too", EVIL, blocks)])
