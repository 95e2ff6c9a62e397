"""Reasons that resources and curves give as English sentences, said in the report's language.

A reason is one of a closed list of messages with its numbers filled in. It is taken apart by the message that
it was made from; one that is not on the list stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from costplan.report.paper.terms import CAUSES, INDICES, REASONS
from costplan.report.paper.words import Words


def reason(said: str, words: Words) -> str:
    """Say why a promise is not kept."""
    return _said(said, REASONS, words)


def lacks(resource: str, said: str, words: Words) -> str:
    """Say which resource does not keep a promise, and why: `database needs more than 1 such cluster`."""
    return words("{resource} {why}", resource=resource, why=reason(said, words))


def cause(said: str, words: Words) -> str:
    """Say what makes a step."""
    return _said(said, CAUSES, words)


def no_indices(said: str, words: Words) -> str:
    """Say why the variance is not shared out."""
    return _said(said, INDICES, words)


def _said(said: str, known: Mapping[str, str], words: Words) -> str:
    for message in known:
        found = _pattern(message).fullmatch(said)
        if found is not None:
            return words.term(message, known).format(
                **{k: words.digits(v) for k, v in found.groupdict().items()}
            )
    return said


@cache
def _pattern(message: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", message)
    return re.compile("".join(f"(?P<{p}>.+?)" if n % 2 else re.escape(p) for n, p in enumerate(parts)))
