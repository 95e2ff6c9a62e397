"""A clock that jumps to the next timer: a minute of load takes as long as its events need."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Mapping
from typing import Any

from costplan.bench.clock import NS_PER_S, Clock


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
