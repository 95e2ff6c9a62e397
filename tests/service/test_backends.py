"""Inference handed to a remote server: the right numbers, and the right status when it fails.

The Triton backends are tested against servers of the Open Inference Protocol of our own (over HTTP: this very
service), the TensorFlow Serving ones against small servers that speak its published wire contract.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
import httpx
import numpy as np
import onnxruntime
import pytest
from own_time import own_seconds
from service_process import DIGITS, InProcess, Process
from sklearn.datasets import load_digits

from costplan.messages.errors import InputError
from costplan.protocols import oip_grpc, tfserving
from costplan.protocols.tensors import Tensor, tensor
from costplan.service.app import Service
from costplan.service.backends.address import parse_address
from costplan.service.settings import Settings

IMAGES = load_digits().data[:2].astype(np.float32)
SESSION = onnxruntime.InferenceSession(DIGITS, providers=["CPUExecutionProvider"])
LABELS, PROBABILITIES = SESSION.run(["label", "probabilities"], {"image": IMAGES})
REQUEST = {
    "inputs": [{"name": "image", "datatype": "FP32", "shape": [2, 64], "data": IMAGES.ravel().tolist()}]
}
INFER = "/v2/models/digits/infer"

Behaviour = Callable[[], None]


def run_model(images: Tensor) -> list[Tensor]:
    arrays = SESSION.run(["label", "probabilities"], {"image": images.data})
    return [tensor("label", arrays[0]), tensor("probabilities", arrays[1])]


class Remote:
    """Both gRPC services over the demo model; `fault` changes what an inference does."""

    def __init__(self) -> None:
        self.fault: Callable[[grpc.ServicerContext], bytes | None] = lambda context: None
        handlers = {
            oip_grpc.SERVICE: {
                "ModelMetadata": self.metadata,
                "ModelReady": lambda _, __: oip_grpc.MESSAGES["ModelReadyResponse"](
                    ready=True
                ).SerializeToString(),
                "ModelInfer": self.infer,
            },
            tfserving.SERVICE: {"GetModelMetadata": self.signature, "Predict": self.predict},
        }
        self.server = grpc.server(ThreadPoolExecutor(4))
        for service, methods in handlers.items():
            made = {name: grpc.unary_unary_rpc_method_handler(method) for name, method in methods.items()}
            self.server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(service, made)])
        self.port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()

    def metadata(self, _: bytes, __: grpc.ServicerContext) -> bytes:
        message = oip_grpc.MESSAGES["ModelMetadataResponse"](name="digits", versions=["1"], platform="test")
        message.inputs.add(name="image", datatype="FP32", shape=[-1, 64])
        message.outputs.add(name="label", datatype="INT64", shape=[-1])
        message.outputs.add(name="probabilities", datatype="FP32", shape=[-1, 10])
        return bytes(message.SerializeToString())

    def infer(self, body: bytes, context: grpc.ServicerContext) -> bytes:
        special = self.fault(context)
        if special is not None:
            return special
        return oip_grpc.encode_response("digits", run_model(oip_grpc.decode_request(body).inputs[0]))

    def signature(self, _: bytes, __: grpc.ServicerContext) -> bytes:
        signatures = tfserving.SERVING["SignatureDefMap"]()
        signature = signatures.signature_def["serving_default"]
        for infos, name, dtype, shape in (
            (signature.inputs, "image", 1, (-1, 64)),
            (signature.outputs, "label", 9, (-1,)),
            (signature.outputs, "probabilities", 1, (-1, 10)),
        ):
            infos[name].name, infos[name].dtype = name, dtype
            for size in shape:
                infos[name].tensor_shape.dim.add(size=size)
        reply = tfserving.SERVING["GetModelMetadataResponse"]()
        reply.metadata["signature_def"].type_url = "type.googleapis.com/tensorflow.serving.SignatureDefMap"
        reply.metadata["signature_def"].value = signatures.SerializeToString()
        return bytes(reply.SerializeToString())

    def predict(self, body: bytes, context: grpc.ServicerContext) -> bytes:
        special = self.fault(context)
        if special is not None:
            return special
        asked = tfserving.SERVING["PredictRequest"].FromString(body)
        reply = tfserving.SERVING["PredictResponse"]()
        for output in run_model(tfserving.from_proto("image", asked.inputs["image"])):
            reply.outputs[output.name].CopyFrom(tfserving.to_proto(output))
        return bytes(reply.SerializeToString())


class RestHandler(BaseHTTPRequestHandler):
    """TensorFlow Serving's REST shape, from its documentation."""

    protocol_version = "HTTP/1.1"
    connections = 0

    def setup(self) -> None:
        type(self).connections += 1
        super().setup()

    def do_GET(self) -> None:
        if self.path.endswith("/metadata"):

            def info(dtype: str, *shape: int) -> dict[str, Any]:
                dims = [{"size": str(size), "name": ""} for size in shape]
                return {"dtype": dtype, "tensor_shape": {"dim": dims, "unknown_rank": False}, "name": "x:0"}

            signature = {
                "inputs": {"image": info("DT_FLOAT", -1, 64)},
                "outputs": {"label": info("DT_INT64", -1), "probabilities": info("DT_FLOAT", -1, 10)},
                "method_name": "tensorflow/serving/predict",
            }
            spec = {"name": "digits", "signature_name": "", "version": "1"}
            wrapped = {"signature_def": {"signature_def": {"serving_default": signature}}}
            self.answer(200, {"model_spec": spec, "metadata": wrapped})
        else:
            self.answer(200, {"model_version_status": [{"version": "1", "state": "AVAILABLE"}]})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        images = np.array(asked["inputs"]["image"] if isinstance(asked["inputs"], dict) else asked["inputs"])
        label, probabilities = run_model(tensor("image", images.astype(np.float32)))
        self.answer(
            200, {"outputs": {"label": label.data.tolist(), "probabilities": probabilities.data.tolist()}}
        )

    def answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def remote() -> Iterator[Remote]:
    made = Remote()
    yield made
    made.server.stop(None).wait(5)


