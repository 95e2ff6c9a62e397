"""What the harness adds to an inference in this process: `python benchmarks/inprocess_overhead.py`.

A model that runs for about 1 ms is run in a bare loop of `session.run` and, in turn, by the harness in its
`single` mode, which also picks the request, takes three times, checks the answer and records it. Published is
the ratio of the two mean times per inference: the median over the rounds. The limit is 1.05, the aim 1.03.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from costplan.bench.load.runner import run_point
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.models.workload import InputChoice
from costplan.bench.results.summary import summarise
from costplan.bench.targets import open_target
from costplan.bench.targets.options import TargetOptions

ROUNDS = 9
WINDOW_S = 1.0
LIMIT = 1.05
AIM = 1.03
SIZE = 256
LAYERS = 4
CLASSES = 16
"""Columns of the answer: 16 KiB, of the order of what classifiers give."""


def model_of_one_millisecond(folder: Path) -> Path:
    """Write products of 256 x 256 matrices and one of 256 x 16, about 1 ms on one thread."""
    random = np.random.default_rng(1)
    widths = [SIZE] * (LAYERS - 1) + [CLASSES]
    names = ["x", *(f"a{n}" for n in range(LAYERS - 1)), "y"]
    weights = [
        numpy_helper.from_array((random.standard_normal((SIZE, width)) * 0.05).astype(np.float32), f"w{n}")
        for n, width in enumerate(widths)
    ]
    nodes = [helper.make_node("MatMul", [names[n], f"w{n}"], [names[n + 1]]) for n in range(LAYERS)]
    graph = helper.make_graph(
        nodes,
        "one-millisecond",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [SIZE, SIZE])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [SIZE, CLASSES])],
        weights,
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path = folder / "one-millisecond.onnx"
    onnx.save(made, path)
    return path


def main() -> int:
    """Measure in turn and print the ratio.

    Returns:
        1 when the ratio is above the limit.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = model_of_one_millisecond(Path(folder))
        target = open_target("onnxruntime", TargetOptions(inputs=InputChoice(model=path), threads=1))
        try:
            target.start()
            plan = target.plan()
            bare, harness = [], []
            for _ in range(ROUNDS):
                bare.append(bare_ms(plan.calls))
                recording = run_point(plan, LoadSettings(Mode.SINGLE, window_s=WINDOW_S))
                harness.append(1e3 / summarise(recording).achieved_requests_per_second)
        finally:
            target.stop()
    ratios = sorted(h / b for h, b in zip(harness, bare, strict=True))
    ratio = statistics.median(ratios)
    print(f"bare session.run: {statistics.median(bare):.4f} ms per inference")
    print(f"harness, single:  {statistics.median(harness):.4f} ms per inference")
    print(f"ratio: {ratio:.4f} (rounds {ratios[0]:.4f} to {ratios[-1]:.4f}), the limit is {LIMIT}")
    print(f"aim {AIM}: {'met' if ratio <= AIM else 'missed'}")
    return int(ratio > LIMIT)


def bare_ms(calls: object) -> float:
    """Return the mean time of a call in a loop that does nothing else."""
    run = list(calls)  # type: ignore[call-overload]
    count, number = 0, len(run)
    started = time.perf_counter()
    while (elapsed := time.perf_counter() - started) < WINDOW_S:
        run[count % number]()
        count += 1
    return elapsed * 1e3 / count


if __name__ == "__main__":
    sys.exit(main())
