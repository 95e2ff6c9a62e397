"""The journals of several workers as one measurement: samples are joined, percentiles never averaged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from costplan.bench.document import finalize, shortened
from costplan.bench.load.journal_reader import asked_inside, read_journal
from costplan.bench.load.runner import Ending, Recording
from costplan.bench.load.samples import Samples
from costplan.bench.load.schedule import MAX_ARRIVALS
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.load.slices import WHOLE, Slice
from costplan.bench.results.summary import summarise
from costplan.bench.results.verdict import Facts, Finding, generator_findings
from costplan.measurement.files import read_document
from costplan.measurement.load_workers import LoadWorker, SharedLoad
from costplan.measurement.model import MeasuredPoint, MeasuredSlo, Measurement, Stability
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible

MAX_SAMPLES: Final = MAX_ARRIVALS
"""Held in memory at once: 25 bytes each, and some copies of them while they are sorted."""
MAX_SPREAD_SHARE: Final = 0.01
"""Of the window: so far apart, the load of all together is no longer the drawn one."""
_GRAVEST: Final = (Ending.INTERRUPTED, Ending.HOPELESS, Ending.OVERLOADED)


def merge_journals(paths: Sequence[Path]) -> Measurement:
    """Join the samples that the workers of one run wrote, reading one file at a time.

    A worker that is missing, or was cut off, makes the result incomplete and invalid; the figures are of what
    there is.

    Raises:
        InputError: A file is no journal of a worker, is of another run, or of a worker that is there already.
    """
    if not paths:
        raise InputError("nothing to merge", hint="name the journals of all workers")
    merger = _Merger()
    for path in paths:
        merger.add(path)
    return merger.measurement()


@dataclass(slots=True)
class _Merger:
    draft: Measurement | None = None
    """What the first journal says of the run."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """What must be the same in all journals."""
    first: Path = Path()
    settings: LoadSettings | None = None
    """The whole load's."""
    samples: Samples = field(default_factory=Samples)
    windows: list[tuple[int, int]] = field(default_factory=list)
    """Opening and end of each worker's window, ns since its start."""
    ends: list[tuple[int, Ending, str]] = field(default_factory=list)
    workers: dict[int, LoadWorker] = field(default_factory=dict)
    files: dict[int, Path] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    """Why samples are missing."""
    limited: list[tuple[int, Finding]] = field(default_factory=list)

    def add(self, path: Path) -> None:
        """Take in one journal."""
        shown = visible(str(path))
        if not path.exists():
            raise InputError(Reason("{path}: no such file", shown))
        if not path.is_file():
            raise InputError(Reason("`{path}` is not a regular file", shown))
        read = read_journal(path, most=MAX_SAMPLES - len(self.samples))
        draft: Measurement = read_document(read.run, shown, Measurement)
        shared = draft.shared_load
        if shared is None or len(shared.workers) != 1 or len(read.recordings) > 1:
            raise InputError(
                Reason("{path}: not the journal of a worker", shown),
                hint="`costplan bench worker` writes them; `costplan bench show` reads that of a single run",
            )
        worker = shared.workers[0]
        self._check_same(path, draft, shared)
        if worker.index in self.workers:
            raise InputError(
                Reason(
                    "worker {index} is there twice: {first} and {second}",
                    str(worker.index),
                    visible(str(self.files[worker.index])),
                    shown,
                )
            )
        self.files[worker.index] = path
        self.faults += [f"worker {worker.index}: {why}" for why in read.missing]
        if read.recordings:
            self._check_load(path, read.recordings[0], Slice(worker.index, shared.count))
            worker = self._take(worker, read.recordings[0], draft)
        else:
            self.faults.append(f"worker {worker.index} sent nothing")
        self.workers[worker.index] = worker

    def _check_same(self, path: Path, draft: Measurement, shared: SharedLoad) -> None:
        facts: dict[str, object] = {
            Reason("run"): shared.run_id,
            Reason("number of workers"): str(shared.count),
            Reason("start"): f"{shared.start_at:.6f}",
            Reason("seed"): str(draft.seed),
            Reason("target"): draft.target,
            Reason("model"): f"{draft.model.name} {draft.model.sha256 or ''}".strip(),
            Reason("inputs"): ", ".join(
                f"{port.name} {port.datatype} {port.shape}" for port in draft.model.inputs
            ),
            Reason("SLO"): str(draft.slo),
        }
        if self.draft is None:
            self.draft, self.facts, self.first = draft, facts, path
        self._compare(path, self.facts, facts)

    def _check_load(self, path: Path, recording: Recording, part: Slice) -> None:
        if recording.settings.part != part:
            raise InputError(
                Reason("{path}: its samples are of another worker than it says", visible(str(path)))
            )
        whole = replace(recording.settings, part=WHOLE)
        self.settings = self.settings or whole
        self._compare(path, _load_facts(self.settings), _load_facts(whole))

    def _compare(self, path: Path, expected: Mapping[str, object], got: Mapping[str, object]) -> None:
        for name, value in got.items():
            if value != expected[name]:
                raise InputError(
                    Reason(
                        "{path} is of another run than {first}: its {name} is {value}, not {expected}",
                        visible(str(path)),
                        visible(str(self.first)),
                        name,
                        visible(str(value)[:80]),
                        visible(str(expected[name])[:80]),
                    ),
                    hint="merge the journals of one run only",
                )

    def _take(self, worker: LoadWorker, recording: Recording, draft: Measurement) -> LoadWorker:
        own = summarise(recording, slo=draft.slo)
        self.limited += [(worker.index, finding) for finding in _limits(own, draft)]
        self.samples.join(recording.samples)
        if len(recording.samples):
            self.windows.append((recording.start, recording.end))
        self.ends.append((worker.index, recording.ending, recording.note))
        return replace(
            worker,
            requests=own.requests,
            lag_p99_ms=own.lag_ms.p99,
            start_ms=round((worker.start_ms or 0.0) + recording.late_ns / 1e6, 3),
        )

    def measurement(self) -> Measurement:
        """Summarise what was taken in."""
        assert self.draft is not None
        assert self.draft.shared_load is not None
        shared = replace(
            self.draft.shared_load,
            workers=tuple(self.workers[index] for index in sorted(self.workers)),
            start_spread_ms=_spread_ms(list(self.workers.values())),
        )
        points: tuple[MeasuredPoint, ...] = ()
        faults = [*self._missing(shared), *self.faults]
        if self.settings is not None and self.windows:
            points = (shortened(self._point(shared, faults, self.draft.slo)),)
        is_whole = not faults and all(ending is not Ending.INTERRUPTED for _, ending, _ in self.ends)
        merged = replace(self.draft, points=points, shared_load=shared, generator=None, is_complete=is_whole)
        found = finalize(merged, None)
        return found if points else replace(found, verdict="INVALID", reasons=tuple(faults))

    def _missing(self, shared: SharedLoad) -> list[str]:
        missing = shared.missing
        if not missing:
            return []
        return [f"{len(missing)} of {shared.count} workers are missing: {listed(missing)}"]

    def _point(self, shared: SharedLoad, faults: Sequence[str], slo: MeasuredSlo) -> MeasuredPoint:
        assert self.settings is not None
        ending, note = self._ending()
        opens = min(opens for opens, _ in self.windows)
        ends = [end for _, end in self.windows]
        # A batch ends with its last answer; any other load is whole only until the first worker stops.
        closes = max(ends) if self.settings.mode is Mode.BATCH else max(opens + 1, min(ends))
        asked = asked_inside(self.settings, opens, closes) if self.settings.mode is Mode.OPEN else 0
        joined = Recording(self.settings, self.samples, opens, closes, asked, ending, note)
        findings: list[Finding] = [("INVALID", fault) for fault in faults]
        findings += [*_apart(shared, self.settings), *self._worst_generator(shared)]
        return summarise(joined, slo=slo, findings=findings)

    def _ending(self) -> tuple[Ending, str]:
        for kind in _GRAVEST:
            for index, ending, note in self.ends:
                if ending is kind:
                    return kind, f"worker {index}: {note}"
        return Ending.COMPLETED, ""

    def _worst_generator(self, shared: SharedLoad) -> Iterator[Finding]:
        if not self.limited:
            return
        affected = sorted({index for index, _ in self.limited})
        index, (verdict, why) = self.limited[0]
        yield verdict, f"{len(affected)} of {shared.count} workers were at their limit; worker {index}: {why}"


