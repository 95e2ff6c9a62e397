"""The chapters of a report, in order. A new one is a file with `section(report_data, words)` and a line here.

A chapter that has nothing to say returns None and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from costplan.language.translator import Translator
from costplan.report.blocks import Section
from costplan.report.report_data import ReportData

SECTIONS = (
    "verdict",
    "architecture",
    "bill",
    "comparison",
    "scaling",
    "months",
    "whatif",
    "measurement",
    "uncertainty",
    "choices",
    "sources",
)
"""Modules of this package."""
OF_ONE_LOAD = frozenset({"scaling", "months", "whatif", "uncertainty"})
"""Chapters about designs over a load: an account has several at once."""


def sections(report_data: ReportData, words: Translator) -> Iterator[Section]:
    """Write every chapter that has something to say."""
    for name in SECTIONS:
        if report_data.has_account and name in OF_ONE_LOAD:
            continue
        found: Section | None = import_module(f"{__name__}.{name}").section(report_data, words)
        if found is not None:
            yield found
