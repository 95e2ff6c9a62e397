"""Bounds on time that mean the same on a busy machine: by what this process was given, not by the wall."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator

_TICK_S = 0.01


@contextlib.contextmanager
def own_seconds() -> Iterator[Callable[[], float]]:
    """Count the seconds as one who waits sees them; for bounds on waiting, inside this process.

    A thread counts its own sleeps of ten milliseconds: on a quiet machine a clock, slow by a hundredth.
    Where other work takes the processor, the ticks come as late as all else that waits here, so that
    a bound in these seconds is neither broken by load nor loosened on a quiet machine.
    """
    ticks, ended = [0], threading.Event()

    def count() -> None:
        while not ended.wait(_TICK_S):
            ticks[0] += 1

    thread = threading.Thread(target=count, daemon=True)
    thread.start()
    try:
        yield lambda: ticks[0] * _TICK_S
    finally:
        ended.set()
        thread.join()


def cpu_seconds() -> float:
    """Return what this process and its ended children have used of processors; for bounds on work."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def wait_until(holds: Callable[[], object], what: str, seconds: float = 240.0) -> None:
    """Wait for what must come, however busy the machine is; nothing is said of how long it takes."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"it never came: {what}")
        time.sleep(0.01)


_LOOP_S = 0.05
"""What the loop of `slowness` takes on the quiet machine on which the bounds of the tests were set."""


def slowness() -> float:
    """Return how many times slower than there this processor works just now, at least 1.

    Two busy hardware threads of one core halve each other's speed, and processor seconds do not show it:
    a bound on work is a number of these loops. 2 s of the quiet machine are 40 loops anywhere.
    """
    begun, n = time.process_time(), 0
    for step in range(400_000):
        n = (n * 31 + step) & 0xFFFF
    return max(1.0, (time.process_time() - begun) / _LOOP_S)
