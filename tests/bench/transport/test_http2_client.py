"""The HTTP/2 under the gRPC client: header blocks, windows, limits and farewells.

grpcio's server judges it where it can; what that never does is played by a server of raw frames.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import pytest
from load_servers import serving

from costplan.bench.load.runner import Recording, run_point
from costplan.bench.load.schedule import Arrivals
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.outcomes import Outcome
from costplan.bench.target import GrpcPlan
from costplan.bench.transport.hpack import HeaderError, decode, literal
from costplan.bench.transport.interface import TransportLimits

METHOD = "/test.Service/Infer"
DATA, HEADERS, RESET, SETTINGS, PING, GOAWAY, WINDOW, CONTINUATION = 0, 1, 3, 4, 6, 7, 8, 9
END_STREAM, END_HEADERS, PADDED, PRIORITY = 1, 4, 8, 32
HEAD = b"\x88" + literal(b"content-type", b"application/grpc")
TRAILER = literal(b"grpc-status", b"0")
RIGHT = b"\0\0\0\0\2ok"


def test_a_coded_text_of_the_standard_is_read() -> None:
    """RFC 7541, C.4.1: `www.example.com`, Huffman-coded."""
    block = b"\0\x04name\x8c" + bytes.fromhex("f1e3c2e5f23a6ba0ab90f4ff")
    assert decode(block) == {b"name": b"www.example.com"}


@pytest.mark.parametrize(
    ("block", "fields"),
    [
        (b"\x88", {b":status": b"200"}),
        (b"\x20\x8d", {b":status": b"404"}),  # a table of size 0, then an entry of the static one
        (b"\x08\x03502", {b":status": b"502"}),  # the name by index, the value spelled out
        (b"\x48\x03502", {b":status": b"502"}),  # the same, to be kept in a table that has no room
        (b"\x5f\x03a/b", {}),  # content-type, which nobody asks about
        (literal(b"n" * 300, b"v" * 20_000), {b"n" * 300: b"v" * 20_000}),
    ],
)
def test_fields_are_read_in_every_form(block: bytes, fields: dict[bytes, bytes]) -> None:
    assert decode(block) == fields


@pytest.mark.parametrize(
    "block",
    [
        b"\xbe",
        b"\x80",
        b"\x3f\xe1\x1f",
        b"\0\x05ab",
        b"\0",
        b"\0\x01a\x81\x00",
        b"\0\x01a\x82\xff\xff",
        b"\xff" * 9,
    ],
    ids=[
        "dynamic",
        "no index",
        "a larger table",
        "cut",
        "empty",
        "bad end",
        "long end",
        "too large a number",
    ],
)
def test_a_block_that_breaks_the_format_is_refused(block: bytes) -> None:
    with pytest.raises(HeaderError):
        decode(block)


def test_no_block_of_chance_does_anything_but_be_read_or_refused() -> None:
    drawn = random.Random(5)
    for _ in range(3000):
        with contextlib.suppress(HeaderError):
            decode(drawn.randbytes(drawn.randrange(30)))


def batch(
    port: int, message: bytes = b"one", requests: int = 6, concurrency: int = 3, **more: Any
) -> Recording:
    limits = TransportLimits(timeout_s=60, body_bytes=more.pop("body_bytes", 1 << 20))
    plan = GrpcPlan(f"127.0.0.1:{port}", METHOD, [message], more.pop("check", lambda b: None), **more)
    settings = LoadSettings(
        Mode.BATCH, window_s=60, batch_requests=requests, concurrency=concurrency, limits=limits
    )
    return run_point(plan, settings)


@contextlib.contextmanager
def grpcio_server(
    behaviour: Callable[[bytes, grpc.ServicerContext], bytes],
    *options: tuple[str, int],
    credentials: grpc.ServerCredentials | None = None,
) -> Iterator[int]:
    server = grpc.server(futures.ThreadPoolExecutor(8), options=options)
    handler = grpc.unary_unary_rpc_method_handler(behaviour)
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("test.Service", {"Infer": handler}),)
    )
    where = "127.0.0.1:0"
    port = server.add_secure_port(where, credentials) if credentials else server.add_insecure_port(where)
    server.start()
    try:
        yield port
    finally:
        server.stop(grace=None).wait(5)


@pytest.mark.parametrize("size", [0, 16_379, 16_380, 65_530, 65_531, 400_000, 3_000_000])
def test_messages_of_any_size_pass_the_windows_of_both_sides(size: int) -> None:
    drawn = random.Random(size).randbytes(size)
    unlimited = ("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)
    with grpcio_server(lambda request, _: request[::-1], *unlimited) as port:
        right = drawn[::-1]
        recording = batch(
            port, drawn, check=lambda b: None if b == right else f"{len(b)} bytes", body_bytes=size + 1
        )
    assert recording.samples.counts() == {Outcome.OK: 6}, recording.samples.messages


def test_no_more_calls_are_open_than_the_server_allows() -> None:
    open_now: list[int] = []
    most: list[int] = []

    def count(request: bytes, _: grpc.ServicerContext) -> bytes:
        open_now.append(1)
        most.append(len(open_now))
        time.sleep(0.005)
        open_now.pop()
        return request

    with grpcio_server(count, ("grpc.max_concurrent_streams", 2)) as port:
        assert batch(port, requests=30, concurrency=8).samples.counts() == {Outcome.OK: 30}
    assert max(most) <= 2


def test_the_server_hears_of_the_deadline() -> None:
    left: list[float] = []

    def note(request: bytes, context: grpc.ServicerContext) -> bytes:
        left.append(context.time_remaining())
        return request

    with grpcio_server(note) as port:
        batch(port, requests=1, concurrency=1)
    assert 0 < left[0] <= 60


def test_metadata_of_the_server_and_a_reason_in_any_language_are_read() -> None:
    def refuse(request: bytes, context: grpc.ServicerContext) -> bytes:
        context.set_trailing_metadata((("x-trace", "é".encode().hex()), ("x-bin", b"\0\xff")))
        context.abort(grpc.StatusCode.NOT_FOUND, "нет модели 100%")
        return b""

    with grpcio_server(refuse) as port:
        messages = batch(port).samples.messages
    assert any("NOT_FOUND: нет модели 100%" in text for text in messages), messages


def test_tls_is_spoken_and_a_certificate_that_nobody_vouches_for_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("the openssl command, which makes the certificate, is not installed")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([*command.split(), *names], cwd=tmp_path, check=True, capture_output=True)
    key, certificate = (tmp_path / "key.pem").read_bytes(), (tmp_path / "cert.pem").read_bytes()
    credentials = grpc.ssl_server_credentials([(key, certificate)])
    with grpcio_server(lambda request, _: request, credentials=credentials) as port:
        plan = GrpcPlan(f"localhost:{port}", METHOD, [b"one"], lambda b: None, tls=True, pinned="127.0.0.1")
        settings = LoadSettings(Mode.BATCH, window_s=60, batch_requests=4, concurrency=2)
        assert run_point(plan, settings).samples.counts() == {Outcome.TLS_ERROR: 4}
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert run_point(plan, settings).samples.counts() == {Outcome.OK: 4}


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def answer(stream: int) -> bytes:
    return (
        frame(HEADERS, END_HEADERS, stream, HEAD)
        + frame(DATA, 0, stream, RIGHT)
        + frame(HEADERS, END_HEADERS | END_STREAM, stream, TRAILER)
    )


Reply = Callable[[int], bytes]


def raw_server(reply: Reply, settings: bytes = b"") -> Callable[[socket.socket], None]:
    """Answer each whole request with these bytes; `reply` may raise to close the connection."""

    def handle(connection: socket.socket) -> None:
        received = bytearray()

        def take(count: int) -> bytes:
            while len(received) < count:
                piece = connection.recv(65536)
                if not piece:
                    raise OSError
                received.extend(piece)
            found = bytes(received[:count])
            del received[:count]
            return found

        take(24)
        connection.sendall(frame(SETTINGS, 0, 0, settings))
        while True:
            head = take(9)
            kind, flags, stream = struct.unpack(">BBI", head[3:])
            take(int.from_bytes(head[:3], "big"))
            if kind == DATA and flags & END_STREAM:
                connection.sendall(reply(stream))

    return handle


ODD_FORMS: dict[str, Reply] = {
    "padded": lambda s: (
        frame(HEADERS, END_HEADERS | PADDED, s, b"\2" + HEAD + b"\0\0")
        + frame(DATA, PADDED, s, b"\3" + RIGHT + b"\0\0\0")
        + frame(HEADERS, END_HEADERS | END_STREAM, s, TRAILER)
    ),
    "with a priority": lambda s: (
        frame(HEADERS, END_HEADERS | PRIORITY, s, b"\0\0\0\0\x10" + HEAD)
        + frame(DATA, 0, s, RIGHT)
        + frame(HEADERS, END_HEADERS | END_STREAM, s, TRAILER)
    ),
    "headers that go on": lambda s: (
        frame(HEADERS, 0, s, HEAD[:4])
        + frame(CONTINUATION, 0, s, HEAD[4:9])
        + frame(CONTINUATION, END_HEADERS, s, HEAD[9:])
        + frame(DATA, 0, s, RIGHT)
        + frame(HEADERS, END_STREAM, s, TRAILER[:3])
        + frame(CONTINUATION, END_HEADERS, s, TRAILER[3:])
    ),
    "the message in pieces": lambda s: (
        frame(HEADERS, END_HEADERS, s, HEAD)
        + b"".join(frame(DATA, 0, s, RIGHT[at : at + 1]) for at in range(len(RIGHT)))
        + frame(HEADERS, END_HEADERS | END_STREAM, s, TRAILER)
    ),
    "among other frames": lambda s: (
        frame(PING, 0, 0, bytes(8)) + frame(WINDOW, 0, 0, b"\0\0\1\0") + frame(77, 3, 0, b"?") + answer(s)
    ),
}


@pytest.mark.parametrize("reply", ODD_FORMS.values(), ids=ODD_FORMS)
def test_a_reply_is_read_in_every_form_that_the_protocol_has(reply: Reply) -> None:
    with serving(raw_server(reply)) as port:
        recording = batch(port, check=lambda b: None if b == b"ok" else f"got {b!r}")
    assert recording.samples.counts() == {Outcome.OK: 6}, recording.samples.messages


FAULTY: dict[str, tuple[Reply, Outcome, str]] = {
    "reset": (lambda s: frame(RESET, 0, s, b"\0\0\0\2"), Outcome.RPC_ERROR, "reset the call (code 2)"),
    "no gRPC": (
        lambda s: frame(HEADERS, END_HEADERS | END_STREAM, s, b"\x08\x03502"),
        Outcome.RPC_ERROR,
        "HTTP status 502",
    ),
    "no status": (
        lambda s: frame(HEADERS, END_HEADERS | END_STREAM, s, HEAD),
        Outcome.RPC_ERROR,
        "no gRPC status",
    ),
    "unknown status": (
        lambda s: frame(HEADERS, END_HEADERS | END_STREAM, s, HEAD + literal(b"grpc-status", b"99")),
        Outcome.RPC_ERROR,
        "status 99",
    ),
    "no message": (
        lambda s: frame(HEADERS, END_HEADERS | END_STREAM, s, HEAD + TRAILER),
        Outcome.BAD_REPLY,
        "not one whole message",
    ),
    "half a message": (
        lambda s: answer(s).replace(RIGHT, b"\0\0\0\0\3ok"),
        Outcome.BAD_REPLY,
        "not one whole message",
    ),
    "a table that was refused": (
        lambda s: frame(HEADERS, END_HEADERS, s, b"\xbe"),
        Outcome.BAD_REPLY,
        "unreadable headers",
    ),
}


def test_headers_without_an_end_are_given_up() -> None:
    def endless(stream: int) -> bytes:
        return frame(HEADERS, 0, stream, HEAD) + frame(CONTINUATION, 0, stream, bytes(16_384)) * 5

    with serving(raw_server(endless)) as port:
        recording = batch(port, requests=2, concurrency=1)
    assert recording.samples.counts() == {Outcome.BAD_REPLY: 2}
    assert any("headers above 65536 bytes" in text for text in recording.samples.messages)


@pytest.mark.parametrize(("reply", "outcome", "message"), FAULTY.values(), ids=FAULTY)
def test_a_faulty_reply_has_its_class(reply: Reply, outcome: Outcome, message: str) -> None:
    with serving(raw_server(reply)) as port:
        recording = batch(port, concurrency=1)
    assert recording.samples.counts() == {outcome: 6}
    assert any(message in text for text in recording.samples.messages), recording.samples.messages


def test_a_server_that_says_goodbye_is_asked_on_a_new_connection() -> None:
    """Every connection carries two calls: then the server says so, and answers what it has begun."""
    connections: list[int] = []

    def two_each(connection: socket.socket) -> None:
        connections.append(1)
        raw_server(
            lambda s: answer(s) if s == 1 else frame(GOAWAY, 0, 0, struct.pack(">II", s, 0)) + answer(s)
        )(connection)

    with serving(two_each) as port:
        assert batch(port, requests=10, concurrency=1).samples.counts() == {Outcome.OK: 10}
    assert len(connections) == 5


def test_what_a_goodbye_leaves_out_is_lost_and_what_waits_is_not() -> None:
    """The server takes one call at a time and leaves at the first: the others go to a new connection."""
    settings = struct.pack(">HI", 3, 1)
    seen: list[int] = []

    def once(stream: int) -> bytes:
        seen.append(stream)
        if len(seen) == 1:
            return frame(GOAWAY, 0, 0, struct.pack(">II", stream, 0)) + answer(stream)
        return answer(stream)

    with serving(raw_server(once, settings)) as port:
        assert batch(port, requests=9, concurrency=3).samples.counts() == {Outcome.OK: 9}


def test_a_call_that_was_refused_is_sent_again() -> None:
    """Refused means that the server has not begun it: the protocol's own word for "not now"."""
    seen: list[int] = []

    def second_time(stream: int) -> bytes:
        seen.append(stream)
        return answer(stream) if len(seen) % 2 == 0 else frame(RESET, 0, stream, b"\0\0\0\7")

    with serving(raw_server(second_time)) as port:
        assert batch(port, requests=4, concurrency=1).samples.counts() == {Outcome.OK: 4}
    assert len(seen) == 8


