"""Reading a request's body under a size cap and a time limit."""

from __future__ import annotations

import asyncio

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
    """Reads whole bodies, none larger than `max_bytes` or slower than `timeout_seconds`."""

    def __init__(self, max_bytes: int, timeout_seconds: float) -> None:
        self.max_bytes = max_bytes
        self._timeout_seconds = timeout_seconds

    async def __call__(self, scope: Scope, receive: Receive) -> bytes:
        """Return the body.

        Raises:
            HTTPException: 413 over the cap, as declared or as counted while it comes in; 408 when it is slow;
                415 when it is compressed.
            ClientGoneError: The client went away.
        """
        if header(scope, b"content-encoding") not in (None, "identity"):
            raise HTTPException(415, "compressed requests are not read", headers=CLOSE)
        declared = header(scope, b"content-length")
        if declared is not None and declared.isdigit() and int(declared[:20]) > self.max_bytes:
            raise self._too_large()
        parts: list[bytes] = []
        size, more = 0, True
        deadline = asyncio.get_running_loop().time() + self._timeout_seconds
        while more:
            message = await _receive(receive, deadline)
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            more = message.get("more_body", False)
            if size > self.max_bytes:
                raise self._too_large()
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _too_large(self) -> HTTPException:
        return HTTPException(413, f"the request is larger than {self.max_bytes} bytes", headers=CLOSE)


async def _receive(receive: Receive, deadline: float) -> Message:
    try:
        async with asyncio.timeout_at(deadline):
            message = await receive()
    except TimeoutError:
        raise HTTPException(408, "the request did not arrive in time", headers=CLOSE) from None
    if message["type"] == "http.disconnect":
        raise ClientGoneError
    return message
