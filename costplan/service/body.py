"""Reading a request's body under a size cap and a time limit."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

CLOSE = {"Connection": "close"}
"""Sent with the answer to a request whose body was not read to its end: the connection cannot go on."""


class ClientGoneError(Exception):
    """The client closed the connection before its request was complete."""


def header(scope: Scope, name: bytes) -> str | None:
    """Return a request header by its lower-case name, or None; the first one when it is repeated."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return None


class BodyReader:
    """Reads whole bodies, none larger than `max_bytes` or slower than `timeout_seconds`.

    All that are read at a time hold at most `max_held_bytes` together.
    """

    def __init__(self, max_bytes: int, timeout_seconds: float, max_held_bytes: int) -> None:
        self.max_bytes, self._max_held_bytes = max_bytes, max_held_bytes
        self._timeout_seconds = timeout_seconds
        self._held_bytes = 0

    @contextlib.asynccontextmanager
    async def held(self, scope: Scope, receive: Receive, most: int | None = None) -> AsyncIterator[bytes]:
        """Read the body, and count it among those that are held as long as it is worked on.

        Args:
            scope: Of the request.
            receive: Of the request.
            most: Bytes of this body; `max_bytes` when left out.

        Raises:
            HTTPException: 413 over the cap, as declared or as counted while it comes in; 408 when it is slow;
                415 when it is compressed; 503 when too much is held already.
            ClientGoneError: The client went away.
        """
        count = _Count(self)
        try:
            yield await self._whole(scope, receive, min(most or self.max_bytes, self.max_bytes), count)
        finally:
            self._held_bytes -= count.size

    async def _whole(self, scope: Scope, receive: Receive, most: int, count: _Count) -> bytes:
        if header(scope, b"content-encoding") not in (None, "identity"):
            raise HTTPException(415, "compressed requests are not read", headers=CLOSE)
        declared = header(scope, b"content-length")
        if declared is not None and declared.isdigit() and int(declared[:20]) > most:
            raise _too_large(most)
        parts: list[bytes] = []
        more = True
        deadline = asyncio.get_running_loop().time() + self._timeout_seconds
        while more:
            message = await _receive(receive, deadline)
            parts.append(message.get("body", b""))
            count.add(len(parts[-1]))
            more = message.get("more_body", False)
            if count.size > most:
                raise _too_large(most)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def hold(self, size: int) -> None:
        """Count bytes among those that are held.

        Raises:
            HTTPException: 503: they are too many.
        """
        self._held_bytes += size
        if self._held_bytes > self._max_held_bytes:
            raise HTTPException(
                503,
                f"requests of {self._max_held_bytes} bytes are worked on already",
                headers=CLOSE | {"Retry-After": "1"},
            )


class _Count:
    """Bytes of one body that are counted as held."""

    def __init__(self, reader: BodyReader) -> None:
        self._reader, self.size = reader, 0

    def add(self, size: int) -> None:
        self.size += size
        self._reader.hold(size)


def _too_large(most: int) -> HTTPException:
    return HTTPException(413, f"the request is larger than {most} bytes", headers=CLOSE)


async def _receive(receive: Receive, deadline: float) -> Message:
    try:
        async with asyncio.timeout_at(deadline):
            message = await receive()
    except TimeoutError:
        raise HTTPException(408, "the request did not arrive in time", headers=CLOSE) from None
    if message["type"] == "http.disconnect":
        raise ClientGoneError
    return message
