"""The HTTP client against sockets: reuse, limits, checks, framing."""

from __future__ import annotations

import socket
import threading
import time

import pytest
from load_servers import (
    REQUEST,
    RIGHT,
    answering,
    anything,
    plan_for,
    read_request,
    reply,
    serving,
    serving_process,
)

from costplan.bench.calibrate import calibrate, http_request, noop_server
from costplan.bench.outcomes import Outcome
from costplan.bench.runner import Recording, run_point
from costplan.bench.schedule import Arrivals
from costplan.bench.settings import LoadSettings, Mode
from costplan.bench.summary import summarise
from costplan.bench.target import HttpPlan
from costplan.bench.transport.http import ReplyCheck
from costplan.bench.transport.interface import Limits
from costplan.errors import InputError

SHORT = Limits(timeout_s=0.4)


def batch(plan: HttpPlan, requests: int = 4, limits: Limits = SHORT, concurrency: int = 1) -> Recording:
    settings = LoadSettings(
        Mode.BATCH, window_s=5, batch_requests=requests, concurrency=concurrency, limits=limits
    )
    return run_point(plan, settings)


def outcomes_of(*pieces: bytes, limits: Limits = SHORT, **plan: object) -> dict[Outcome, int]:
    with serving(answering(*pieces)) as port:
        return batch(plan_for(port, **plan), limits=limits).samples.counts()  # type: ignore[arg-type]


def test_a_connection_is_kept_and_used_again() -> None:
    accepted: list[socket.socket] = []

    def counting(connection: socket.socket) -> None:
        accepted.append(connection)
        answering(reply())(connection)

    with serving(counting) as port:
        recording = batch(plan_for(port), requests=50, concurrency=3)
    assert recording.samples.counts() == {Outcome.OK: 50}
    assert len(accepted) == 3


def test_a_server_that_closes_after_each_answer_is_reconnected_to() -> None:
    closing = answering(reply(extra="Connection: close\r\n"), then=lambda connection: connection.close())
    with serving(closing) as port:
        assert batch(plan_for(port), requests=20, concurrency=2).samples.counts() == {Outcome.OK: 20}


def test_requests_are_sent_in_turn_and_byte_for_byte() -> None:
    seen: list[bytes] = []

    def recording_server(connection: socket.socket) -> None:
        data = b""
        while piece := connection.recv(65536):
            data += piece
            if data.endswith(b"\r\n\r\n"):
                seen.append(data)
                data = b""
                connection.sendall(reply())

    requests = [b"GET /%d HTTP/1.1\r\nHost: h\r\n\r\n" % i for i in range(3)]
    with serving(recording_server) as port:
        batch(HttpPlan("127.0.0.1", port, requests, anything), requests=7)
    assert seen == [requests[i % 3] for i in range(7)]


def test_open_loop_opens_more_connections_while_answers_are_outstanding() -> None:
    busy, most, lock = [0], [0], threading.Lock()

    def slow(connection: socket.socket) -> None:
        while read_request(connection):
            with lock:
                busy[0] += 1
                most[0] = max(most[0], busy[0])
            time.sleep(0.2)
            with lock:
                busy[0] -= 1
            connection.sendall(reply())

    settings = LoadSettings(Mode.OPEN, window_s=0.6, requests_per_second=100, arrivals=Arrivals.CONSTANT)
    with serving(slow) as port:
        recording = run_point(plan_for(port), settings)
    assert recording.samples.counts() == {Outcome.OK: 60}
    # Little's law: 100/s x 0.2 s = 20 in flight, on a client that had opened one connection.
    assert 15 <= most[0] <= 30


@pytest.mark.parametrize(
    "pieces",
    [
        (reply()[:20], reply()[20:]),
        tuple(bytes([byte]) for byte in reply()),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n",
            RIGHT[:5] + b"\r\n",
            b"%x\r\n%s\r\n0\r\n\r\n" % (len(RIGHT) - 5, RIGHT[5:]),
        ),
        (b"HTTP/1.1 100 Continue\r\n\r\n", reply()),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + reply(),),
    ],
    ids=["two pieces", "byte by byte", "chunked", "100 continue", "early hints in one piece"],
)
def test_replies_are_taken_in_any_pieces(pieces: tuple[bytes, ...]) -> None:
    assert outcomes_of(*pieces) == {Outcome.OK: 4}


def test_a_body_above_the_cap_is_refused_and_not_collected() -> None:
    limits = Limits(timeout_s=2, body_bytes=1000)
    assert outcomes_of(reply(b"x" * 1000), limits=limits, check=anything) == {Outcome.OK: 4}
    assert outcomes_of(reply(b"x" * 1001), limits=limits, check=anything) == {Outcome.TOO_LARGE: 4}


