"""Journals of workers that share one load, in virtual time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from load_servers import simulated
from measured_examples import measurement
from virtual_clock import virtual_clock

from costplan.bench.cluster.worker import journal_of
from costplan.bench.document import plain_data
from costplan.bench.load.journal import Journal
from costplan.bench.load.modes import draw_schedule
from costplan.bench.load.runner import Recording, run_point
from costplan.bench.load.samples import Samples
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.load.slices import Slice
from costplan.bench.outcomes import Outcome
from costplan.bench.target import LocalPlan
from costplan.measurement.load_workers import LoadWorker, SharedLoad
from costplan.measurement.model import Generator, Measurement

MS = 1_000_000
OPEN = LoadSettings(Mode.OPEN, window_s=4, lead_in_s=0.5, requests_per_second=400, seed=5, concurrency=8)


def header(part: Slice, settings: LoadSettings = OPEN, **changes: Any) -> Measurement:
    """What a worker writes first."""
    shared = {"run_id": "run-a", "start_at": 1000.0} | changes.pop("shared", {})
    worker = LoadWorker(part.index, ceiling_requests_per_second=5000.0, start_ms=0.0, clock_offset_ms=0.0)
    draft = replace(
        measurement(),
        points=(),
        capacity=replace(measurement().capacity, requests_per_second=None, low=None, high=None),
        generator=Generator(5000.0),
        seed=settings.seed,
        shared_load=SharedLoad(count=part.count, workers=(worker,), **shared),
    )
    return replace(draft, **changes)


def run_worker_point(
    settings: LoadSettings, service_ns: Callable[[], int] = lambda: 2 * MS, journal: Journal | None = None
) -> Recording:
    return run_point(
        LocalPlan([], lambda r: None),
        settings,
        clock=virtual_clock(),
        journal=journal,
        transport_factory=simulated(service_ns, workers=64),
    )


def write_journal(
    folder: Path,
    part: Slice,
    settings: LoadSettings = OPEN,
    service_ns: Callable[[], int] = lambda: 2 * MS,
    **changes: Any,
) -> tuple[Path, Recording]:
    """Run one worker's part and write its journal; returns what it holds."""
    draft = header(part, settings, **changes)
    assert draft.shared_load is not None
    journal = Journal(journal_of(folder, draft.shared_load.run_id, part.index), plain_data(draft))
    recording = run_worker_point(replace(settings, part=part), service_ns, journal)
    journal.close()
    return journal.path, recording


def write_answers(folder: Path, part: Slice, settings: LoadSettings, service_ns: int) -> Path:
    """Write the journal of a worker whose requests were all sent when due and answered after `service_ns`."""
    samples = Samples()
    for due in draw_schedule(replace(settings, part=part)):
        samples.add(due, due, due + service_ns, Outcome.OK)
    draft = header(part, settings)
    assert draft.shared_load is not None
    journal = Journal(journal_of(folder, draft.shared_load.run_id, part.index), plain_data(draft))
    journal.begin(replace(settings, part=part), 0)
    opens = round(settings.lead_in_s * 1e9)
    journal.finish(samples, "completed", "", opens, opens + round(settings.window_s * 1e9))
    journal.close()
    return journal.path
