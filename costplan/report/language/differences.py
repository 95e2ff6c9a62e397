"""What a variant changes of its scenario, as people read it."""

from __future__ import annotations

from collections.abc import Sequence

from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text, spans_of
from costplan.scenario.loaded import Difference

ON_A_CARD = 3
"""Differences that a card names."""


def difference_text(
    scenario: str, differences: Sequence[Difference], words: Translator, most: int | None = None
) -> Text:
    """Say in what a design differs from its scenario as written: `differs from stage2 by: ...`."""
    shown = differences[:most]
    parts: list[Span] = []
    for found in shown:
        path = found.path.removeprefix("resources.")
        if parts:
            parts.append(Span("; "))
        if found.value is None:
            parts += spans_of(words.spans("without {path}", path=Span(path, "code")))
        else:
            parts.append(Span(f"{path}: {found.value}", "code"))
    left = len(differences) - len(shown)
    if left:
        parts.append(Span("; " + words.many("{count} more", "{count} more", left)))
    return (Span(words("differs from {scenario} by:", scenario=scenario) + " "), *parts)
