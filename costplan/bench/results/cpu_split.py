"""Processor time of one request by step, from two readings of the server's counters."""

from __future__ import annotations

from costplan.bench.target import ServerCpu
from costplan.measurement.server_time import CpuSplit


def cpu_split(before: ServerCpu | None, after: ServerCpu | None) -> CpuSplit | None:
    """Return the means between two readings; None where nothing was read, or nothing answered."""
    if before is None or after is None or after.requests <= before.requests:
        return None
    count = after.requests - before.requests
    total = after.total_s - before.total_s
    steps = {step: after.steps_s[step] - before.steps_s.get(step, 0.0) for step in after.steps_s}
    # The total is counted in steps of 10 ms, the others in nanoseconds.
    steps["rest"] = max(0.0, total - sum(steps.values()))
    return CpuSplit(
        count,
        round(1e3 * sum(steps.values()) / count, 4),
        {step: round(1e3 * seconds / count, 4) for step, seconds in steps.items()},  # type: ignore[misc]
    )
