"""Requests that no client library would send, on bare sockets."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from own_time import own_seconds
from service_process import Process

from costplan.service import wire
from costplan.service.wire import MAX_HEAD_BYTES, BoundedProtocol

OK = b"HTTP/1.1 200 OK"


def exchange(port: int, *parts: bytes) -> bytes:
    """Send the parts and return what came back until the server closed; the last must make it do so."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        answer = b""
        try:
            for part in parts:
                connection.sendall(part)
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionError:
            pass
        return answer


@pytest.mark.parametrize(
    "start", [b"GET /", b"GET /v2 HTTP/1.1\r\nX-A: ", b"GET /v2 HTTP/1.1\r\n" + b"X-A: b\r\n" * 8000],
    ids=["address", "one-header", "many-headers"],
)  # fmt: skip
def test_a_head_over_the_limit_is_431_and_the_connection_closed(digits: Process, start: bytes) -> None:
    answer = exchange(
        digits.port, start, *[b"X-A: b\r\n" * 1000 if b"\r\nX-A: b" in start else b"a" * 8000] * 30
    )
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")  # a reset may overtake the answer


def test_a_head_below_the_limit_is_answered(digits: Process) -> None:
    padding = b"X-A: " + b"a" * (MAX_HEAD_BYTES - 2000) + b"\r\n"
    assert exchange(
        digits.port, b"GET /v2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n", padding, b"\r\n"
    ).startswith(OK)


def test_the_limit_is_counted_anew_for_each_request_of_a_connection(digits: Process) -> None:
    one = b"GET /v2 HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 20_000 + b"\r\n\r\n"
    requests = [*[one] * 4, one.replace(b"X-A", b"Connection: close\r\nX-A")]
    assert exchange(digits.port, *requests).count(OK) == 5
    assert exchange(digits.port, b"".join(requests)).count(OK) == 5


def test_pipelined_requests_are_answered_in_order(digits: Process) -> None:
    paths = [b"/v2/health/live", b"/nothing", b"/v2"]
    lines = [b"GET %b HTTP/1.1\r\nHost: x\r\n" % path for path in paths]
    answer = exchange(digits.port, b"\r\n".join(lines) + b"Connection: close\r\n\r\n")
    found = [answer.find(text) for text in (b'{"live":true}', b'{"error":', b'"name":"costplan-service"')]
    assert -1 not in found
    assert found == sorted(found)


@pytest.mark.parametrize(
    "request_bytes",
    [b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"GET /v2 HTTP/9.9\r\n\r\n",
     b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
     b"POST /predict HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
     b"POST /predict HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     b"POST /predict HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
    ids=["binary", "no-path", "version", "tls-hello", "two-lengths", "length-and-chunked", "bad-chunk"],
)  # fmt: skip
def test_what_is_not_http_is_400(digits: Process, request_bytes: bytes) -> None:
    assert exchange(digits.port, request_bytes).startswith(b"HTTP/1.1 400 ")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Serve with a limit of half a second on heads."""
    monkeypatch.setattr(wire, "HEAD_SECONDS", 0.5)

    async def app(_: object, __: object, send: object) -> None:
        await asyncio.sleep(1.0)  # an answer may take longer than a head
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]

    server = uvicorn.Server(uvicorn.Config(app, http=BoundedProtocol, lifespan="off", log_config=None))  # type: ignore[arg-type]
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(5)


@pytest.mark.parametrize("sent", [b"", b"GET /v2 HTTP/1.1\r\nHost: x\r\n"], ids=["nothing", "half-a-head"])
def test_a_head_that_does_not_come_closes_the_connection(impatient: int, sent: bytes) -> None:
    started = time.monotonic()
    with (
        own_seconds() as seconds,
        socket.create_connection(("127.0.0.1", impatient), timeout=60) as connection,
    ):
        connection.sendall(sent)
        assert connection.recv(100) == b""
        assert seconds() < 2.0
    assert time.monotonic() - started > 0.4


def test_a_slow_answer_and_a_pause_between_requests_are_no_slow_head(impatient: int) -> None:
    with socket.create_connection(("127.0.0.1", impatient), timeout=60) as connection:
        for _ in range(2):
            connection.sendall(b"GET /v2 HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(1000).startswith(OK)
            time.sleep(0.7)