@pytest.fixture(scope="module")
def rest() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), RestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


SHORT, PATIENT = 0.4, 60.0
"""Seconds that a server has; few only where it does not answer, so that a busy machine changes nothing."""


async def recovers(client: httpx.AsyncClient) -> bool:
    """Say whether inference works again; on a busy machine some answers come late."""
    for _ in range(100):
        if (await client.post(INFER, json=REQUEST)).status_code == 200:
            return True
    return False


def settings(backend: str, port: int, timeout: float = PATIENT) -> Settings:
    return Settings(
        backend=backend, backend_address=f"127.0.0.1:{port}", parallel=4, backend_timeout_seconds=timeout
    )


@pytest.mark.parametrize("backend", ["triton-http", "triton-grpc", "tfserving-grpc", "tfserving-rest"])
def test_a_remote_server_gives_the_numbers_of_the_runtime(
    backend: str, in_process: InProcess, digits: Process, remote: Remote, rest: ThreadingHTTPServer
) -> None:
    port = {"triton-http": digits.port, "tfserving-rest": rest.server_port}.get(backend, remote.port)

    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        model = (await client.get("/v2/models/digits")).json()
        assert model["inputs"] == [{"name": "image", "datatype": "FP32", "shape": [-1, 64]}]
        assert (await client.get("/v2/health/ready")).status_code == 200
        for _repeat in range(2):
            outputs = (await client.post(INFER, json=REQUEST)).json()["outputs"]
            assert outputs[0]["data"] == LABELS.tolist()
            np.testing.assert_allclose(outputs[1]["data"], PROBABILITIES.ravel(), rtol=1e-5)
        picture = {"pixels": IMAGES[0].reshape(8, 8).tolist()}
        assert (await client.post("/predict", json=picture)).json()["digit"] == LABELS[0]
        wrong = {"inputs": [REQUEST["inputs"][0] | {"shape": [1, 128]}]}
        assert (await client.post(INFER, json=wrong)).status_code == 400

    RestHandler.connections = 0
    in_process(settings(backend, port), talk)
    if backend == "tfserving-rest":
        assert RestHandler.connections == 1  # one after the other, they share a connection


