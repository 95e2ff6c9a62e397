"""The Open Inference Protocol v2 against a real server process."""

from __future__ import annotations

import json
import socket
from typing import Any

import httpx
import numpy as np
import onnxruntime
import pytest
from own_time import wait_until
from service_process import DIGITS, Process
from sklearn.datasets import load_digits

from costplan.protocols.oip import HEADER_LENGTH, decode_response, encode_request, tensor

INFER = "/v2/models/digits/infer"
IMAGES = load_digits().data[:3].astype(np.float32)
SESSION = onnxruntime.InferenceSession(DIGITS, providers=["CPUExecutionProvider"])


def expected(images: np.ndarray[Any, Any]) -> tuple[list[int], np.ndarray[Any, Any]]:
    label, probabilities = SESSION.run(["label", "probabilities"], {"image": images})
    return label.tolist(), probabilities


def image_entry(**changes: Any) -> dict[str, Any]:
    entry = {"name": "image", "datatype": "FP32", "shape": [1, 64], "data": [0.0] * 64}
    return {key: value for key, value in (entry | changes).items() if value is not None}


def test_server_and_model_describe_themselves(client: httpx.Client) -> None:
    server = client.get("/v2").json()
    assert server["name"] == "costplan-service"
    assert set(server["extensions"]) == {"binary_tensor_data", "statistics"}
    model = client.get("/v2/models/digits").json()
    assert model["inputs"] == [{"name": "image", "datatype": "FP32", "shape": [-1, 64]}]
    assert [output["name"] for output in model["outputs"]] == ["label", "probabilities"]
    assert client.get("/v2/models/digits/versions/1").json() == model


