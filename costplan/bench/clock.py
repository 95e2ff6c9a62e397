"""Time as a parameter: the real clock with the fastest event loop here, or a virtual one for tests."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from time import perf_counter_ns
from typing import Any

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


class _VirtualTime:
    def __init__(self) -> None:
        self.now_ns = 0

    def read(self) -> int:
        return self.now_ns


class _JumpingSelector(selectors.BaseSelector):
    """A selector that never waits: asked to wait for t seconds, it moves the virtual clock by t."""

    def __init__(self, time: _VirtualTime) -> None:
        self._real = selectors.DefaultSelector()
        self._time = time

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = self._real.select(0)
        if not ready and timeout is None:
            raise RuntimeError("the virtual clock has nothing to wait for: this run would hang")
        if not ready and timeout and timeout > 0:
            # One nanosecond more than asked: float timers must not find themselves a hair too early for ever.
            self._time.now_ns += round(timeout * NS_PER_S) + 1
        return ready

    def register(self, fileobj: object, events: int, data: object = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)  # type: ignore[arg-type]

    def unregister(self, fileobj: object) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)  # type: ignore[arg-type]

    def modify(self, fileobj: object, events: int, data: object = None) -> selectors.SelectorKey:
        return self._real.modify(fileobj, events, data)  # type: ignore[arg-type]

    def close(self) -> None:
        self._real.close()

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()


class _VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self, time: _VirtualTime) -> None:
        self._virtual = time
        super().__init__(_JumpingSelector(time))

    def time(self) -> float:
        return self._virtual.now_ns / NS_PER_S


def virtual_clock() -> Clock:
    """Make a clock that jumps to the next timer: a minute of load takes as long as its events need.

    Only for targets that live in the event loop; a socket or a thread does not follow virtual time.
    """
    time = _VirtualTime()
    return Clock(now=time.read, new_loop=lambda: _VirtualLoop(time), is_virtual=True)
