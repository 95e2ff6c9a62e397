"""Unary gRPC load: prebuilt messages over one HTTP/2 connection of our own, no gRPC library at run time.

grpcio takes 130 to 300 us of processor time per request, whatever its style; with client and server on one
machine the server misses them.

Source: grpc/grpc, `doc/PROTOCOL-HTTP2.md` and `doc/statuscodes.md`.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from itertools import cycle
from typing import Final
from urllib.parse import unquote

from costplan.bench.outcomes import Outcome
from costplan.bench.target import GrpcPlan
from costplan.bench.transport.hpack import literal
from costplan.bench.transport.http2 import Connection
from costplan.bench.transport.http2_call import Call
from costplan.bench.transport.interface import Finished, Surroundings, TransportLimits, not_listening
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.network.addresses import pinned_address

_OK: Final = Outcome.OK
_CODES: Final = (
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
    "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
    "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
)  # fmt: skip
_OPENING_S: Final = 2.0
_POLL_S: Final = 0.002


class GrpcTransport:
    """All calls share one HTTP/2 connection, as a client application's do; a lost one is made anew."""

    ends_in_threads = False

    def __init__(self, plan: GrpcPlan, limits: TransportLimits, surroundings: Surroundings) -> None:
        self.plan = plan
        self.limits = limits
        self.finished: Finished = not_listening
        self.most_bytes = limits.body_bytes
        self.headers = b""
        self._now = surroundings.clock.now
        self._explain = surroundings.explain
        self._loop = surroundings.loop
        messages = [b"\0" + len(message).to_bytes(4, "big") + message for message in plan.requests]
        self._next_message = cycle(messages).__next__
        self._host, self._port = split_address(plan.address)
        self._pinned = ""
        self._ssl: ssl.SSLContext | None = None
        self._connection: Connection | None = None
        self._leaving: set[Connection] = set()
        self._opening: set[asyncio.Task[None]] = set()

    async def open(self, connections: int) -> None:
        """Pin the address and connect; a server that is not there shows in the requests later."""
        self._pinned = self.plan.pinned or pinned_address(self._host, self._port)
        if self.plan.tls:
            self._ssl = ssl.create_default_context()
            self._ssl.set_alpn_protocols(["h2"])
        self.headers = self._header_block()
        connection = self._connect()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(_OPENING_S, self.limits.timeout_s)):
                await asyncio.wait(self._opening)
                while self._connection is connection and not connection.is_greeted:
                    await asyncio.sleep(_POLL_S)

    def _header_block(self) -> bytes:
        host = f"[{self._host}]" if ":" in self._host else self._host
        fields = (
            (":method", "POST"),
            (":scheme", "https" if self.plan.tls else "http"),
            (":path", self.plan.method),
            (":authority", f"{host}:{self._port}"),
            ("te", "trailers"),
            ("content-type", "application/grpc"),
            ("user-agent", "costplan"),
            ("grpc-timeout", f"{max(1, round(self.limits.timeout_s * 1000))}m"),
        )
        return b"".join(literal(name.encode(), value.encode()) for name, value in fields)

    def _connect(self) -> Connection:
        connection = self._connection = Connection(self)
        task = self._loop.create_task(self._opened(connection))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)
        return connection

    async def _opened(self, connection: Connection) -> None:
        try:
            await self._loop.create_connection(
                lambda: connection,
                self._pinned,
                self._port,
                ssl=self._ssl,
                server_hostname=self._host if self._ssl else None,
            )
        except ssl.SSLError as error:
            self._refuse(connection, Outcome.TLS_ERROR, error.reason or str(error))
        except ConnectionError as error:
            in_handshake = self.plan.tls and not isinstance(error, ConnectionRefusedError)
            outcome = Outcome.TLS_ERROR if in_handshake else Outcome.CONNECT_ERROR
            self._refuse(connection, outcome, error.strerror or type(error).__name__)
        except OSError as error:
            self._refuse(connection, Outcome.CONNECT_ERROR, error.strerror or str(error))

    def _refuse(self, connection: Connection, outcome: Outcome, why: str) -> None:
        """End the calls that waited for a connection which cannot be made."""
        if self._connection is connection:
            self._connection = None
        for call in connection.take_waiting():
            self.failed(call, outcome, why)

    def send(self, due: int) -> None:
        """Start a call."""
        connection = self._connection or self._connect()
        connection.begin(Call(due, self._now(), self._next_message()))

    def answered(self, call: Call) -> None:
        """Judge a whole reply."""
        done, fields, reply = self._now(), call.fields, call.reply
        if fields.get(b"grpc-status") == b"0" and reply[:1] == b"\0" and len(reply) >= 5:
            message = bytes(reply[5:])
            if int.from_bytes(reply[1:5], "big") != len(message):
                self._explained(call, done, Outcome.BAD_REPLY, "not one whole message")
            elif (wrong := self._judge(message)) is not None:
                self._explained(call, done, Outcome.WRONG_ANSWER, wrong)
            else:
                self.finished(call.due, call.sent, done, _OK)
            return
        self._explained(call, done, *_status_of(fields))

    def _judge(self, reply: bytes) -> str | None:
        try:
            return self.plan.check(reply)
        except Exception as error:  # a check that stumbles over a reply says that the reply is wrong
            return f"unreadable: {type(error).__name__}: {error}"

    def failed(self, call: Call, outcome: Outcome, why: str) -> None:
        """End a call that has no reply."""
        self._explained(call, self._now(), outcome, why)

    def left(self, connection: Connection) -> None:
        """Send what waits on another connection, where this one was left by the server and not lost."""
        if self._connection is connection:
            self._connection = None
        self._leaving.add(connection)
        if connection.calls:
            for call in connection.take_waiting():
                (self._connection or self._connect()).begin(call)

    def _explained(self, call: Call, done: int, outcome: Outcome, message: str) -> None:
        self._explain(outcome, message)
        self.finished(call.due, call.sent, done, outcome)

    def sweep(self, now: int) -> None:
        """End what is too old; the server has heard of the deadline too."""
        oldest = now - self.limits.timeout_ns
        self._cut(
            [call for call in self._in_flight() if call.sent <= oldest], Outcome.TIMEOUT, "no answer in time"
        )

    def abandon(self, outcome: Outcome) -> None:
        """End everything in flight."""
        self._cut(self._in_flight(), outcome, "in flight when the run ended")

    def _in_flight(self) -> list[Call]:
        self._leaving = {one for one in self._leaving if one.calls}
        connections = {*self._leaving, *([self._connection] if self._connection else [])}
        return [call for one in connections for call in (*one.calls.values(), *one.waiting)]

    def _cut(self, calls: list[Call], outcome: Outcome, message: str) -> None:
        for call in calls:
            if call.carrier is not None:
                call.carrier.cancel(call)
            self.failed(call, outcome, message)

    async def close(self) -> None:
        """Close the connections; nothing is in flight any more."""
        for task in [*self._opening]:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for connection in (*self._leaving, self._connection):
            if connection is not None:
                connection.abort()
        self._connection = None
        self._leaving.clear()


def _status_of(fields: dict[bytes, bytes]) -> tuple[Outcome, str]:
    """Say what a reply without a message, or with a status other than 0, means."""
    status = fields.get(b":status", b"")
    if b"grpc-status" not in fields:
        what = f"HTTP status {status.decode()}" if status not in (b"", b"200") else "no gRPC status"
        return Outcome.RPC_ERROR, what
    text = fields[b"grpc-status"].decode("ascii", "replace")
    code = _CODES[int(text)] if text.isdecimal() and int(text) < len(_CODES) else f"status {text}"
    told = unquote(fields.get(b"grpc-message", b"").decode("utf-8", "replace"))
    if code == "OK":
        return Outcome.BAD_REPLY, "not one whole message"
    outcome = Outcome.TIMEOUT if code == "DEADLINE_EXCEEDED" else Outcome.RPC_ERROR
    return outcome, f"{code}: {told}"


def split_address(address: str) -> tuple[str, int]:
    """Split `host:port` or `[v6]:port`.

    Raises:
        InputError: Without a port from 1 to 65535.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 1 <= int(port[:6]) <= 65_535:
        raise InputError(Reason("{address}: must be host:port", address), hint="write 127.0.0.1:8001")
    return host.strip("[]"), int(port)
