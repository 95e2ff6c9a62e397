"""Just enough HTTP/2 to answer unary gRPC calls at once, several times faster than a gRPC server in Python.

Request headers are not decoded (every call gets the same answer), so no HPACK table is needed; the answer's
headers are literals without indexing. Both flow-control windows are kept, so replies of any size are right.

Source: RFC 9113 (HTTP/2), RFC 7541 (HPACK), the gRPC over HTTP/2 protocol description.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import cast

from costplan.bench.transport.hpack import literal
from costplan.bench.transport.http2_frames import (
    ACK,
    DATA,
    END_HEADERS,
    END_STREAM,
    FIRST_WINDOW,
    HEADERS,
    INITIAL_WINDOW,
    LARGEST_FRAME,
    PING,
    PREFACE,
    SETTINGS,
    WIDEST,
    WINDOW,
    frame,
)

_TOP_UP = 1 << 24

_STATUS_200 = b"\x88"  # static table, index 8
_HEAD = _STATUS_200 + literal(b"content-type", b"application/grpc")
_TRAILER = literal(b"grpc-status", b"0")


class GrpcReplies(asyncio.Protocol):
    """One HTTP/2 connection; every finished request gets a gRPC message of `reply_bytes` zero bytes."""

    def __init__(self, reply_bytes: int) -> None:
        message = b"\x00" + reply_bytes.to_bytes(4, "big") + bytes(reply_bytes)
        self._pieces = [message[i : i + LARGEST_FRAME] for i in range(0, len(message), LARGEST_FRAME)]
        self._size = len(message)
        self._buffer = bytearray()
        self._greeted = False
        self._window = FIRST_WINDOW
        self._stream_window = FIRST_WINDOW
        self._received = 0
        self._waiting: deque[int] = deque()
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet with wide windows, so that requests of any size come without waiting."""
        self._transport = cast(asyncio.WriteTransport, transport)
        settings = INITIAL_WINDOW.to_bytes(2, "big") + WIDEST.to_bytes(4, "big")
        grant = (WIDEST - FIRST_WINDOW).to_bytes(4, "big")
        self._transport.write(frame(SETTINGS, 0, 0, settings) + frame(WINDOW, 0, 0, grant))

    def data_received(self, data: bytes) -> None:
        """Take whole frames out of the stream and answer them in one write."""
        self._buffer += data
        if not self._greeted:
            if len(self._buffer) < len(PREFACE):
                return
            del self._buffer[: len(PREFACE)]
            self._greeted = True
        out: list[bytes] = []
        position, buffer = 0, self._buffer
        while len(buffer) - position >= 9:
            length = int.from_bytes(buffer[position : position + 3], "big")
            end = position + 9 + length
            if end > len(buffer):
                break
            stream = int.from_bytes(buffer[position + 5 : position + 9], "big") & 0x7FFF_FFFF
            self._take(buffer[position + 3], buffer[position + 4], stream, buffer[position + 9 : end], out)
            position = end
        del buffer[:position]
        if out and self._transport is not None:
            self._transport.write(b"".join(out))

    def _take(self, kind: int, flags: int, stream: int, payload: bytearray, out: list[bytes]) -> None:
        if kind == DATA:
            self._received += len(payload)
            if self._received >= _TOP_UP:
                out.append(frame(WINDOW, 0, 0, self._received.to_bytes(4, "big")))
                self._received = 0
        if kind in (DATA, HEADERS):
            if flags & END_STREAM:
                self._waiting.append(stream)
        elif kind == WINDOW and stream == 0:
            self._window += int.from_bytes(payload, "big") & 0x7FFF_FFFF
        elif kind == SETTINGS and not flags & ACK:
            self._learn(payload)
            out.append(frame(SETTINGS, ACK, 0))
        elif kind == PING and not flags & ACK:
            out.append(frame(PING, ACK, 0, bytes(payload)))
        self._answer(out)

    def _learn(self, payload: bytearray) -> None:
        for start in range(0, len(payload) - 5, 6):
            if int.from_bytes(payload[start : start + 2], "big") == INITIAL_WINDOW:
                self._stream_window = int.from_bytes(payload[start + 2 : start + 6], "big")

    def _answer(self, out: list[bytes]) -> None:
        while self._waiting and self._size <= self._window and self._size <= self._stream_window:
            stream = self._waiting.popleft()
            self._window -= self._size
            out.append(frame(HEADERS, END_HEADERS, stream, _HEAD))
            out.extend(frame(DATA, 0, stream, piece) for piece in self._pieces)
            out.append(frame(HEADERS, END_HEADERS | END_STREAM, stream, _TRAILER))