def _load_facts(settings: LoadSettings) -> dict[str, Any]:
    return {
        Reason("mode"): settings.mode.value,
        Reason("offered rate"): settings.requests_per_second,
        Reason("arrivals"): settings.arrivals.value,
        Reason("seed of the schedule"): settings.seed,
        Reason("window"): (settings.lead_in_s, settings.window_s),
        Reason("concurrency"): settings.concurrency,
        Reason("number of requests"): settings.batch_requests,
        Reason("limits"): (settings.limits.timeout_s, settings.limits.in_flight, settings.limits.body_bytes),
    }


def _limits(own: MeasuredPoint, draft: Measurement) -> Iterator[Finding]:
    """Say why this worker's generator may be what was measured."""
    facts = Facts(
        mode=Mode(own.mode),
        ending=Ending.COMPLETED,
        note="",
        counts={},
        asked=0,
        rate=own.requests / own.window_s if own.window_s else 0.0,
        lag_p99_ms=own.lag_ms.p99,
        response_p99_ms=own.response_ms.p99,
        stability=Stability(),
        slo=draft.slo,
        ceiling=draft.generator,
    )
    return generator_findings(facts)


def _spread_ms(workers: Sequence[LoadWorker]) -> float | None:
    starts = [worker.start_ms for worker in workers if worker.start_ms is not None]
    return round(max(starts) - min(starts), 3) if starts else None


def _apart(shared: SharedLoad, settings: LoadSettings) -> Iterator[Finding]:
    spread, window_ms = shared.start_spread_ms, settings.window_s * 1e3
    if spread is not None and spread > MAX_SPREAD_SHARE * window_ms:
        yield (
            "GENERATOR-LIMITED",
            f"the workers started {spread:.3g} ms apart, more than {MAX_SPREAD_SHARE:.0%} of the window",
        )
