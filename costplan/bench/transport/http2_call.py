"""A call on its way over HTTP/2."""

from __future__ import annotations

from typing import Protocol


class Carrier(Protocol):
    """What a call goes over."""

    def cancel(self, call: Call) -> None:
        """Forget a call and tell the server."""


class Call:
    """One call: what is sent, and what has come back."""

    __slots__ = ("carrier", "due", "fields", "message", "offset", "reply", "sent", "stream", "window")

    def __init__(self, due: int, sent: int, message: bytes) -> None:
        self.due = due
        self.sent = sent
        self.message = message
        """With gRPC's own five bytes before it."""
        self.reply: bytes | bytearray = b""
        self.fields: dict[bytes, bytes] = {}
        """Of the first header block and of the last."""
        self.stream = 0
        self.offset = 0
        """Bytes of the message that are on their way."""
        self.window = 0
        """Bytes that the server takes on this stream, where a message waits for it."""
        self.carrier: Carrier | None = None
