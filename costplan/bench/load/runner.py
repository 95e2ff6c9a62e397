"""One load point from its first send to its last outcome."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from time import process_time_ns, thread_time_ns
from typing import Protocol

from costplan.bench.clock import NS_PER_S, REAL_CLOCK, Clock
from costplan.bench.load.interrupts import Interrupts
from costplan.bench.load.journal import PointJournal
from costplan.bench.load.modes import ModeContext, ModeDriver, draw_schedule, make_driver
from costplan.bench.load.overload import OverloadDetector
from costplan.bench.load.progress import Progress, no_progress
from costplan.bench.load.samples import Samples
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.outcomes import Outcome
from costplan.bench.target import Plan
from costplan.bench.transport import Surroundings, Transport, TransportLimits, make_transport

_TICK_S = 0.05
"""How often a run looks at timeouts, overload, interrupts and the journal."""
_START_DELAY_NS = 2_000_000
"""Before the first due time of a schedule, so that its first request is not late by construction."""
_HOPELESS_AFTER_S = 1.0
_HOPELESS_AFTER = 20
_DRAIN_SLACK_S = 1.0

TransportFactory = Callable[[Plan, TransportLimits, Surroundings], Transport]
Watch = Callable[[Samples, int], bool]
"""Takes the samples so far and the elapsed ns; True ends the window (the warm-up is warm)."""


class Foregone(Protocol):
    """Says when the rest of an open loop cannot change the answer any more."""

    @property
    def bound_ns(self) -> int:
        """How old a request must be for its answer to be known: late, or in time."""

    def __call__(self, samples: Samples, offsets: Sequence[int], start: int, now: int) -> str:
        """Take the samples so far, the offsets of the schedule, its start and now; return why, or nothing."""


class Ending(StrEnum):
    """Why a run ended."""

    COMPLETED = "completed"
    OVERLOADED = "overloaded"
    INTERRUPTED = "interrupted"
    HOPELESS = "hopeless"
    """Nothing but failures from the start."""
    MISSED = "missed"
    """The SLO was missed for certain: the rest of the window could not change it."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One run's raw measurements and what is needed to read them."""

    settings: LoadSettings
    samples: Samples
    start: int
    """When the window opens, ns of the run's clock: requests due before belong to the lead-in."""
    end: int
    """When the window closes, ns; nothing was due from here on."""
    asked: int
    """Requests that the schedule had due inside the window, or that the batch has; 0 where neither is."""
    ending: Ending = Ending.COMPLETED
    note: str = ""
    """What ended the run early, in words with numbers."""
    generator_cpu_ns: int = 0
    """Processor time of this process during the run."""
    loop_cpu_ns: int = 0
    """That of the thread that sends: where the target answers in this process, the rest is the target's."""
    late_ns: int = 0
    """How long after the moment that was agreed with others it started."""


def run_point(
    plan: Plan,
    settings: LoadSettings,
    *,
    clock: Clock = REAL_CLOCK,
    journal: PointJournal | None = None,
    progress: Progress = no_progress,
    interrupts: Interrupts | None = None,
    watch: Watch | None = None,
    foregone: Foregone | None = None,
    transport_factory: TransportFactory = make_transport,
    start_at: int | None = None,
) -> Recording:
    """Measure one load point.

    Ends in bounded time whatever the server does: after lead-in, window, one timeout and a second.

    Args:
        plan: What to send and how to judge the answers.
        settings: Load, window and limits.
        clock: Real, or virtual with a target that lives in the event loop.
        journal: Takes the samples as they come.
        progress: Told some times per second how far the run is.
        interrupts: Its flag ends the run with what there is.
        watch: May end the window earlier; what is in flight is awaited.
        foregone: May give an open loop up.
        transport_factory: Replaced in tests.
        start_at: The moment, ns of the clock, at which several generators start together; None: at once.

    Returns:
        Every request in exactly one outcome class.

    Raises:
        InputError: The schedule cannot be drawn, or the target's name is not found or refused.
    """
    offsets = draw_schedule(settings) if settings.mode is Mode.OPEN else []
    loop = clock.new_loop()
    try:
        run = _Run(plan, settings, clock, loop, offsets, transport_factory, start_at)
        run.foregone = foregone
        return loop.run_until_complete(run.measure(journal, progress, interrupts or Interrupts(), watch))
    finally:
        loop.close()


