"""How many processors this process may use: its affinity, cut by the quota of its container."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

_CGROUP_ROOT = Path("/sys/fs/cgroup")
_OWN_GROUPS = Path("/proc/self/cgroup")


def usable_cpus(own_groups: Path = _OWN_GROUPS, root: Path = _CGROUP_ROOT) -> int:
    """Return the processors to plan threads for, at least 1.

    ONNX Runtime counts the host's cores, so that in a container it starts more threads than may run. A part
    of a processor is rounded down: a thread that is throttled half the time delays all the others.
    """
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = cpu_quota(own_groups, root)
    return allowed if quota is None else max(1, min(allowed, int(quota)))


def cpu_quota(own_groups: Path = _OWN_GROUPS, root: Path = _CGROUP_ROOT) -> float | None:
    """Return the tightest quota, in processors, of this process's control group and those above it.

    Source: Linux `Documentation/admin-guide/cgroup-v2.rst` (`cpu.max`), `cgroup-v1/` (`cpu.cfs_quota_us`).
    """
    try:
        lines = own_groups.read_text().splitlines()
    except OSError:
        return None
    found: list[float] = []
    for line in lines:
        hierarchy, controllers, path = line.split(":", 2)
        if hierarchy == "0":
            found += _quotas_upward(root, path, _unified_quota)
        elif "cpu" in controllers.split(","):
            found += _quotas_upward(root / controllers, path, _legacy_quota)
            found += _quotas_upward(root / "cpu", path, _legacy_quota)
    return min(found, default=None)


def _quotas_upward(top: Path, path: str, read: Callable[[Path], float | None]) -> list[float]:
    parts = [part for part in path.split("/") if part not in ("", "..")]
    folders = [top.joinpath(*parts[:depth]) for depth in range(len(parts), -1, -1)]
    return [quota for folder in folders if (quota := read(folder)) is not None]


def _unified_quota(folder: Path) -> float | None:
    return _ratio(_first_line(folder / "cpu.max"))


def _legacy_quota(folder: Path) -> float | None:
    quota, period = _first_line(folder / "cpu.cfs_quota_us"), _first_line(folder / "cpu.cfs_period_us")
    return _ratio(f"{quota} {period}")


def _ratio(text: str) -> float | None:
    """Read `quota period` in microseconds; `max` and -1 mean that there is no quota."""
    match text.split():
        case [quota, period] if quota.isdigit() and period.isdigit() and int(period) > 0:
            return int(quota) / int(period)
        case _:
            return None


def _first_line(file: Path) -> str:
    try:
        return file.read_text().strip()
    except OSError:
        return ""
