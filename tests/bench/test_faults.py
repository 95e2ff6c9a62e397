"""The fault matrix: the run ends in bound, each request is in one class, and the journal holds them all."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from load_servers import (
    REQUEST,
    answering,
    free_port,
    plan_for,
    reply,
    reset,
    serving,
    serving_process,
)
from own_time import own_seconds

from costplan.bench.guard import check_target
from costplan.bench.load.journal import Journal
from costplan.bench.load.journal_reader import read_journal
from costplan.bench.load.runner import Recording, Watch, run_point
from costplan.bench.load.samples import Samples
from costplan.bench.load.schedule import Arrivals
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.outcomes import Outcome
from costplan.bench.results.summary import summarise
from costplan.bench.target import HttpPlan
from costplan.bench.transport.interface import TransportLimits
from costplan.messages.errors import ExitCode, InputError

TIMEOUT_S = 0.3
PATIENT_S = 60.0
"""The limit of requests that fail otherwise than by time, so that a busy machine does not get there first."""
WINDOW_S = 0.4
BOUND_S = WINDOW_S + TIMEOUT_S + 1.0 + 1.0
"""Window, one timeout, the drain's slack, and a second; whatever the limit of a request is."""

OPEN = LoadSettings(Mode.OPEN, window_s=WINDOW_S, requests_per_second=50, arrivals=Arrivals.CONSTANT)
CLOSED = LoadSettings(Mode.CLOSED, window_s=WINDOW_S, concurrency=4)
BODY = b'{"y":[1.0,2.0]}'


def check(status: int, body: bytes) -> str | None:
    """A target's check: JSON, of the right shape, with the right values."""
    import json

    answer = json.loads(body)["y"]
    if len(answer) != 2:
        return f"shape ({len(answer)},) instead of (2,)"
    return None if answer == [1.0, 2.0] else f"expected [1, 2], got {answer}"


def run_fault(
    plan: HttpPlan,
    settings: LoadSettings,
    folder: Path,
    *,
    timeout_s: float = PATIENT_S,
    watch: Watch | None = None,
) -> Recording:
    """Run, and check what holds whatever the fault is."""
    path = folder / f"{settings.mode}.jsonl"
    journal = Journal(path, {})
    settings = replace(settings, limits=TransportLimits(timeout_s=timeout_s))
    with own_seconds() as seconds:
        recording = run_point(plan, settings, journal=journal, watch=watch)
        took_s = seconds()
    journal.close()
    extra_s = settings.window_s - WINDOW_S
    assert took_s < BOUND_S + extra_s, f"took {took_s:.1f} s"
    samples = recording.samples
    assert len(samples) > 0
    assert len(samples.due) == len(samples.sent) == len(samples.done) == len(samples.outcome)
    assert sum(samples.counts().values()) == len(samples)
    if settings.mode is Mode.OPEN and recording.ending.value == "completed" and watch is None:
        assert len(samples) == recording.asked, "every request that was due has ended in one class"
    back = read_journal(path)
    assert back.missing == []
    assert bytes(back.recordings[0].samples.outcome) == bytes(samples.outcome)
    return recording


@contextlib.contextmanager
def refused_port() -> Iterator[int]:
    yield free_port()


