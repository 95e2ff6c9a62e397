"""Triton's own load generator, run for comparison against the same live server."""

from __future__ import annotations

import csv
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

# Run from benchmarks/ as well as by pytest.
import triton_env


@dataclass(frozen=True)
class Reading:
    """What a load generator says about one load point."""

    requests_per_second: float
    p50_ms: float


def run_perf_analyzer(
    protocol: str, port: int, model: str, shape: str, concurrency: int, window_ms: int = 1000
) -> Reading:
    """Measure one closed-loop point; `protocol` is `http` or `grpc`, `shape` such as `x:1,64`.

    Its stability test is switched off (-s 99999): on a shared machine it would end without a number. It then
    averages over three windows.
    """
    environment = triton_env.PERF_ANALYZER
    libraries = triton_env.site_packages(environment) / "nvidia" / "cuda_runtime" / "lib"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "out.csv"
        done = subprocess.run(
            [
                str(environment / "bin" / "perf_analyzer"),
                *("-m", model, "-u", f"127.0.0.1:{port}", "-i", protocol, "--shape", shape),
                *("-p", str(window_ms), "-r", "6", "-s", "99999"),
                *("--concurrency-range", str(concurrency), "-f", str(report)),
            ],
            env={**os.environ, "LD_LIBRARY_PATH": str(libraries)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if not report.is_file():
            raise RuntimeError(f"perf_analyzer gave no report: {(done.stdout + done.stderr)[-600:]}")
        row = next(csv.DictReader(report.read_text().splitlines()))
    return Reading(float(row["Inferences/Second"]), float(row["p50 latency"]) / 1000)
