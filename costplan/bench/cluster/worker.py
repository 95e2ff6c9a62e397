"""One of several load generators: makes ready by itself, starts with the others, journals its part."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from costplan.bench.capacity_search.measure import Bench
from costplan.bench.capacity_search.warmup import WarmUpRule
from costplan.bench.clock import NS_PER_S, REAL_CLOCK
from costplan.bench.cluster.meeting import MARGIN_S, Agreement, Meeting
from costplan.bench.document import initial_measurement, plain_data
from costplan.bench.load.interrupts import Interrupts
from costplan.bench.load.journal import Journal
from costplan.bench.load.runner import Ending, Recording, run_point
from costplan.bench.load.settings import LoadSettings
from costplan.bench.machine.fingerprint import fingerprint
from costplan.bench.results.statistics import minimum_count
from costplan.bench.target import Target
from costplan.measurement.load_workers import LoadWorker, SharedLoad
from costplan.measurement.model import MeasuredSlo, Measurement
from costplan.messages.reason import Reason

LEAD_IN_S: Final = 1.0
_WARM_UP: Final = WarmUpRule(max_s=6.0)
_OPEN_AHEAD_S: Final = 2.0
"""Before the start, connections are opened; a server closes those that are left idle for long."""
_LOOK_S: Final = 0.2
_SAMPLE_MARGIN = 1.1


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """What one worker does; all workers of a run are given the same, but for `settings.part`."""

    settings: LoadSettings
    slo: MeasuredSlo
    run_id: str
    folder: Path
    """Where its journal goes, and where the workers meet."""
    start_at: float | None = None
    """Seconds since 1970; None: the first worker names the moment when all have come."""
    wait_s: float = 600.0
    model_name: str = ""
    flags: Mapping[str, Any] = field(default_factory=dict)
    is_co_located: bool = True

    @property
    def journal(self) -> Path:
        """The file of its samples."""
        return journal_of(self.folder, self.run_id, self.settings.part.index)


def journal_of(folder: Path, run_id: str, index: int) -> Path:
    """Return where a worker of a run writes its samples."""
    return folder / f"{run_id}-{index:05d}.jsonl"


def window_for(slo: MeasuredSlo, asked_s: float, requests_per_second: float | None) -> float:
    """Return the window in seconds: as asked, and long enough for the percentile at this rate.

    It follows from the options alone, so that all workers have the same.
    """
    if requests_per_second is None:
        return asked_s
    return max(asked_s, _SAMPLE_MARGIN * minimum_count(slo.percentile) / requests_per_second)


def run_worker(
    target: Target,
    options: WorkerOptions,
    *,
    interrupts: Interrupts | None = None,
    tell: Callable[[str], None] = lambda said: None,
) -> str | None:
    """Send one worker's part of the load.

    Args:
        target: A running server.
        options: What to do.
        interrupts: Ctrl-C ends the run with what there is.
        tell: Told what it is waiting for.

    Returns:
        Why the samples are not whole, or None.

    Raises:
        InputError: The server cannot be reached, others did not come, or the journal cannot be written.
        CostplanError: The server answers wrongly.
    """
    try:
        return _Worker(target, options, interrupts or Interrupts(), tell).run()
    finally:
        target.stop()


class _Worker:
    def __init__(
        self, target: Target, options: WorkerOptions, interrupts: Interrupts, tell: Callable[[str], None]
    ) -> None:
        self.target, self.options, self.interrupts, self.tell = target, options, interrupts, tell
        self.environment = fingerprint()

    def run(self) -> str | None:
        options = self.options
        cold = self.target.start()
        bench = Bench(self.target.plan(), options.settings, options.slo, interrupts=self.interrupts)
        bench.calibrate()
        bench.warm_up(_WARM_UP)
        meeting = Meeting(
            options.folder,
            options.run_id,
            options.settings.part,
            options.wait_s,
            MARGIN_S,
            self.interrupts,
        )
        self.tell(Reason("ready; waiting for the start"))
        try:
            agreed = meeting.agree(options.start_at)
        finally:
            meeting.leave()
        if agreed is None:
            return Reason("interrupted before its start")
        draft = initial_measurement(
            self.target.describe(),
            cold,
            bench.ceiling,
            options.slo,
            self.environment,
            seed=options.settings.seed,
            flags=options.flags,
            model_name=options.model_name,
            is_co_located=options.is_co_located,
            shared_load=self._shared_load(bench, agreed),
        )
        return self._send(bench, draft, agreed)

    def _shared_load(self, bench: Bench, agreed: Agreement) -> SharedLoad:
        options, environment, ceiling = self.options, self.environment, bench.ceiling
        start_s = agreed.own_start - agreed.clock_offset_s - agreed.start_at
        worker = LoadWorker(
            index=options.settings.part.index,
            ceiling_requests_per_second=ceiling.ceiling_requests_per_second if ceiling else None,
            start_ms=round(start_s * 1e3, 3),
            clock_offset_ms=round(agreed.clock_offset_s * 1e3, 3),
            processor=environment.processor.name,
            usable_cpus=environment.usable_cpus,
        )
        return SharedLoad(options.run_id, options.settings.part.count, agreed.start_at, (worker,))

    def _send(self, bench: Bench, draft: Measurement, agreed: Agreement) -> str | None:
        journal = Journal(self.options.journal, plain_data(draft))
        try:
            late_s = time.time() - agreed.own_start
            if late_s > 0:
                return Reason("ready {seconds} s after the start: nothing was sent", f"{late_s:.1f}")
            self._sleep_until(agreed.own_start - _OPEN_AHEAD_S)
            if self.interrupts.requested:
                return Reason("interrupted before its start")
            start_at = REAL_CLOCK.now() + round((agreed.own_start - time.time()) * NS_PER_S)
            settings = self.options.settings
            recording = run_point(
                bench.plan, settings, journal=journal, interrupts=self.interrupts, start_at=start_at
            )
        finally:
            journal.close()
        return journal.incomplete or _early_end(recording)

    def _sleep_until(self, moment: float) -> None:
        while (left := moment - time.time()) > 0 and not self.interrupts.requested:
            time.sleep(min(left, _LOOK_S))


def _early_end(recording: Recording) -> str | None:
    return None if recording.ending is Ending.COMPLETED else recording.note
