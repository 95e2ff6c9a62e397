"""The report of the three stages as a whole process, against importing what draws and what tabulates.

Run with the project's environment: `python benchmarks/report.py`. Each pair runs in turn, so that a busy
machine slows both; the ratios are of CPU seconds and of elapsed time.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

ROUNDS = 9
COSTPLAN = Path(sysconfig.get_path("scripts")) / "costplan"
YARDSTICK = [sys.executable, "-c", "import matplotlib.figure, pandas"]


def seconds(command: list[str]) -> tuple[float, float]:
    """Run a command; return its CPU seconds and the seconds that went by."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ended = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    elapsed = time.perf_counter() - started
    if ended.returncode:
        raise SystemExit(f"{command} ended with {ended.returncode}: it is not measured")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, elapsed


def main() -> None:
    """Print the ratios, and how busy the machine was."""
    with tempfile.TemporaryDirectory() as name:
        report = [str(COSTPLAN), "report", "--html", "--force", "-o", str(Path(name) / "report.html")]
        seconds(report), seconds(YARDSTICK)
        pairs = [(seconds(report), seconds(YARDSTICK)) for _ in range(ROUNDS)]
        size = (Path(name) / "report.html").stat().st_size
    for what, place in (("CPU seconds", 0), ("elapsed", 1)):
        ratios = [ours[place] / base[place] for ours, base in pairs]
        low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
        medians = (statistics.median(pair[side][place] for pair in pairs) for side in (0, 1))
        shown = " against ".join(f"{median:.2f}" for median in medians)
        print(f"{what}: {middle:.2f} ({low:.2f} to {high:.2f}); {shown}")
    print(f"{size / 1e6:.2f} MB; load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