def test_a_window_that_opens_bit_by_bit_lets_a_message_through() -> None:
    """Eight bytes a time on the stream; the server counts what comes and grants as much again."""

    def stingy(connection: socket.socket) -> None:
        connection.recv(24, socket.MSG_WAITALL)
        connection.sendall(frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 8)))
        while True:
            head = connection.recv(9, socket.MSG_WAITALL)
            if len(head) < 9:
                return
            kind, flags, stream = struct.unpack(">BBI", head[3:])
            length = int.from_bytes(head[:3], "big")
            body = connection.recv(length, socket.MSG_WAITALL) if length else b""
            if kind == DATA and flags & END_STREAM:
                connection.sendall(answer(stream))
            elif kind == DATA:
                connection.sendall(frame(WINDOW, 0, stream, struct.pack(">I", len(body))))

    with serving(stingy) as port:
        settings = LoadSettings(
            Mode.OPEN, window_s=0.3, requests_per_second=20, arrivals=Arrivals.CONSTANT,
            limits=TransportLimits(timeout_s=60),
        )  # fmt: skip
        plan = GrpcPlan(f"127.0.0.1:{port}", METHOD, [bytes(100)], lambda b: None)
        assert set(run_point(plan, settings).samples.counts()) == {Outcome.OK}
