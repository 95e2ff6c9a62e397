"""Waking the event loop at an exact moment, without burning a core to wait for it."""

from __future__ import annotations

import asyncio
import ctypes
import os
import sys
from collections.abc import Callable
from typing import Protocol

from costplan.bench.clock import NS_PER_S, Clock

_CLOCK_MONOTONIC = 1
_TFD_TIMER_ABSTIME = 1
_TFD_FLAGS = os.O_NONBLOCK | os.O_CLOEXEC if hasattr(os, "O_NONBLOCK") else 0


class Alarm(Protocol):
    """Calls back once per `set`, not before the moment asked for."""

    def set(self, due_ns: int) -> None:
        """Ask for a call at `due_ns` of the run's clock; replaces an earlier request."""

    def close(self) -> None:
        """Give up the wish and what it took."""


def make_alarm(clock: Clock, loop: asyncio.AbstractEventLoop, ring: Callable[[], None]) -> Alarm:
    """Return the most exact alarm there is: the kernel's timer on Linux, else the loop's own."""
    if not clock.is_virtual and sys.platform == "linux":
        try:
            return KernelAlarm(loop, ring)
        except (OSError, AttributeError):  # an old C library, or a sandbox without timerfd
            pass
    return LoopAlarm(clock, loop, ring)


class LoopAlarm:
    """The event loop's timers: uvloop rounds them to whole milliseconds."""

    def __init__(self, clock: Clock, loop: asyncio.AbstractEventLoop, ring: Callable[[], None]) -> None:
        self._clock = clock
        self._loop = loop
        self._ring = ring
        self._handle: asyncio.TimerHandle | None = None

    def set(self, due_ns: int) -> None:
        """Ask for a call at `due_ns`."""
        self.close()
        self._handle = self._loop.call_later(max(0, due_ns - self._clock.now()) / NS_PER_S, self._ring)

    def close(self) -> None:
        """Cancel."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None


class _Moment(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _TimerSpec(ctypes.Structure):
    _fields_ = (("interval", _Moment), ("value", _Moment))


class KernelAlarm:
    """A timerfd on CLOCK_MONOTONIC, which is also what `perf_counter_ns` reads on Linux.

    It wakes the loop within some tens of microseconds. The loop's own timers are up to a millisecond late,
    and that would count as the server's response time. `os.timerfd_create` exists from Python 3.13 only.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, ring: Callable[[], None]) -> None:
        library = ctypes.CDLL(None, use_errno=True)
        self._set_time = library.timerfd_settime
        self._set_time.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
        self._fd: int = library.timerfd_create(_CLOCK_MONOTONIC, _TFD_FLAGS)
        if self._fd < 0:
            raise OSError(ctypes.get_errno(), "timerfd_create failed")
        self._spec = _TimerSpec()
        self._address = ctypes.addressof(self._spec)
        self._loop = loop
        self._ring = ring
        loop.add_reader(self._fd, self._expired)

    def set(self, due_ns: int) -> None:
        """Ask for a call at `due_ns`; a moment that has passed rings at once."""
        value = self._spec.value
        value.seconds, value.nanoseconds = divmod(max(1, due_ns), NS_PER_S)
        self._set_time(self._fd, _TFD_TIMER_ABSTIME, self._address, None)

    def _expired(self) -> None:
        try:
            os.read(self._fd, 8)
        except BlockingIOError:  # set anew since it expired
            return
        self._ring()

    def close(self) -> None:
        """Take the timer out of the loop."""
        if self._fd >= 0:
            self._loop.remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1
