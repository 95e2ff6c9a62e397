"""Bounds on the head of a request, which uvicorn's parser has none for: its size and how long it may take."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 64 << 10
"""Request line and headers together; the read in which they begin comes on top."""

HEAD_SECONDS = 10.0
"""From the connection, or the first byte on a kept one, to the last header."""

_ERROR = b'{"error":"the request line and headers are larger than 65536 bytes"}'
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: application/json\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%b" % (len(_ERROR), _ERROR)
)


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which closes a connection whose headers are too many or too slow to end."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head_bytes, self._in_head, self._began_here = 0, True, False
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock: a connection that never sends anything is closed too."""
        super().connection_made(transport)
        self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser and look at what it has not finished."""
        self._began_here = False
        super().data_received(data)
        if not self._in_head or self._began_here:  # what came before a head in the same read is not counted
            return
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._head_bytes, self._in_head, self._began_here = 0, True, True
        if self._head_timer is None:
            self._start_timer()

    def on_headers_complete(self) -> None:
        """A head ended."""
        self._stop_timer()
        self._in_head = False
        super().on_headers_complete()

    def _start_timer(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
