"""The HTTP client against sockets: reuse, limits, checks, framing."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path

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
from own_time import own_seconds

from costplan.bench.capacity_search.calibrate import calibrate, http_request, noop_server
from costplan.bench.capacity_search.measure import Bench
from costplan.bench.capacity_search.warmup import WarmUpRule
from costplan.bench.clock import Clock
from costplan.bench.load import alarm
from costplan.bench.load.journal import Journal
from costplan.bench.load.journal_reader import read_journal
from costplan.bench.load.runner import Recording, run_point
from costplan.bench.load.schedule import Arrivals
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.load.usage import ServerUsage
from costplan.bench.outcomes import Outcome
from costplan.bench.results.summary import summarise
from costplan.bench.target import HttpPlan
from costplan.bench.transport.http import ReplyCheck
from costplan.bench.transport.interface import TransportLimits
from costplan.measurement.model import MeasuredSlo
from costplan.messages.errors import InputError, MissingExtraError

PATIENT = TransportLimits(timeout_s=60)
"""No request here fails by time, so that a busy machine changes nothing."""


def batch(
    plan: HttpPlan, requests: int = 4, limits: TransportLimits = PATIENT, concurrency: int = 1
) -> Recording:
    settings = LoadSettings(
        Mode.BATCH, window_s=60, batch_requests=requests, concurrency=concurrency, limits=limits
    )
    return run_point(plan, settings)


def outcomes_of(*pieces: bytes, limits: TransportLimits = PATIENT, **plan: object) -> dict[Outcome, int]:
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
    # Little's law: 100/s x 0.2 s = 20 in flight, on a client that had opened one connection. A busy machine
    # sends late and then more at once: never more than the client knows to be in flight.
    assert 15 <= most[0] <= most_in_flight(recording)


def most_in_flight(recording: Recording) -> int:
    samples = recording.samples
    changes = sorted([*((sent, 1) for sent in samples.sent), *((done, -1) for done in samples.done)])
    return max(itertools.accumulate(change for _, change in changes))


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
    limits = TransportLimits(timeout_s=60, body_bytes=1000)
    assert outcomes_of(reply(b"x" * 1000), limits=limits, check=anything) == {Outcome.OK: 4}
    assert outcomes_of(reply(b"x" * 1001), limits=limits, check=anything) == {Outcome.TOO_LARGE: 4}


def test_endless_bodies_and_headers_end_at_the_cap() -> None:
    limits = TransportLimits(timeout_s=60, body_bytes=1000)

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
        with serving(flood(head, line)) as port, own_seconds() as seconds:
            recording = batch(plan_for(port), requests=2, limits=limits)
            assert seconds() < 4
        assert recording.samples.counts() == {Outcome.TOO_LARGE: 2}


def test_two_replies_to_one_request_are_a_bad_reply() -> None:
    assert outcomes_of(reply() + reply()) == {Outcome.BAD_REPLY: 4}


@pytest.mark.parametrize(
    "garbage", [b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00\x01\x02\x03\r\n\r\n"]
)
def test_what_is_not_http_is_a_bad_reply(garbage: bytes) -> None:
    assert outcomes_of(garbage) == {Outcome.BAD_REPLY: 4}


OTHER = b'{"y":[3.0,4.0]}'
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
SEQUENCES: dict[str, tuple[list[bytes], dict[Outcome, int]]] = {
    "the same head, another body": (
        [reply(), reply(), reply(OTHER)],
        {Outcome.OK: 2, Outcome.WRONG_ANSWER: 1},
    ),
    "another status between": (
        [reply(), reply(status="503 Busy"), reply()],
        {Outcome.OK: 2, Outcome.HTTP_ERROR: 1},
    ),
    "a body that is too long for its head": (
        [reply(), reply() + b"more", reply()],
        {Outcome.OK: 2, Outcome.BAD_REPLY: 1},
    ),
    "two replies where one was known": (
        [reply(), reply() + reply(), reply()],
        {Outcome.OK: 2, Outcome.BAD_REPLY: 1},
    ),
    "chunks of the same head": (
        [CHUNKED + b"f\r\n" + RIGHT + b"\r\n0\r\n\r\n", CHUNKED + b"0\r\n\r\n", reply()],
        {Outcome.OK: 2, Outcome.WRONG_ANSWER: 1},
    ),
    "an interim reply before each": ([b"HTTP/1.1 100 Continue\r\n\r\n" + reply()] * 3, {Outcome.OK: 3}),
}


@pytest.mark.parametrize(("replies", "outcomes"), SEQUENCES.values(), ids=SEQUENCES)
def test_a_head_that_was_seen_before_changes_nothing(
    replies: list[bytes], outcomes: dict[Outcome, int]
) -> None:
    left = iter(replies)

    def in_turn(connection: socket.socket) -> None:
        while read_request(connection):
            connection.sendall(next(left))

    with serving(in_turn) as port:
        samples = batch(plan_for(port, check_right), requests=3).samples
    assert samples.counts() == outcomes, samples.messages


def check_right(status: int, body: bytes) -> str | None:
    return None if body == RIGHT else f"got {body!r}"


def test_a_content_type_is_looked_at_in_every_reply() -> None:
    left = iter([reply(), reply(kind="text/html"), reply(), reply(kind="text/html")])

    def in_turn(connection: socket.socket) -> None:
        while read_request(connection):
            connection.sendall(next(left))

    with serving(in_turn) as port:
        counts = batch(plan_for(port, content_type="application/json")).samples.counts()
    assert counts == {Outcome.OK: 2, Outcome.WRONG_ANSWER: 2}


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
    with pytest.raises(InputError, match="nothing is ever sent to"):
        batch(HttpPlan("169.254.169.254", 80, [REQUEST], anything))


def test_calibration_measures_a_ceiling_with_the_plans_sizes() -> None:
    settings = LoadSettings(Mode.CLOSED, concurrency=4)
    plan = HttpPlan("192.0.2.1", 9, [http_request(300), http_request(500)], anything)
    ceiling = calibrate(plan, settings, reply_bytes=700, window_s=2.0)
    assert (ceiling.connections, ceiling.request_bytes, ceiling.reply_bytes) == (4, 400, 700)
    assert ceiling.ceiling_requests_per_second > 0
    assert 0 < ceiling.p50_ms <= ceiling.p99_ms
    assert 0 < ceiling.cpu_us_per_request < 1000, "a processor of its own could send 1000 in a second"


def test_the_noop_server_answers_with_the_size_asked_and_ends_with_its_parent() -> None:
    with noop_server("http", request_bytes=150, reply_bytes=321) as port:
        plan = HttpPlan(
            "127.0.0.1", port, [http_request(150)], lambda s, b: None if len(b) == 321 else "size"
        )
        assert batch(plan, requests=10).samples.counts() == {Outcome.OK: 10}
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_the_standard_event_loop_serves_where_uvloop_is_missing() -> None:
    clock = Clock(now=time.perf_counter_ns, new_loop=asyncio.new_event_loop)
    settings = LoadSettings(Mode.OPEN, window_s=0.4, requests_per_second=100, arrivals=Arrivals.CONSTANT)
    with serving(answering(reply())) as port:
        recording = run_point(plan_for(port), settings, clock=clock)
    assert recording.samples.counts() == {Outcome.OK: 40}


def test_the_loops_own_timers_serve_where_there_is_no_timerfd(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(*arguments: object) -> None:
        raise OSError("no timerfd in this sandbox")

    monkeypatch.setattr(alarm, "KernelAlarm", unsupported)
    settings = LoadSettings(Mode.OPEN, window_s=0.4, requests_per_second=100, arrivals=Arrivals.CONSTANT)
    with serving(answering(reply())) as port:
        recording = run_point(plan_for(port), settings)
    assert recording.samples.counts() == {Outcome.OK: 40}
    assert all(sent >= due for due, sent in zip(recording.samples.due, recording.samples.sent, strict=True))


def test_running_out_of_file_descriptors_is_the_clients_own_limit() -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    def silence(connection: socket.socket) -> None:
        while connection.recv(65536):
            pass

    script = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))\n"
        "from costplan.bench.load.runner import run_point\n"
        "from costplan.bench.load.settings import LoadSettings, Mode\n"
        "from costplan.bench.target import HttpPlan\n"
        "from costplan.bench.transport.interface import TransportLimits\n"
        "plan = HttpPlan('127.0.0.1', int(sys.argv[1]), [b'GET / HTTP/1.1\\r\\n\\r\\n'], lambda s, b: None)\n"
        "settings = LoadSettings(Mode.OPEN, window_s=.5, requests_per_second=200,\n"
        "    limits=TransportLimits(.3))\n"
        "r = run_point(plan, settings)\n"
        "print(*sorted(o.name for o in r.samples.counts()))\n"
    )
    with serving(silence) as port:
        done = subprocess.run(
            [sys.executable, "-c", script, str(port)], capture_output=True, text=True, timeout=120, check=True
        )
    assert done.stdout.split() == ["DROPPED", "TIMEOUT"], done.stderr
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (soft, hard)


def test_a_missing_library_is_said_with_the_extra_that_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httptools", None)
    monkeypatch.delitem(sys.modules, "costplan.bench.transport.http")
    with pytest.raises(MissingExtraError, match="httptools, which sends this load, needs the `bench` extra"):
        batch(plan_for(9))


def test_the_parts_put_together_measure_a_live_server(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "run.jsonl", {})
    told: list[str] = []
    with serving_process(service_ms=2) as (process, port):
        bench = Bench(
            plan_for(port, anything),
            LoadSettings(Mode.SINGLE, window_s=0.6, concurrency=4, limits=PATIENT),
            MeasuredSlo(90, 60_000),
            journal=journal,
            progress=lambda phase, fraction, left: told.append(phase),
            server=ServerUsage(process.pid),
        )
        ceiling = bench.calibrate(0.3)
        warm = bench.warm_up(WarmUpRule(min_s=0.5, max_s=2))
        points = [bench.single(), bench.closed(2), bench.open(150)]
    journal.close()
    assert ceiling.reply_bytes in range(8, 11), "the server replies with a number and 7 digits of ns"
    assert warm.requests >= 50
    assert bench.points == points
    assert [point.mode for point in points] == ["single", "closed", "open"]
    for point in points:
        assert set(point.outcomes) == {"ok"}
        assert point.meets_slo
        assert point.server_cpu_share is not None
        assert 0 < point.server_cpu_share < 1.5
        json.dumps(asdict(point), allow_nan=False)
    assert points[2].offered_requests_per_second == 150
    assert [r.settings.mode.value for r in read_journal(journal.path).recordings] == [
        "single",
        "closed",
        "open",
    ]
    phases = list(dict.fromkeys(told))
    assert phases[-3:] == ["one request at a time", "closed loop, 2 in flight", "open loop at 150 requests/s"]


def test_times_are_ordered_and_the_service_time_is_at_least_the_servers() -> None:
    """How near it is, on a machine that does nothing else, is a known answer of its own."""
    with serving_process(service_ms=20) as (_, port):
        recording = run_point(plan_for(port, anything), LoadSettings(Mode.SINGLE, window_s=1))
    samples = recording.samples
    assert all(d <= s <= e for d, s, e in zip(samples.due, samples.sent, samples.done, strict=True))
    point = summarise(recording)
    assert point.service_ms.p50 is not None
    assert point.service_ms.p50 >= 20
    # One request at a time: all but the last were answered inside the window.
    assert len(samples) - 1 <= sum(point.answers_by_second) <= len(samples)
