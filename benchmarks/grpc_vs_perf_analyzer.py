"""Our closed loop against perf_analyzer, on the same live Triton, in interleaved rounds.

    python benchmarks/grpc_vs_perf_analyzer.py [--rounds 5] [--window 1.5] [--protocol grpc]

Needs the environments that `python tests/support/triton_env.py` builds. Both send the same tensors raw, keep
the same number of requests in flight and count answers per second. On a shared machine both take processor
time from the server they measure, and other work comes and goes: so each round measures one right after the
other, and the median of the rounds' ratios is what counts. Takes a minute and a half for each protocol. Exit
status 1: gRPC is below 0.75 somewhere; the aim is 1.0 from 2 in flight on.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))
import triton_env  # noqa: E402
from perf_analyzer import Reading, run_perf_analyzer  # noqa: E402
from triton_server import TritonServer  # noqa: E402

from costplan.bench.guard import check_target  # noqa: E402
from costplan.bench.load.runner import run_point  # noqa: E402
from costplan.bench.load.settings import LoadSettings, Mode  # noqa: E402
from costplan.bench.models.guard import inspect_model  # noqa: E402
from costplan.bench.models.workload import InputChoice  # noqa: E402
from costplan.bench.results.summary import summarise  # noqa: E402
from costplan.bench.servers.export import export_triton  # noqa: E402
from costplan.bench.servers.triton_config import TritonSettings  # noqa: E402
from costplan.bench.targets import open_target  # noqa: E402
from costplan.bench.targets.options import TargetOptions  # noqa: E402

FLOOR = 0.75
"""Least share of perf_analyzer's throughput over gRPC that this project promises."""
AIM = 1.0
MODEL = ROOT / "models" / "digits.onnx"
SHAPE = "image:1,64"
CONCURRENCY = (1, 2, 4, 8)


def ours(protocol: str, port: int, concurrency: int, window_s: float) -> Reading:
    """Measure one point with this project's generator, answers checked."""
    point = check_target(f"127.0.0.1:{port}", default_scheme=protocol)
    options = TargetOptions(inputs=InputChoice(model=MODEL), endpoint=point, model_name="digits")
    target = open_target(f"triton-{protocol}", options)
    try:
        target.start()
        settings = LoadSettings(Mode.CLOSED, window_s=window_s, lead_in_s=0.3, concurrency=concurrency)
        result = summarise(run_point(target.plan(), settings))
    finally:
        target.stop()
    if result.errors or result.timeouts or result.service_ms.p50 is None:
        raise RuntimeError(f"{protocol}: failed requests: {result.messages}")
    return Reading(result.achieved_requests_per_second, result.service_ms.p50)


def main() -> int:
    """Run the rounds, print a table and a JSON line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--window", type=float, default=1.5, help="seconds per point")
    parser.add_argument("--protocol", nargs="+", choices=["grpc", "http"], default=["grpc"])
    chosen = parser.parse_args()
    for part in ("triton", "perf-analyzer"):
        triton_env.ensure(part)
    found: dict[tuple[str, int], list[tuple[Reading, Reading]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder) / "repository"
        export_triton(inspect_model(MODEL), repository, "digits", TritonSettings("python"))
        with TritonServer(repository, Path(folder) / "triton.log") as server:
            ports = {"grpc": server.grpc_port, "http": server.http_port}
            ours(
                "http", server.http_port, 1, 1.0
            )  # the server's first requests are slow for whoever is first
            for _ in range(chosen.rounds):
                for protocol in chosen.protocol:
                    for n in CONCURRENCY:
                        port = ports[protocol]
                        theirs = run_perf_analyzer(
                            protocol, port, "digits", SHAPE, n, round(chosen.window * 333)
                        )
                        pair = (ours(protocol, port, n, chosen.window), theirs)
                        found.setdefault((protocol, n), []).append(pair)
    return report(found)


def report(found: dict[tuple[str, int], list[tuple[Reading, Reading]]]) -> int:
    """Print the median of the rounds' ratios, with their range, and return the exit status."""
    print(f"{'':9}{'ours /s':>9}{'p50 ms':>8}{'perf_a /s':>11}{'p50 ms':>8}   ratio (range over rounds)")
    ratios: dict[str, dict[int, float]] = {}
    for (protocol, n), pairs in found.items():
        each = sorted(m.requests_per_second / t.requests_per_second for m, t in pairs)
        middle = median(each)
        ratios.setdefault(protocol, {})[n] = round(middle, 2)
        mine, theirs = (
            Reading(median(r.requests_per_second for r in side), median(r.p50_ms for r in side))
            for side in zip(*pairs, strict=True)
        )
        print(
            f"{protocol} c={n:<2}{mine.requests_per_second:>9.0f}{mine.p50_ms:>8.2f}"
            f"{theirs.requests_per_second:>11.0f}{theirs.p50_ms:>8.2f}"
            f"   {middle:.2f} ({each[0]:.2f} to {each[-1]:.2f})"
        )
    print(json.dumps(ratios))
    short = [str(n) for n, ratio in ratios.get("grpc", {}).items() if n > 1 and ratio < AIM]
    print(f"gRPC, aim {AIM} from 2 in flight on: " + (f"missed at {', '.join(short)}" if short else "met"))
    return 1 if any(ratio < FLOOR for ratio in ratios.get("grpc", {}).values()) else 0


if __name__ == "__main__":
    sys.exit(main())
