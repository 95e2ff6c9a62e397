"""What Pydantic finds wrong with a result file, as reasons that keep its English words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from costplan.messages.reason import Reason

_WORDED: Sequence[tuple[str, Callable[..., Reason]]] = (
    ("field required", lambda: Reason("field required")),
    ("extra inputs are not permitted", lambda: Reason("extra inputs are not permitted")),
    ("input should be a valid string", lambda: Reason("input should be a valid string")),
    ("input should be a valid number", lambda: Reason("input should be a valid number")),
    ("input should be a valid integer", lambda: Reason("input should be a valid integer")),
    ("input should be a valid boolean", lambda: Reason("input should be a valid boolean")),
    ("input should be a valid list", lambda: Reason("input should be a valid list")),
    ("input should be a valid dictionary", lambda: Reason("input should be a valid dictionary")),
    ("input should be a finite number", lambda: Reason("input should be a finite number")),
    ("input should be greater than (-?[0-9].*)", lambda n: Reason("input should be greater than {least}", n)),
    ("input should be less than (-?[0-9].*)", lambda n: Reason("input should be less than {most}", n)),
    (
        "input should be greater than or equal to (.*)",
        lambda n: Reason("input should be greater than or equal to {least}", n),
    ),
    (
        "input should be less than or equal to (.*)",
        lambda n: Reason("input should be less than or equal to {most}", n),
    ),
    ("input should be ('.*)", lambda choices: Reason("input should be {choices}", choices)),
)
"""Pydantic's sentences, with the words that are kept, and how we say them."""


def check_reason(sentence: str) -> str:
    """Return a reason for a sentence of Pydantic; one that is not known stays as it is."""
    said = f"{sentence[0].lower()}{sentence[1:]}"
    for pattern, worded in _WORDED:
        if found := re.fullmatch(pattern, said):
            return worded(*found.groups())
    return said
