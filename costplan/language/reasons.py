"""Reasons that resources and curves give as values, said in a language, with who they are about."""

from __future__ import annotations

from collections.abc import Sequence

from costplan.language.translator import Translator

MOST_CAUSES = 3
"""Most causes of one step that are said: machines that follow the hours step by the dozen at one load."""


def lacks(resource: str, said: str, words: Translator) -> str:
    """Say which resource does not work, and why: `database needs more than 1 such cluster`."""
    why = words.reason(said)
    return words("{resource} {why}", resource=resource, why=why) if resource else why


def causes_in_words(causes: Sequence[str], words: Translator) -> str:
    """Say what makes a step, with the number of causes that are left out; the document has all."""
    said = "; ".join(words.reason(cause) for cause in causes[:MOST_CAUSES])
    left = len(causes) - MOST_CAUSES
    return (
        said + words.many("; and {count} more step", "; and {count} more steps", left) if left > 0 else said
    )