def aborting(code: grpc.StatusCode) -> Callable[[grpc.ServicerContext], bytes | None]:
    def fault(context: grpc.ServicerContext) -> bytes | None:
        context.abort(code, "said the server")
        raise AssertionError

    return fault


def sleeping(_: grpc.ServicerContext) -> bytes | None:
    time.sleep(1.5)
    return None


FAULTS = {
    "refused input": (aborting(grpc.StatusCode.INVALID_ARGUMENT), 400, "said the server"),
    "not ready": (aborting(grpc.StatusCode.UNAVAILABLE), 503, "said the server"),
    "overloaded": (aborting(grpc.StatusCode.RESOURCE_EXHAUSTED), 503, "said the server"),
    "broken": (aborting(grpc.StatusCode.INTERNAL), 502, "answered INTERNAL: said the server"),
    "nonsense": (lambda _: b"\xff\xff", 502, "reply is wrong"),
    "output missing": (lambda _: b"", 502, "lacks output `label`"),
    "slow": (sleeping, 504, "0.4 s"),
}


@pytest.mark.parametrize("backend", ["triton-grpc", "tfserving-grpc"])
@pytest.mark.parametrize(("fault", "status", "message"), FAULTS.values(), ids=[*FAULTS])
def test_a_fault_over_grpc_has_its_status(
    backend: str, fault: Any, status: int, message: str, in_process: InProcess, remote: Remote
) -> None:
    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        remote.fault = fault
        try:
            with own_seconds() as seconds:
                reply = await client.post(INFER, json=REQUEST)
                assert seconds() < 1.4
            assert (reply.status_code, message in reply.json()["error"]) == (status, True), reply.text
        finally:
            remote.fault = lambda _: None
        assert await recovers(client)

    in_process(settings(backend, remote.port, SHORT if status == 504 else PATIENT), talk)


