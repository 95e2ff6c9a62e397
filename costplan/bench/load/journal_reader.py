"""Reading a journal back, also one that ends in the middle of a line because its run was killed."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from costplan.bench.clock import NS_PER_S
from costplan.bench.load.journal import SAMPLES_PER_LINE, VERSION
from costplan.bench.load.modes import whole_schedule
from costplan.bench.load.runner import Ending, Recording
from costplan.bench.load.samples import Samples
from costplan.bench.load.schedule import Arrivals
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.load.slices import WHOLE, Slice
from costplan.bench.outcomes import Outcome
from costplan.bench.transport.interface import TransportLimits
from costplan.messages.errors import Fault, InputError, SourceLocation, reason_of
from costplan.messages.reason import Reason

_MAX_LINE_BYTES = 1024 * 1024
_MAX_TIME_NS = 7 * 86_400 * NS_PER_S


@dataclass(slots=True)
class ReadJournal:
    """What a journal holds."""

    run: dict[str, Any]
    recordings: list[Recording] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """What a killed run or a full disk has cost, in words; empty for a whole journal."""


@dataclass(slots=True)
class _Open:
    number: int
    settings: LoadSettings
    late_ns: int = 0
    samples: Samples = field(default_factory=Samples)


def read_journal(path: Path, most: int | None = None) -> ReadJournal:
    """Rebuild every recording of a journal, of at most so many samples.

    A last line without its newline was being written when the run was killed: it is left out and said.

    Raises:
        InputError: Not a journal, or a whole line that no run of costplan writes, with file and line; or more
            samples than `most`.
    """
    lines = _lines(path)
    try:
        number, first = next(lines)
    except StopIteration:
        raise InputError(Reason("{path}: empty, not a journal", path)) from None
    if first.get("journal") != VERSION or not isinstance(first.get("run"), dict):
        raise _wrong(path, number, Reason("not a journal of costplan bench"))
    read = ReadJournal(run=first["run"])
    current: _Open | None = None
    left = most or 0
    for number, line in lines:
        try:
            current = _take(line, current, read)
        except (KeyError, TypeError, ValueError, OverflowError, InputError) as error:
            raise _wrong(path, number, Reason("not a journal line: {why}", error)) from error
        left -= len(line["outcome"]) if most is not None and "outcome" in line else 0
        if left < 0:
            raise _wrong(path, number, Reason("more than {most} samples", f"{most:,}"))
    if current is not None:
        read.missing.append(f"point {current.number} was cut off after {len(current.samples)} samples")
        read.recordings.append(_cut_off(current))
    return read


def _take(line: dict[str, Any], current: _Open | None, read: ReadJournal) -> _Open | None:
    if "settings" in line:
        if current is not None:
            raise ValueError("a point begins inside another")
        late_ns = int(line.get("late", 0))
        if not 0 <= late_ns <= _MAX_TIME_NS:
            raise ValueError("a time outside a week")
        return _Open(int(line["point"]), _settings(line["settings"]), late_ns)
    if current is None or line["point"] != current.number:
        raise ValueError("samples outside their point")
    if "end" not in line:
        _add_samples(line, current.samples)
        return current
    if line["count"] != len(current.samples):
        read.missing.append(
            f"point {current.number}: {line['count']} requests ended, {len(current.samples)} are in the file"
        )
    read.recordings.append(_ended(line, current))
    return None


def _add_samples(line: dict[str, Any], samples: Samples) -> None:
    columns = [line[name] for name in ("due", "sent", "done", "outcome")]
    if len({len(column) for column in columns}) != 1 or len(columns[0]) > SAMPLES_PER_LINE:
        raise ValueError("columns of different length")
    due, sent, done = (array("q", column) for column in columns[:3])
    if any(abs(time) > _MAX_TIME_NS for times in (due, sent, done) for time in times):
        raise ValueError("a time outside a week")
    samples.due.extend(due)
    samples.sent.extend(sent)
    samples.done.extend(done)
    samples.outcome.extend(Outcome(code) for code in columns[3])
    if line["count"] != len(samples):
        raise ValueError(
            Reason("count {count}, but {samples} samples so far", line["count"], str(len(samples)))
        )


def _ended(line: dict[str, Any], point: _Open) -> Recording:
    for message, times in dict(line["messages"]).items():
        point.samples.messages[str(message)] = int(times)
    return _recording(point, int(line["opens"]), int(line["closes"]), Ending(line["end"]), str(line["note"]))


def _cut_off(point: _Open) -> Recording:
    opens = round(point.settings.lead_in_s * NS_PER_S)
    planned = opens + round(point.settings.window_s * NS_PER_S)
    closes = max(opens + 1, min(planned, max(point.samples.done, default=opens)))
    return _recording(point, opens, closes, Ending.INTERRUPTED, "the run was killed")


def _recording(point: _Open, opens: int, closes: int, ending: Ending, note: str) -> Recording:
    asked = point.settings.batch_requests if point.settings.mode is Mode.BATCH else 0
    if point.settings.mode is Mode.OPEN and point.settings.arrivals is not Arrivals.RECORDED:
        asked = asked_inside(point.settings, opens, closes)
    return Recording(point.settings, point.samples, opens, closes, asked, ending, note, late_ns=point.late_ns)


def asked_inside(settings: LoadSettings, opens: int, closes: int) -> int:
    """Return how many requests of a drawn schedule are due from `opens` to `closes`, ns since its start."""
    due = settings.part.of(_drawn(replace(settings, part=WHOLE)))
    return int(((due >= opens) & (due < closes)).sum())


@lru_cache(maxsize=1)
def _drawn(settings: LoadSettings) -> NDArray[np.int64]:
    """Draw a schedule once for the journals of all who shared it."""
    return whole_schedule(settings)


def _settings(line: dict[str, Any]) -> LoadSettings:
    return LoadSettings(
        mode=Mode(line["mode"]),
        window_s=float(line["window_s"]),
        lead_in_s=float(line["lead_in_s"]),
        concurrency=int(line["concurrency"]),
        requests_per_second=_rate(line["requests_per_second"]),
        arrivals=Arrivals(line["arrivals"]),
        recorded=Path(line["recorded"]) if line["recorded"] else None,
        batch_requests=int(line["batch_requests"]),
        seed=int(line["seed"]),
        percentile=_rate(line.get("percentile")),
        limits=TransportLimits(float(line["timeout_s"]), int(line["max_in_flight"]), int(line["body_bytes"])),
        part=Slice(*(int(number) for number in line.get("part", (0, 1)))),
    )


def _rate(value: object) -> float | None:
    return None if value is None else float(str(value))


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open("rb") as file:
            number = 0
            while raw := file.readline(_MAX_LINE_BYTES):
                number += 1
                if not raw.endswith(b"\n"):
                    if len(raw) == _MAX_LINE_BYTES:
                        raise _wrong(
                            path,
                            number,
                            Reason("a line longer than {most} bytes", str(_MAX_LINE_BYTES)),
                        )
                    return  # cut off while it was written
                yield number, _parsed(path, number, raw)
    except OSError as error:
        raise InputError(Reason("{path}: cannot be read: {why}", path, reason_of(error))) from error


def _parsed(path: Path, number: int, raw: bytes) -> dict[str, Any]:
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _wrong(path, number, "not a JSON line") from error
    if not isinstance(line, dict):
        raise _wrong(path, number, "not a JSON object")
    return line


def _wrong(path: Path, number: int, message: str) -> InputError:
    return InputError(Fault(message, SourceLocation(str(path), number, 1)))
