"""Targets against servers in this process, and the service as a child."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import onnx_zoo as zoo
import onnxruntime
import pytest
from own_time import own_seconds

from costplan.bench.guard import check_target
from costplan.bench.models.workload import InputChoice, Workload
from costplan.bench.target import GrpcPlan, HttpPlan, LocalPlan
from costplan.bench.targets import NEEDS_ADDRESS, TARGETS, open_target
from costplan.bench.targets.options import TargetOptions
from costplan.bench.targets.service import body_mib
from costplan.bench.transport import TransportLimits, with_room
from costplan.messages.errors import CostplanError, InputError
from costplan.network.addresses import Endpoint
from costplan.protocols import oip, oip_grpc, tfserving
from costplan.protocols.tensors import ProtocolError

WEIGHTS = np.arange(12, dtype=np.float32).reshape(4, 3) / 10


@pytest.fixture(scope="module")
def linear(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A matrix product: x [batch, 4] -> y [batch, 3]."""
    node = zoo.helper.make_node("MatMul", ["x", "w"], ["y"])
    ports = [zoo.value("x", zoo.F, ["batch", 4])], [zoo.value("y", zoo.F, ["batch", 3])]
    return zoo.save(zoo.model([node], *ports, w=WEIGHTS), tmp_path_factory.mktemp("linear") / "linear.onnx")


class FakeServing:
    """TensorFlow Serving's two methods over a real ONNX Runtime session, on our own messages.

    The messages are checked against the published ones in test_tfserving_wire.py.
    """

    def __init__(
        self, model: Path, *, has_metadata: bool = True, spoil: Callable[[Any], Any] = lambda y: y
    ) -> None:
        self.session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
        self.has_metadata = has_metadata
        self.spoil = spoil

    def predict(self, body: bytes, context: grpc.ServicerContext) -> bytes:
        message = tfserving.parse("PredictRequest", body)
        if message.model_spec.name != "linear":
            context.abort(grpc.StatusCode.NOT_FOUND, "Servable not found for request")
        x = tfserving.from_proto("x", message.inputs["x"]).data
        (y,) = self.session.run(None, {"x": x})
        reply = tfserving.SERVING["PredictResponse"]()
        reply.outputs["y"].CopyFrom(tfserving.to_proto(oip.tensor("y", self.spoil(y)), typed=True))
        return reply.SerializeToString()

    def metadata(self, body: bytes, context: grpc.ServicerContext) -> bytes:
        message = tfserving.parse("GetModelMetadataRequest", body)
        if not self.has_metadata:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, "")
        if message.model_spec.name != "linear":
            context.abort(grpc.StatusCode.NOT_FOUND, "Could not find any versions of model")
        signatures = tfserving.SERVING["SignatureDefMap"]()
        signature = signatures.signature_def["serving_default"]
        for infos, name, size in ((signature.inputs, "x", 4), (signature.outputs, "y", 3)):
            infos[name].dtype = 1
            infos[name].tensor_shape.dim.add(size=-1)
            infos[name].tensor_shape.dim.add(size=size)
        reply = tfserving.SERVING["GetModelMetadataResponse"]()
        reply.model_spec.version.value = 1
        reply.metadata["signature_def"].Pack(signatures)
        return reply.SerializeToString()


@contextmanager
def grpc_server(service: str, methods: dict[str, Callable[[bytes, Any], bytes]]) -> Iterator[Endpoint]:
    server = grpc.server(ThreadPoolExecutor(4))
    handlers = {name: grpc.unary_unary_rpc_method_handler(method) for name, method in methods.items()}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield check_target(f"127.0.0.1:{port}", default_scheme="grpc")
    finally:
        server.stop(None).wait()


@contextmanager
def serving(model: Path, **options: Any) -> Iterator[Endpoint]:
    fake = FakeServing(model, **options)
    with grpc_server(
        tfserving.SERVICE, {"Predict": fake.predict, "GetModelMetadata": fake.metadata}
    ) as point:
        yield point


Answer = tuple[int, bytes]


