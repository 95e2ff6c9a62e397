"""Amounts with what their words must not drop: that a cost without all of its prices is a lower bound."""

from __future__ import annotations

from costplan.language.translator import Translator


def cost_text(shown: str, unpriced: object, words: Translator) -> str:
    """Write a cost that is a lower bound as one.

    Args:
        shown: The cost as written.
        unpriced: What has no price, or how many parts have none; nothing where all prices are known.
        words: The language.
    """
    return words("at least {cost}", cost=shown) if unpriced else shown


def stand_in_legend(words: Translator, *, is_used: bool) -> str:
    """Say behind a caption what `[s]` means, where the table has it."""
    if not is_used:
        return ""
    return "; " + words("[s]: rests on a price that the scenario states itself")