def silence(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def at_once(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(reply(BODY))


def drip(connection: socket.socket) -> None:
    connection.recv(65536)
    for byte in reply(BODY):
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


FAULTS: dict[str, tuple[Callable[[], contextlib.AbstractContextManager[int]], Outcome, str]] = {
    "refused port": (refused_port, Outcome.CONNECT_ERROR, "refused"),
    "reset during headers": (
        lambda: serving(answering(b"HTTP/1.1 200 OK\r\nContent-", then=reset)),
        Outcome.CONNECTION_LOST,
        "",
    ),
    "reset mid-body": (lambda: serving(answering(reply(BODY)[:-4], then=reset)), Outcome.CONNECTION_LOST, ""),
    "closed mid-body": (
        lambda: serving(answering(reply(BODY)[:-4], then=lambda c: c.close())),
        Outcome.CONNECTION_LOST,
        "closed before the whole answer",
    ),
    "accept then silence": (lambda: serving(silence), Outcome.TIMEOUT, "no whole answer within 0.3 s"),
    "slow drip over the timeout": (lambda: serving(drip), Outcome.TIMEOUT, "no whole answer"),
    "status 500": (
        lambda: serving(answering(reply(status="500 Internal Server Error"))),
        Outcome.HTTP_ERROR,
        "status 500",
    ),
    "status 503 with Retry-After": (
        lambda: serving(answering(reply(status="503 Unavailable", extra="Retry-After: 3600\r\n"))),
        Outcome.HTTP_ERROR,
        "status 503",
    ),
    "status 429": (
        lambda: serving(answering(reply(status="429 Too Many Requests"))),
        Outcome.HTTP_ERROR,
        "status 429",
    ),
    "wrong content type": (
        lambda: serving(answering(reply(BODY, kind="text/html; charset=utf-8"))),
        Outcome.WRONG_ANSWER,
        "content type `text/html` instead of `application/json`",
    ),
    "truncated JSON": (
        lambda: serving(answering(reply(BODY[:-3]))),
        Outcome.WRONG_ANSWER,
        "unreadable: JSON",
    ),
    "wrong tensor shape": (
        lambda: serving(answering(reply(b'{"y":[1.0]}'))),
        Outcome.WRONG_ANSWER,
        "shape (1,) instead of (2,)",
    ),
    "wrong answer": (
        lambda: serving(answering(reply(b'{"y":[1.0,2.5]}'))),
        Outcome.WRONG_ANSWER,
        "got [1.0, 2.5]",
    ),
    "NaN answer": (lambda: serving(answering(reply(b'{"y":[1.0,NaN]}'))), Outcome.WRONG_ANSWER, "nan"),
    "plain HTTP on a TLS port": (lambda: serving(at_once), Outcome.TLS_ERROR, ""),
}


@pytest.mark.parametrize("settings", [OPEN, CLOSED], ids=["open", "closed"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_in_bound_in_its_class_with_a_journal(
    fault: str, settings: LoadSettings, tmp_path: Path
) -> None:
    make, outcome, message = FAULTS[fault]
    with make() as port:
        plan = HttpPlan(
            "127.0.0.1",
            port,
            [REQUEST],
            check,
            content_type="application/json",
            tls=fault == "plain HTTP on a TLS port",
        )
        timeout_s = TIMEOUT_S if outcome is Outcome.TIMEOUT else PATIENT_S
        recording = run_fault(plan, settings, tmp_path, timeout_s=timeout_s)
    counts = recording.samples.counts()
    assert set(counts) <= {outcome, Outcome.INTERRUPTED}
    assert counts[outcome] > 0
    assert any(message in text for text in recording.samples.messages)
    point = summarise(recording)
    assert point.verdict == "INVALID"
    assert point.reasons
    assert not point.passes
    assert point.achieved_requests_per_second == 0
    assert sum(point.outcomes.values()) == point.requests
    if outcome is Outcome.TIMEOUT:
        assert point.response_ms.p50 is not None
        assert point.response_ms.p50 >= 1000 * TIMEOUT_S
    # A refused port fails in microseconds; the closed loop must not spin on it.
    assert len(recording.samples) < 30_000


def test_the_same_server_without_a_fault_is_right(tmp_path: Path) -> None:
    with serving(answering(reply(BODY))) as port:
        plan = HttpPlan("127.0.0.1", port, [REQUEST], check, content_type="application/json")
        for settings in (OPEN, CLOSED):
            assert set(run_fault(plan, settings, tmp_path).samples.counts()) == {Outcome.OK}


def run_while(
    act: Callable[[], None], plan: HttpPlan, folder: Path, is_enough: Callable[[bytearray], bool]
) -> Recording:
    """Run an open loop, `act` once 30 requests have ended, and end when the outcomes are enough."""
    settings = LoadSettings(Mode.OPEN, window_s=100, requests_per_second=60, arrivals=Arrivals.CONSTANT)
    begun = threading.Event()

    def watch(samples: Samples, _: int) -> bool:
        if len(samples) >= 30:
            begun.set()
        return is_enough(samples.outcome)

    thread = threading.Thread(target=lambda: (begun.wait(), act()))
    thread.start()
    try:
        return run_fault(plan, settings, folder, watch=watch)
    finally:
        begun.set()
        thread.join()


def test_a_server_killed_mid_run_leaves_the_part_before(tmp_path: Path) -> None:
    killed_at: list[int] = []
    with serving_process() as (process, port):

        def kill() -> None:
            process.kill()
            process.wait()
            killed_at.append(time.perf_counter_ns())

        recording = run_while(
            kill,
            plan_for(port, lambda s, b: None),
            tmp_path,
            lambda outcomes: len(outcomes) - outcomes.count(Outcome.OK) >= 40,
        )
    samples = recording.samples
    lost = {Outcome.CONNECT_ERROR, Outcome.CONNECTION_LOST}
    assert samples.counts()[Outcome.OK] >= 30
    assert set(samples.counts()) <= {Outcome.OK, *lost}
    after = {end for sent, end in zip(samples.sent, samples.outcome, strict=True) if sent > killed_at[0]}
    assert after
    assert after <= lost
    point = summarise(recording)
    assert point.verdict == "INVALID"
    assert any("requests failed" in reason for reason in point.reasons)


def test_a_server_that_restarts_mid_run_is_used_again(tmp_path: Path) -> None:
    restarted = threading.Event()
    with contextlib.ExitStack() as stack:
        process, port = stack.enter_context(serving_process())

        def restart() -> None:
            process.kill()
            process.wait()
            stack.enter_context(serving_process(port))
            restarted.set()

        recording = run_while(
            restart,
            plan_for(port, lambda s, b: None),
            tmp_path,
            lambda outcomes: restarted.is_set() and outcomes[-1] == Outcome.OK,
        )
    samples = recording.samples
    by_due = [outcome for _, outcome in sorted(zip(samples.due, samples.outcome, strict=True))]
    assert by_due[0] == Outcome.OK
    assert by_due[-1] == Outcome.OK, "the client came back to the restarted server"
    assert any(outcome != Outcome.OK for outcome in by_due)


def test_a_certificate_that_nobody_signed_is_refused(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("the openssl command, which makes the certificate, is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    subprocess.run([*make, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    trusted: list[int] = []

    def over_tls(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
            trusted.append(1)
            answering(reply(BODY))(secure)

    with serving(over_tls) as port:
        plan = HttpPlan("localhost", port, [REQUEST], check, tls=True, address="127.0.0.1")
        recording = run_fault(plan, OPEN, tmp_path)
    assert set(recording.samples.counts()) == {Outcome.TLS_ERROR}
    assert any("certificate" in text.lower() for text in recording.samples.messages)


def test_a_name_that_is_not_found_is_wrong_input() -> None:
    plan = HttpPlan("no-such-host.invalid", 80, [REQUEST], check)
    with pytest.raises(InputError, match="name not found") as caught:
        run_point(plan, OPEN)
    assert caught.value.exit_code == ExitCode.USAGE
    with pytest.raises(InputError, match="name not found"):
        check_target("http://no-such-host.invalid/")


SCRIPT = """
import sys, time
from pathlib import Path
from costplan.bench.load.interrupts import Interrupts
from costplan.bench.load.journal import Journal
from costplan.bench.load.runner import Ending, run_point
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.results.summary import summarise
from costplan.bench.target import HttpPlan
from costplan.messages.errors import ExitCode

request = b"GET / HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n"
plan = HttpPlan("127.0.0.1", int(sys.argv[1]), [request], lambda s, b: None)
settings = LoadSettings(Mode.OPEN, window_s=600, requests_per_second=100)
told = []

def watch(samples, elapsed):
    if len(samples) > 40 and not told:
        told.append(print("running", flush=True))

with Interrupts() as interrupts:
    journal = Journal(Path(sys.argv[2]), {})
    recording = run_point(plan, settings, journal=journal, watch=watch, interrupts=interrupts)
    journal.close()
    point = summarise(recording)
    print(point.requests, point.verdict, point.reasons[0], flush=True)
    if sys.argv[3] == "linger":
        time.sleep(300)
sys.exit(ExitCode.INTERRUPTED if recording.ending is Ending.INTERRUPTED else ExitCode.DONE)
"""


def interrupted_run(port: int, path: Path, how: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SCRIPT, str(port), str(path), how]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    process.send_signal(signal.SIGINT)
    return process


def test_one_ctrl_c_ends_with_what_there_is_and_130(tmp_path: Path) -> None:
    with serving_process() as (_, port), own_seconds() as seconds:
        process = interrupted_run(port, tmp_path / "once.jsonl", "end")
        output, _ = process.communicate(timeout=120)
        assert seconds() < 10
    assert process.returncode == ExitCode.INTERRUPTED == 130
    requests, verdict, reason = output.split(maxsplit=2)
    assert int(requests) > 40
    assert verdict == "INVALID"
    assert reason.startswith("interrupted")
    back = read_journal(tmp_path / "once.jsonl")
    assert len(back.recordings[0].samples) >= int(requests)
    assert back.missing == []


def test_two_ctrl_c_end_at_once_with_130(tmp_path: Path) -> None:
    with serving_process() as (_, port):
        process = interrupted_run(port, tmp_path / "twice.jsonl", "linger")
        assert process.stdout is not None
        process.stdout.readline()
        with own_seconds() as seconds:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=120) == 130
            assert seconds() < 2
        process.stdout.close()
