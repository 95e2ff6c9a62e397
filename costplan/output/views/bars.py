"""Small bars beside figures in a terminal."""

from __future__ import annotations

import sys
from typing import Final

BAR_WIDTH: Final = 8
"""Columns of a whole bar."""
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"
_FULL: Final = "█"
_PLAIN: Final = "#"
"""For screens that have no block letters."""


def bar(share: float, width: int = BAR_WIDTH) -> str:
    """Draw a part of a whole, to an eighth of a column; anything above 0 shows.

    Args:
        share: From 0 to 1.
        width: Columns of the whole.
    """
    inside = min(max(share, 0.0), 1.0)
    if not _has_blocks():
        return _PLAIN * max(round(inside * width), 1 if inside else 0)
    eighths = max(round(inside * width * 8), 1 if inside else 0)
    rest = _EIGHTHS[eighths % 8] if eighths % 8 else ""
    return _FULL * (eighths // 8) + rest


def _has_blocks() -> bool:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        (_FULL + _EIGHTHS).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
