"""`costplan bench export` as a user writes it: each option has its effect, or is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from costplan.bench.servers.triton_config import Batching, TritonSettings
from costplan.cli.bench.export import ExportWords, triton_settings
from costplan.cli.run import run

Capsys = pytest.CaptureFixture[str]


def test_options_become_settings() -> None:
    words = ExportWords(
        gpu_ids="1, 0", instances="2", max_batch_size="16", dynamic_batching=True,
        preferred_batch_size="8,4", max_queue_delay="2.5ms",
    )  # fmt: skip
    assert triton_settings(words) == TritonSettings(
        provider="cuda",
        gpu_ids=(0, 1),
        instances=2,
        max_batch_size=16,
        batching=Batching((4, 8), max_delay_us=2500),
    )
    assert triton_settings(ExportWords(gpu=True, provider="tensorrt")) == TritonSettings(provider="tensorrt")
    assert triton_settings(ExportWords(threads="4", provider="openvino")) == TritonSettings(
        provider="openvino", threads=4
    )
    assert triton_settings(ExportWords(max_batch_size="4", dynamic_batching=True)).batching == Batching()


def test_a_repository_for_a_gpu_is_written(tmp_path: Path, capsys: Capsys) -> None:
    words = ["--gpu", "--max-batch-size", "8", "--dynamic-batching", "--max-queue-delay", "2 ms"]
    assert run(["bench", "export", "--triton", str(tmp_path), *words]) == 0
    config = (tmp_path / "digits" / "config.pbtxt").read_text()
    assert "instance_group [ { kind: KIND_GPU count: 1 } ]" in config
    assert "max_batch_size: 8" in config
    assert "dynamic_batching { max_queue_delay_microseconds: 2000 }" in config
    assert len(capsys.readouterr().out.split()) == 2


REFUSED = {
    "TensorRT on a CPU": ("--provider tensorrt", "--provider tensorrt runs on a GPU", "add --gpu"),
    "OpenVINO on a GPU": ("--gpu --provider openvino", "runs on the CPU, not on a GPU", "leave out --gpu"),
    "no such provider": ("--provider cudaa", "is not one of", "cuda"),
    "threads on a GPU": ("--gpu --threads 2", "with --gpu they have no effect", ""),
    "python on a GPU": ("--gpu --backend python", "runs on the CPU provider, not on cuda", "onnxruntime"),
    "batches of none": ("--dynamic-batching", "needs a largest batch", "--max-batch-size"),
    "sizes alone": ("--preferred-batch-size 4", "is part of dynamic batching", "--dynamic-batching"),
    "delay alone": ("--max-queue-delay 1ms", "is part of dynamic batching", "--dynamic-batching"),
    "half a microsecond": (
        "--max-batch-size 4 --dynamic-batching --max-queue-delay 0.5us",
        "must be whole microseconds",
        "500us",
    ),
    "no GPU": ("--gpu-ids x", "--gpu-ids: is not a number", ""),
}


@pytest.mark.parametrize(("words", "why", "hint"), REFUSED.values(), ids=REFUSED)
def test_what_contradicts_itself_is_refused_and_nothing_is_written(
    words: str, why: str, hint: str, tmp_path: Path, capsys: Capsys
) -> None:
    assert run(["bench", "export", "--triton", str(tmp_path), *words.split()]) == 2
    err = " ".join(capsys.readouterr().err.split())
    assert why in err
    assert hint in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        "--model m.onnx", "--backend python", "--gpu", "--gpu-ids 0", "--provider cuda", "--instances 2",
        "--threads 2", "--max-batch-size 2", "--dynamic-batching", "--preferred-batch-size 2",
        "--max-queue-delay 1ms", "--shape x:1",
    ],
)  # fmt: skip
def test_options_of_triton_are_refused_for_tensorflow_serving(
    words: str, tmp_path: Path, capsys: Capsys
) -> None:
    assert run(["bench", "export", "--tfserving", str(tmp_path / "out"), *words.split()]) == 2
    assert f"{words.split()[0]} is for --triton" in capsys.readouterr().err


def test_a_saved_model_is_refused_for_triton(tmp_path: Path, capsys: Capsys) -> None:
    words = ["--triton", str(tmp_path / "out"), "--saved-model", str(tmp_path)]
    assert run(["bench", "export", *words]) == 2
    assert "--saved-model is for --tfserving" in capsys.readouterr().err