def whole_request(connection: socket.socket) -> bytes:
    """Read a request to its last byte: closing on unread bytes resets the connection and loses the answer."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    while length and len(body) < int(length[1]):
        part = connection.recv(65536)
        if not part:
            return b""
        body += part
    return head


class Wire:
    """Answers every HTTP request with the same bytes, or never; then closes."""

    def __init__(self, answer: bytes | None, port: int = 0) -> None:
        self.answer = answer
        self.closes = True
        """Whether a connection is closed after an answer that did not announce it."""
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection: socket.socket) -> None:
        with connection:
            while whole_request(connection):
                answer = self.answer
                if answer is None:
                    time.sleep(1.0)
                    return
                connection.sendall(answer)
                if b"Connection: close" in answer or self.closes:
                    return


METADATA = json.dumps(
    {"name": "digits", "inputs": [{"name": "image", "datatype": "FP32", "shape": [-1, 64]}],
     "outputs": [{"name": "label", "datatype": "INT64", "shape": [-1]}]}
).encode()  # fmt: skip


def reply_of(status: str, body: bytes, extra: str = "") -> bytes:
    return (
        f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{extra}\r\n".encode()
        + body
    )


WIRES = {
    "refused input": (reply_of("400 Bad Request", b'{"error": "no\x1b good"}'), 400, "no"),
    "busy": (reply_of("503 Busy", b"later"), 503, "answered 503: later"),
    "broken": (reply_of("500 Error", b"<html>"), 502, "answered 500: <html>"),
    "redirect": (reply_of("302 Found", b"", "Location: http://127.0.0.1:1/\r\n"), 502, "answered 302"),
    "not JSON": (reply_of("200 OK", b"hello"), 502, "reply is wrong"),
    "NaN": (reply_of("200 OK", b'{"outputs": NaN}'), 502, "reply is wrong"),
    "not HTTP": (b"SSH-2.0-OpenSSH\r\n\r\n", 502, "does not keep to HTTP"),
    "cut short": (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", 502, "does not keep to HTTP"),
    "silence": (None, 504, "0.4 s"),
}


@pytest.mark.parametrize(("answer", "status", "message"), WIRES.values(), ids=[*WIRES])
def test_a_fault_over_http_has_its_status(
    answer: bytes | None, status: int, message: str, in_process: InProcess
) -> None:
    wire = Wire(reply_of("200 OK", METADATA))

    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        wire.answer = answer
        with own_seconds() as seconds:
            reply = await client.post(INFER, json=REQUEST)
            assert seconds() < 0.9
        assert (reply.status_code, message in reply.json()["error"]) == (status, True), reply.text

    try:
        in_process(settings("triton-http", wire.port, SHORT if status == 504 else PATIENT), talk)
    finally:
        wire.listener.close()


KEPT = reply_of("200 OK", METADATA).replace(b"Connection: close\r\n", b"")
ANSWER = json.dumps(
    {"outputs": [{"name": "label", "datatype": "INT64", "shape": [2], "data": [4, 5]}]}
).encode()


@pytest.mark.parametrize(
    ("closes", "answer", "status"),
    [
        (True, reply_of("200 OK", ANSWER), 200),
        (False, reply_of("200 OK", ANSWER), 200),
        (False, None, 504),
        (False, b"nonsense\r\n\r\n", 502),
    ],
    ids=["closed-meanwhile", "still-open", "silent", "nonsense"],
)
def test_a_kept_connection_fails_like_a_new_one_or_is_replaced(
    closes: bool, answer: bytes | None, status: int, in_process: InProcess
) -> None:
    wire = Wire(KEPT)
    wire.closes = closes

    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        await asyncio.sleep(0.05)
        wire.answer = answer
        assert (await client.post(INFER, json=REQUEST)).status_code == status

    try:
        in_process(settings("triton-http", wire.port, SHORT if status == 504 else PATIENT), talk)
    finally:
        wire.listener.close()


@pytest.mark.parametrize("backend", ["triton-http", "triton-grpc", "tfserving-grpc", "tfserving-rest"])
def test_a_server_that_is_down_is_503_and_the_service_stays(backend: str, in_process: InProcess) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        assert (await client.get("/v2/health/live")).status_code == 200
        for method, path in (("GET", "/v2/health/ready"), ("GET", "/v2/models/digits"), ("POST", INFER)):
            reply = await client.request(method, path, json=REQUEST if method == "POST" else None)
            assert (reply.status_code, list(reply.json())) == (503, ["error"])

    in_process(settings(backend, port, timeout=2.0), talk)


def test_a_server_that_comes_later_is_found(in_process: InProcess) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    wires: list[Wire] = []

    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        assert (await client.get("/v2/models/digits")).status_code == 503
        wires.append(Wire(reply_of("200 OK", METADATA), port))
        assert (await client.get("/v2/models/digits")).json()["outputs"][0]["name"] == "label"

    in_process(settings("triton-http", port), talk)
    wires[0].listener.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("models", "models:8000"),
        ("10.0.0.5:9", "10.0.0.5:9"),
        ("http://models:9/", "models:9"),
        ("https://models", "models:8000"),
        ("[::1]:9", "[::1]:9"),
    ],
)
def test_an_address_is_read(text: str, expected: str) -> None:
    address = parse_address(text, ("http", "https"), 8000)
    assert (str(address), address.tls) == (expected, text.startswith("https"))


@pytest.mark.parametrize(
    "text",
    ["", ":80", "host:port", "host:99999", "ftp://host", "http://host/path", "http://user:secret@host",
     "169.254.169.254", "http://169.254.169.254:80", "[fe80::1]:80"],
)  # fmt: skip
def test_a_wrong_or_link_local_address_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_address(text, ("http", "https"), 8000)
