"""Lists as a language writes them."""

from __future__ import annotations

from collections.abc import Sequence

from costplan.language.translator import Translator


def enumerated(items: Sequence[str], words: Translator, limit: int = 12) -> str:
    """Join items with commas; past `limit` the rest is counted, not shown."""
    if len(items) <= limit:
        return ", ".join(items)
    return words("{items} and {count} more", items=", ".join(items[:limit]), count=len(items) - limit)