@contextmanager
def http_server(answer: Callable[[str, str, bytes, dict[str, str]], Answer]) -> Iterator[Endpoint]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _reply(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, content = answer(self.command, self.path, body, dict(self.headers))
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _reply  # noqa: N815 -- the names that http.server calls

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield check_target(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def options_for(point: Endpoint | None, model: Path | None = None, **more: Any) -> TargetOptions:
    choice = InputChoice(model=model, distinct=3, **{k: more.pop(k) for k in ("npz", "shapes") if k in more})
    return TargetOptions(inputs=choice, endpoint=point, model_name="linear", reach_seconds=1, **more)


def test_every_registered_target_loads_and_says_its_name(linear: Path) -> None:
    point = Endpoint("http", "127.0.0.1", 1, "127.0.0.1")
    for name in TARGETS:
        target = open_target(name, options_for(point, linear))
        assert target.name == name
        target.stop()
        target.stop()


@pytest.mark.parametrize("name", sorted(NEEDS_ADDRESS))
def test_a_server_target_needs_an_address_and_a_name(name: str, linear: Path) -> None:
    with pytest.raises(InputError, match="--target URL"):
        open_target(name, options_for(None, linear))
    with pytest.raises(InputError, match="--model-name NAME"):
        open_target(name, TargetOptions(endpoint=Endpoint("http", "127.0.0.1", 1, "127.0.0.1")))


def test_an_unknown_target_gets_a_hint() -> None:
    with pytest.raises(InputError, match="did you mean `triton-http`"):
        open_target("triton-htp", TargetOptions())


@pytest.mark.parametrize("name", sorted(NEEDS_ADDRESS))
def test_a_port_where_nothing_listens_is_told_in_bounded_time(name: str, linear: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    target = open_target(
        name, replace(options_for(check_target(f"http://127.0.0.1:{port}"), linear), reach_seconds=0.3)
    )
    match = f"127.0.0.1:{port}: nothing (listens|answers gRPC) there"
    with own_seconds() as seconds, pytest.raises(InputError, match=match):
        target.start()
    assert seconds() < 3
    target.stop()


def test_a_server_that_accepts_and_stays_silent_is_given_up(linear: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        point = check_target(f"http://127.0.0.1:{listener.getsockname()[1]}")
        with own_seconds() as seconds, pytest.raises(InputError, match="no answer to GET"):
            open_target("triton-http", replace(options_for(point, linear), reach_seconds=0.3)).start()
        assert seconds() < 3


def test_in_process_calls_are_right_and_described(linear: Path) -> None:
    target = open_target("onnxruntime", options_for(None, linear, threads=1, is_spinning=False))
    target.start()
    plan = target.plan()
    assert isinstance(plan, LocalPlan)
    assert [plan.check(call()) for call in plan.calls] == [None, None, None]
    index, (y,) = plan.calls[0]()
    assert plan.check((index, [y + 0.5])) is not None
    assert plan.check((index, [np.full_like(y, np.nan)])) == "`y` holds NaN"
    assert plan.check((1, [y])) is not None
    described = target.describe()
    assert described.settings["intra_op_threads"] == 1
    assert described.inputs == [{"name": "x", "datatype": "FP32", "shape": [1, 4], "made_up": ()}]
    assert described.outputs == [{"name": "y", "datatype": "FP32", "shape": ["batch", 3]}]


def test_a_model_that_answers_nan_is_no_measurement(tmp_path: Path) -> None:
    path = zoo.save(zoo.not_a_number(), tmp_path / "m.onnx")
    with pytest.raises(InputError, match=r"no number: output `y` holds NaN"):
        open_target("onnxruntime", options_for(None, path)).start()


def test_several_sessions_answer_as_one_does(linear: Path) -> None:
    """Each call takes a session that is free and gives it back: with two, three calls one after the other."""
    target = open_target("onnxruntime", replace(options_for(None, linear), threads=1, sessions=2))
    target.start()
    plan = target.plan()
    assert isinstance(plan, LocalPlan)
    assert [plan.check(plan.calls[0]()) for _ in range(3)] == [None] * 3
    assert target.describe().settings["sessions"] == 2
    target.stop()


def test_given_inputs_and_expected_answers_are_used(linear: Path, tmp_path: Path) -> None:
    x = np.ones((1, 4), np.float32)
    np.savez(tmp_path / "in.npz", x=x)
    np.savez(tmp_path / "out.npz", y=x @ WEIGHTS)
    choice = InputChoice(model=linear, npz=tmp_path / "in.npz", expected=tmp_path / "out.npz")
    target = open_target("onnxruntime", TargetOptions(inputs=choice))
    target.start()
    plan = target.plan()
    assert len(plan.calls) == 1
    assert plan.check(plan.calls[0]()) is None
    np.savez(tmp_path / "out.npz", y=x @ WEIGHTS + 1)
    target.start()
    assert "expected" in target.plan().check(target.plan().calls[0]())


@pytest.mark.parametrize("has_model", [True, False], ids=["with model file", "metadata alone"])
def test_tfserving_over_grpc(linear: Path, has_model: bool) -> None:
    with serving(linear) as point:
        target = open_target("tfserving-grpc", options_for(point, linear if has_model else None))
        assert target.start().first_request_ms > 0
        plan = target.plan()
        assert isinstance(plan, GrpcPlan)
        assert plan.method == "/tensorflow.serving.PredictionService/Predict"
        with grpc.insecure_channel(plan.address) as channel:
            replies = [channel.unary_unary(plan.method)(request) for request in plan.requests]
        assert [plan.check(reply) for reply in replies] == [None] * 3
        assert plan.check(replies[0][:-3]) is not None
        assert target.describe().versions["model"] == "1"
        target.stop()


def test_tfserving_without_metadata_needs_shape_or_npz(linear: Path, tmp_path: Path) -> None:
    with serving(linear, has_metadata=False) as point:
        with pytest.raises(InputError, match="--shape NAME"):
            open_target("tfserving-grpc", options_for(point)).start()
        open_target("tfserving-grpc", options_for(point, shapes={"x": (2, 4)})).start()
        np.savez(tmp_path / "in.npz", x=np.ones((1, 4), np.float32))
        open_target("tfserving-grpc", options_for(point, npz=tmp_path / "in.npz")).start()


def test_a_model_that_is_not_loaded_is_told(linear: Path) -> None:
    with serving(linear) as point:
        options = replace(options_for(point, linear), model_name="other", reach_seconds=0.2)
        with pytest.raises(InputError, match="model `other` is not ready"):
            open_target("tfserving-grpc", options).start()


def test_a_server_with_another_model_is_told_at_the_start(linear: Path) -> None:
    with (
        serving(linear, spoil=lambda y: y + 1) as point,
        pytest.raises(CostplanError, match="wrong answer to request 0"),
    ):
        open_target("tfserving-grpc", options_for(point, linear)).start()
    with serving(linear, spoil=lambda y: y * np.nan) as point, pytest.raises(CostplanError, match="NaN"):
        open_target("tfserving-grpc", options_for(point, None)).start()


def rest_answer(
    layout: str, signature_name: str = "serving_default", *, has_rank: bool = True
) -> Callable[[str, str, bytes, dict[str, str]], Answer]:
    """Answer as TensorFlow Serving's REST documentation says (from documentation)."""
    info = {
        "dtype": "DT_FLOAT",
        "tensor_shape": {"dim": [{"size": "-1"}, {"size": "4"}], "unknown_rank": False},
    }
    out = {
        "dtype": "DT_FLOAT",
        "tensor_shape": {"dim": [{"size": "-1"}, {"size": "3"}], "unknown_rank": False},
    }
    if not has_rank:
        info["tensor_shape"] = out["tensor_shape"] = {"dim": [], "unknown_rank": True}
    signature = {"inputs": {"x": info}, "outputs": {"y": out}, "method_name": "tensorflow/serving/predict"}
    start = {"inputs": {}, "outputs": {}, "method_name": ""}

    def answer(method: str, path: str, body: bytes, _: dict[str, str]) -> Answer:
        if path == "/v1/models/linear":
            status = {
                "version": "1",
                "state": "AVAILABLE",
                "status": {"error_code": "OK", "error_message": ""},
            }
            return 200, json.dumps({"model_version_status": [status]}).encode()
        if path == "/v1/models/linear/metadata":
            known = {signature_name: signature, "__saved_model_init_op": start}
            holder = {"signature_def": {"signature_def": known}}
            return 200, json.dumps(
                {"model_spec": {"name": "linear", "version": "1"}, "metadata": holder}
            ).encode()
        if path != "/v1/models/linear:predict":
            return 404, b'{ "error": "Malformed request" }'
        head = json.loads(body)
        if head["signature_name"] != signature_name:
            return 400, b'{"error": "Serving signature name not found in signature def"}'
        rows = [row["x"] for row in head["instances"]] if layout == "row" else head["inputs"]["x"]
        y = (np.array(rows, np.float32) @ WEIGHTS).tolist()
        return 200, json.dumps({"predictions" if layout == "row" else "outputs": y}).encode()

    return answer


@pytest.mark.parametrize("layout", ["row", "column"])
def test_tfserving_over_rest_from_documentation(layout: str, linear: Path) -> None:
    with http_server(rest_answer(layout)) as point:
        target = open_target("tfserving-rest", options_for(point, linear, layout=layout))
        target.start()
        plan = target.plan()
        assert isinstance(plan, HttpPlan)
        assert plan.requests[0].startswith(b"POST /v1/models/linear:predict HTTP/1.1\r\nHost: 127.0.0.1:")
        assert plan.check(500, b'{"error": "out of memory"}') == "status 500: out of memory"
        assert plan.check(200, b'{"predictions": [[NaN, 1, 2]]}') is not None
        assert plan.check(200, b'{"predictions": [[1, 2') is not None


def test_the_only_signature_of_a_server_is_called(linear: Path) -> None:
    with http_server(rest_answer("row", "classify_images")) as point:
        target = open_target("tfserving-rest", options_for(point, linear))
        target.start()
        assert target.describe().settings["signature"] == "classify_images"
        assert target.describe().settings["encoding"] == "json, row format"
        with pytest.raises(ProtocolError, match="no signature `other`\n  hint: it has classify_images"):
            open_target("tfserving-rest", options_for(point, linear, signature="other")).start()


def test_an_input_without_a_rank_takes_the_shape_that_is_given(linear: Path) -> None:
    with http_server(rest_answer("row", has_rank=False)) as point:
        target = open_target("tfserving-rest", options_for(point, shapes={"x": (2, 4)}))
        target.start()
        assert target.describe().inputs[0]["shape"] == [2, 4]
        with pytest.raises(InputError, match="--shape x:1,3,224,224"):
            open_target("tfserving-rest", options_for(point)).start()


def test_inputs_without_common_rows_go_in_columns(tmp_path: Path) -> None:
    spec = {"dtype": "DT_FLOAT", "tensor_shape": {"dim": [{"size": "-1"}, {"size": "3"}]}}
    two = {"x": spec, "k": {"dtype": "DT_FLOAT", "tensor_shape": {"dim": [{"size": "2"}]}}}
    seen: list[Any] = []

    def answer(method: str, path: str, body: bytes, _: dict[str, str]) -> Answer:
        if path == "/v1/models/linear":
            return 200, b'{"model_version_status": [{"version": "1", "state": "AVAILABLE"}]}'
        if path.endswith("/metadata"):
            holder = {"signature_def": {"signature_def": {"serving_default": {"inputs": two, "outputs": {}}}}}
            return 200, json.dumps({"metadata": holder}).encode()
        seen.append(json.loads(body))
        return 200, b'{"outputs": [[1.0, 2.0, 3.0]]}'

    with http_server(answer) as point:
        target = open_target("tfserving-rest", options_for(point))
        target.start()
    assert target.describe().settings["encoding"] == "json, column format"
    assert np.shape(seen[0]["inputs"]["x"]) == (1, 3)
    assert np.shape(seen[0]["inputs"]["k"]) == (2,)


def oip_answer(model: Path, spoil: Callable[[dict[str, Any]], dict[str, Any]] = lambda head: head) -> Any:
    """Answer the Open Inference Protocol with metadata alone: no per-model readiness, no statistics."""
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])

    def answer(method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        if path == "/v2/health/ready":
            return 200, b""
        if path == "/v2":
            return 200, b'{"name": "plain", "version": "1.0", "extensions": []}'
        if path == "/v2/models/linear":
            spec = [oip.TensorSpec("x", "FP32", (-1, 4))], [oip.TensorSpec("y", "FP32", (-1, 3))]
            return 200, oip.encode_metadata(oip.ModelMetadata("linear", *spec, ["1"]))
        if path != "/v2/models/linear/infer":
            return 404, oip.encode_error("not found")
        request = oip.decode_request(headers, body)
        (y,) = session.run(None, {"x": request.inputs[0].data})
        binary = request.binary_outputs
        content = oip.encode_response("linear", [oip.tensor("y", y)], binary=binary, request_id=request.id)[1]
        return 200, content

    return answer


@pytest.mark.parametrize("is_binary", [True, False], ids=["binary", "json"])
@pytest.mark.parametrize("has_model", [True, False], ids=["with model file", "metadata alone"])
def test_a_plain_server_of_the_protocol_over_http(linear: Path, has_model: bool, is_binary: bool) -> None:
    with http_server(oip_answer(linear)) as point:
        target = open_target(
            "triton-http", options_for(point, linear if has_model else None, is_binary=is_binary)
        )
        target.start()
        plan = target.plan()
        assert target.statistics() is None
        assert target.describe().server == "plain 1.0"
        replies = [raw_exchange(point, request) for request in plan.requests]
        assert [plan.check(200, body) for body in replies] == [None] * 3
        if not is_binary:
            swapped = json.loads(replies[0]) | {"id": "1"}
            assert plan.check(200, json.dumps(swapped).encode()) is not None
        assert plan.check(503, oip.encode_error("busy")) == "status 503: busy"
        assert plan.check(200, b"<html>") is not None


def raw_exchange(point: Endpoint, request: bytes) -> bytes:
    """Send prebuilt bytes and return the body of the answer."""
    with socket.create_connection((point.address, point.port), timeout=60) as connection:
        connection.sendall(request)
        received = b""
        while True:
            received += connection.recv(65536)
            head, blank, body = received.partition(b"\r\n\r\n")
            lengths = [
                line.split(b":")[1]
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length")
            ]
            if blank and len(body) >= int(lengths[0]):
                return body


@pytest.mark.parametrize("is_raw", [True, False], ids=["raw", "typed"])
def test_a_plain_server_of_the_protocol_over_grpc(linear: Path, is_raw: bool) -> None:
    session = onnxruntime.InferenceSession(str(linear), providers=["CPUExecutionProvider"])

    def infer(body: bytes, _: Any) -> bytes:
        request = oip_grpc.decode_request(body)
        (y,) = session.run(None, {"x": request.inputs[0].data})
        return oip_grpc.encode_response(
            "linear", [oip.tensor("y", y)], raw=is_raw, request_id=request.id or ""
        )

    ready = oip_grpc.MESSAGES["ModelReadyResponse"](ready=True).SerializeToString()
    methods = {"ModelReady": lambda *_: ready, "ModelInfer": infer}
    with grpc_server(oip_grpc.SERVICE, methods) as point:
        target = open_target("triton-grpc", options_for(point, linear, is_binary=is_raw))
        target.start()
        assert target.statistics() is None
        plan = target.plan()
        reply = infer(plan.requests[1], None)
        assert plan.check(reply) is None
        assert plan.check(infer(plan.requests[1].replace(b"\x1a\x011", b"\x1a\x010", 1), None)) is not None
        target.stop()


@pytest.mark.parametrize("left", [{"inputs": [], "outputs": []}, {}], ids=["empty", "absent"])
def test_metadata_that_declares_nothing_leaves_it_to_the_user(linear: Path, left: dict[str, Any]) -> None:
    answer = oip_answer(linear)

    def without(method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        if path == "/v2/models/linear":
            return 200, json.dumps({"name": "linear", "platform": "", **left}).encode()
        return answer(method, path, body, headers)

    with http_server(without) as point:
        target = open_target("triton-http", options_for(point, shapes={"x": (1, 4)}))
        target.start()
        assert target.describe().inputs == [{"name": "x", "datatype": "FP32", "shape": [1, 4], "made_up": ()}]
        with pytest.raises(InputError, match="does not say what its inputs are"):
            open_target("triton-http", options_for(point)).start()


def test_a_model_that_draws_its_answers_is_measured_and_doubted(tmp_path: Path) -> None:
    target = open_target("onnxruntime", options_for(None, zoo.save(zoo.noise(), tmp_path / "m.onnx")))
    target.start()
    assert target.describe().doubts == (
        "the model answers the same request differently each time: types and shapes were checked, not values",
    )
    plan = target.plan()
    assert plan.check(plan.calls[0]()) is None
    assert plan.check((0, [np.ones((1, 4), np.float32)])) is not None


def test_a_large_reply_before_the_load_makes_room_for_those_under_it() -> None:
    limits, seen = TransportLimits(), 3 << 20
    assert limits.body_bytes < seen
    for plan in (
        HttpPlan("h", 1, [], lambda *_: None, reply_bytes=seen),
        GrpcPlan("h:1", "/m", [], lambda _: None),
    ):
        most = max(limits.body_bytes, 2 * plan.reply_bytes)
        assert with_room(limits, plan).body_bytes == most
    assert with_room(limits, LocalPlan([], lambda _: None)) == limits


@pytest.mark.parametrize("target_name", ["triton-http", "tfserving-rest"])
def test_the_path_of_an_address_comes_before_every_path(target_name: str, linear: Path) -> None:
    inner = oip_answer(linear) if target_name == "triton-http" else rest_answer("row")

    def behind_an_ingress(method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        base, _, rest = path.partition("/models-of/team")
        return (404, b"") if base or not rest else inner(method, rest, body, headers)

    with http_server(behind_an_ingress) as point:
        behind = check_target(f"http://127.0.0.1:{point.port}/models-of/team/")
        target = open_target(target_name, options_for(behind, linear))
        target.start()
        plan = target.plan()
        assert [plan.check(200, raw_exchange(point, request)) for request in plan.requests] == [None] * 3
        at_the_root = open_target(target_name, replace(options_for(point, linear), reach_seconds=0.2))
        with pytest.raises(InputError, match=f"is not ready at 127.0.0.1:{point.port} after"):
            at_the_root.start()


def test_a_redirect_is_not_followed(linear: Path) -> None:
    with http_server(lambda *_: (302, b"")) as point, pytest.raises(InputError, match="is not ready"):
        open_target("triton-http", replace(options_for(point, linear), reach_seconds=0.2)).start()


def test_a_sequence_of_maps_is_compared_entry_by_entry(tmp_path: Path) -> None:
    path = zoo.save(zoo.classifier(True), tmp_path / "m.onnx")
    target = open_target("onnxruntime", options_for(None, path))
    target.start()
    index, outputs = target.plan().calls[0]()
    assert isinstance(outputs[1][0], dict)
    assert target.plan().check((index, outputs)) is None
    wrong = [{key: value + 0.2 for key, value in row.items()} for row in outputs[1]]
    assert "expected" in target.plan().check((index, [outputs[0], wrong]))


def test_the_service_is_started_measured_and_stopped(linear: Path) -> None:
    target = open_target("service", TargetOptions(inputs=InputChoice(model=linear, distinct=2), threads=1))
    try:
        cold = target.start()
        assert cold.ready_ms > 0
        plan = target.plan()
        described = target.describe()
        assert described.process_id is not None
        assert described.settings["answers_checked_against"] == "ONNX Runtime on the model file"
        assert [plan.check(200, raw_exchange(endpoint_of(plan), r)) for r in plan.requests] == [None, None]
    finally:
        target.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((plan.host, plan.port), timeout=1)


def test_the_service_takes_requests_as_large_as_the_inputs() -> None:
    """Four MiB of numbers have at most eight times the bytes as text, and the request a head."""
    assert body_mib(Workload([{"x": np.zeros(1 << 20, np.float32)}], ())) == 8 * 4 + 1
    assert body_mib(Workload([{"x": np.zeros(1, np.float32)}], ())) == 16


def endpoint_of(plan: HttpPlan) -> Endpoint:
    return Endpoint("http", plan.host, plan.port, plan.address)
