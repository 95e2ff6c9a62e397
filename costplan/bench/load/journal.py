"""Raw samples on disk as they come: append-only JSON lines from which a killed run can be summarised.

Lines, each one JSON object:
    {"journal": 1, "run": {...}, "outcomes": ["ok", ...]}                       first
    {"point": 0, "settings": {...}, "late": 0}                                  a load point begins
    {"point": 0, "count": 512, "due": [..], "sent": [..], "done": [..], "outcome": [..]}
    {"point": 0, "end": "completed", "note": "", "count": N, "opens": .., "closes": .., "messages": {..}}

Times are ns since the point's start. `count` runs: it says how many samples of the point are in the file.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, Protocol

from costplan.bench.load.samples import Samples
from costplan.bench.load.settings import LoadSettings
from costplan.bench.outcomes import Outcome
from costplan.messages.errors import InputError, reason_of
from costplan.messages.reason import Reason

VERSION = 1
SAMPLES_PER_LINE = 256
"""Turning these into text stops the event loop for some 0.1 ms; a longer line would show as send lag."""


class PointJournal(Protocol):
    """What a run needs of a journal."""

    incomplete: str
    """Why samples are missing from it; empty when none are."""

    def begin(self, settings: LoadSettings, start: int, late_ns: int = 0) -> None:
        """Open a load point; its times count from `start`, which is `late_ns` after the agreed moment."""

    async def write_new(self, samples: Samples) -> None:
        """Write what has ended since the last call, yielding to the event loop in between."""

    def finish(self, samples: Samples, ending: str, note: str, opens: int, closes: int) -> None:
        """Write the rest and say how the point ended."""


class Journal:
    """A journal file. A thread writes the lines, so that a disk never stalls a send.

    A full disk does not end the measurement: writing stops, and `incomplete` says why.

    Raises:
        InputError: The file exists or cannot be made.
    """

    def __init__(self, path: Path, run: Mapping[str, object]) -> None:
        self.path = path
        self.incomplete = ""
        """Why samples are missing from the file; empty when none are."""
        self._fd = _create(path)
        self._lines: SimpleQueue[bytes | None] = SimpleQueue()
        self._thread = Thread(target=self._write_lines, name="journal", daemon=True)
        self._thread.start()
        self._point = -1
        self._start = 0
        self._written = 0
        labels = [outcome.label for outcome in Outcome]
        self._put({"journal": VERSION, "run": dict(run), "outcomes": labels})

    def begin(self, settings: LoadSettings, start: int, late_ns: int = 0) -> None:
        """Open a load point."""
        self._point += 1
        self._start = start
        self._written = 0
        self._put({"point": self._point, "settings": settings_to_json(settings), "late": late_ns})

    async def write_new(self, samples: Samples) -> None:
        """Write what is new, some hundred samples at a time."""
        while len(samples) > self._written and not self.incomplete:
            self._write_some(samples)
            await asyncio.sleep(0)

    def finish(self, samples: Samples, ending: str, note: str, opens: int, closes: int) -> None:
        """Write the rest and the end of the point."""
        while len(samples) > self._written and not self.incomplete:
            self._write_some(samples)
        window = {"opens": opens - self._start, "closes": closes - self._start}
        said = {"end": ending, "note": note, "count": len(samples), "messages": dict(samples.messages)}
        self._put({"point": self._point, **said, **window})

    def close(self) -> None:
        """Wait until everything is on disk; safe to call twice."""
        if self._fd < 0:
            return
        self._lines.put(None)
        self._thread.join()
        try:
            os.fsync(self._fd)
        except OSError as error:
            self._give_up(error)
        os.close(self._fd)
        self._fd = -1

    def _write_some(self, samples: Samples) -> None:
        first, last = self._written, min(len(samples), self._written + SAMPLES_PER_LINE)
        start = self._start
        line = {
            "point": self._point,
            "count": last,
            "due": [t - start for t in samples.due[first:last]],
            "sent": [t - start for t in samples.sent[first:last]],
            "done": [t - start for t in samples.done[first:last]],
            "outcome": list(samples.outcome[first:last]),
        }
        self._written = last
        self._put(line)

    def _put(self, line: Mapping[str, object]) -> None:
        self._lines.put(json.dumps(line, separators=(",", ":"), allow_nan=False).encode() + b"\n")

    def _write_lines(self) -> None:
        while (line := self._lines.get()) is not None:
            if self.incomplete:
                continue
            try:
                _write_all(self._fd, line)
            except OSError as error:
                self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self.incomplete = self.incomplete or f"journal incomplete: {self.path.name}: {error.strerror}"


def _create(path: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    try:
        return os.open(path, flags, 0o644)
    except FileExistsError as error:
        raise InputError(
            Reason("{path}: exists already", path), hint="name another journal, or remove this one"
        ) from error
    except OSError as error:
        raise InputError(Reason("{path}: cannot be written: {why}", path, reason_of(error))) from error


def _write_all(fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def settings_to_json(settings: LoadSettings) -> dict[str, Any]:
    """Return the settings as a journal and a result file hold them."""
    return {
        "mode": settings.mode.value,
        "window_s": settings.window_s,
        "lead_in_s": settings.lead_in_s,
        "concurrency": settings.concurrency,
        "requests_per_second": settings.requests_per_second,
        "arrivals": settings.arrivals.value,
        "recorded": str(settings.recorded) if settings.recorded else None,
        "batch_requests": settings.batch_requests,
        "seed": settings.seed,
        "percentile": settings.percentile,
        "timeout_s": settings.limits.timeout_s,
        "max_in_flight": settings.limits.in_flight,
        "body_bytes": settings.limits.body_bytes,
        "part": [settings.part.index, settings.part.count],
    }
