"""Models of every shape: strings, half floats, booleans, scalars, several inputs, odd outputs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from service_process import ROOT, InProcess

from costplan.messages.errors import InputError
from costplan.protocols.oip import DATATYPES, decode_response, encode_request, tensor
from costplan.service.app import Service
from costplan.service.settings import Settings


def save(folder: Path, nodes: list[Any], inputs: list[Any], outputs: list[Any]) -> Path:
    graph = helper.make_graph(nodes, "made", inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    path = folder / "made.onnx"
    onnx.save(model, path)
    return path


def info(name: str, kind: int, *shape: int | str) -> Any:
    return helper.make_tensor_value_info(name, kind, list(shape))


TYPES = {
    "BYTES": (TensorProto.STRING, ["\u0434\u0430", ""], [b"\xd0\xb4\xd0\xb0", b""]),
    "BOOL": (TensorProto.BOOL, [True, False], [True, False]),
    "FP16": (TensorProto.FLOAT16, [0.5, -2.0], [0.5, -2.0]),
    "FP64": (TensorProto.DOUBLE, [1e300, -0.1], [1e300, -0.1]),
    "INT8": (TensorProto.INT8, [-128, 127], [-128, 127]),
    "UINT64": (TensorProto.UINT64, [0, 2**64 - 1], [0, 2**64 - 1]),
    "INT64": (TensorProto.INT64, [-(2**63), 2**63 - 1], [-(2**63), 2**63 - 1]),
}


@pytest.mark.parametrize("datatype", [*TYPES])
def test_every_datatype_goes_through_unchanged_as_json_and_as_bytes(
    datatype: str, tmp_path: Path, in_process: InProcess
) -> None:
    kind, values, elements = TYPES[datatype]
    path = save(
        tmp_path, [helper.make_node("Identity", ["x"], ["y"])], [info("x", kind, "n")], [info("y", kind, "n")]
    )

    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        declared = (await client.get("/v2/models/made")).json()["inputs"]
        assert declared == [{"name": "x", "datatype": datatype, "shape": [-1]}]
        body = {"inputs": [{"name": "x", "datatype": datatype, "shape": [2], "data": values}]}
        assert (await client.post("/v2/models/made/infer", json=body)).json()["outputs"][0]["data"] == values
        array = np.array(elements, dtype=DATATYPES[datatype])
        headers, raw = encode_request([tensor("x", array, datatype)])
        reply = await client.post("/v2/models/made/infer", content=raw, headers=headers)
        assert decode_response(reply.headers, reply.content).outputs[0].data.tolist() == elements

    in_process(Settings(model_file=path, model_name="made"), talk)


def test_a_scalar_and_a_vector_make_a_sum_and_sizes_that_contradict_are_400(
    tmp_path: Path, in_process: InProcess
) -> None:
    real = TensorProto.FLOAT
    path = save(
        tmp_path,
        [helper.make_node("Add", ["x", "z"], ["both"]), helper.make_node("Mul", ["both", "factor"], ["y"])],
        [info("x", real, "n"), info("z", real, "n"), info("factor", real)],
        [info("y", real, "n")],
    )

    def body(x: list[float], z: list[float]) -> dict[str, Any]:
        entries = {"x": ([len(x)], x), "z": ([len(z)], z), "factor": ([], [3.0])}
        return {
            "inputs": [
                {"name": name, "datatype": "FP32", "shape": shape, "data": data}
                for name, (shape, data) in entries.items()
            ]
        }

    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        reply = await client.post("/v2/models/made/infer", json=body([1.0, 2.0], [10.0, 20.0]))
        assert reply.json()["outputs"][0]["data"] == [(1.0 + 10.0) * 3.0, (2.0 + 20.0) * 3.0]
        wrong = await client.post("/v2/models/made/infer", json=body([1.0, 2.0], [1.0, 2.0, 3.0]))
        assert wrong.status_code == 400
        assert "the model refuses this input" in wrong.json()["error"]
        assert (await client.post("/predict", json={"pixels": [[0] * 8] * 8})).status_code == 404

    in_process(Settings(model_file=path, model_name="made"), talk)


def test_a_model_that_runs_out_of_memory_is_500_and_the_service_goes_on(
    tmp_path: Path, in_process: InProcess, capfd: pytest.CaptureFixture[str]
) -> None:
    path = save(
        tmp_path,
        [helper.make_node("Expand", ["one", "sizes"], ["y"])],
        [info("one", TensorProto.FLOAT, 1), info("sizes", TensorProto.INT64, 2)],
        [info("y", TensorProto.FLOAT, "a", "b")],
    )

    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        for sizes, status in (([1 << 25, 1 << 25], 500), ([2, 3], 200)):  # 2^50 floats are 4 PiB
            one = {"name": "one", "datatype": "FP32", "shape": [1], "data": [1.0]}
            size = {"name": "sizes", "datatype": "INT64", "shape": [2], "data": sizes}
            reply = await client.post("/v2/models/made/infer", json={"inputs": [one, size]})
            assert reply.status_code == status, reply.text

    in_process(Settings(model_file=path, model_name="made"), talk)
    assert capfd.readouterr().err == ""


def test_a_nan_cannot_go_as_json_and_goes_as_bytes(tmp_path: Path, in_process: InProcess) -> None:
    real = TensorProto.FLOAT
    path = save(
        tmp_path, [helper.make_node("Sqrt", ["x"], ["y"])], [info("x", real, 1)], [info("y", real, 1)]
    )

    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        body = {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1], "data": [-1.0]}]}
        assert "NaN" in (await client.post("/v2/models/made/infer", json=body)).json()["error"]
        headers, raw = encode_request([tensor("x", np.array([-1.0], np.float32))])
        reply = await client.post("/v2/models/made/infer", content=raw, headers=headers)
        assert np.isnan(decode_response(reply.headers, reply.content).outputs[0].data[0])

    in_process(Settings(model_file=path, model_name="made"), talk)


def test_outputs_that_are_no_tensors_are_left_out(tmp_path: Path, in_process: InProcess) -> None:
    real = TensorProto.FLOAT
    sequence = helper.make_tensor_sequence_value_info("all", real, ["n"])
    nodes = [helper.make_node("SequenceConstruct", ["x"], ["all"]), helper.make_node("Neg", ["x"], ["y"])]
    path = save(tmp_path, nodes, [info("x", real, "n")], [sequence, info("y", real, "n")])

    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        body = {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1], "data": [2.0]}]}
        outputs = (await client.post("/v2/models/made/infer", json=body)).json()["outputs"]
        assert [(output["name"], output["data"]) for output in outputs] == [("y", [-2.0])]

    in_process(Settings(model_file=path, model_name="made"), talk)


def test_a_model_without_any_tensor_output_is_refused(tmp_path: Path) -> None:
    real = TensorProto.FLOAT
    sequence = helper.make_tensor_sequence_value_info("all", real, ["n"])
    path = save(
        tmp_path, [helper.make_node("SequenceConstruct", ["x"], ["all"])], [info("x", real, "n")], [sequence]
    )
    service = Service(Settings(model_file=path, model_name="made"))
    with pytest.raises(InputError, match="gives no tensor"):
        service.open()
    service.close()


@pytest.mark.parametrize(
    ("missing", "options", "what"),
    [
        ("fastapi", ["--record", "none"], "the service"),
        ("psycopg", ["--record", "postgresql://h/d"], "--record postgresql://"),
        (
            "grpc",
            ["--record", "none", "--backend", "triton-grpc", "--backend-address", "h"],
            "--backend triton-grpc",
        ),
    ],
)
def test_a_part_that_is_not_installed_is_named(missing: str, options: list[str], what: str) -> None:
    script = (
        f"import sys, runpy; sys.modules[{missing!r}] = None; sys.argv = ['service', *{options!r}]; "
        "runpy.run_module('costplan.service', run_name='__main__')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 2, ended.stderr
    assert f"{what} needs the `bench` extra" in ended.stderr
    assert "Traceback" not in ended.stderr
