"""Four workers that share a load against one generator of the same load, in turns, on the same server.

    python benchmarks/shared_load.py [--rounds 5] [--rate 200] [--duration 10] [--workers 4] [--service]

All send the same schedule, drawn from the same seed, from processes on this machine, to a server that
sleeps for an exponential time of 20 ms in the mean: what the percentiles should be is known. With
--service it is the reference service with the demo model, which the workers take processor time from.
Printed are the percentiles of the response time from the joined samples, with their distribution-free 95
% intervals: of each round, and of all rounds together in which neither side was limited by its
generator. Exit status 1: there is no such round, or the intervals do not meet somewhere.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from math import log
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from fake_oip import serving_oip  # noqa: E402

from costplan.bench.cluster.merge import merge_journals  # noqa: E402
from costplan.bench.load.journal_reader import read_journal  # noqa: E402
from costplan.bench.models.workload import InputChoice  # noqa: E402
from costplan.bench.results.statistics import quantile, quantile_interval  # noqa: E402
from costplan.bench.targets.options import TargetOptions  # noqa: E402
from costplan.bench.targets.service import ServiceTarget  # noqa: E402

MODEL = ROOT / "models" / "digits.onnx"
MEAN_S = 0.02
"""Of the time that the sleeping server takes."""
PERCENTILES = (50, 90, 99)
USABLE = ("VALID", "NOISY")


@contextmanager
def server(is_service: bool) -> Iterator[tuple[str, str]]:
    """Serve while inside; yields the address and the model's name."""
    if not is_service:
        source = random.Random(1)
        with serving_oip(lambda: source.expovariate(1 / MEAN_S)) as address:
            yield address, "m"
        return
    service = ServiceTarget(TargetOptions(inputs=InputChoice(model=MODEL), model_name="digits"))
    try:
        service.start()
        yield f"http://127.0.0.1:{service.endpoint.port}", "digits"
    finally:
        service.stop()


def measure(folder: Path, run_id: str, workers: int, load: list[str]) -> tuple[np.ndarray, bool]:
    """Run so many workers to their end.

    Returns:
        The response times of the window in ns, sorted, and whether the generator kept up.
    """
    shared = ["--workers", str(workers), "--run-id", run_id, "--folder", str(folder), *load]
    command = [sys.executable, "-m", "costplan", "bench", "worker", *shared]
    started = [subprocess.Popen([*command, "--index", str(index)]) for index in range(workers)]
    statuses = [process.wait() for process in started]
    if any(statuses):
        raise RuntimeError(f"a worker of {run_id} failed")
    journals = sorted(folder.glob(f"{run_id}-*.jsonl"))
    point = merge_journals(journals).points[0]
    print(f"  {run_id}: lag p99 {point.lag_ms.p99:.2f} ms, {point.verdict}", flush=True)
    return np.sort(np.concatenate([responses(path) for path in journals])), point.verdict in USABLE


def responses(journal: Path) -> np.ndarray:
    """Return the response times of one journal, ns."""
    (recording,) = read_journal(journal).recordings
    due, done = np.array(recording.samples.due), np.array(recording.samples.done)
    return (done - due)[(due >= recording.start) & (due < recording.end)]


def figures(ordered: np.ndarray) -> dict[int, tuple[float, float, float]]:
    """Return each percentile with the ends of its interval, ms."""
    found = {}
    for percentile in PERCENTILES:
        interval = quantile_interval(ordered, percentile)
        ends = [float("nan") if end is None else end / 1e6 for end in (interval.low, interval.high)]
        found[percentile] = (quantile(ordered, percentile) / 1e6, *ends)
    return found


def shown(ordered: np.ndarray) -> str:
    """Write the percentiles with their intervals."""
    return ", ".join(
        f"p{percentile} {value:.3f} ({low:.3f}..{high:.3f})"
        for percentile, (value, low, high) in figures(ordered).items()
    )


def main() -> int:
    """Run the rounds, print a line a side and round, and a JSON line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rate", type=float, default=200, help="requests per second of all together")
    parser.add_argument("--duration", type=float, default=10, help="seconds of each round and side")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--service", action="store_true", help="load the reference service instead")
    chosen = parser.parse_args()
    sides = {"one": 1, "shared": chosen.workers}
    found: dict[str, list[np.ndarray]] = {name: [] for name in sides}
    load = ["--rate", f"{chosen.rate:g}", "--duration", f"{chosen.duration:g}"]
    with server(chosen.service) as (address, model), tempfile.TemporaryDirectory() as folder:
        load += ["--address", address, "--model-name", model]
        for number in range(chosen.rounds):
            pair: dict[str, tuple[np.ndarray, bool]] = {}
            order = list(sides) if number % 2 == 0 else list(sides)[::-1]
            for name in order:
                pair[name] = measure(Path(folder), f"{name}-{number}", sides[name], load)
                print(f"round {number}, {name:>6}: {shown(pair[name][0])}", flush=True)
            if all(is_usable for _, is_usable in pair.values()):
                for name, (ordered, _) in pair.items():
                    found[name].append(ordered)
    if not chosen.service:
        known = {p: -log(1 - p / 100) * MEAN_S * 1e3 for p in PERCENTILES}
        print("asleep: " + ", ".join(f"p{p} {value:.3f}" for p, value in known.items()))
    if not found["one"]:
        print("no round in which neither side was limited: measure on a quiet machine")
        return 1
    together = {name: np.sort(np.concatenate(rounds)) for name, rounds in found.items()}
    for name, ordered in together.items():
        print(f"{len(found[name])} rounds, {name:>6}: {shown(ordered)}, {len(ordered)} requests")
    one, shared = (figures(together[name]) for name in sides)
    meets = {p: one[p][1] <= shared[p][2] and shared[p][1] <= one[p][2] for p in PERCENTILES}
    print(json.dumps({"one": one, "shared": shared, "intervals_meet": meets}))
    return 0 if all(meets.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
