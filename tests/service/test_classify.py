"""`POST /classify`: pictures in, classes out, in this process and on a remote server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import httpx
import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto
from picture_files import BLUE, GREEN, RED, colour_model, file_of, plain
from PIL import Image
from service_process import DIGITS, InProcess, Launch, Process, start_process

from costplan.protocols import oip_grpc, tfserving
from costplan.protocols.tensors import Tensor, tensor
from costplan.service.app import Service
from costplan.service.settings import Settings

JPEG = {"Content-Type": "image/jpeg"}
ROUTE = "/classify"


@pytest.fixture(scope="module")
def colours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return colour_model(tmp_path_factory.mktemp("colours") / "colours.onnx")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, colours: Path) -> Iterator[Process]:
    """Serve the colours as a model server does."""
    process = start_process(tmp_path_factory.mktemp("server"), "--record", "none", "--model", str(colours))
    yield process
    assert process.stop() == 0


def counted(text: str, series: str) -> float:
    return next(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(series))


@pytest.mark.parametrize("datatype", [TensorProto.UINT8, TensorProto.FLOAT, TensorProto.FLOAT16])
@pytest.mark.parametrize("channels_first", [False, True])
def test_the_answer_is_the_models(
    datatype: int, channels_first: bool, in_process: InProcess, tmp_path: Path
) -> None:
    model = colour_model(tmp_path / "m.onnx", datatype=datatype, channels_first=channels_first)

    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        for label, colour in enumerate((RED, GREEN, BLUE)):
            reply = await client.post(ROUTE, content=file_of(plain(colour)), headers=JPEG)
            assert reply.status_code == 200, reply.text
            answer = reply.json()
            assert answer["label"] == answer["best"][0]["label"] == label
            # Softmax of (1, 0, 0): e / (e + 2) = 0.576, 1 / (e + 2) = 0.212; JPEG gives 254 of 255.
            assert [round(one["probability"], 2) for one in answer["best"]] == [0.58, 0.21, 0.21]
            assert sorted(one["label"] for one in answer["best"]) == [0, 1, 2]

    in_process(Settings(model_file=model, model_name="m"), talk)


def test_the_network_of_the_stages_answers_as_the_runtime_does(in_process: InProcess) -> None:
    file = DIGITS.parent / "resnet50.onnx"
    noise = np.random.default_rng(2).integers(0, 256, (224, 224, 3), dtype=np.uint8)
    [probabilities] = onnxruntime.InferenceSession(file).run(["probabilities"], {"image": noise[np.newaxis]})
    best = np.argsort(-probabilities[0])[:5]

    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        reply = await client.post(
            ROUTE,
            content=file_of(Image.fromarray(noise), "PNG"),
            headers={"Content-Type": "image/png", "X-Request-Id": "seven"},
        )
        answer = reply.json()
        assert answer["id"] == "seven"
        assert [one["label"] for one in answer["best"]] == best.tolist()
        np.testing.assert_allclose(
            [one["probability"] for one in answer["best"]], probabilities[0][best], rtol=1e-4
        )

    in_process(Settings(model_file=file, model_name="resnet50"), talk)


@pytest.mark.parametrize(
    ("content", "kind", "status", "words"),
    [
        (b"hello", "image/jpeg", 415, "no JPEG and no PNG"),
        (b"", "image/jpeg", 415, "no JPEG and no PNG"),
        (file_of(plain(RED)), "application/json", 415, "takes image/jpeg or image/png"),
        (file_of(plain(RED))[:-40], "image/jpeg", 400, "cannot be decoded"),
        (file_of(plain(RED, (1200, 1000)), "PNG"), "image/png", 413, "1200 x 1000 has more pixels"),
        (b"\xff\xd8" + bytes(1 << 20), "image/jpeg", 413, "larger than"),
    ],
)
def test_what_is_refused_and_why(
    content: bytes, kind: str, status: int, words: str, in_process: InProcess, colours: Path
) -> None:
    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        reply = await client.post(ROUTE, content=content, headers={"Content-Type": kind})
        assert (reply.status_code, words in reply.json()["error"]) == (status, True), reply.text
        assert (await client.post(ROUTE, content=file_of(plain(RED)))).json()["label"] == 0

    settings = Settings(model_file=colours, model_name="m", max_body_bytes=1 << 20, max_pixels=1_000_000)
    in_process(settings, talk)


def test_a_model_of_other_things_has_no_pictures(client: httpx.Client) -> None:
    reply = client.post(ROUTE, content=file_of(plain(RED)), headers=JPEG)
    assert reply.status_code == 404
    assert "`digits` does not" in reply.json()["error"]


def test_it_is_in_the_schema(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    operation = described["paths"][ROUTE]["post"]
    assert set(operation["requestBody"]["content"]) == {"image/jpeg", "image/png"}
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    assert answer.endswith("/Classified")


class ColourServing:
    """Triton's and TensorFlow Serving's calls over gRPC, with the colours behind them; keeps what came."""

    def __init__(self, model: Path) -> None:
        self._session = onnxruntime.InferenceSession(model)
        self.sizes = list[int]()
        handlers = {
            oip_grpc.SERVICE: {"ModelMetadata": self.metadata, "ModelInfer": self.infer},
            tfserving.SERVICE: {"GetModelMetadata": self.signature, "Predict": self.predict},
        }
        self.server = grpc.server(ThreadPoolExecutor(2))
        for service, methods in handlers.items():
            made = {name: grpc.unary_unary_rpc_method_handler(method) for name, method in methods.items()}
            self.server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(service, made)])
        self.port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()

    def run(self, image: Tensor, size: int) -> list[Tensor]:
        self.sizes.append(size)
        arrays = self._session.run(["label", "probabilities"], {"image": image.data})
        return [tensor("label", arrays[0]), tensor("probabilities", arrays[1])]

    def metadata(self, _: bytes, __: grpc.ServicerContext) -> bytes:
        message = oip_grpc.MESSAGES["ModelMetadataResponse"](name="colours", versions=["1"], platform="test")
        message.inputs.add(name="image", datatype="UINT8", shape=[-1, 32, 32, 3])
        message.outputs.add(name="label", datatype="INT64", shape=[-1])
        message.outputs.add(name="probabilities", datatype="FP32", shape=[-1, 3])
        return bytes(message.SerializeToString())

    def infer(self, body: bytes, _: grpc.ServicerContext) -> bytes:
        found = self.run(oip_grpc.decode_request(body).inputs[0], len(body))
        return oip_grpc.encode_response("colours", found)

    def signature(self, _: bytes, __: grpc.ServicerContext) -> bytes:
        signatures = tfserving.SERVING["SignatureDefMap"]()
        signature = signatures.signature_def["serving_default"]
        for infos, name, dtype, shape in (
            (signature.inputs, "image", 4, (-1, 32, 32, 3)),
            (signature.outputs, "label", 9, (-1,)),
            (signature.outputs, "probabilities", 1, (-1, 3)),
        ):
            infos[name].name, infos[name].dtype = name, dtype
            for size in shape:
                infos[name].tensor_shape.dim.add(size=size)
        reply = tfserving.SERVING["GetModelMetadataResponse"]()
        reply.metadata["signature_def"].type_url = "type.googleapis.com/tensorflow.serving.SignatureDefMap"
        reply.metadata["signature_def"].value = signatures.SerializeToString()
        return bytes(reply.SerializeToString())

    def predict(self, body: bytes, _: grpc.ServicerContext) -> bytes:
        asked = tfserving.SERVING["PredictRequest"].FromString(body)
        reply = tfserving.SERVING["PredictResponse"]()
        for output in self.run(tfserving.from_proto("image", asked.inputs["image"]), len(body)):
            reply.outputs[output.name].CopyFrom(tfserving.to_proto(output))
        return bytes(reply.SerializeToString())


@pytest.fixture(scope="module")
def remote(colours: Path) -> Iterator[ColourServing]:
    made = ColourServing(colours)
    yield made
    made.server.stop(None).wait(5)


@pytest.mark.parametrize("backend", ["triton-http", "triton-grpc", "tfserving-grpc"])
def test_a_remote_server_gets_the_tensor(
    backend: str, in_process: InProcess, server: Process, remote: ColourServing
) -> None:
    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        for label, colour in enumerate((RED, GREEN, BLUE)):
            reply = await client.post(ROUTE, content=file_of(plain(colour, (640, 480))), headers=JPEG)
            assert reply.json()["label"] == label, reply.text
        text = (await client.get("/metrics")).text
        assert counted(text, 'costplan_service_cpu_seconds_total{step="decode"}') > 0

    remote.sizes.clear()
    address = f"127.0.0.1:{server.port if backend == 'triton-http' else remote.port}"
    in_process(Settings(backend=backend, backend_address=address, model_name="colours", parallel=4), talk)
    if backend != "triton-http":
        # As raw bytes: 32 x 32 x 3 = 3072, and little about them.
        assert all(3072 < size < 3072 + 200 for size in remote.sizes), remote.sizes


def test_it_is_recorded_logged_and_counted(launch: Launch, colours: Path, tmp_path: Path) -> None:
    process = launch("--model", str(colours), "--record", f"sqlite:///{tmp_path}/records.db")
    for number in range(3):
        headers = JPEG | {"X-Request-Id": f"picture-{number}"}
        assert (
            httpx.post(process.url + ROUTE, content=file_of(plain(BLUE)), headers=headers).status_code == 200
        )
    text = httpx.get(f"{process.url}/metrics").text
    assert process.stop() == 0
    assert counted(text, 'costplan_service_requests_total{outcome="ok",route="/classify"}') == 3
    steps = ("decode", "preprocessing", "inference", "encoding")
    spent = [counted(text, f'costplan_service_cpu_seconds_total{{step="{step}"}}') for step in steps]
    assert min(spent) > 0
    assert sum(spent) <= counted(text, "process_cpu_seconds_total")
    lines = [line for line in process.events("request") if line["path"] == ROUTE]
    assert [(line["id"], line["status"]) for line in lines] == [(f"picture-{n}", 200) for n in range(3)]
    with sqlite3.connect(tmp_path / "records.db") as records:
        rows = records.execute("SELECT request_id, outputs FROM predictions ORDER BY request_id").fetchall()
    assert [row[0] for row in rows] == ["picture-0", "picture-1", "picture-2"]
    assert json.loads(rows[0][1])["label"] == [2]


def test_the_threads_of_the_runtime_are_counted_as_inference(in_process: InProcess) -> None:
    """With two threads in an inference half of the work is not in the thread that asked for it."""

    async def talk(client: httpx.AsyncClient, service: Service) -> None:
        picture = file_of(plain(RED, (224, 224)))
        for _ in range(3):
            assert (await client.post(ROUTE, content=picture, headers=JPEG)).status_code == 200
        asked = service.metrics.cpu._ns["inference"] / 1e9
        found = counted(
            service.metrics.text().decode(), 'costplan_service_cpu_seconds_total{step="inference"}'
        )
        assert found > 1.02 * asked

    file = DIGITS.parent / "resnet50.onnx"
    in_process(Settings(model_file=file, model_name="resnet50", threads=2), talk)


def test_clients_that_do_not_wait_take_no_place(in_process: InProcess) -> None:
    """One request may run or wait; each that is given up makes room for the next."""
    picture = file_of(plain(RED, (224, 224)))

    async def talk(client: httpx.AsyncClient, service: Service) -> None:
        for _ in range(10):
            asked = asyncio.create_task(client.post(ROUTE, content=picture, headers=JPEG))
            await asyncio.sleep(0.01)
            asked.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asked
        reply = await client.post(ROUTE, content=picture, headers=JPEG)
        assert reply.status_code == 200, reply.text
        assert counted(service.metrics.text().decode(), "costplan_service_requests_in_flight") == 0

    file = DIGITS.parent / "resnet50.onnx"
    in_process(Settings(model_file=file, model_name="resnet50", max_in_flight=1), talk)


def mutated(source: random.Random, whole: bytes) -> bytes:
    """Return a file with bytes changed, cut out, doubled, or its end lost."""
    content = bytearray(whole)
    for _ in range(source.choice((1, 1, 2, 5, 20))):
        place = source.randrange(len(content))
        match source.randrange(5):
            case 0:
                content[place] = source.randrange(256)
            case 1:
                del content[place : place + source.randrange(1, 40)]
            case 2:
                content[place:place] = content[place : place + source.randrange(1, 40)]
            case 3:
                content[place : place + 2] = source.choice((b"\xff\xff", b"\xff\xda", b"\0\0", b"\xff\xc2"))
            case _:
                del content[max(20, place) :]
        content = content or bytearray(whole)
    return bytes(content)


@pytest.mark.filterwarnings("ignore:.*:UserWarning:PIL")
def test_no_file_breaks_the_service(in_process: InProcess, colours: Path) -> None:
    """Two thousand spoiled files, from the small heads of which most of what can go wrong comes."""
    source = random.Random(20)
    noise = Image.fromarray(np.random.default_rng(3).integers(0, 256, (40, 48, 3), dtype=np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6
    wholes = [
        file_of(noise, exif=exif),
        file_of(noise, progressive=True, quality=30),
        file_of(noise.convert("CMYK"), quality=20),
        file_of(noise.convert("L"), quality=20, icc_profile=bytes(200)),
        file_of(noise, "PNG"),
        file_of(noise.convert("P"), "PNG", transparency=0),
    ]
    seen = dict[int, int]()

    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        for _number in range(2000):
            content = mutated(source, source.choice(wholes))
            reply = await asyncio.wait_for(client.post(ROUTE, content=content, headers=JPEG), 120)
            seen[reply.status_code] = seen.get(reply.status_code, 0) + 1
            assert reply.status_code in (200, 400, 413, 415), reply.text
        assert (await client.post(ROUTE, content=file_of(plain(BLUE)))).json()["label"] == 2

    log = in_process(Settings(model_file=colours, model_name="m", log="none"), talk)
    assert min(seen.get(status, 0) for status in (200, 400, 415)) > 20, seen
    assert "defect" not in log.getvalue()
