"""The gRPC client against a server of grpcio, and against the built-in no-op server."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from concurrent import futures

import grpc
import pytest
from load_servers import free_port, reply, serving
from own_time import own_seconds

from costplan.bench.capacity_search.calibrate import calibrate, noop_server
from costplan.bench.load.runner import Recording, run_point
from costplan.bench.load.samples import Samples
from costplan.bench.load.schedule import Arrivals
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.outcomes import Outcome
from costplan.bench.results.summary import summarise
from costplan.bench.target import GrpcPlan
from costplan.bench.transport.grpc import split_address
from costplan.bench.transport.interface import TransportLimits
from costplan.messages.errors import InputError

METHOD = "/test.Service/Infer"
SHORT = TransportLimits(timeout_s=0.4)
PATIENT = TransportLimits(timeout_s=60)
"""For requests that do not fail by time, so that a busy machine changes nothing."""
Behaviour = Callable[[bytes, grpc.ServicerContext], bytes]


@contextlib.contextmanager
def grpc_server(behaviour: Behaviour, port: int = 0) -> Iterator[int]:
    server = grpc.server(futures.ThreadPoolExecutor(8))
    handler = grpc.unary_unary_rpc_method_handler(behaviour)
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("test.Service", {"Infer": handler}),)
    )
    bound = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    try:
        yield bound
    finally:
        server.stop(grace=None).wait(5)


def plan_for(port: int, check: Callable[[bytes], str | None] = lambda b: None, **more: object) -> GrpcPlan:
    return GrpcPlan(f"127.0.0.1:{port}", METHOD, [b"one", b"two"], check, **more)  # type: ignore[arg-type]


def batch(plan: GrpcPlan, requests: int = 6, limits: TransportLimits = PATIENT) -> Recording:
    return run_point(
        plan, LoadSettings(Mode.BATCH, window_s=60, batch_requests=requests, concurrency=2, limits=limits)
    )


def test_messages_are_sent_in_turn_as_they_are_and_replies_are_checked() -> None:
    seen: list[bytes] = []

    def echo(request: bytes, context: grpc.ServicerContext) -> bytes:
        seen.append(request)
        return request.upper()

    with grpc_server(echo) as port:
        recording = batch(plan_for(port, lambda b: None if b == b"ONE" else f"got {b!r}"), requests=10)
    assert sorted(seen) == [b"one"] * 5 + [b"two"] * 5
    assert recording.samples.counts() == {Outcome.OK: 5, Outcome.WRONG_ANSWER: 5}
    assert recording.samples.messages == {"wrong answer: got b'TWO'": 5}


def refuse(request: bytes, context: grpc.ServicerContext) -> bytes:
    context.abort(grpc.StatusCode.INVALID_ARGUMENT, "shape")
    return b""


def sleep(request: bytes, context: grpc.ServicerContext) -> bytes:
    time.sleep(1)
    return b""


@pytest.mark.parametrize(
    ("behaviour", "limits", "outcome", "message"),
    [
        (refuse, PATIENT, Outcome.RPC_ERROR, "INVALID_ARGUMENT: shape"),
        (sleep, SHORT, Outcome.TIMEOUT, "timeout"),
        (
            lambda r, c: b"x" * 2000,
            TransportLimits(timeout_s=60, body_bytes=1000),
            Outcome.TOO_LARGE,
            "larger than max",
        ),
    ],
    ids=["refused", "too slow", "too large"],
)
def test_each_failure_has_its_class(
    behaviour: Behaviour, limits: TransportLimits, outcome: Outcome, message: str
) -> None:
    with grpc_server(behaviour) as port:
        recording = batch(plan_for(port), limits=limits)
    assert recording.samples.counts() == {outcome: 6}
    assert any(message in text for text in recording.samples.messages)


def test_a_check_that_raises_makes_the_answer_wrong() -> None:
    def check(reply: bytes) -> str | None:
        raise ValueError("cannot be parsed")

    with grpc_server(lambda r, c: b"") as port:
        assert batch(plan_for(port, check)).samples.counts() == {Outcome.WRONG_ANSWER: 6}


def test_a_refused_port_ends_in_bound() -> None:
    settings = LoadSettings(
        Mode.OPEN, window_s=0.5, requests_per_second=60, arrivals=Arrivals.CONSTANT, limits=PATIENT
    )
    with own_seconds() as seconds:
        recording = run_point(plan_for(free_port()), settings)
        assert seconds() < 4
    assert recording.samples.counts() == {Outcome.CONNECT_ERROR: 30}
    assert summarise(recording).verdict == "INVALID"


def test_a_server_that_accepts_and_is_silent_times_out() -> None:
    def silence(connection: socket.socket) -> None:
        while connection.recv(65536):
            pass

    with serving(silence) as port, own_seconds() as seconds:
        recording = batch(plan_for(port), requests=3, limits=SHORT)
        assert seconds() < 6
    assert set(recording.samples.counts()) <= {Outcome.TIMEOUT, Outcome.CONNECT_ERROR}


def test_a_server_that_speaks_http1_is_an_error_of_the_connection() -> None:
    def http1(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(reply())

    with serving(http1) as port:
        counts = batch(plan_for(port), requests=3).samples.counts()
    assert Outcome.OK not in counts
    assert sum(counts.values()) == 3


def test_a_server_that_goes_away_and_comes_back_is_used_again() -> None:
    with contextlib.ExitStack() as stack:
        first = contextlib.ExitStack()
        port = first.enter_context(grpc_server(lambda r, c: b"ok"))
        settings = LoadSettings(
            Mode.OPEN, window_s=100, requests_per_second=60, arrivals=Arrivals.CONSTANT, limits=PATIENT
        )
        restarted_at: list[int] = []

        def watch(samples: Samples, _: int) -> bool:
            """Restart after 30 answers; enough is seen when requests sent since then are answered."""
            if len(samples) > 30 and not restarted_at:
                first.close()
                stack.enter_context(grpc_server(lambda r, c: b"ok", port))
                restarted_at.append(time.perf_counter_ns())
            return bool(restarted_at) and answered_since(restarted_at[0], samples) >= 60

        samples = run_point(plan_for(port), settings, watch=watch).samples
    by_due = [outcome for _, outcome in sorted(zip(samples.due, samples.outcome, strict=True))]
    assert by_due[0] == by_due[-1] == Outcome.OK


def answered_since(moment_ns: int, samples: Samples) -> int:
    columns = zip(samples.sent, samples.outcome, strict=True)
    return sum(outcome == Outcome.OK for sent, outcome in columns if sent > moment_ns)


def test_runs_follow_each_other_in_one_process() -> None:
    with noop_server("grpc", reply_bytes=50) as port:
        for _ in range(3):
            assert batch(plan_for(port, lambda b: None if len(b) == 50 else "size")).samples.counts() == {
                Outcome.OK: 6
            }


@pytest.mark.parametrize("size", [0, 100, 16_384, 60_000, 400_000])
def test_the_noop_server_speaks_http2_to_a_stock_client_at_any_size(size: int) -> None:
    """Judged by grpcio's own synchronous client: request and reply of that size, many times over."""
    with noop_server("grpc", reply_bytes=size) as port, grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_unary(METHOD)
        for _ in range(40):
            assert call(bytes(size), timeout=60) == bytes(size)


