"""One HTTP/2 connection that carries unary gRPC calls: prebuilt frames out, whole replies back.

No more of the protocol than a gRPC client needs, since its time counts in every request: a library in Python
takes several times as long. The server is told to keep no table of header fields, so that header blocks which
are equal mean the same and are decoded once.

Source: RFC 9113 (HTTP/2); grpc/grpc, `doc/PROTOCOL-HTTP2.md`.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import deque
from typing import Final, Protocol, cast

from costplan.bench.outcomes import Outcome
from costplan.bench.transport.hpack import HeaderError, decode
from costplan.bench.transport.http2_call import Call
from costplan.bench.transport.http2_frames import (
    ACK,
    CONTINUATION,
    DATA,
    END_HEADERS,
    END_STREAM,
    FIRST_WINDOW,
    GOAWAY,
    GREETING,
    HEAD,
    HEADERS,
    INITIAL_WINDOW,
    LARGEST_FRAME,
    LAST_STREAM,
    MAX_FRAME,
    MAX_STREAMS,
    PADDED,
    PING,
    PRIORITY,
    RESET,
    SETTING,
    SETTINGS,
    WIDEST,
    WINDOW,
    frame,
)

_TOP_UP: Final = 1 << 24
"""Bytes received after which the connection's window is opened again."""
_MOST_HEADER_BYTES: Final = 65_536
_REMEMBERED: Final = 64
_REFUSED: Final = 7
_CANCEL: Final = (8).to_bytes(4, "big")


class Owner(Protocol):
    """Who hears of ends."""

    headers: bytes
    """The header block of every call."""
    most_bytes: int
    """Of a reply."""

    def answered(self, call: Call) -> None:
        """Take a call whose last frame has come."""

    def failed(self, call: Call, outcome: Outcome, why: str) -> None:
        """Take a call that ended without."""

    def left(self, connection: Connection) -> None:
        """Take a connection that carries no new calls; its waiting ones are to go elsewhere."""


