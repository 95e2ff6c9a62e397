"""Few requests that would starve or kill the service: what they cost is bounded before anything is read."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import signal
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import psutil
import pytest
from service_process import DIGITS, InProcess, Launch, Process

from costplan.service import wire
from costplan.service.app import Service
from costplan.service.settings import Settings

MIB = 1 << 20
INFER = "/v2/models/digits/infer"
FLOOD = b"[" + b"[]," * (16 * MIB // 3 - 10) + b"[]]"
FLOATS = b"[" + b",".join(b"%.8f" % random.Random(1).random() for _ in range(300_000)) + b"]"
"""3.1 MiB of numbers, which are read and found to be no request."""


def resident(process: Process) -> int:
    return int(psutil.Process(process.child.pid).memory_info().rss)


@pytest.fixture
def running(launch: Launch) -> Iterator[Process]:
    """Serve the demo model as it is started without options."""
    process = launch("--record", "none", "--log", "none")
    yield process
    assert process.stop() == 0


@pytest.mark.parametrize("path", ["/predict", INFER])
def test_16_mib_of_empty_lists_are_refused_without_reading_them(running: Process, path: str) -> None:
    before = resident(running)
    reply = httpx.post(f"{running.url}{path}", content=FLOOD, timeout=60)
    assert reply.status_code == 413
    assert resident(running) - before < 64 * MIB
    assert httpx.get(f"{running.url}/v2/health/live", timeout=60).status_code == 200


def test_lists_that_are_too_many_for_their_bytes_are_refused(running: Process) -> None:
    flood = b"[" + b"[]," * 1_300_000 + b"[]]"
    assert len(flood) < 4 * MIB
    before = resident(running)
    reply = httpx.post(f"{running.url}{INFER}", content=flood, timeout=60)
    assert (reply.status_code, "400000 lists and objects" in reply.json()["error"]) == (413, True)
    assert resident(running) - before < 64 * MIB


def test_others_are_answered_while_long_json_is_read(running: Process) -> None:
    """Four at once are read one after another: the prober comes between them, not behind them."""
    answered: list[str] = []

    async def flood(client: httpx.AsyncClient) -> None:
        assert (await client.post(INFER, content=FLOATS)).status_code == 400
        answered.append("flood")

    async def talk() -> None:
        async with httpx.AsyncClient(base_url=running.url, timeout=120) as client:
            floods = [asyncio.create_task(flood(client)) for _ in range(4)]
            await asyncio.sleep(0.05)
            while len(answered) < 4 and "live" not in answered:
                assert (await client.get("/v2/health/live")).status_code == 200
                answered.append("live")
            await asyncio.gather(*floods)

    asyncio.run(talk())
    assert answered.index("live") < 3


def test_bodies_that_never_end_hold_no_more_than_the_budget(running: Process) -> None:
    before = resident(running)
    head = f"POST {INFER} HTTP/1.1\r\nHost: x\r\nContent-Length: {16 * MIB}\r\n\r\n".encode()
    refused = 0
    with contextlib.ExitStack() as open_ones:
        clients = [
            open_ones.enter_context(socket.create_connection(("127.0.0.1", running.port), timeout=60))
            for _ in range(12)
        ]
        for client in clients:
            with contextlib.suppress(ConnectionError):
                client.sendall(head + b" " * (15 * MIB))
        for client in clients:
            client.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                try:
                    refused += client.recv(100).startswith(b"HTTP/1.1 503 ")
                except ConnectionError:  # a reset may overtake the answer
                    refused += 1
        assert refused >= 12 - 64 // 15 - 1
        assert resident(running) - before < 160 * MIB
        assert httpx.get(f"{running.url}/v2/health/live", timeout=60).status_code == 200


def test_what_was_held_is_let_go(in_process: InProcess) -> None:
    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        for _ in range(20):
            reply = await client.post(INFER, content=b" " * (MIB - 10))
            assert reply.status_code == 400

    in_process(Settings(model_file=DIGITS, record="none", max_body_bytes=MIB, max_held_bytes=MIB), talk)


def test_connections_have_a_bound(launch: Launch) -> None:
    process = launch("--record", "none", "--log", "none")
    with contextlib.ExitStack() as open_ones:
        for _ in range(wire.MAX_CONNECTIONS):
            client = socket.create_connection(("127.0.0.1", process.port), timeout=60)
            open_ones.enter_context(client)
        late = open_ones.enter_context(socket.create_connection(("127.0.0.1", process.port), timeout=60))
        assert late.recv(200).startswith(b"HTTP/1.1 503 ")
    assert process.stop() == 0


class Drip:
    """A model server that gives its answer byte by byte, and never ends it."""

    def __init__(self, head: bytes, drop: bytes) -> None:
        self.head, self.drop, self.is_dripping = head, drop, True
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.recv(65536)
            if not self.is_dripping:
                body = b"{}"
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b"
                    % (len(body), body)
                )
                return
            connection.sendall(self.head)
            for _ in range(200):
                time.sleep(0.1)
                connection.sendall(self.drop)


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ],
    ids=["head", "body", "chunks"],
)
def test_an_answer_that_drips_holds_no_thread_beyond_its_time(
    head: bytes, drop: bytes, in_process: InProcess
) -> None:
    drip = Drip(head, drop)

    async def talk(client: httpx.AsyncClient, service: Service) -> None:
        replies = [client.get("/v2/models/digits") for _ in range(2)]
        assert {reply.status_code for reply in await asyncio.gather(*replies)} == {504}
        drip.is_dripping = False  # both threads are free again: the server is asked, and found well
        reply = await asyncio.wait_for(client.get("/v2/health/ready"), 10)
        assert reply.status_code == 200

    settings = Settings(
        record="none",
        backend="triton-http",
        backend_address=f"127.0.0.1:{drip.port}",
        backend_timeout_seconds=0.7,
        parallel=2,
    )
    try:
        in_process(settings, talk)
    finally:
        drip.listener.close()


@pytest.mark.parametrize("hosts", [b"", b"Host: a\r\nHost: b\r\n"], ids=["none", "two"])
def test_a_request_has_one_host(running: Process, hosts: bytes) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=60) as client:
        client.sendall(b"GET /v2 HTTP/1.1\r\n" + hosts + b"\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 400 ")


def test_a_head_over_the_limit_in_one_packet_is_431(running: Process) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=60) as client:
        client.sendall(b"GET /v2 HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 70_000 + b"\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("pixel", [True, "13", None])
def test_a_pixel_is_a_number(running: Process, pixel: object) -> None:
    rows = [[0] * 8 for _ in range(7)] + [[pixel, 1, 2.5, 0, 0, 0, 0, 0]]
    assert httpx.post(f"{running.url}/predict", json={"pixels": rows}, timeout=60).status_code == 400
    rows[7][0] = 16
    assert httpx.post(f"{running.url}/predict", json={"pixels": rows}, timeout=60).status_code == 200


def test_no_caller_is_told_where_the_model_server_is(in_process: InProcess) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        reply = await client.get("/v2/models/digits")
        assert reply.status_code in (502, 503)
        assert str(port) not in reply.text
        assert "127.0.0.1" not in reply.text

    for backend in ("triton-http", "triton-grpc", "tfserving-grpc", "tfserving-rest"):
        settings = Settings(
            record="none", backend=backend, backend_address=f"127.0.0.1:{port}", backend_timeout_seconds=2.0
        )
        in_process(settings, talk)


def test_requests_on_kept_connections_are_answered_at_the_end(launch: Launch) -> None:
    """Eight clients send again and again; nobody's request is cut off when the service is told to stop."""
    process = launch("--record", "none", "--log", "none")
    body = json.dumps({"pixels": [[1] * 8] * 8}).encode()
    request = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    cut: list[str] = []

    def talk() -> None:
        with socket.create_connection(("127.0.0.1", process.port), timeout=60) as client:
            while True:
                client.sendall(request)
                try:
                    answer = client.recv(4096)
                except ConnectionError as error:
                    cut.append(str(error))
                    return
                if b"connection: close" in answer.lower() or not answer:
                    cut.extend([] if answer.startswith(b"HTTP/1.1 200 ") else ["no answer"])
                    return

    threads = [threading.Thread(target=talk) for _ in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    process.child.send_signal(signal.SIGTERM)
    for thread in threads:
        thread.join(60)
    assert process.wait() == 0
    assert cut == []