@pytest.mark.parametrize(
    "path",
    ["/v2/health/live", "/v2/health/ready", "/v2/models/digits/ready", "/v2/models/digits/versions/1/ready"],
)
def test_health_is_200(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("nested", [False, True], ids=["flat", "nested"])
def test_json_in_json_out_is_what_the_runtime_says(client: httpx.Client, count: int, nested: bool) -> None:
    images = IMAGES[:count]
    data = images.tolist() if nested else images.ravel().tolist()
    body = {"id": "a-1", "inputs": [image_entry(shape=[count, 64], data=data)]}
    reply = client.post(INFER, json=body)
    labels, probabilities = expected(images)
    answer = reply.json()
    assert (reply.status_code, answer["id"], answer["model_name"], answer["model_version"]) == (
        200, "a-1", "digits", "1",
    )  # fmt: skip
    assert answer["outputs"][0] == {"name": "label", "datatype": "INT64", "shape": [count], "data": labels}
    np.testing.assert_allclose(answer["outputs"][1]["data"], probabilities.ravel(), rtol=1e-6)


def test_binary_in_binary_out_is_exact(client: httpx.Client) -> None:
    headers, body = encode_request([tensor("image", IMAGES)])
    reply = client.post(INFER, content=body, headers=headers)
    assert reply.headers["content-type"] == "application/octet-stream"
    outputs = decode_response(reply.headers, reply.content).outputs
    labels, probabilities = expected(IMAGES)
    assert outputs[0].data.tolist() == labels
    assert outputs[1].data.tobytes() == probabilities.tobytes()


def test_one_output_is_raw_and_the_other_json_when_so_asked(client: httpx.Client) -> None:
    wanted = [{"name": "probabilities", "parameters": {"binary_data": True}}, {"name": "label"}]
    reply = client.post(INFER, json={"inputs": [image_entry(data=IMAGES[0].tolist())], "outputs": wanted})
    head = json.loads(reply.content[: int(reply.headers[HEADER_LENGTH])])
    assert [output["name"] for output in head["outputs"]] == ["probabilities", "label"]
    assert head["outputs"][0]["parameters"] == {"binary_data_size": 10 * 4}
    assert head["outputs"][1]["data"] == expected(IMAGES[:1])[0]


def test_only_the_named_output_comes_back(client: httpx.Client) -> None:
    reply = client.post(INFER, json={"inputs": [image_entry()], "outputs": [{"name": "label"}]})
    assert [output["name"] for output in reply.json()["outputs"]] == ["label"]


def test_a_version_in_the_address_is_answered_the_same(client: httpx.Client) -> None:
    body = {"inputs": [image_entry()]}
    plain = client.post(INFER, json=body).json()
    assert client.post("/v2/models/digits/versions/1/infer", json=body).json() == plain


WRONG = {
    "wrong width": ([image_entry(shape=[1, 63], data=[0.0] * 63)], "must have shape [-1, 64], got [1, 63]"),
    "wrong rank": ([image_entry(shape=[64])], "must have shape [-1, 64], got [64]"),
    "too few numbers": ([image_entry(data=[0.0] * 5)], "takes 64 elements, got 5"),
    "wrong datatype": ([image_entry(datatype="FP64")], "must be FP32, got FP64"),
    "unknown datatype": ([image_entry(datatype="FP7")], "unknown datatype 'FP7'"),
    "unknown name": ([image_entry(name="picture")], "unknown input `picture`"),
    "missing input": ([], "missing input `image`"),
    "given twice": ([image_entry(), image_entry()], "given twice"),
    "text for a number": ([image_entry(data=["0"] * 64)], "is not FP32"),
    "negative size": ([image_entry(shape=[-1, 64])], "shape must be a list of whole numbers"),
    "enormous shape": ([image_entry(shape=[1 << 40, 64])], "elements"),
    "no data": ([image_entry(data=None)], "must have either"),
}


@pytest.mark.parametrize(("inputs", "message"), WRONG.values(), ids=[*WRONG])
def test_a_wrong_tensor_is_400_with_the_reason(client: httpx.Client, inputs: list[Any], message: str) -> None:
    reply = client.post(INFER, json={"inputs": inputs})
    assert reply.status_code == 400
    assert set(reply.json()) == {"error"}
    assert message in reply.json()["error"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"inputs": 1}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"inputs": [{"name": NaN}]}',
    ],
    ids=["empty", "cut", "list", "null", "number", "not-utf8", "deep", "nan"],
)
def test_what_is_not_a_request_is_400(client: httpx.Client, content: bytes) -> None:
    reply = client.post(INFER, content=content)
    assert reply.status_code == 400
    assert reply.json()["error"]


