"""Start-up and scale as whole processes, in ratios to what cannot be avoided; each pair runs in turn.

Run with the project's environment: `python benchmarks/startup.py`.
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
BARE_TYPER = """
import typer
app = typer.Typer()
@app.command()
def one(name: str = "x"):
    "Do one thing."
@app.command()
def two(name: str = "x"):
    "Do another."
app()
"""


def as_installed() -> dict[str, str]:
    """Return this environment with bytecode kept, as every installation has it."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def cpu_seconds(command: list[str]) -> tuple[float, int]:
    """Run a command and return its CPU seconds and its peak memory in KiB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=as_installed()
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}: it is not measured")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, usage.ru_maxrss


def pair(name: str, command: list[str], base_name: str, base: list[str]) -> None:
    """Time a command against another, in turn, and print the median ratio of CPU seconds."""
    for warm_up in (command, base):
        cpu_seconds(warm_up)
    ratios, peaks = [], []
    for _ in range(ROUNDS):
        spent, peak = cpu_seconds(command)
        ratios.append(spent / cpu_seconds(base)[0])
        peaks.append(peak)
    low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
    print(f"{name} / {base_name}: {middle:.2f} ({low:.2f} to {high:.2f}); peak {max(peaks) / 1024:.0f} MiB")


def thousand_resources(folder: Path) -> Path:
    """Write a scenario of 1,000 machines."""
    lines = [
        "scenario: thousand",
        "title: A thousand machines",
        "workload: {monthly_requests: 5M}",
        "resources:",
    ]
    for number in range(1000):
        lines += [
            f"  vm-{number}:",
            "    kind: compute-instance",
            "    role: compute",
            f"    vcpu: {2 + 2 * (number % 4)}",
            "    memory: 24 GB",
            f"    disks: [{{type: network-ssd, size: {20 + number % 80} GB}}]",
        ]
    path = folder / "thousand.yaml"
    path.write_text("\n".join(lines) + "\n")
    return path


def main() -> None:
    """Print all ratios."""
    python, costplan = sys.executable, str(COSTPLAN)
    with tempfile.TemporaryDirectory() as name:
        bare = Path(name) / "bare.py"
        bare.write_text(BARE_TYPER)
        imports = [python, "-c", "import typer, rich, pydantic, yaml"]
        pair("--help", [costplan, "--help"], "a bare typer app's --help", [python, str(bare), "--help"])
        pair("--version", [costplan, "--version"], "python -c pass", [python, "-c", "pass"])
        pair(
            "estimate stage2", [costplan, "estimate", "stage2"], "import typer, rich, pydantic, yaml", imports
        )
        models = "from pydantic import BaseModel\nclass A(BaseModel):\n    x: int\nA(x=1)\nimport yaml"
        pair(
            "estimate stage2",
            [costplan, "estimate", "stage2"],
            "one pydantic model, and yaml",
            [python, "-c", models],
        )
        large = str(thousand_resources(Path(name)))
        pair(
            "1,000 resources",
            [costplan, "estimate", large],
            "estimate stage2",
            [costplan, "estimate", "stage2"],
        )
        started = time.perf_counter()
        cpu_seconds([costplan, "estimate", large])
        print(f"1,000 resources: {time.perf_counter() - started:.2f} s")


if __name__ == "__main__":
    main()
