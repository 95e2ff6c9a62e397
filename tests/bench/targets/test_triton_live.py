"""A real tritonserver on CPU: every encoding, models of many kinds, the server's own statistics.

Its parts are built for `make test-live`; `triton_env.py` says what they are.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import onnx_zoo as zoo
import pytest
from descriptors import compare
from own_time import wait_until
from perf_analyzer import run_perf_analyzer
from picture_files import colour_model
from triton_env import part, site_packages
from triton_server import TritonServer

from costplan.bench.capacity_search.measure import Bench
from costplan.bench.guard import check_target
from costplan.bench.load.runner import run_point
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.models.guard import inspect_model
from costplan.bench.models.workload import InputChoice
from costplan.bench.results.summary import summarise
from costplan.bench.servers.export import export_triton
from costplan.bench.servers.triton_config import Batching, TritonSettings, triton_config
from costplan.bench.targets import open_target
from costplan.bench.targets.options import TargetOptions
from costplan.measurement.model import MeasuredSlo
from costplan.messages.errors import CostplanError, InputError
from costplan.network.addresses import Endpoint
from costplan.network.exchange import exchange
from costplan.protocols import oip, oip_grpc

pytestmark = pytest.mark.live

MODELS = {
    "tokens": zoo.token_encoder,
    "half": zoo.half_image,
    "bools": zoo.boolean,
    "text": zoo.text,
    "recurrent": zoo.recurrent,
    "linear": lambda: zoo.of_opset(17),
    "zipmap": lambda: zoo.classifier(True),
}
AGREE = (0.5, 2.0)
"""Ratio to perf_analyzer that counts as agreement on a machine shared with other work."""

NO_JSON = {"half"}
"""Triton takes FP16 as raw bytes only."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("models")
    return {name: zoo.save(make(), folder / f"{name}.onnx") for name, make in MODELS.items()}


