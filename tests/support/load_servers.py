"""Servers and a simulated transport for the load engine's tests; none of them uses the engine's own code."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from costplan.bench.outcomes import Outcome
from costplan.bench.target import HttpPlan, Plan
from costplan.bench.transport.interface import Surroundings, TransportLimits

REQUEST = b"GET /x HTTP/1.1\r\nHost: test\r\n\r\n"
RIGHT = b'{"y":[1.0,2.0]}'


def reply(
    body: bytes = RIGHT, status: str = "200 OK", kind: str = "application/json", extra: str = ""
) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
    return head.encode() + body


Handler = Callable[[socket.socket], None]


def read_request(connection: socket.socket) -> bool:
    """Read one request head; False when the client has closed."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return False
        data += piece
    return True


def answering(
    *pieces: bytes, pause_s: float = 0.0, then: Callable[[socket.socket], None] | None = None
) -> Handler:
    """Answer every request with these pieces, and do `then` to the connection."""

    def handle(connection: socket.socket) -> None:
        while read_request(connection):
            for piece in pieces:
                connection.sendall(piece)
                if pause_s:
                    time.sleep(pause_s)
            if then is not None:
                then(connection)
                return

    return handle


def reset(connection: socket.socket) -> None:
    """Close with a TCP reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@contextlib.contextmanager
def serving(handler: Handler) -> Iterator[int]:
    """Serve in threads; yields the port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    open_connections: list[socket.socket] = []

    def guarded(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            handler(connection)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            open_connections.append(connection)
            threading.Thread(target=guarded, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in open_connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        thread.join(2)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextlib.contextmanager
def serving_process(port: int = 0, service_ms: float = 0.0) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run this file as a server process, one request at a time; yields the process and its port."""
    command = [sys.executable, str(Path(__file__)), str(port), str(service_ms)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process, int(process.stdout.readline())
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGCONT)
            process.kill()
        process.wait(5)
        assert process.stdout is not None
        process.stdout.close()


class OneAtATime(asyncio.Protocol):
    """Takes a fixed time per request, blocking all others; replies `NUMBER NANOSECONDS`, what it took.

    The number counts the requests, so that no reply is like another.
    """

    service_s = 0.0
    numbers = itertools.count()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        for _ in range(data.count(b"\r\n\r\n")):
            start = time.perf_counter_ns()
            if self.service_s:
                time.sleep(self.service_s)
            took_ns = time.perf_counter_ns() - start
            self.transport.write(reply(f"{next(self.numbers)} {took_ns}".encode()))


async def _serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(OneAtATime, "127.0.0.1", port, backlog=4096, reuse_address=True)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def right(status: int, body: bytes) -> str | None:
    return None if body == RIGHT else f"expected {RIGHT!r}, got {body[:40]!r}"


def anything(status: int, body: bytes) -> str | None:
    return None


def plan_for(port: int, check: Callable[[int, bytes], str | None] = right, **more: object) -> HttpPlan:
    return HttpPlan("127.0.0.1", port, [REQUEST], check, **more)  # type: ignore[arg-type]


class SimulatedTransport:
    """A queue in virtual time: `workers` servers, each taking `service_ns()` per request."""

    ends_in_threads = False

    def __init__(
        self,
        surroundings: Surroundings,
        service_ns: Callable[[], int],
        workers: int = 1,
        limits: TransportLimits | None = None,
    ) -> None:
        self.finished: Callable[[int, int, int, Outcome], None] = lambda *_: None
        self.now = surroundings.clock.now
        self.loop = surroundings.loop
        self.service_ns = service_ns
        self.free_at = [0] * workers
        self.limits = limits or TransportLimits()
        self.in_flight: dict[int, tuple[int, int]] = {}
        self.number = 0
        self.most_in_flight = 0

    async def open(self, connections: int) -> None:
        pass

    def send(self, due: int) -> None:
        now = self.now()
        worker = min(range(len(self.free_at)), key=self.free_at.__getitem__)
        done = max(now, self.free_at[worker]) + self.service_ns()
        self.free_at[worker] = done
        self.number += 1
        self.in_flight[self.number] = (due, now)
        self.most_in_flight = max(self.most_in_flight, len(self.in_flight))
        self.loop.call_later((done - now) / 1e9, self._end, self.number, Outcome.OK, done)

    def _end(self, number: int, outcome: Outcome, done: int) -> None:
        exchange = self.in_flight.pop(number, None)
        if exchange is not None:
            self.finished(*exchange, done, outcome)

    def sweep(self, now: int) -> None:
        for number, (_, sent) in list(self.in_flight.items()):
            if sent <= now - self.limits.timeout_ns:
                self._end(number, Outcome.TIMEOUT, now)

    def abandon(self, outcome: Outcome) -> None:
        for number in list(self.in_flight):
            self._end(number, outcome, self.now())

    async def close(self) -> None:
        pass


def simulated(service_ns: Callable[[], int], workers: int = 1, made: list[SimulatedTransport] | None = None):  # type: ignore[no-untyped-def]
    """A transport factory for `run_point`; the transports it makes are put into `made`."""

    def make(plan: Plan, limits: TransportLimits, surroundings: Surroundings) -> SimulatedTransport:
        transport = SimulatedTransport(surroundings, service_ns, workers, limits)
        if made is not None:
            made.append(transport)
        return transport

    return make


def exponential(mean_ns: float, seed: int) -> Callable[[], int]:
    source = random.Random(seed)
    return lambda: int(source.expovariate(1 / mean_ns))


if __name__ == "__main__":
    OneAtATime.service_s = float(sys.argv[2]) / 1000
    asyncio.run(_serve(int(sys.argv[1])))
