"""The first line of a note, by which it is found again."""

from __future__ import annotations

import re

from costplan.messages.errors import InputError
from costplan.messages.reason import Reason

DEFAULT_KEY = "cost"
_KEY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/]|-(?!-)){0,63}")


def marker_of(key: str) -> str:
    """Return the line, a comment that readers do not see.

    Raises:
        InputError: The key could end the comment, or is longer than a name.
    """
    if not _KEY.fullmatch(key) or key.endswith("-"):
        raise InputError(
            Reason("--key: must be letters, digits, `.`, `_`, `/` and single `-`, got `{key}`", key[:80]),
            hint="the name of what is priced, such as `shop`",
        )
    return f"<!-- costplan note: {key} -->"


def is_marked(body: str, marker: str) -> bool:
    """Say whether a note begins with a marker: a name inside of another note is none."""
    return body.lstrip("\ufeff").split("\n", 1)[0].rstrip() == marker
