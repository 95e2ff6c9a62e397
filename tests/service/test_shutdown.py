"""Ending, overload and time limits, with a model that takes its time."""

from __future__ import annotations

import asyncio
import signal
import socket
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from own_time import own_seconds, wait_until
from service_process import DIGITS, InProcess, Launch, Process

from costplan.service.app import Service
from costplan.service.settings import Settings

INFER = "/v2/models/slow/infer"


def rounds(count: int) -> dict[str, object]:
    return {"inputs": [{"name": "rounds", "datatype": "INT64", "shape": [1], "data": [count]}]}


def ask(process: Process, count: int) -> int:
    """Return the status of one inference; 0 when the connection was refused or broke."""
    try:
        return httpx.post(process.url + INFER, json=rounds(count), timeout=120.0).status_code
    except httpx.TransportError:
        return 0


def wait_for_requests_in_flight(process: Process, count: int) -> None:
    wanted = f"costplan_service_requests_in_flight {count + 1:.1f}"  # and the request for the metrics
    wait_until(lambda: wanted in httpx.get(process.url + "/metrics", timeout=120).text, wanted)


def is_refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=60).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.fixture(scope="session")
def rounds_per_second(slow_model: Path) -> float:
    """How fast this processor is, so that an inference can be made to last as long as a test needs."""
    import numpy as np
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(slow_model, options, providers=["CPUExecutionProvider"])
    session.run(None, {"rounds": np.array([5])})
    used = time.thread_time()  # of the processor: a busy machine makes it no slower
    session.run(None, {"rounds": np.array([20])})
    return 20 / (time.thread_time() - used)


def test_sigterm_finishes_what_runs_refuses_the_rest_and_writes_every_record(
    launch: Launch, slow_model: Path, rounds_per_second: float, tmp_path: Path
) -> None:
    process = launch("--model", str(slow_model), "--record", "sqlite:///kept.db", "--grace", "100")
    half_a_second = int(rounds_per_second / 2)
    with ThreadPoolExecutor(4) as callers:
        answers = [callers.submit(ask, process, half_a_second) for _ in range(4)]
        wait_for_requests_in_flight(process, 4)
        process.child.send_signal(signal.SIGTERM)
        wait_until(lambda: is_refused(process.port), "the port is closed")
        assert [answer.result(120) for answer in answers] == [200] * 4
    assert process.wait() == 0
    with sqlite3.connect(tmp_path / "kept.db") as kept:
        assert kept.execute("select count(*), count(distinct id) from predictions").fetchone() == (4, 4)
    assert [line["status"] for line in process.events("request") if line["method"] == "POST"] == [200] * 4


def test_an_inference_longer_than_the_grace_does_not_hold_the_process(
    launch: Launch, slow_model: Path, rounds_per_second: float
) -> None:
    process = launch("--model", str(slow_model), "--record", "none", "--grace", "1")
    caller = threading.Thread(target=ask, args=(process, int(rounds_per_second * 60)), daemon=True)
    caller.start()
    wait_for_requests_in_flight(process, 1)
    with own_seconds() as seconds:
        assert process.stop() == 0
        assert seconds() < 1.0 + 4.0


def test_ctrl_c_ends_with_130(launch: Launch) -> None:
    assert launch("--record", "none").stop(signal.SIGINT) == 130


def test_every_answer_given_under_load_has_a_record_after_sigterm(launch: Launch, tmp_path: Path) -> None:
    process = launch("--record", "sqlite:///kept.db", "--log", "errors")
    image = {"inputs": [{"name": "image", "datatype": "FP32", "shape": [1, 64], "data": [1.0] * 64}]}
    answered = [0, 0, 0]

    def load(index: int) -> None:
        with httpx.Client(base_url=process.url, timeout=120.0) as client:
            try:
                while client.post("/v2/models/digits/infer", json=image).status_code == 200:
                    answered[index] += 1
            except httpx.TransportError:
                return

    callers = [threading.Thread(target=load, args=(index,)) for index in range(3)]
    for caller in callers:
        caller.start()
    wait_until(lambda: min(answered) > 20, "answers to every caller")
    assert process.stop() == 0
    for caller in callers:
        caller.join(120)
    with sqlite3.connect(tmp_path / "kept.db") as kept:
        (count,) = kept.execute("select count(*) from predictions").fetchone()
    # An answer may have been under way to a client that saw the connection close, but never the reverse.
    assert sum(answered) <= count <= sum(answered) + len(callers)


