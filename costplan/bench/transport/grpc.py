"""Unary gRPC load: prebuilt messages on grpc.aio, one channel, no serialiser at run time.

Of the styles that grpcio offers this one is the fastest here: at 8 in flight 1.7 times `.future()` with
callbacks and 1.8 times threads. It still costs 130 to 300 us of client CPU per request, which a result
measured on a shared machine carries.
"""

from __future__ import annotations

import asyncio
import ipaddress
from itertools import cycle
from typing import Any, Final

import grpc
import grpc.aio

from costplan.bench.guard import pinned_address
from costplan.bench.outcomes import Outcome
from costplan.bench.target import GrpcPlan
from costplan.bench.transport.interface import (
    Exchange,
    Finished,
    Surroundings,
    TransportLimits,
    not_listening,
)
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason

_OUTCOMES: Final = {
    grpc.StatusCode.DEADLINE_EXCEEDED: Outcome.TIMEOUT,
    grpc.StatusCode.UNAVAILABLE: Outcome.CONNECT_ERROR,
}
_DELIVERY_S: Final = 0.3
"""For grpcio to deliver thousands of cancelled calls; it offers nothing to wait for."""
_TLS_WORDS = ("handshake", "certificate", "ssl")
_LOST_WORDS = ("reset", "closed", "goaway", "eof", "recvmsg")


class GrpcTransport:
    """All calls share one HTTP/2 connection, as a client application's do."""

    ends_in_threads = False

    def __init__(self, plan: GrpcPlan, limits: TransportLimits, surroundings: Surroundings) -> None:
        self.plan = plan
        self.limits = limits
        self.finished: Finished = not_listening
        self._now = surroundings.clock.now
        self._explain = surroundings.explain
        self._loop = surroundings.loop
        self._next_request = cycle(plan.requests).__next__
        self._in_flight: dict[Exchange, asyncio.Task[None]] = {}
        self._cut_tasks: list[asyncio.Task[None]] = []
        self._channel: grpc.aio.Channel | None = None
        self._call: Any = None

    async def open(self, connections: int) -> None:
        """Pin the address and connect; a server that is not there shows in the requests later."""
        host, port = split_address(self.plan.address)
        pinned = self.plan.pinned or pinned_address(host, port)
        self._channel = self._make_channel(pinned, host, port)
        # No serialisers: what is sent and received are the bytes themselves.
        self._call = self._channel.unary_unary(self.plan.method, None, None)
        try:
            async with asyncio.timeout(min(2.0, self.limits.timeout_s)):
                await self._channel.channel_ready()
        except TimeoutError:
            pass

    def _make_channel(self, pinned: str, host: str, port: int) -> grpc.aio.Channel:
        scheme = "ipv6:" if ipaddress.ip_address(pinned).version == 6 else "ipv4:"
        where = f"{scheme}[{pinned}]:{port}" if scheme == "ipv6:" else f"{scheme}{pinned}:{port}"
        options: list[tuple[str, Any]] = [
            ("grpc.default_authority", f"{host}:{port}"),
            (
                "grpc.enable_http_proxy",
                0,
            ),  # a proxy of the environment would be measured, and would see the load
            ("grpc.max_receive_message_length", self.limits.body_bytes),
            ("grpc.max_send_message_length", -1),
            ("grpc.use_local_subchannel_pool", 1),  # no connection left over from the run before
            ("grpc.initial_reconnect_backoff_ms", 100),
            ("grpc.min_reconnect_backoff_ms", 100),
            ("grpc.max_reconnect_backoff_ms", 500),
            ("grpc.enable_retries", 0),  # a hidden second try would be counted as one slow request
        ]
        if not self.plan.tls:
            return grpc.aio.insecure_channel(where, options=options)
        options.append(("grpc.ssl_target_name_override", host))
        return grpc.aio.secure_channel(where, grpc.ssl_channel_credentials(), options=options)

    def send(self, due: int) -> None:
        """Start a call."""
        exchange = Exchange(due, self._now())
        self._in_flight[exchange] = self._loop.create_task(self._exchange(exchange, self._next_request()))

    async def _exchange(self, exchange: Exchange, request: bytes) -> None:
        outcome, message = Outcome.OK, ""
        try:
            reply: bytes = await self._call(request, timeout=self.limits.timeout_s)
            done = self._now()
            wrong = self._judge(reply)
            if wrong is not None:
                outcome, message = Outcome.WRONG_ANSWER, wrong
        except grpc.aio.AioRpcError as error:
            done = self._now()
            outcome, message = self._failed(error)
        except Exception as error:
            done = self._now()
            outcome, message = Outcome.RPC_ERROR, f"{type(error).__name__}: {error}"
        self._end(exchange, done, outcome, message)

    def _judge(self, reply: bytes) -> str | None:
        try:
            return self.plan.check(reply)
        except Exception as error:  # a check that stumbles over a reply says that the reply is wrong
            return f"unreadable: {type(error).__name__}: {error}"

    def _failed(self, error: grpc.aio.AioRpcError) -> tuple[Outcome, str]:
        code, details = error.code(), error.details() or ""
        outcome = _OUTCOMES.get(code, Outcome.RPC_ERROR)
        low = details.lower()
        if outcome is Outcome.CONNECT_ERROR and self.plan.tls and any(word in low for word in _TLS_WORDS):
            outcome = Outcome.TLS_ERROR
        elif outcome is Outcome.CONNECT_ERROR and "failed to connect" not in low:
            outcome = Outcome.CONNECTION_LOST if any(word in low for word in _LOST_WORDS) else outcome
        elif code is grpc.StatusCode.RESOURCE_EXHAUSTED and "larger than max" in low:
            outcome = Outcome.TOO_LARGE
        return outcome, f"{code.name}: {details}"

    def _end(self, exchange: Exchange, done: int, outcome: Outcome, message: str) -> None:
        if self._in_flight.pop(exchange, None) is None:
            return  # ended before, by a sweep
        if message:
            self._explain(outcome, message)
        self.finished(exchange.due, exchange.sent, done, outcome)

    def sweep(self, now: int) -> None:
        """End what gRPC's own deadline has not ended."""
        oldest = now - self.limits.timeout_ns
        self._cut([e for e in self._in_flight if e.sent <= oldest], Outcome.TIMEOUT, "no answer in time")

    def abandon(self, outcome: Outcome) -> None:
        """End everything in flight."""
        self._cut(list(self._in_flight), outcome, "in flight when the run ended")

    def _cut(self, exchanges: list[Exchange], outcome: Outcome, message: str) -> None:
        for exchange in exchanges:
            task = self._in_flight[exchange]
            self._end(exchange, self._now(), outcome, message)
            task.cancel()
            self._cut_tasks.append(task)

    async def close(self) -> None:
        """Close the channel, and let grpcio deliver the ends of the calls that were cut.

        It delivers them to this event loop some time later. Were the loop closed by then, each would be a
        traceback in the middle of the next run, and would hold up that run's own answers.
        """
        if self._channel is None:
            return
        await self._channel.close(grace=None)
        if self._cut_tasks:
            await asyncio.gather(*self._cut_tasks, return_exceptions=True)
            await asyncio.sleep(_DELIVERY_S)


def split_address(address: str) -> tuple[str, int]:
    """Split `host:port` or `[v6]:port`.

    Raises:
        InputError: Without a port from 1 to 65535.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 1 <= int(port[:6]) <= 65_535:
        raise InputError(Reason("{address}: must be host:port", address), hint="write 127.0.0.1:8001")
    return host.strip("[]"), int(port)
