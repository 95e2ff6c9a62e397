"""The chapters of a report, in order. A new one is a file with `section(material, words)` and a line here.

A chapter whose material is not there returns None and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from costplan.language.translator import Translator
from costplan.report.blocks import Section
from costplan.report.material import Material

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


def sections(material: Material, words: Translator) -> Iterator[Section]:
    """Write every chapter that there is material for."""
    for name in SECTIONS:
        found: Section | None = import_module(f"{__name__}.{name}").section(material, words)
        if found is not None:
            yield found