def test_one_request_too_many_is_503_at_once(
    in_process: InProcess, slow_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once: while the first is still held."""
    begun, released = threading.Event(), threading.Event()

    async def talk(client: httpx.AsyncClient, service: Service) -> None:
        infer = service.engine.backend.infer

        def held(*words: Any) -> Any:
            begun.set()
            assert released.wait(120)
            return infer(*words)

        monkeypatch.setattr(service.engine.backend, "infer", held)
        first = asyncio.create_task(client.post(INFER, json=rounds(1)))
        while not begun.is_set():
            await asyncio.sleep(0.01)
        refused = await client.post(INFER, json=rounds(1))
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert not first.done()
        released.set()
        assert (await first).status_code == 200
        assert (await client.post(INFER, json=rounds(1))).status_code == 200

    in_process(Settings(model_file=slow_model, model_name="slow", max_in_flight=1), talk)


def test_the_loop_answers_while_a_model_runs(
    in_process: InProcess, slow_model: Path, rounds_per_second: float
) -> None:
    async def talk(client: httpx.AsyncClient, service: Service) -> None:
        running = asyncio.create_task(client.post(INFER, json=rounds(int(rounds_per_second))))
        await asyncio.sleep(0.05)
        assert (await client.get("/v2/health/live")).status_code == 200
        assert not running.done()
        assert (await running).status_code == 200

    in_process(Settings(model_file=slow_model, model_name="slow"), talk)


def test_a_body_that_stalls_is_408(in_process: InProcess) -> None:
    sent: list[dict[str, object]] = []

    async def talk(_: httpx.AsyncClient, service: Service) -> None:
        async def receive() -> dict[str, object]:
            await asyncio.sleep(30)
            raise AssertionError

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        scope = {
            "type": "http", "method": "POST", "path": "/v2/models/digits/infer", "headers": [],
            "query_string": b"", "root_path": "", "http_version": "1.1", "scheme": "http",
        }  # fmt: skip
        await service.app(scope, receive, send)  # type: ignore[arg-type]

    in_process(Settings(model_file=DIGITS, body_timeout_seconds=0.1), talk)
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]  # type: ignore[operator]


def test_a_client_that_leaves_is_counted_and_nothing_is_sent(in_process: InProcess) -> None:
    async def talk(client: httpx.AsyncClient, service: Service) -> None:
        async def receive() -> dict[str, object]:
            return {"type": "http.disconnect"}

        async def send(_: dict[str, object]) -> None:
            raise AssertionError("nothing must be sent")

        scope = {"type": "http", "method": "POST", "path": "/v2/models/digits/infer", "headers": []}
        await service.app(scope, receive, send)  # type: ignore[arg-type]
        text = (await client.get("/metrics")).text
        assert 'requests_total{outcome="client_error",route="/v2/models/{name}/infer"} 1.0' in text

    log = in_process(Settings(model_file=DIGITS), talk)
    assert '"status": 499' in log.getvalue()


def test_a_defect_is_a_500_without_its_text_and_a_trace_in_the_log(
    in_process: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("inner words")

    async def talk(client: httpx.AsyncClient, service: Service) -> None:
        monkeypatch.setattr(service.engine.backend, "infer", broken)
        image = {"name": "image", "datatype": "FP32", "shape": [1, 64], "data": [0.0] * 64}
        for path, body in (
            ("/v2/models/digits/infer", {"inputs": [image]}),
            ("/predict", {"pixels": [[0] * 8] * 8}),
        ):
            reply = await client.post(path, json=body)
            assert reply.status_code == 500
            assert "inner words" not in reply.text
            assert list(reply.json()) == ["error"]

    log = in_process(Settings(model_file=DIGITS), talk)
    assert log.getvalue().count("ZeroDivisionError: inner words") == 2
