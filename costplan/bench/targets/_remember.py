"""Not parsing the same right reply twice: servers give the same bytes for the same prebuilt request."""

from __future__ import annotations

from collections.abc import Callable

_MOST_REPLIES = 64
_MOST_BYTES = 16 * 1024


class RememberedCheck:
    """Wraps a reply check and remembers replies that were right, so that the generator keeps its time.

    Only right replies are remembered, byte for byte: anything else is looked at anew.
    """

    def __init__(self, check: Callable[[bytes], str | None]) -> None:
        self._check = check
        self._right: set[bytes] = set()

    def __call__(self, body: bytes) -> str | None:
        """Return what is wrong with a reply, or None."""
        if body in self._right:
            return None
        fault = self._check(body)
        if fault is None and len(body) <= _MOST_BYTES and len(self._right) < _MOST_REPLIES:
            self._right.add(body)
        return fault
