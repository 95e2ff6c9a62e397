"""Bounds on the head of a request, which uvicorn's parser has none for: its size and how long it may take."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 64 << 10
"""Address and headers together."""
MAX_CONNECTIONS = 1_000
"""At a time; each may hold a head and the beginning of a body that nobody asked for yet."""
LAST_MOMENT_SECONDS = 0.25
"""At the end, for requests that clients had sent on kept connections before they knew of it."""

HEAD_SECONDS = 10.0
"""From the connection, or the first byte on a kept one, to the last header."""


def _refusal(status: bytes, message: bytes) -> bytes:
    error = b'{"error":"%b"}' % message
    return (
        b"HTTP/1.1 %b\r\ncontent-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b"
        % (status, len(error), error)
    )


_TOO_LARGE = _refusal(
    b"431 Request Header Fields Too Large", b"the request line and headers are larger than 65536 bytes"
)
_TOO_MANY = _refusal(b"503 Service Unavailable", b"%d connections are open already" % MAX_CONNECTIONS)
_NO_HOST = _refusal(b"400 Bad Request", b"a request has one Host header")


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which closes a connection whose headers are too many or too slow to end."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head_bytes, self._in_head, self._began_here = 0, True, False
        self._named_bytes, self._hosts, self._is_ending = 0, 0, False
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock: a connection that never sends anything is closed too."""
        super().connection_made(transport)
        self._start_timer()
        if len(self.connections) > MAX_CONNECTIONS:
            self._refuse(_TOO_MANY)

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
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(_TOO_LARGE)

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._head_bytes, self._in_head, self._began_here = 0, True, True
        self._named_bytes = self._hosts = 0
        if self._head_timer is None:
            self._start_timer()

    def on_url(self, url: bytes) -> None:
        """Count the address, of which one read may hold any amount."""
        self._named_bytes += len(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header, with its colon and line break."""
        self._named_bytes += len(name) + len(value) + 4
        self._hosts += name.lower() == b"host"
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """A head ended."""
        self._stop_timer()
        self._in_head = False
        if self._named_bytes > MAX_HEAD_BYTES:
            self._refuse(_TOO_LARGE)
        elif self._hosts != 1 and (self._hosts or self.parser.get_http_version() == "1.1"):
            self._refuse(_NO_HOST)
        if self.transport.is_closing():
            raise ValueError("refused")  # ends the parser's work on this read
        super().on_headers_complete()
        if self._is_ending:
            self.cycle.keep_alive = False

    def send_400_response(self, msg: str) -> None:
        """Say that it is no HTTP, unless something was said already."""
        if not self.transport.is_closing():
            super().send_400_response(msg)

    def shutdown(self) -> None:
        """Answer what a client sent before it could know of the end; then close."""
        self._is_ending = True
        if self._is_idle():
            self.loop.call_later(LAST_MOMENT_SECONDS, self._close_idle)
        else:
            super().shutdown()

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _close_idle(self) -> None:
        if self._is_idle() and not self.transport.is_closing():
            self.transport.close()

    def _refuse(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()

    def _start_timer(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