class _Run:
    def __init__(
        self,
        plan: Plan,
        settings: LoadSettings,
        clock: Clock,
        loop: asyncio.AbstractEventLoop,
        offsets: list[int],
        transport_factory: TransportFactory,
        start_at: int | None = None,
    ) -> None:
        self.settings = settings
        self.start_at = start_at
        self.late_ns = 0
        self.clock = clock
        self.loop = loop
        self.offsets = offsets
        self.samples = Samples()
        self.ending = Ending.COMPLETED
        self.note = ""
        self.foregone: Foregone | None = None
        self.ended_at = 0
        surroundings = Surroundings(clock, loop, self.samples.explain)
        self.transport = transport_factory(plan, settings.limits, surroundings)

    def _begin(self) -> tuple[ModeDriver, int]:
        settings, samples = self.settings, self.samples
        start = self.clock.now() + self._head_start_ns()
        if self.start_at is not None:
            start = max(start, self.start_at)
            self.late_ns = start - self.start_at
        duration_ns = round((settings.lead_in_s + settings.window_s) * NS_PER_S)
        record = samples.add_from_thread if self.transport.ends_in_threads else samples.add
        context = ModeContext(
            self.clock, self.loop, samples, record, self.transport.send, start, start + duration_ns
        )
        driver = make_driver(settings, context, self.offsets)
        self.transport.finished = driver.finished
        return driver, start

    def _head_start_ns(self) -> int:
        return _START_DELAY_NS if self.settings.mode is Mode.OPEN else 0

    async def _wait_for_start(self, interrupts: Interrupts) -> None:
        """Wait, with the connections open, for the moment that was agreed."""
        if self.start_at is None:
            return
        wake = self.start_at - self._head_start_ns()
        while (left := wake - self.clock.now()) > 0 and not interrupts.requested:
            await asyncio.sleep(min(left / NS_PER_S, _TICK_S))

    async def measure(
        self,
        journal: PointJournal | None,
        progress: Progress,
        interrupts: Interrupts,
        watch: Watch | None,
    ) -> Recording:
        await self.transport.open(self.settings.connections)
        gc.collect()
        gc.freeze()  # what lives now is not looked at again while requests are in flight
        try:
            await self._wait_for_start(interrupts)
            cpu_before, loop_before = process_time_ns(), thread_time_ns()
            driver, start = self._begin()
            if journal is not None:
                journal.begin(self.settings, start, self.late_ns)
            driver.begin()
            await self._watch_until_done(driver, start, journal, progress, interrupts, watch)
            cpu_ns, loop_ns = process_time_ns() - cpu_before, thread_time_ns() - loop_before
        finally:
            gc.unfreeze()
            await self.transport.close()
        recording = replace(self._recording(driver, start, cpu_ns), loop_cpu_ns=loop_ns)
        if journal is not None:
            journal.finish(
                self.samples, recording.ending.value, recording.note, recording.start, recording.end
            )
        return recording

    async def _watch_until_done(
        self,
        driver: ModeDriver,
        start: int,
        journal: PointJournal | None,
        progress: Progress,
        interrupts: Interrupts,
        watch: Watch | None,
    ) -> None:
        length_ns = driver.end - start
        last_moment = driver.end + self.settings.limits.timeout_ns + round(_DRAIN_SLACK_S * NS_PER_S)
        detector = self._detector(length_ns)
        while not (driver.is_exhausted and driver.issued() <= len(self.samples)):
            await asyncio.sleep(_TICK_S)
            now = self.clock.now()
            self.transport.sweep(now)
            if journal is not None:
                await journal.write_new(self.samples)
            progress(min(1.0, (now - start) / length_ns), max(0.0, (driver.end - now) / NS_PER_S))
            if watch is not None and not driver.is_exhausted and watch(self.samples, now - start):
                driver.end = min(driver.end, now)
                driver.halt()
            if now >= driver.end:
                driver.halt()
            self._look_for_early_end(driver, now, start, detector, interrupts)
            if self.ending is not Ending.COMPLETED or now > last_moment:
                driver.halt()
                self.transport.abandon(Outcome.INTERRUPTED if now <= last_moment else Outcome.TIMEOUT)
                break

    def _detector(self, length_ns: int) -> OverloadDetector | None:
        if self.settings.mode is not Mode.OPEN:
            return None
        return OverloadDetector(length_ns, len(self.offsets) * NS_PER_S / length_ns)

    def _look_for_early_end(
        self,
        driver: ModeDriver,
        now: int,
        start: int,
        detector: OverloadDetector | None,
        interrupts: Interrupts,
    ) -> None:
        elapsed_s = (now - start) / NS_PER_S
        self.ended_at = now
        if interrupts.requested:
            self._end(Ending.INTERRUPTED, f"interrupted {max(0.0, elapsed_s):.1f} s after its start")
        elif self._is_hopeless(elapsed_s):
            self._end(Ending.HOPELESS, f"none of {len(self.samples)} requests succeeded in {elapsed_s:.1f} s")
        elif detector is not None and start < now < driver.end:
            wrong = detector.observe(now - start, driver.issued() - len(self.samples), self._last_lag())
            if wrong:
                self._end(Ending.OVERLOADED, f"load above capacity: {wrong}")
        if self.ending is Ending.COMPLETED and self.foregone is not None and now > start:
            missed = self.foregone(self.samples, self.offsets, start, now)
            if missed:
                self._end(Ending.MISSED, missed)

    def _end(self, ending: Ending, note: str) -> None:
        self.ending, self.note = ending, note

    def _is_hopeless(self, elapsed_s: float) -> bool:
        outcome = self.samples.outcome
        if elapsed_s < _HOPELESS_AFTER_S or len(outcome) < _HOPELESS_AFTER:
            return False
        return Outcome.OK not in outcome

    def _last_lag(self) -> int:
        samples = self.samples
        return samples.sent[-1] - samples.due[-1] if len(samples) else 0

    def _recording(self, driver: ModeDriver, start: int, cpu_ns: int) -> Recording:
        settings = self.settings
        opens = start + round(settings.lead_in_s * NS_PER_S)
        closes = driver.end
        if self.ending is not Ending.COMPLETED or settings.mode is Mode.BATCH:
            closes = max(opens + 1, min(closes, max(self.samples.done, default=closes)))
        if self.ending is Ending.MISSED and self.foregone is not None:
            # What was due later may still be in time: only requests whose answer is known are counted.
            closes = max(opens + 1, min(driver.end, self.ended_at - self.foregone.bound_ns))
        lead_in_ns = opens - start
        asked = sum(1 for offset in self.offsets if lead_in_ns <= offset < closes - start)
        if settings.mode is Mode.BATCH:
            asked = settings.batch_requests
        return Recording(
            settings,
            self.samples,
            opens,
            closes,
            asked,
            self.ending,
            self.note,
            generator_cpu_ns=cpu_ns,
            late_ns=self.late_ns,
        )
