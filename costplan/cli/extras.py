"""Commands that need optional libraries say the one line that installs them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from costplan.messages.errors import MissingExtraError


@contextlib.contextmanager
def needs_extra(what: str = "costplan bench", extra: str = "bench") -> Iterator[None]:
    """Turn a missing library into the one line that says what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("costplan"):
            raise
        raise MissingExtraError(what, extra) from error
