"""When the next request leaves: one class per mode; none of them ever waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from costplan.bench.clock import NS_PER_S, Clock
from costplan.bench.load.alarm import make_alarm
from costplan.bench.load.samples import Samples
from costplan.bench.load.schedule import Arrivals, draw_constant, draw_poisson, read_recorded
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.outcomes import CONNECTION_FAILURES, Outcome

_OK = Outcome.OK
_SENDS_PER_TURN = 64
"""After so many overdue sends the loop looks at replies first: a catching-up generator must not go deaf."""
_PAUSE_AFTER_FAILURE_S = 0.01
"""Before a closed loop tries again after a connection failure: a refused port must not spin."""


@dataclass(frozen=True, slots=True)
class ModeContext:
    """What a mode works with."""

    clock: Clock
    loop: asyncio.AbstractEventLoop
    samples: Samples
    record: Callable[[int, int, int, int], None]
    send: Callable[[int], None]
    """The transport's."""
    start: int
    """First moment at which a request may be due, ns."""
    end: int
    """Nothing is due from here on, ns."""


class ModeDriver(Protocol):
    """Decides when requests are due. `finished` is the transport's way back."""

    is_exhausted: bool
    """Nothing will be sent any more."""
    end: int
    """When the window ends, ns; a recorded schedule may set its own."""

    def issued(self) -> int:
        """Requests that have been sent or dropped."""

    def begin(self) -> None:
        """Send the first; called at `context.start`."""

    def finished(self, due: int, sent: int, done: int, outcome: Outcome) -> None:
        """Record an ended request, and send what follows from it."""

    def halt(self) -> None:
        """Send nothing more."""


class ClosedLoop:
    """Keeps a number of requests in flight: each answer sends the next request, due at once."""

    def __init__(self, context: ModeContext, in_flight: int) -> None:
        self._context = context
        self._record = context.record
        self._send = context.send
        self._in_flight = in_flight
        self._sent = bytearray()  # one byte per send: append is atomic, for worker threads end requests too
        self.is_exhausted = False
        self.end = context.end

    def issued(self) -> int:
        """Requests sent."""
        return len(self._sent)

    def begin(self) -> None:
        """Send as many as are to be in flight."""
        for _ in range(self._in_flight):
            self._send_next(self._context.clock.now())

    def finished(self, due: int, sent: int, done: int, outcome: Outcome) -> None:
        """Record, then send the next; due when its predecessor was done."""
        self._record(due, sent, done, outcome)
        # OK first: an enum's hash is a Python call, and this runs once per request.
        if outcome is not _OK and outcome in CONNECTION_FAILURES:
            self._context.loop.call_soon_threadsafe(self._send_later)
        else:
            self._send_next(done)

    def _send_later(self) -> None:
        self._context.loop.call_later(
            _PAUSE_AFTER_FAILURE_S, lambda: self._send_next(self._context.clock.now())
        )

    def _send_next(self, due: int) -> None:
        if self.is_exhausted:
            return
        if due >= self.end:
            self.is_exhausted = True
            return
        self._sent.append(0)
        self._send(due)

    def halt(self) -> None:
        """Send nothing more."""
        self.is_exhausted = True


class Batch:
    """A number of requests, all due at the start; a number of them in flight until none is left."""

    def __init__(self, context: ModeContext, in_flight: int, requests: int) -> None:
        self._context = context
        self._in_flight = in_flight
        self._left = iter(range(requests))
        self._sent = bytearray()  # one byte per send: append is atomic, for worker threads end requests too
        self.is_exhausted = False
        self.end = context.end

    def issued(self) -> int:
        """Requests sent."""
        return len(self._sent)

    def begin(self) -> None:
        """Send as many as may be in flight."""
        for _ in range(self._in_flight):
            self._send_next()

    def finished(self, due: int, sent: int, done: int, outcome: Outcome) -> None:
        """Record, then send the next."""
        self._context.record(due, sent, done, outcome)
        if outcome in CONNECTION_FAILURES:
            self._context.loop.call_soon_threadsafe(self._send_later)
        else:
            self._send_next()

    def _send_later(self) -> None:
        self._context.loop.call_later(_PAUSE_AFTER_FAILURE_S, self._send_next)

    def _send_next(self) -> None:
        if self.is_exhausted or next(self._left, None) is None:
            self.is_exhausted = True
            return
        self._sent.append(0)
        self._context.send(self._context.start)

    def halt(self) -> None:
        """Send nothing more."""
        self.is_exhausted = True


class OpenLoop:
    """Sends on a schedule drawn before the start, whatever becomes of the requests before."""

    def __init__(self, context: ModeContext, dues: list[int], cap: int) -> None:
        self._context = context
        self._dues = dues
        self._cap = cap
        self._issued = 0
        self._alarm = make_alarm(context.clock, context.loop, self._send_due)
        self.is_exhausted = not dues
        self.end = context.end

    def issued(self) -> int:
        """Requests sent or dropped."""
        return self._issued

    def begin(self) -> None:
        """Set the alarm for the first."""
        if self._dues:
            self._alarm.set(self._dues[0])

    def finished(self, due: int, sent: int, done: int, outcome: Outcome) -> None:
        """Record; what comes next does not depend on it."""
        self._context.record(due, sent, done, outcome)

    def _send_due(self) -> None:
        if self.is_exhausted:
            return
        dues, now = self._dues, self._context.clock.now()
        last = min(len(dues), self._issued + _SENDS_PER_TURN)
        while self._issued < last and dues[self._issued] <= now:
            self._send_or_drop(dues[self._issued])
        if self._issued == len(dues):
            self.halt()
        elif dues[self._issued] <= now:
            self._context.loop.call_soon(self._send_due)
        else:
            self._alarm.set(dues[self._issued])

    def _send_or_drop(self, due: int) -> None:
        in_flight = self._issued - len(self._context.samples)
        self._issued += 1
        if in_flight < self._cap:
            self._context.send(due)
            return
        now = self._context.clock.now()
        self._context.record(due, now, now, Outcome.DROPPED)

    def halt(self) -> None:
        """Send nothing more."""
        self.is_exhausted = True
        self._alarm.close()


def draw_schedule(settings: LoadSettings) -> list[int]:
    """Return the offsets in ns of an open loop's requests, lead-in included: of all, those of its part.

    Raises:
        InputError: The rate, the duration or the recorded file is wrong.
    """
    drawn: list[int] = settings.part.of(whole_schedule(settings)).tolist()
    return drawn


def whole_schedule(settings: LoadSettings) -> NDArray[np.int64]:
    """Return the offsets of all generators together, shape (n_requests,); see `draw_schedule`."""
    duration_s = settings.lead_in_s + settings.window_s
    if settings.arrivals is Arrivals.RECORDED and settings.recorded is not None:
        offsets = read_recorded(settings.recorded)
        return offsets[offsets < round(duration_s * NS_PER_S)]
    rate = settings.requests_per_second or 0.0
    if settings.arrivals is Arrivals.CONSTANT:
        return draw_constant(rate, duration_s)
    return draw_poisson(rate, duration_s, settings.seed)


def make_driver(settings: LoadSettings, context: ModeContext, offsets: list[int]) -> ModeDriver:
    """Make the driver for a mode; `offsets` only matter to the open loop."""
    if settings.mode is Mode.OPEN:
        return OpenLoop(context, [context.start + offset for offset in offsets], settings.limits.in_flight)
    if settings.mode is Mode.BATCH:
        requests = settings.part.share(settings.batch_requests)
        return Batch(context, min(settings.connections, requests), requests)
    return ClosedLoop(context, settings.in_flight)
