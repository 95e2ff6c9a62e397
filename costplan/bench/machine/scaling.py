"""How throughput grows with cores: measured on pinned cores, never supposed to be linear."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from costplan.measurement.core_curve import CoreCurve


def core_counts(cores: int) -> list[int]:
    """Return 1, 2, 4 ... and all of them.

    Example: 6 cores -> 1, 2, 4, 6.
    """
    counts = [1]
    while counts[-1] * 2 <= cores:
        counts.append(counts[-1] * 2)
    return counts if counts[-1] == cores else [*counts, cores]


def fit_curve(points: Sequence[tuple[int, float]]) -> CoreCurve | None:
    """Fit the universal scalability law through the first point, by least squares over the others.

    With n cores and the gain C = X(n) / X(1): n / C - 1 = contention (n - 1) + coherency n (n - 1). Neither
    may be negative. Two points cannot tell them apart: coherency is then 0 (Amdahl's law).

    Args:
        points: Cores and requests per second; the first has 1 core.
    """
    if len(points) < 2 or points[0][0] != 1 or min(rate for _, rate in points) <= 0:
        return None
    first = points[0][1]
    cores = np.array([n for n, _ in points[1:]], dtype=np.float64)
    gain = np.array([rate / first for _, rate in points[1:]], dtype=np.float64)
    loss = cores / gain - 1
    both = np.column_stack([cores - 1, cores * (cores - 1)])
    contention, coherency = _solve(both, loss) if len(points) > 2 else (_only(both[:, 0], loss), 0.0)
    if coherency < 0:
        contention, coherency = _only(both[:, 0], loss), 0.0
    if contention < 0:
        contention, coherency = 0.0, max(0.0, _only(both[:, 1], loss)) if len(points) > 2 else 0.0
    rounded = tuple((n, round(rate, 3)) for n, rate in points)
    return CoreCurve(rounded, round(max(0.0, contention), 6), round(max(0.0, coherency), 6))


Column = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def _solve(both: Column, loss: Column) -> tuple[float, float]:
    found, *_ = np.linalg.lstsq(both, loss, rcond=None)
    return float(found[0]), float(found[1])


def _only(column: Column, loss: Column) -> float:
    return float(column @ loss / (column @ column))


@contextlib.contextmanager
def pinned(process_id: int, cores: int) -> Iterator[bool]:
    """Keep a process that we started, with all its threads, on so many of the processors it may use.

    Yields:
        Whether that was possible here.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield False
        return
    allowed = sorted(os.sched_getaffinity(process_id))
    try:
        yield len(allowed) >= cores and _pin(process_id, set(allowed[-cores:]))
    finally:
        _pin(process_id, set(allowed))


def _pin(process_id: int, processors: set[int]) -> bool:
    try:
        threads = [int(entry.name) for entry in Path(f"/proc/{process_id}/task").iterdir()]
    except OSError:
        return False
    for thread in threads:
        with contextlib.suppress(OSError):  # a thread may have ended meanwhile
            os.sched_setaffinity(thread, processors)
    return bool(threads)
