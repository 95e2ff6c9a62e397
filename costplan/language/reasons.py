"""Reasons that resources and curves give as values, said in a language, with who they are about."""

from __future__ import annotations

from costplan.language.translator import Translator


def lacks(resource: str, said: str, words: Translator) -> str:
    """Say which resource does not work, and why: `database needs more than 1 such cluster`."""
    why = words.reason(said)
    return words("{resource} {why}", resource=resource, why=why) if resource else why
