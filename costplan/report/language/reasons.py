"""Reasons that resources and curves give as values, said in the report's language."""

from __future__ import annotations

from decimal import Decimal

from costplan.messages.reason import Reason, Value
from costplan.report.language.translator import Words


def reason(said: str, words: Words) -> str:
    """Say a reason; a text that is none, such as one that somebody wrote, stays as it is."""
    if not isinstance(said, Reason):
        return said
    values = {key: _value(value, words) for key, value in said.values.items()}
    return words.term(said.message, {}).format(**values)


def _value(value: Value, words: Words) -> str:
    if isinstance(value, str):
        return reason(value, words)
    return words.number(Decimal(value))


def lacks(resource: str, said: str, words: Words) -> str:
    """Say which resource does not work, and why: `database needs more than 1 such cluster`."""
    return (
        words("{resource} {why}", resource=resource, why=reason(said, words))
        if resource
        else reason(said, words)
    )
