"""Text that fits a box: its width by the letter, broken into lines, shortened, safe inside SVG."""

from __future__ import annotations

import unicodedata
from typing import Final

from costplan.messages.text import visible

_LETTERS: Final = (
    (0.30, "'IJijlІЇЈіїј"),
    (0.35, " ,./:;\\|·‘’\u00a0"),
    (0.40, "()-[]ft"),
    (0.45, "!r"),
    (0.50, '"*_`º–'),
    (0.55, "?cszгзсэѕґ“”"),
    (0.60, "FLkvxyтвуўчьхғүұ"),
    (0.65, "$0123456789EPSTYabdeghnopqu{}ЁЎГЕЗРТУабеийклоряёҐқҮҰһәө₽€₸"),
    (0.70, "ABCKRVXZЄАБВСХЧЬЭЯднпцџҒңҺ"),
    (0.75, "NUИЙКъҚ"),
    (0.80, "&DGHOQДЛНОПЦмыҢӘӨ"),
    (0.85, "#+<=>^w~±×÷Ъю≤≥−→"),
    (0.95, "MМФЫфжшщ"),
    (1.10, "%@Wm©ЖШЩЮ№—…"),
)
"""Advance widths of DejaVu Sans in em, rounded up: few fonts that a page may fall back on are wider."""
_WIDTHS: Final = {letter: width for width, letters in _LETTERS for letter in letters}
_BOLD: Final = 1.18
"""Bold words to plain ones in DejaVu Sans; single letters such as `i` differ more, words do not."""
_OTHER: Final = 1.1
_WIDE: Final = 1.3
"""Letters of other scripts; those that Unicode calls wide, emoji among them."""
ELLIPSIS: Final = "…"


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return an upper bound of the width of a text, in the unit of its size."""
    letters = sum(_WIDTHS.get(letter) or _unknown(letter) for letter in text)
    return letters * size * (_BOLD if bold else 1)


def _unknown(letter: str) -> float:
    return _WIDE if unicodedata.east_asian_width(letter) in "WF" else _OTHER


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Shorten a text with an ellipsis to the room that it has; never to nothing."""
    if width(text, size, bold=bold) <= room:
        return text
    kept = text[:200]
    while len(kept) > 1 and width(kept.rstrip() + ELLIPSIS, size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def wrapped(text: str, room: float, size: float, *, lines: int, bold: bool = False) -> list[str]:
    """Break a text at its blanks into at most so many lines; what does not fit is shortened.

    A word that is longer than a line is shortened too: there is no rule for hyphens here.
    """
    rows: list[str] = []
    words = text.split()
    while words:
        row = words.pop(0)
        while words and width(f"{row} {words[0]}", size, bold=bold) <= room:
            row = f"{row} {words.pop(0)}"
        if len(rows) == lines - 1:
            row, words = " ".join([row, *words]), []
        rows.append(fitted(row, room, size, bold=bold))
    return rows


def printable(text: str) -> str:
    """Return a name on one line with its hidden characters spelled out, free of what XML cannot hold."""
    flat = visible(" ".join(text.split()))
    return "".join("\ufffd" if ord(letter) & 0xFFFE == 0xFFFE else letter for letter in flat)
