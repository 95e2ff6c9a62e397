"""Texts whose pieces have a meaning, whatever writes them: bold, code, a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Style = Literal["plain", "strong", "code", "faint", "good", "bad", "warn"]
"""What a piece of text means; colour only ever repeats what its words say."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text with a meaning, or a link to another place of the report."""

    text: str
    style: Style = "plain"
    anchor: str = ""
    """Id inside the report that it leads to."""


Text = str | tuple[Span, ...]


def spans_of(text: Text) -> tuple[Span, ...]:
    """Return the pieces of a text."""
    return (Span(text),) if isinstance(text, str) else text


def plain_text(text: Text) -> str:
    """Return a text without its meanings."""
    return "".join(span.text for span in spans_of(text))


def strong(text: str) -> tuple[Span, ...]:
    """Make a text that stands out."""
    return (Span(text, "strong"),)
