"""Starting the service for tests: as a real process on a free port, or inside the test."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from service_process import InProcess, Launch, Process, start_process

from costplan.service.app import Service
from costplan.service.settings import Settings


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    """Start services that end with the test."""
    started: list[Process] = []

    def begin(*options: str, **environment: str) -> Process:
        started.append(start_process(tmp_path, *options, **environment))
        return started[-1]

    yield begin
    for process in started:
        if process.child.poll() is None:
            process.child.kill()
            process.child.wait(10)


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """Serve the demo model; bodies up to 1 MiB."""
    process = start_process(tmp_path_factory.mktemp("digits"), "--record", "none", "--max-body-mib", "1")
    yield process
    assert process.stop() == 0


@pytest.fixture(scope="session")
def client(digits: Process) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=digits.url, timeout=120.0) as opened:
        yield opened


@pytest.fixture
def in_process() -> InProcess:
    """Run a service inside the test: `in_process(settings, conversation)` returns its log."""

    def run(
        settings: Settings, conversation: Callable[[httpx.AsyncClient, Service], Awaitable[None]]
    ) -> io.StringIO:
        log = io.StringIO()
        service = Service(settings, log)
        service.open()

        async def talk() -> None:
            transport = httpx.ASGITransport(app=service.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://service") as opened:
                await conversation(opened, service)

        try:
            asyncio.run(talk())
        finally:
            service.close()
        return log

    return run


@pytest.fixture(scope="session")
def slow_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a model that multiplies matrices `rounds` times: the mean of ones comes back."""
    size = 512
    rounds = helper.make_tensor_value_info("rounds", TensorProto.INT64, [1])
    body = helper.make_graph(
        [
            helper.make_node("MatMul", ["state", "matrix"], ["moved"]),
            helper.make_node("Identity", ["go"], ["go_on"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("index", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("state", TensorProto.FLOAT, [size, size]),
        ],
        [
            helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("moved", TensorProto.FLOAT, [size, size]),
        ],
    )
    graph = helper.make_graph(
        [
            helper.make_node("Squeeze", ["rounds"], ["count"]),
            helper.make_node("Loop", ["count", "yes", "ones"], ["last"], body=body),
            helper.make_node("ReduceMean", ["last"], ["mean"], keepdims=0),
        ],
        "slow",
        [rounds],
        [helper.make_tensor_value_info("mean", TensorProto.FLOAT, [])],
        [
            numpy_helper.from_array(np.eye(size, dtype=np.float32), "matrix"),
            numpy_helper.from_array(np.ones((size, size), np.float32), "ones"),
            numpy_helper.from_array(np.array(True), "yes"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    path = tmp_path_factory.mktemp("models") / "slow.onnx"
    onnx.save(model, path)
    return path