class Connection(asyncio.Protocol):
    """Carries calls from `begin` on; until both sides have greeted and above the server's limit they wait."""

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.calls: dict[int, Call] = {}
        self.waiting: deque[Call] = deque()
        self.is_leaving = False
        self._blocked: deque[Call] = deque()
        """Calls of which a part waits for the server's windows, first come first."""
        self._transport: asyncio.Transport | None = None
        self._left = b""
        self._next = 1
        self._most_streams = WIDEST
        self._window = FIRST_WINDOW
        self._stream_window = FIRST_WINDOW
        self._most_frame = LARGEST_FRAME
        self._received = 0
        self._known: dict[bytes, dict[bytes, bytes]] = {}
        self._block: tuple[int, int, bytes] | None = None
        """Stream, flags and start of a header block that goes on in another frame."""
        self.is_greeted = False
        """The server's settings have come."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet; calls are sent once the server has greeted too."""
        self._transport = cast(asyncio.Transport, transport)
        made = self._transport.get_extra_info("socket")
        if made is not None:
            with contextlib.suppress(OSError):
                made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._transport.write(GREETING)

    def begin(self, call: Call) -> None:
        """Send a call, now or when it can be."""
        call.carrier = self
        self.waiting.append(call)
        self._begin_waiting()

    def _start(self, call: Call, transport: asyncio.Transport) -> None:
        """Write a call's headers and as much of its message as the windows let through."""
        stream = call.stream = self._next
        self._next += 2
        self.calls[stream] = call
        headers, message = self.owner.headers, call.message
        size = len(message)
        head = HEAD.pack(len(headers) >> 8, len(headers) & 0xFF, HEADERS, END_HEADERS, stream) + headers
        if size <= self._window and size <= self._stream_window and size <= self._most_frame:
            self._window -= size
            data = HEAD.pack(size >> 8, size & 0xFF, DATA, END_STREAM, stream)
            transport.write(b"".join((head, data, message)))
        else:
            call.window = self._stream_window
            transport.write(head)
            self._blocked.append(call)
            self._unblock()
        if stream >= LAST_STREAM:
            self._leave()

    def _begin_waiting(self) -> None:
        while self.waiting and not self._blocked and len(self.calls) < self._most_streams:
            if self._transport is None or not self.is_greeted or self.is_leaving:
                return  # a server may refuse what is sent before it has said how much it takes at a time
            self._start(self.waiting.popleft(), self._transport)

    def _unblock(self) -> None:
        """Send on what the windows let through, the first call first."""
        while self._blocked and self._transport is not None:
            call = self._blocked[0]
            rest = len(call.message) - call.offset
            size = min(rest, self._window, call.window, self._most_frame)
            if size <= 0:
                return
            piece = call.message[call.offset : call.offset + size]
            self._transport.write(frame(DATA, END_STREAM if size == rest else 0, call.stream, piece))
            call.offset += size
            call.window -= size
            self._window -= size
            if size == rest:
                self._blocked.popleft()

    def cancel(self, call: Call) -> None:
        """Forget a call and tell the server."""
        if self.calls.pop(call.stream, None) is None:
            with contextlib.suppress(ValueError):
                self.waiting.remove(call)
            return
        with contextlib.suppress(ValueError):
            self._blocked.remove(call)
        if self._transport is not None:
            self._transport.write(frame(RESET, 0, call.stream, _CANCEL))
        self._go_on()

    def data_received(self, data: bytes) -> None:
        """Take whole frames out of the stream."""
        if self._left:
            data = self._left + data
        unpack, at, size = HEAD.unpack_from, 0, len(data)
        while size - at >= HEAD.size:
            high, low, kind, flags, stream = unpack(data, at)
            start = at + 9
            at = start + (high << 8 | low)
            if at > size:
                if at - start > LARGEST_FRAME:
                    self._break("it does not speak HTTP/2")
                    return
                at = start - 9
                break
            if kind == HEADERS and flags & END_HEADERS and not flags & (PADDED | PRIORITY):
                self._take_headers(stream, flags, data[start:at])
            elif kind == DATA and not flags & PADDED:
                self._take_data(stream, flags, data[start:at])
            elif not self._take_other(kind, flags, stream & WIDEST, data[start:at]):
                return
        self._left = data[at:]

    def _take_data(self, stream: int, flags: int, payload: bytes) -> None:
        self._received += len(payload)
        if self._received >= _TOP_UP and self._transport is not None:
            self._transport.write(frame(WINDOW, 0, 0, self._received.to_bytes(4, "big")))
            self._received = 0
        call = self.calls.get(stream)
        if call is None:
            return
        if not call.reply:
            call.reply = payload  # most replies have one piece
        elif isinstance(call.reply, bytearray):
            call.reply += payload
        else:
            call.reply = bytearray(call.reply) + payload
        if len(call.reply) > self.owner.most_bytes + 5:
            self.cancel(call)
            why = f"reply larger than max, {self.owner.most_bytes} bytes"
            self.owner.failed(call, Outcome.TOO_LARGE, why)
        elif flags & END_STREAM:
            self._end(stream)

    def _take_headers(self, stream: int, flags: int, block: bytes) -> None:
        call = self.calls.get(stream)
        if call is None:
            return
        fields = self._known.get(block)
        if fields is None:
            try:
                fields = decode(block)
            except HeaderError as error:
                self._break(f"unreadable headers: {error}")
                return
            if len(self._known) < _REMEMBERED:
                self._known[block] = fields
        call.fields = {**call.fields, **fields} if call.fields else fields
        if flags & END_STREAM:
            self._end(stream)

    def _end(self, stream: int) -> None:
        call = self.calls.pop(stream)
        if self._blocked and call in self._blocked:
            self._blocked.remove(call)
        self.owner.answered(call)
        if self.waiting or self.is_leaving:
            self._go_on()

    def _go_on(self) -> None:
        """Send what a call that has ended made room for; close once the last has ended."""
        self._unblock()
        self._begin_waiting()
        if self.is_leaving and not self.calls:
            self.abort()

    def _take_other(self, kind: int, flags: int, stream: int, payload: bytes) -> bool:
        """Take a frame that is neither a reply's headers nor its data; says whether the connection lives."""
        if not self.is_greeted and kind != SETTINGS:
            self._break("it does not speak HTTP/2")
            return False
        if kind in (DATA, HEADERS):
            self._take_stuffed(kind, flags, stream, payload)
        elif kind == CONTINUATION and self._block is not None:
            stream, first_flags, start = self._block
            self._take_block(stream, first_flags | flags & END_HEADERS, start + payload)
        elif kind == RESET and (call := self.calls.pop(stream, None)) is not None:
            self._take_reset(call, int.from_bytes(payload[:4], "big"))
        elif kind == SETTINGS and not flags & ACK:
            self._learn(payload)
        elif kind == PING and not flags & ACK and self._transport is not None:
            self._transport.write(frame(PING, ACK, 0, payload))
        elif kind == GOAWAY:
            self._say_goodbye(int.from_bytes(payload[:4], "big") & WIDEST)
        elif kind == WINDOW:
            self._widen(stream, int.from_bytes(payload, "big") & WIDEST)
        return self._transport is not None

    def _take_reset(self, call: Call, code: int) -> None:
        """End a call; one that was refused, for the server still had others to put away, is sent again."""
        with contextlib.suppress(ValueError):
            self._blocked.remove(call)
        if code == _REFUSED:
            call.offset, call.reply, call.fields = 0, b"", {}
            self.waiting.appendleft(call)
        else:
            self.owner.failed(call, Outcome.RPC_ERROR, f"the server reset the call (code {code})")
        self._go_on()

    def _take_stuffed(self, kind: int, flags: int, stream: int, payload: bytes) -> None:
        """Take a frame with padding or a priority, or a header block that goes on."""
        if flags & PADDED and payload:
            payload = payload[1 : len(payload) - payload[0]]
        if kind == DATA:
            self._take_data(stream, flags, payload)
        else:
            self._take_block(stream, flags, payload[5:] if flags & PRIORITY else payload)

    def _take_block(self, stream: int, flags: int, block: bytes) -> None:
        if flags & END_HEADERS:
            self._block = None
            self._take_headers(stream, flags, block)
        elif len(block) > _MOST_HEADER_BYTES:
            self._break(f"headers above {_MOST_HEADER_BYTES} bytes")
        else:
            self._block = stream, flags, block

    def _learn(self, payload: bytes) -> None:
        """Take the server's settings."""
        self.is_greeted = True
        for start in range(0, len(payload) - 5, 6):
            key, value = SETTING.unpack_from(payload, start)
            if key == MAX_STREAMS:
                self._most_streams = value
            elif key == MAX_FRAME:
                self._most_frame = value
            elif key == INITIAL_WINDOW:
                for call in self._blocked:
                    call.window += value - self._stream_window
                self._stream_window = value
        if self._transport is not None:
            self._transport.write(frame(SETTINGS, ACK, 0))
        self._go_on()

    def _widen(self, stream: int, by: int) -> None:
        if stream == 0:
            self._window += by
        for call in self._blocked:
            if call.stream == stream:
                call.window += by
        if self._blocked:
            self._go_on()

    def _say_goodbye(self, last: int) -> None:
        """Take that the server begins no call after `last` and will close."""
        self._leave()
        for stream in [stream for stream in self.calls if stream > last]:
            why = "the server closed the connection before it began"
            self.owner.failed(self.calls.pop(stream), Outcome.CONNECTION_LOST, why)
        self._go_on()

    def _leave(self) -> None:
        if not self.is_leaving:
            self.is_leaving = True
            self.owner.left(self)

    def _break(self, why: str, outcome: Outcome = Outcome.BAD_REPLY) -> None:
        self._leave()
        calls = self._all()
        self.abort()
        for call in calls:
            self.owner.failed(call, outcome, why)

    def connection_lost(self, exc: Exception | None) -> None:
        """End what was under way."""
        self._transport = None
        why = str(exc) if exc else "closed before the whole answer"
        self._break(why, Outcome.CONNECTION_LOST)

    def _all(self) -> list[Call]:
        """Take every call off the connection."""
        found = [*self.calls.values(), *self.waiting]
        self.calls.clear()
        self.waiting.clear()
        self._blocked.clear()
        return found

    def take_waiting(self) -> list[Call]:
        """Take off the calls of which nothing was sent."""
        found = list(self.waiting)
        self.waiting.clear()
        return found

    def abort(self) -> None:
        """Close without lingering."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()
