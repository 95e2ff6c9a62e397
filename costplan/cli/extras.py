"""Commands that need optional libraries say the one line that installs them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from costplan.errors import MissingExtraError


@contextlib.contextmanager
def needs_extra() -> Iterator[None]:
    """Turn a missing library into the one line that says what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("costplan"):
            raise
        raise MissingExtraError("costplan bench", "bench") from error
