"""Time as a parameter: the real clock with the fastest event loop here, or a virtual one for tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from time import perf_counter_ns

NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a run takes its time from."""

    now: Callable[[], int]
    """Nanoseconds since some fixed moment, never falling."""
    new_loop: Callable[[], asyncio.AbstractEventLoop]
    """An event loop whose timers follow `now`."""
    is_virtual: bool = False


def _fastest_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def loop_name() -> str:
    """Name the event loop that real runs use, for the fingerprint: it decides the generator's ceiling."""
    try:
        import uvloop  # noqa: F401
    except ImportError:
        return "asyncio"
    return f"uvloop {version('uvloop')}"


REAL_CLOCK = Clock(now=perf_counter_ns, new_loop=_fastest_loop)