def test_endless_bodies_and_headers_end_at_the_cap() -> None:
    limits = Limits(timeout_s=5, body_bytes=1000)

    def flood(head: bytes, line: bytes):  # type: ignore[no-untyped-def]
        def handle(connection: socket.socket) -> None:
            read_request(connection)
            connection.sendall(head)
            while True:
                connection.sendall(line * 100)

        return handle

    for head, line in (
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n", b"x" * 100),
        (b"HTTP/1.1 200 OK\r\n", b"A-Header: " + b"y" * 90 + b"\r\n"),
    ):
        with serving(flood(head, line)) as port:
            start = time.monotonic()
            recording = batch(plan_for(port), requests=2, limits=limits)
        assert recording.samples.counts() == {Outcome.TOO_LARGE: 2}
        assert time.monotonic() - start < 4


def test_two_replies_to_one_request_are_a_bad_reply() -> None:
    assert outcomes_of(reply() + reply()) == {Outcome.BAD_REPLY: 4}


@pytest.mark.parametrize(
    "garbage", [b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00\x01\x02\x03\r\n\r\n"]
)
def test_what_is_not_http_is_a_bad_reply(garbage: bytes) -> None:
    assert outcomes_of(garbage) == {Outcome.BAD_REPLY: 4}


def test_a_redirect_is_an_error_and_is_not_followed() -> None:
    visited: list[int] = []
    with serving(lambda connection: visited.append(1)) as elsewhere:
        location = f"Location: http://127.0.0.1:{elsewhere}/\r\n"
        counts = outcomes_of(reply(status="302 Found", extra=location))
    assert counts == {Outcome.HTTP_ERROR: 4}
    assert visited == []


def test_the_check_is_asked_once_per_distinct_reply() -> None:
    asked: list[bytes] = []

    def check(status: int, body: bytes) -> str | None:
        asked.append(body)
        return None if body == b"good" else "bad"

    remembered = ReplyCheck(check)
    answers = [remembered(200, body) for body in (b"good", b"bad", b"good", b"bad", b"good")]
    assert answers == [None, "bad", None, "bad", None]
    assert asked == [b"good", b"bad"]


def test_a_check_that_raises_makes_the_answer_wrong() -> None:
    def check(status: int, body: bytes) -> str | None:
        raise KeyError("outputs")

    assert outcomes_of(reply(), check=check) == {Outcome.WRONG_ANSWER: 4}


def test_failure_messages_are_counted_and_bounded() -> None:
    number = iter(range(10_000))
    with serving(answering(reply())) as port:
        plan = plan_for(port, check=lambda status, body: f"answer number {next(number)}")
        big = HttpPlan(plan.host, plan.port, plan.requests, plan.check)
        recording = batch(big, requests=3)
    assert recording.samples.messages == {"wrong answer: answer number 0": 3}


def test_a_forbidden_address_is_refused_by_the_client_itself() -> None:
    with pytest.raises(InputError, match="never load-tested"):
        batch(HttpPlan("169.254.169.254", 80, [REQUEST], anything))


def test_calibration_measures_a_ceiling_with_the_plans_sizes() -> None:
    settings = LoadSettings(Mode.CLOSED, concurrency=4)
    plan = HttpPlan("192.0.2.1", 9, [http_request(300), http_request(500)], anything)
    ceiling = calibrate(plan, settings, reply_bytes=700, window_s=0.5)
    assert (ceiling.connections, ceiling.request_bytes, ceiling.reply_bytes) == (4, 400, 700)
    assert ceiling.requests_per_second > 1000
    assert 0 < ceiling.p50_ms <= ceiling.p99_ms
    assert ceiling.cpu_us_per_request > 0


def test_the_noop_server_answers_with_the_size_asked_and_ends_with_its_parent() -> None:
    with noop_server("http", request_bytes=150, reply_bytes=321) as port:
        plan = HttpPlan(
            "127.0.0.1", port, [http_request(150)], lambda s, b: None if len(b) == 321 else "size"
        )
        assert batch(plan, requests=10).samples.counts() == {Outcome.OK: 10}
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_times_are_ordered_and_the_service_time_is_the_servers() -> None:
    with serving_process(service_ms=20) as (_, port):
        recording = run_point(plan_for(port, anything), LoadSettings(Mode.SINGLE, window_s=1))
    samples = recording.samples
    assert all(d <= s <= e for d, s, e in zip(samples.due, samples.sent, samples.done, strict=True))
    point = summarise(recording)
    assert point.service_ms.p50 is not None
    assert 20 <= point.service_ms.p50 <= 30
    assert point.answers_by_second == (len(samples),) or sum(point.answers_by_second) <= len(samples)