def test_calibration_gives_a_ceiling_for_grpc() -> None:
    plan = GrpcPlan("192.0.2.1:1", METHOD, [bytes(500)], lambda b: None)
    ceiling = calibrate(plan, LoadSettings(Mode.CLOSED, concurrency=4), reply_bytes=200, window_s=0.5)
    assert ceiling.ceiling_requests_per_second > 0
    assert 0 < ceiling.cpu_us_per_request < 5000, "a processor of its own could send 200 in a second"
    assert ceiling.request_bytes == 500


def test_a_forbidden_address_is_refused_by_the_client_itself() -> None:
    with pytest.raises(InputError, match="nothing is ever sent to"):
        batch(GrpcPlan("169.254.169.254:8001", METHOD, [b""], lambda b: None))


@pytest.mark.parametrize(
    ("address", "expected"),
    [("127.0.0.1:8001", ("127.0.0.1", 8001)), ("[::1]:1", ("::1", 1)), ("h:65535", ("h", 65535))],
)
def test_an_address_is_split(address: str, expected: tuple[str, int]) -> None:
    assert split_address(address) == expected


@pytest.mark.parametrize("address", ["host", "host:", ":1", "host:0", "host:65536", "host:x", "host:٣"])
def test_an_address_without_a_port_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="must be host:port"):
        split_address(address)