@pytest.fixture(scope="module")
def triton(files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[TritonServer]:
    part("triton")
    folder = tmp_path_factory.mktemp("triton")
    for name, path in files.items():
        export_triton(inspect_model(path), folder / "repository", name, TritonSettings("python"))
    with TritonServer(folder / "repository", folder / "triton.log") as server:
        yield server


def options(
    server: TritonServer, target: str, name: str, model: Path | None, *, is_binary: bool = True
) -> TargetOptions:
    port = server.grpc_port if target == "triton-grpc" else server.http_port
    point = check_target(f"127.0.0.1:{port}", default_scheme="grpc" if target == "triton-grpc" else "http")
    choice = InputChoice(model=model, distinct=2)
    return TargetOptions(inputs=choice, endpoint=point, model_name=name, is_binary=is_binary)


@pytest.mark.parametrize("target_name", ["triton-http", "triton-grpc"])
@pytest.mark.parametrize("is_binary", [True, False], ids=["raw", "json or typed"])
@pytest.mark.parametrize("name", MODELS)
def test_triton_answers_as_onnx_runtime_does(
    name: str, is_binary: bool, target_name: str, triton: TritonServer, files: dict[str, Path]
) -> None:
    target = open_target(target_name, options(triton, target_name, name, files[name], is_binary=is_binary))
    try:
        if name in NO_JSON and not is_binary:
            with pytest.raises(CostplanError, match=r"FP16|typed contents"):
                target.start()
            return
        assert target.start().first_request_ms > 0
        assert target.describe().server.startswith("triton 2.")
        assert target.describe().settings["answers_checked_against"] == "ONNX Runtime on the model file"
    finally:
        target.stop()


@pytest.mark.parametrize("target_name", ["triton-http", "triton-grpc"])
def test_metadata_alone_is_enough(target_name: str, triton: TritonServer) -> None:
    target = open_target(target_name, options(triton, target_name, "linear", None))
    target.start()
    before = target.statistics()
    plan = target.plan()
    for index, request in enumerate(plan.requests):
        if target_name == "triton-grpc":
            with grpc.insecure_channel(plan.address) as channel:
                assert plan.check(channel.unary_unary(plan.method)(request)) is None
        else:
            body = request.partition(b"\r\n\r\n")[2]
            headers = {oip.HEADER_LENGTH: str(oip.header_length(body))}
            reply = exchange(target.endpoint, "POST", "/v2/models/linear/infer", body=body, headers=headers)
            assert plan.check(reply.status, reply.body) is None
            assert oip.decode_response(reply.headers, reply.body).id == str(index)
    # Triton counts a request a moment after it has answered it.
    sent = len(plan.requests)
    wait_until(lambda: target.statistics().requests - before.requests >= sent, "the last request's count")
    after = target.statistics()
    assert after.requests - before.requests == sent
    assert after.compute_ns > before.compute_ns
    target.stop()


@pytest.mark.parametrize("target_name", ["triton-http", "triton-grpc"])
def test_a_model_that_the_server_lacks_is_told(target_name: str, triton: TritonServer) -> None:
    port = triton.grpc_port if target_name == "triton-grpc" else triton.http_port
    point = check_target(f"http://127.0.0.1:{port}")
    target = open_target(target_name, TargetOptions(endpoint=point, model_name="absent", reach_seconds=0.3))
    with pytest.raises(InputError, match="model `absent` is not ready"):
        target.start()
    target.stop()


SERVED = {
    "on the CPU": TritonSettings(threads=2, instances=3),
    "on a GPU": TritonSettings(
        provider="tensorrt",
        gpu_ids=(0, 2),
        instances=2,
        max_batch_size=16,
        batching=Batching((4, 8), max_delay_us=2500),
    ),
    "on all GPUs": TritonSettings(provider="cuda"),
    "with OpenVINO": TritonSettings(provider="openvino", max_batch_size=2, batching=Batching()),
}


def published_reading(text: str) -> dict[str, Any]:
    """Read a config.pbtxt by the published definition of its message."""
    site = site_packages(part("triton"))
    script = (
        "import sys; from google.protobuf import json_format, text_format; "
        "from tritonclient.grpc import model_config_pb2 as m; "
        "read = text_format.Parse(sys.stdin.read(), m.ModelConfig()); "
        "print(json_format.MessageToJson(read, preserving_proto_field_name=True))"
    )
    python = site.parents[2] / "bin" / "python"
    done = subprocess.run(
        [python, "-c", script], input=text, capture_output=True, text=True, check=True, timeout=60
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_configuration_is_what_the_published_message_holds(files: dict[str, Path]) -> None:
    facts = inspect_model(files["linear"])
    read = {
        name: published_reading(triton_config(facts, "linear", settings)) for name, settings in SERVED.items()
    }
    assert read["on the CPU"]["instance_group"] == [{"kind": "KIND_CPU", "count": 3}]
    assert read["on the CPU"]["parameters"] == {"intra_op_thread_count": {"string_value": "2"}}
    gpu = read["on a GPU"]
    assert (gpu["backend"], gpu["max_batch_size"]) == ("onnxruntime", 16)
    assert gpu["instance_group"] == [{"kind": "KIND_GPU", "count": 2, "gpus": [0, 2]}]
    assert gpu["dynamic_batching"] == {
        "preferred_batch_size": [4, 8],
        "max_queue_delay_microseconds": "2500",
    }
    assert gpu["optimization"] == {
        "execution_accelerators": {"gpu_execution_accelerator": [{"name": "tensorrt"}]}
    }
    assert gpu["input"] == [{"name": "x", "data_type": "TYPE_FP32", "dims": ["3"]}]
    assert read["on all GPUs"]["instance_group"] == [{"kind": "KIND_GPU", "count": 1}]
    assert "optimization" not in read["on all GPUs"]
    assert read["with OpenVINO"]["optimization"] == {
        "execution_accelerators": {"cpu_execution_accelerator": [{"name": "openvino"}]}
    }
    assert read["with OpenVINO"]["dynamic_batching"] == {}


@pytest.mark.parametrize("backend", ["triton-grpc", "triton-http"])
def test_the_service_decodes_pictures_for_it(backend: str, tmp_path: Path) -> None:
    """The file says what the right answers are; Triton is what gives them."""
    part("triton")
    model = colour_model(tmp_path / "colours.onnx")
    export_triton(inspect_model(model), tmp_path / "repository", "colours", TritonSettings("python"))
    with TritonServer(tmp_path / "repository", tmp_path / "triton.log") as server:
        port = server.grpc_port if backend == "triton-grpc" else server.http_port
        chosen = TargetOptions(
            inputs=InputChoice(model=model, distinct=2),
            model_name="colours",
            backend=backend,
            backend_address=f"127.0.0.1:{port}",
        )
        target = open_target("service", chosen)
        try:
            target.start()
            settings = target.describe().settings
            assert settings["answers_checked_against"] == "ONNX Runtime on the model file"
            assert settings["request"] == "POST /classify, image/jpeg"
            assert (settings["backend"], settings["backend_platform"]) == (backend, "python")
        finally:
            target.stop()


def test_requests_that_wait_are_joined_and_each_gets_its_own_answer(
    files: dict[str, Path], tmp_path: Path
) -> None:
    part("triton")
    settings = TritonSettings(
        "python", max_batch_size=8, batching=Batching(preferred=(8,), max_delay_us=200_000)
    )
    export_triton(inspect_model(files["linear"]), tmp_path / "repository", "linear", settings)
    with TritonServer(tmp_path / "repository", tmp_path / "triton.log") as server:
        target = open_target("triton-http", options(server, "triton-http", "linear", files["linear"]))
        target.start()
        loaded = json.loads(exchange(target.endpoint, "GET", "/v2/models/linear/config").body)
        assert loaded["dynamic_batching"]["preferred_batch_size"] == [8]
        assert loaded["dynamic_batching"]["max_queue_delay_microseconds"] == 200_000
        before = batches(target.endpoint)
        load = LoadSettings(Mode.CLOSED, window_s=1.0, concurrency=8)
        bench = Bench(target.plan(), load, MeasuredSlo(99, 1000), statistics=target.statistics)
        point = bench.point(load, "batches")
        after = batches(target.endpoint)
    assert (point.errors, point.timeouts, point.dropped) == (0, 0, 0), point.messages
    requests, runs = (after[n] - before[n] for n in (0, 1))
    assert requests > 4 * runs, "eight in flight that wait for each other go in batches of up to eight"
    assert point.mean_server_batch == pytest.approx(requests / runs), "and the point says of how many"


def test_an_output_of_one_number_for_each_item_is_checked(tmp_path: Path) -> None:
    """The batch is all that a label has of dimensions: Triton adds one of its own."""
    part("triton")
    model = Path(__file__).parents[3] / "models" / "digits.onnx"
    export_triton(
        inspect_model(model), tmp_path / "repository", "digits", TritonSettings("python", max_batch_size=8)
    )
    with TritonServer(tmp_path / "repository", tmp_path / "triton.log") as server:
        for name in ("triton-http", "triton-grpc"):
            target = open_target(name, options(server, name, "digits", model))
            target.start()
            assert {"name": "label", "datatype": "INT64", "shape": [1, 1]} in target.describe().outputs


def batches(endpoint: Endpoint) -> tuple[int, int]:
    """Return how many requests the server answered, and by how many runs of the model."""
    (stats,) = json.loads(exchange(endpoint, "GET", "/v2/models/linear/stats").body)["model_stats"]
    return int(stats["inference_count"]), int(stats["execution_count"])


def test_http_spoken_to_the_grpc_port_is_told(triton: TritonServer) -> None:
    point = Endpoint("http", "127.0.0.1", triton.grpc_port, "127.0.0.1")
    with pytest.raises(InputError, match="no HTTP answer"):
        open_target(
            "triton-http", TargetOptions(endpoint=point, model_name="linear", reach_seconds=0.3)
        ).start()


def test_a_wrong_shape_is_refused_by_name(triton: TritonServer) -> None:
    given = InputChoice(shapes={"x": (1, 4)})
    base = options(triton, "triton-http", "linear", None)
    with pytest.raises(InputError, match="does not fit the model"):
        open_target(
            "triton-http", TargetOptions(inputs=given, endpoint=base.endpoint, model_name="linear")
        ).start()


def test_our_messages_are_those_of_tritons_own_client() -> None:
    site = site_packages(part("triton"))
    script = (
        "from tritonclient.grpc import service_pb2 as s; import sys; "
        "from google.protobuf import descriptor_pb2 as d; f = d.FileDescriptorSet(); "
        "s.DESCRIPTOR.CopyToProto(f.file.add()); c = s.DESCRIPTOR.dependencies[0]; "
        "c.CopyToProto(f.file.add()); sys.stdout.buffer.write(f.SerializeToString())"
    )
    python = site.parents[2] / "bin" / "python"
    done = subprocess.run([python, "-c", script], capture_output=True, check=True, timeout=60)
    from google.protobuf import descriptor_pb2, descriptor_pool

    published = descriptor_pb2.FileDescriptorSet.FromString(done.stdout)
    pool = descriptor_pool.DescriptorPool()
    for file in reversed(published.file):
        pool.Add(file)
    nested = {
        "TensorMetadata": "ModelMetadataResponse.TensorMetadata",
        "InferTensor": "ModelInferRequest.InferInputTensor",
    }
    nested["InferRequestedOutputTensor"] = "ModelInferRequest.InferRequestedOutputTensor"
    seen: set[str] = set()
    for name, ours in oip_grpc.MESSAGES.items():
        theirs = pool.FindMessageTypeByName(f"inference.{nested.get(name, name)}")
        compare(ours.DESCRIPTOR, theirs, seen)
    output = pool.FindMessageTypeByName("inference.ModelInferResponse.InferOutputTensor")
    compare(oip_grpc.MESSAGES["InferTensor"].DESCRIPTOR, output, set())


def test_a_reply_of_triton_with_bytes_is_read(triton: TritonServer, files: dict[str, Path]) -> None:
    target = open_target("triton-http", options(triton, "triton-http", "text", files["text"]))
    target.start()
    (y,) = target.ask(0)
    assert y.data.tolist() == [word + word for word in target.requests[0][0].data]
    assert y.data.dtype == np.object_


@pytest.mark.parametrize("protocol", ["http", "grpc"])
def test_throughput_and_median_agree_with_perf_analyzer(
    protocol: str, triton: TritonServer, files: dict[str, Path]
) -> None:
    part("perf-analyzer")
    port = triton.grpc_port if protocol == "grpc" else triton.http_port
    target = open_target(
        f"triton-{protocol}", options(triton, f"triton-{protocol}", "linear", files["linear"])
    )
    target.start()
    settings = LoadSettings(Mode.CLOSED, window_s=1.0, lead_in_s=0.2, concurrency=2)
    ratios: list[object] = []
    for _ in range(5):  # interleaved, as other work on the machine comes and goes
        try:
            theirs = run_perf_analyzer(protocol, port, "linear", "x:1,3", 2, window_ms=400)
        except RuntimeError as error:
            ratios.append(str(error))
            continue
        ours = summarise(run_point(target.plan(), settings))
        assert (ours.errors, ours.timeouts) == (0, 0), ours.messages
        throughput = ours.achieved_requests_per_second / theirs.requests_per_second
        median = ours.service_ms.p50 / theirs.p50_ms
        ratios.append((throughput, median))
        if AGREE[0] <= throughput <= AGREE[1] and AGREE[0] <= median <= AGREE[1]:
            break
    else:
        pytest.fail(f"no round agreed: throughput and median ratios {ratios}")
    target.stop()
