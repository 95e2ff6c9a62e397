"""Execution providers: one that is not there, does not start or runs nothing is never replaced by the CPU.

No GPU and no other provider is here: the library's answers are played, in the forms that it gives them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx_zoo as zoo
import onnxruntime
import pytest

from costplan.bench.models.on_provider import described, doubts_of, kernels_on
from costplan.bench.models.session import open_session
from costplan.bench.models.workload import InputChoice, workload_of_model
from costplan.bench.targets import open_target
from costplan.bench.targets.options import TargetOptions
from costplan.cli.run import run
from costplan.messages.errors import InputError
from costplan.service.providers import PROVIDERS, check_installed, kernels_by_provider
from costplan.service.settings import read_settings

CUDA, CPU = "CUDAExecutionProvider", "CPUExecutionProvider"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return zoo.save(zoo.of_opset(17), tmp_path / "m.onnx")


class PlayedSession:
    """A session that says it has these providers, and whose steps ran on those."""

    asked: list[Any] = []

    def __init__(self, providers: list[str], steps: list[str]) -> None:
        self._providers, self._steps = providers, steps
        self._real: Any = None

    def __call__(self, path: str, options: Any, providers: list[Any]) -> PlayedSession:
        PlayedSession.asked.append(providers)
        self._prefix = options.profile_file_prefix
        self._real = REAL(path, providers=[CPU])
        return self

    def get_providers(self) -> list[str]:
        return self._providers

    def end_profiling(self) -> str:
        path = Path(f"{self._prefix}_1.json")
        nodes = [
            {"cat": "Node", "name": f"n{at}_kernel_time", "dur": 5, "args": {"provider": provider}}
            for at, provider in enumerate(self._steps)
        ]
        path.write_text(json.dumps([{"cat": "Session", "name": "model_run", "args": {}}, *nodes, *nodes]))
        return str(path)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


REAL = onnxruntime.InferenceSession


def play(monkeypatch: pytest.MonkeyPatch, providers: list[str], steps: list[str]) -> None:
    """Let the library have CUDA, and a session on it be this one; sessions on the CPU stay real."""
    played = PlayedSession(providers, steps)
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [CUDA, CPU])

    def session(path: Any, options: Any = None, providers: Any = None, **more: Any) -> Any:
        on_cuda = any(one[0] == CUDA for one in providers if isinstance(one, tuple))
        return played(path, options, providers) if on_cuda else REAL(path, options, providers=[CPU], **more)

    monkeypatch.setattr(onnxruntime, "InferenceSession", session)


@pytest.mark.parametrize(
    ("name", "package"),
    [("cuda", "onnxruntime-gpu"), ("tensorrt", "onnxruntime-gpu"), ("openvino", "onnxruntime-openvino")],
)
def test_a_provider_that_is_not_installed_is_refused_with_the_package_that_brings_it(
    name: str, package: str, model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [CPU])
    assert run(["bench", "--model", str(model), "--provider", name]) == 2
    err = " ".join(capsys.readouterr().err.split())
    assert (
        f"provider `{name}` is not in the installed ONNX Runtime {onnxruntime.__version__}, which has cpu"
        in err
    )
    assert f"install {package} in place of onnxruntime" in err
    assert run(["bench", "--model", str(model), "--target", "service", "--provider", name]) == 2
    assert f"provider `{name}` is not in the installed" in capsys.readouterr().err


def test_the_cpu_is_always_there() -> None:
    check_installed("cpu")
    assert list(PROVIDERS) == ["cpu", "cuda", "tensorrt", "openvino"]


def test_a_provider_that_falls_back_to_the_cpu_is_an_error(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(monkeypatch, [CPU], [])
    with pytest.raises(InputError, match=r"`cuda` did not start, and ONNX Runtime took the CPU in its place"):
        open_session(str(model), provider="cuda")


def test_a_model_that_a_provider_runs_nothing_of_is_an_error(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(monkeypatch, [CUDA, CPU], [CPU, CPU])
    target = open_target("onnxruntime", TargetOptions(inputs=InputChoice(model=model), provider="cuda"))
    with pytest.raises(InputError, match="`cuda` ran no part of this model"):
        target.start()
    with pytest.raises(InputError, match="`cuda` ran no part of this model"):
        kernels_on("cuda", workload_of_model(InputChoice(model=model)), threads=1)


def test_a_result_says_the_provider_and_what_it_left_to_the_cpu(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(monkeypatch, [CUDA, CPU], [CUDA, CUDA, CUDA, CPU])
    target = open_target("onnxruntime", TargetOptions(inputs=InputChoice(model=model), provider="cuda"))
    target.start()
    told = target.describe()
    assert told.settings["provider"] == "cuda"
    assert told.settings["steps_by_provider"] == "cuda 3, cpu 1"
    assert told.settings["providers"] == [CUDA, CPU]
    assert "provider cuda left 1 of 4 steps of the model to the CPU" in told.doubts
    assert PlayedSession.asked[-1] == [(CUDA, {"device_id": "0"}), (CPU, {})]
    target.stop()


def test_openvino_is_told_the_threads(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    full = PROVIDERS["openvino"].full_name
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [full, CPU])

    class Session:
        def __init__(self, *arguments: Any, providers: Any) -> None:
            seen.append(providers)

        def get_providers(self) -> list[str]:
            return [full, CPU]

    monkeypatch.setattr(onnxruntime, "InferenceSession", Session)
    open_session(str(model), provider="openvino", threads=3)
    assert seen == [[(full, {"device_type": "CPU", "num_of_threads": "3"}), (CPU, {})]]


def test_what_tensorrt_leaves_goes_to_cuda_before_the_cpu(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = PROVIDERS["tensorrt"].full_name
    play(monkeypatch, [full, CUDA, CPU], [])
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [full, CUDA, CPU])
    open_session(str(model), provider="tensorrt")
    assert [name for name, _ in PlayedSession.asked[-1]] == [full, CUDA, CPU]


def test_a_real_profile_of_the_library_is_read(model: Path, tmp_path: Path) -> None:
    session = open_session(str(model), profile=tmp_path)
    port = session.get_inputs()[0]
    feed = {port.name: np.zeros([d if isinstance(d, int) else 1 for d in port.shape], np.float32)}
    session.run(None, feed)
    session.run(None, feed)
    assert kernels_by_provider(Path(session.end_profiling())) == {"cpu": 1}, (
        "one Relu, run twice, is one step"
    )


def test_on_the_cpu_nothing_is_counted_and_nothing_doubted(model: Path) -> None:
    assert kernels_on("cpu", workload_of_model(InputChoice(model=model)), threads=1) == {}
    assert described("cpu", {}) == {"provider": "cpu"}
    assert doubts_of("cpu", {}) == ()


def test_the_service_takes_a_provider_for_its_own_model_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert read_settings([], {}).provider == "cpu"
    assert read_settings(["--provider", "cuda"], {}).provider == "cuda"
    assert read_settings([], {"COSTPLAN_SERVICE_PROVIDER": "openvino"}).provider == "openvino"
    remote = ["--backend", "triton-grpc", "--backend-address", "127.0.0.1:1", "--provider", "cuda"]
    with pytest.raises(SystemExit):
        read_settings(remote, {})
    assert "--provider is for the onnxruntime backend only" in capsys.readouterr().err
