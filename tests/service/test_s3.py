"""Records in object storage: boto3's real requests against a small server of ours."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from costplan.protocols.tensors import tensor
from costplan.service.logs import JsonLog
from costplan.service.metrics import Metrics
from costplan.service.records import Record, Recorder
from costplan.service.stores import make_store


class Bucket(ThreadingHTTPServer):
    """Keeps what is put; answers 503 as long as `outages` is above 0."""

    objects: dict[str, bytes]
    authorisations: list[str]
    outages = 0


class Handler(BaseHTTPRequestHandler):
    server: Bucket

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.outages:
            self.server.outages -= 1
            self.answer(503, b"<Error><Code>SlowDown</Code></Error>")
            return
        self.server.objects[self.path] = body
        self.server.authorisations.append(self.headers["Authorization"])
        self.answer(200, b"")

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "key-of-a-test",
        "AWS_SECRET_ACCESS_KEY": "not-a-secret",
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    server = Bucket(("127.0.0.1", 0), Handler)
    server.objects, server.authorisations = {}, []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def address(bucket: Bucket) -> str:
    return f"s3://models/logs/digits?endpoint=http://127.0.0.1:{bucket.server_port}&region=test-1"


def record(number: int) -> Record:
    outputs = [tensor("label", np.array([number]))]
    return Record(
        f"id-{number}", f"r-{number}", 1_700_000_000.0 + number, "digits", "onnxruntime", 1, 0.5, outputs
    )


def test_a_batch_is_one_object_of_json_lines_under_its_day(bucket: Bucket) -> None:
    store = make_store(address(bucket))
    assert store is not None
    store.open()
    store.write([record(0), record(1)])
    store.write([record(0), record(1)])  # a second attempt replaces, it does not add
    store.close()
    # 1.7e9 s after 1970 is 2023-11-14 22:13:20 UTC.
    assert list(bucket.objects) == ["/models/logs/digits/2023-11-14/221320-id-0.jsonl"]
    (content,) = bucket.objects.values()
    lines = [json.loads(line) for line in content.decode().splitlines()]
    assert [(line["id"], line["outputs"]) for line in lines] == [
        ("id-0", {"label": [0]}),
        ("id-1", {"label": [1]}),
    ]
    assert all(
        "Credential=key-of-a-test/" in given and "/test-1/s3/" in given for given in bucket.authorisations
    )


def test_an_outage_is_waited_out_and_nothing_is_lost(bucket: Bucket) -> None:
    bucket.outages = 1
    metrics, log = Metrics(), JsonLog(io.StringIO())
    recorder = Recorder(make_store(address(bucket)), metrics, log)
    for number in range(3):
        recorder.add(record(number))
    recorder.start()
    recorder.close(100.0)
    kept = [json.loads(line)["id"] for content in bucket.objects.values() for line in content.splitlines()]
    assert kept == ["id-0", "id-1", "id-2"]
    text = metrics.text().decode()
    assert 'costplan_service_records_total{outcome="written"} 3.0' in text
    assert "costplan_service_record_write_failures_total 1.0" in text
