"""Texts in a note that do nothing: nobody is named, nothing is linked, no table breaks.

Sites read a note twice: as Markdown, then, in what came of it, they look for `@name`, `#12`, `!12`, `GH-12`
and addresses, and tell those that are meant. Escapes of Markdown are gone by then. In code they do neither.
"""

from __future__ import annotations

import re

from costplan.messages.text import shortened, visible
from costplan.output.formats.markdown import escaped

NAME_WIDTH = 120
"""Longest name that a note shows: one of a megabyte must not leave room for nothing else."""
TEXT_WIDTH = 300
_GAP = "\u200b"
"""A space without width: shown it is nothing, and what stands on both sides of it is no longer one word."""
_NO_CODE = re.compile(r"[`|\\]")
_REFERENCES = re.compile(r"(\\[#!$~*\[]|%|\^|&amp;|\bGH-|(?<!\w):)(?=[\w\"&])", re.IGNORECASE)


def code(text: str) -> str:
    """Write a name as code; as text where it has a letter that ends code or a cell."""
    shown = visible(shortened(" ".join(text.split()), NAME_WIDTH))
    if not shown or _NO_CODE.search(shown):
        return plain(shown)
    return f"`{shown}`"


def plain(text: str, width: int = TEXT_WIDTH) -> str:
    """Write a sentence, whatever the names in it hold."""
    return _REFERENCES.sub(rf"\1{_GAP}", escaped(shortened(text, width)))