@pytest.mark.parametrize("length", ["-1", "9999999", "x", "1e3", "\u0663"])
def test_a_wrong_header_length_is_400(client: httpx.Client, length: str) -> None:
    _, body = encode_request([tensor("image", IMAGES)])
    headers = {HEADER_LENGTH: length.encode("utf-8")}
    assert client.post(INFER, content=body, headers=headers).status_code == 400  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/v2/models/other/infer", 404),
        ("POST", "/v2/models/digits/versions/2/infer", 404),
        ("GET", "/v2/models/other", 404),
        ("GET", "/v2/models/digits/versions/2/ready", 404),
        ("GET", "/nothing", 404),
        ("GET", "/docs", 404),
        ("GET", INFER, 405),
        ("POST", "/v2", 405),
    ],
)
def test_unknown_things_are_4xx_in_the_same_shape(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    reply = client.request(method, path)
    assert (reply.status_code, list(reply.json())) == (status, ["error"])


def test_an_unknown_output_is_400(client: httpx.Client) -> None:
    reply = client.post(INFER, json={"inputs": [image_entry()], "outputs": [{"name": "x"}]})
    assert (reply.status_code, "unknown output `x`" in reply.json()["error"]) == (400, True)


def test_compressed_requests_are_415(client: httpx.Client) -> None:
    assert client.post(INFER, content=b"x", headers={"Content-Encoding": "gzip"}).status_code == 415


@pytest.mark.parametrize("path", [INFER, "/predict"])
def test_a_declared_body_over_the_cap_is_413_before_it_is_sent(digits: Process, path: str) -> None:
    with socket.create_connection(("127.0.0.1", digits.port), timeout=60) as wire:
        wire.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {(1 << 20) + 1}\r\n\r\n".encode())
        answer = wire.recv(4096)
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b"\r\nconnection: close" in answer.lower()


@pytest.mark.parametrize("path", [INFER, "/predict"])
def test_a_chunked_body_over_the_cap_is_413_without_a_length(client: httpx.Client, path: str) -> None:
    parts = (b" " * 65536 for _ in range(40))  # 2.5 MiB over a cap of 1 MiB
    try:
        reply = client.post(path, content=parts)
    except httpx.WriteError:  # the service closed while we were still sending, which it may
        return
    assert reply.status_code == 413
    assert f"larger than {1 << 20 if path == INFER else 16 << 10} bytes" in reply.json()["error"]


def test_statistics_grow_by_what_was_asked(client: httpx.Client) -> None:
    def read() -> dict[str, Any]:
        found: dict[str, Any] = client.get("/v2/models/digits/stats").json()["model_stats"][0]
        return found

    before = read()
    client.post(INFER, json={"inputs": [image_entry(shape=[3, 64], data=[0.0] * 192)]})
    after = read()
    assert after["execution_count"] - before["execution_count"] == 1
    assert after["inference_count"] - before["inference_count"] == 3
    stats = after["inference_stats"]
    assert stats["success"]["ns"] == stats["queue"]["ns"] + stats["compute_infer"]["ns"]
    assert stats["compute_infer"]["ns"] > before["inference_stats"]["compute_infer"]["ns"]


def test_predict_reads_a_digit(client: httpx.Client) -> None:
    labels, probabilities = expected(IMAGES[:1])
    answer = client.post("/predict", json={"pixels": IMAGES[0].reshape(8, 8).tolist()}).json()
    assert answer["digit"] == labels[0]
    np.testing.assert_allclose(answer["probabilities"], probabilities[0], rtol=1e-6)


@pytest.mark.parametrize(
    ("pixels", "message"),
    [
        ([[0.0] * 8] * 7, "pixels: "),
        ([[0.0] * 8] * 7 + [[0.0] * 9], "pixels.7: "),
        ([[0.0] * 8] * 7 + [[0.0] * 7 + [17]], "pixels.7.7: "),
        ("x", "pixels: "),
    ],
    ids=["seven-rows", "nine-pixels", "too-bright", "text"],
)
def test_a_wrong_picture_is_400_and_says_where(client: httpx.Client, pixels: object, message: str) -> None:
    reply = client.post("/predict", json={"pixels": pixels})
    assert reply.status_code == 400
    assert reply.json()["error"].startswith(message)


def test_the_request_id_is_the_callers_when_harmless_and_ours_when_not(client: httpx.Client) -> None:
    assert client.get("/v2", headers={"X-Request-Id": "trace-7"}).headers["x-request-id"] == "trace-7"
    forged = client.get("/v2", headers={"X-Request-Id": 'a"} {"event":"forged'}).headers["x-request-id"]
    assert "forged" not in forged


def test_one_log_line_per_request_without_its_body(digits: Process, client: httpx.Client) -> None:
    secret = 7.0123456789  # no time in the log has as many digits
    reply = client.post(INFER, json={"inputs": [image_entry(data=[secret] * 64)]})
    client.get("/v2/models/%1b%5b31mred%e2%80%ae%7f")
    wait_until(lambda: any("31mred" in line.get("path", "") for line in digits.lines), "its line")
    (mine,) = [line for line in digits.lines if line.get("id") == reply.headers["x-request-id"]]
    assert (mine["event"], mine["method"], mine["path"], mine["status"]) == ("request", "POST", INFER, 200)
    assert mine["duration_ms"] > 0
    assert str(secret) not in json.dumps(digits.lines)
    (hostile,) = [line["path"] for line in digits.lines if "31mred" in line.get("path", "")]
    assert hostile == "/v2/models/\\x1b[31mred\\u202e\\x7f"
