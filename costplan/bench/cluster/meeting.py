"""Starting together: workers meet in a folder that they share, and take their time from it.

The folder's clock, the time that its file system gives to a file just written, is the one that all share;
each worker knows by how much its own differs. Where they have no folder in common, the moment is given, and
the clocks of the machines must agree (NTP); each still notes how far its clock is from its own folder's.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from costplan.bench.load.interrupts import Interrupts
from costplan.bench.load.slices import Slice
from costplan.messages.errors import InputError, reason_of
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible

MARGIN_S = 10.0
"""From when all are there to the start: a network file system shows a new file some seconds late."""
_POLL_S = 1.0
_READINGS = 9


@dataclass(frozen=True, slots=True)
class Agreement:
    """When all start."""

    start_at: float
    """Seconds since 1970, by the shared clock."""
    own_start: float
    """The same moment by this machine's clock."""
    clock_offset_s: float
    """This machine's clock less the folder's."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """The place where the workers of a run meet."""

    folder: Path
    run_id: str
    part: Slice
    wait_s: float
    """How long to wait for the others."""
    margin_s: float = MARGIN_S
    interrupts: Interrupts = field(default_factory=Interrupts)
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep

    def agree(self, start_at: float | None) -> Agreement | None:
        """Return when to start: the moment given, or the one that the first worker names when all are there.

        None after Ctrl-C.

        Raises:
            InputError: Some did not come in time, or the folder takes no files.
        """
        offset_s = self._clock_offset_s()
        if start_at is not None:
            return Agreement(start_at, start_at, offset_s)
        deadline = self.now() + self.wait_s
        while not self.interrupts.requested:
            # Written anew each time: a network file system then looks at the folder anew, too.
            self._write(self._ready(self.part.index), "")
            if self.part.index == 0 and not self._missing():
                self._name_start(self.now() - offset_s + self.margin_s)
            found = self._start()
            if found is not None:
                return Agreement(found, found + offset_s, offset_s)
            if self.now() >= deadline:
                raise self._nobody_came()
            self.sleep(_POLL_S)
        return None

    def leave(self) -> None:
        """Take away the sign that this worker is ready."""
        with contextlib.suppress(OSError):
            self._ready(self.part.index).unlink(missing_ok=True)

    def _ready(self, index: int) -> Path:
        return self.folder / f"{self.run_id}-{index:05d}.ready"

    @property
    def _start_file(self) -> Path:
        return self.folder / f"{self.run_id}.start"

    def _clock_offset_s(self) -> float:
        """Write this worker's sign some times, and return its clock less the folder's.

        A file system's clock is coarse and shows too early a time: the least difference is the nearest one,
        among the readings that took little time.
        """
        readings = []
        for _ in range(_READINGS):
            before = self.now()
            written = self._write(self._ready(self.part.index), "")
            after = self.now()
            readings.append((after - before, (before + after) / 2 - written))
        longest = 2 * min(took for took, _ in readings)
        return min(offset for took, offset in readings if took <= longest)

    def _write(self, path: Path, text: str) -> float:
        """Write a file whole or not at all; return the time that the file system gave to it."""
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with draft.open("w", encoding="utf-8") as file:
                file.write(text or " ")
                file.flush()
                os.fsync(file.fileno())
                written = os.fstat(file.fileno()).st_mtime_ns / 1e9
            draft.replace(path)
        except OSError as error:
            raise InputError(
                Reason("{path}: cannot be written: {why}", visible(str(path)), reason_of(error))
            ) from None
        return written

    def _missing(self) -> list[int]:
        try:
            names = {path.name for path in self.folder.iterdir()}
        except OSError:
            names = set()
        return [index for index in range(self.part.count) if self._ready(index).name not in names]

    def _name_start(self, start_at: float) -> None:
        if not self._start_file.exists():
            self._write(self._start_file, f"{start_at:.6f}")

    def _start(self) -> float | None:
        with contextlib.suppress(OSError, ValueError):
            return float(self._start_file.read_text(encoding="utf-8"))
        return None

    def _nobody_came(self) -> InputError:
        missing = self._missing()
        if not missing:
            return InputError(Reason("worker 0 named no start within {seconds} s", f"{self.wait_s:g}"))
        return InputError(
            Reason(
                "after {seconds} s {count} of {all} workers are not there: {missing}",
                f"{self.wait_s:g}",
                str(len(missing)),
                str(self.part.count),
                listed(missing),
            ),
            hint="all of them need the same --run-id and the same folder",
        )
