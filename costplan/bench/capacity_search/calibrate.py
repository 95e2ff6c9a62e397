"""What the generator itself can do, measured against a server that does nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from costplan.bench.load.interrupts import Interrupts
from costplan.bench.load.progress import Progress, no_progress
from costplan.bench.load.runner import Recording, run_point
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.results.summary import summarise
from costplan.bench.target import GrpcPlan, HttpPlan, LocalPlan, Plan
from costplan.measurement.model import Generator
from costplan.messages.errors import InputError

_STOP_TIMEOUT_S = 3.0
_HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %08d\r\n\r\n"
_HEAD_BYTES = len(_HEAD % 0)


@contextmanager
def noop_server(kind: str, *, request_bytes: int = 256, reply_bytes: int = 64) -> Iterator[int]:
    """Run a no-op server in a process of its own while inside.

    Args:
        kind: `http` or `grpc`.
        request_bytes: Whole size of every HTTP request that will be sent.
        reply_bytes: Size of each reply's body or message.

    Yields:
        Its port on 127.0.0.1.

    Raises:
        InputError: It did not start.
    """
    sizes = ["--request-bytes", str(request_bytes), "--reply-bytes", str(reply_bytes)]
    command = [sys.executable, "-m", "costplan.bench.capacity_search.noop_server", kind, *sizes]
    process = subprocess.Popen(  # noqa: S603 (this interpreter, our own module, numbers)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    try:
        yield _read_port(process)
    finally:
        _stop(process)


def _read_port(process: subprocess.Popen[bytes]) -> int:
    assert process.stdout is not None
    line = process.stdout.readline(16)  # the server prints at once, or ends, which closes the pipe
    if not line.strip().isdigit():
        raise InputError("the no-op server for calibration did not start", hint="run again with --debug")
    return int(line)


def _stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()  # its sign to end; it also ends when this process is killed
    try:
        process.wait(_STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


def calibrate(
    plan: Plan,
    settings: LoadSettings,
    *,
    reply_bytes: int,
    window_s: float = 1.0,
    progress: Progress = no_progress,
    interrupts: Interrupts | None = None,
) -> Generator:
    """Measure the generator's ceiling with the plan's payload size and the settings' connection count.

    The no-op server shares this machine, so the ceiling is what is left for the generator beside a server.

    Args:
        plan: The measurement's own; nothing is sent to its target.
        settings: Concurrency and limits are taken from here.
        reply_bytes: Size of the target's replies.
        window_s: How long to measure.
        progress: As for `run_point`.
        interrupts: As for `run_point`.
    """
    closed = replace(settings, mode=Mode.CLOSED, window_s=window_s, lead_in_s=0.0)
    request_bytes = _request_bytes(plan)
    with _noop_plan(plan, request_bytes, reply_bytes) as noop:
        recording = run_point(noop, closed, progress=progress, interrupts=interrupts)
    return _ceiling(recording, request_bytes, reply_bytes)


@contextmanager
def _noop_plan(plan: Plan, request_bytes: int, reply_bytes: int) -> Iterator[Plan]:
    if isinstance(plan, LocalPlan):
        yield LocalPlan([_nothing], _right)
    elif isinstance(plan, HttpPlan):
        size = max(_HEAD_BYTES, request_bytes)
        with noop_server("http", request_bytes=size, reply_bytes=reply_bytes) as port:
            here, request = "127.0.0.1", http_request(size)
            yield HttpPlan(here, port, [request], _right_http, address=here, reply_bytes=reply_bytes)
    else:
        with noop_server("grpc", reply_bytes=reply_bytes) as port:
            request = bytes(request_bytes)
            here = "127.0.0.1"
            address = f"{here}:{port}"
            yield GrpcPlan(address, plan.method, [request], _right, pinned=here, reply_bytes=reply_bytes)


def http_request(size: int) -> bytes:
    """Return a whole POST of exactly `size` bytes, at least as long as its head."""
    body = size - _HEAD_BYTES
    return _HEAD % body + b"0" * body


def _request_bytes(plan: Plan) -> int:
    if isinstance(plan, LocalPlan):
        return 0
    return round(sum(len(request) for request in plan.requests) / len(plan.requests))


def _nothing() -> None:
    return None


def _right(reply: object) -> None:
    return None


def _right_http(status: int, body: bytes) -> None:
    return None


def _ceiling(recording: Recording, request_bytes: int, reply_bytes: int) -> Generator:
    point = summarise(recording)
    return Generator(
        ceiling_requests_per_second=point.achieved_requests_per_second,
        p50_ms=point.response_ms.p50 or 0.0,
        p99_ms=point.response_ms.p99 or 0.0,
        cpu_us_per_request=point.generator_cpu_us_per_request or 0.0,
        connections=recording.settings.in_flight,
        request_bytes=request_bytes,
        reply_bytes=reply_bytes,
    )
