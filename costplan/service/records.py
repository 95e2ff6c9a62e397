"""Records of predictions: queued by a request in microseconds, written in batches by a thread."""

from __future__ import annotations

import contextlib
import json
import math
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Protocol

from costplan.protocols.tensors import Tensor
from costplan.service.logs import JsonLog
from costplan.service.metrics import Metrics

MOST_WAITING = 20_000
"""Records that may wait. Past it new ones are dropped and counted: a request never waits for a database."""

MOST_OUTPUT_ELEMENTS = 64
"""Outputs up to this size are kept with their values, larger ones with their shape alone."""

_FIRST_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Record:
    """One answered prediction. What was asked is not kept."""

    id: str
    """Unique; a store that is offered the same record twice keeps one."""
    request_id: str
    at_unix: float
    model: str
    backend: str
    batch: int
    duration_ms: float
    outputs: Sequence[Tensor]

    def as_fields(self) -> dict[str, Any]:
        """Return plain values for a row or a line; `outputs` is JSON text in ASCII."""
        return {
            "id": self.id,
            "request_id": self.request_id,
            "at": datetime.fromtimestamp(self.at_unix, UTC).isoformat(timespec="milliseconds"),
            "model": self.model,
            "backend": self.backend,
            "batch": self.batch,
            "duration_ms": round(self.duration_ms, 4),
            "outputs": json.dumps({t.name: _summary(t) for t in self.outputs}, separators=(",", ":")),
        }


COLUMNS = ("id", "request_id", "at", "model", "backend", "batch", "duration_ms", "outputs")
"""Keys of `Record.as_fields`, in their order."""


def small(outputs: Sequence[Tensor]) -> list[Tensor]:
    """Return outputs fit to wait in memory: a large one keeps its shape and gives up its elements."""
    return [
        t if t.data.size <= MOST_OUTPUT_ELEMENTS else Tensor(t.name, t.datatype, t.shape, t.data[:0])
        for t in outputs
    ]


def _summary(output: Tensor) -> object:
    if output.data.size == 0:
        return {"datatype": output.datatype, "shape": list(output.shape)}
    return _plain(output.data.tolist())


def _plain(value: object) -> object:
    """Return a value that strict JSON can hold: NaN and infinities become their names, bytes text."""
    if isinstance(value, list):
        return [_plain(element) for element in value]
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else str(value)
    return value.decode("utf-8", "replace")[:200] if isinstance(value, bytes) else value


class Store(Protocol):
    """Where records go. A new store is one file and one line in `costplan/service/stores/__init__.py`."""

    scheme: ClassVar[str]
    interval_seconds: ClassVar[float]
    """How often what waits is written."""
    batch_size: ClassVar[int]

    def open(self) -> None:
        """Connect in bounded time; called again after a failure."""

    def write(self, records: Sequence[Record]) -> None:
        """Keep all of the records or raise; a record that is there already is left as it is."""

    def close(self) -> None:
        """Let go of the connection; safe to call at any time."""


class Recorder:
    """Takes records from requests and gives them to a store."""

    def __init__(self, store: Store | None, metrics: Metrics, log: JsonLog) -> None:
        self._store, self._metrics, self._log = store, metrics, log
        self._waiting: deque[Record] = deque()
        self._batch: list[Record] = []
        self._closing = threading.Event()
        self._give_up_at = math.inf
        self._thread: threading.Thread | None = None

    @property
    def is_on(self) -> bool:
        """Say whether records are kept at all."""
        return self._store is not None

    def waiting(self) -> int:
        """Return how many records are not written yet."""
        return len(self._waiting) + len(self._batch)

    def start(self) -> None:
        """Start the writing thread, which opens the store: a slow one does not delay the start."""
        if self._store is not None:
            self._thread = threading.Thread(target=self._run, args=(self._store,), daemon=True)
            self._thread.start()

    def add(self, record: Record) -> None:
        """Queue one record, or drop and count it when too many wait."""
        if len(self._waiting) >= MOST_WAITING:
            self._metrics.records_dropped.inc()
        else:
            self._waiting.append(record)

    def close(self, timeout_seconds: float = 10.0) -> None:
        """Write what waits; what the store has not taken in time is counted as lost and said in the log."""
        if self._thread is None:
            return
        self._give_up_at = time.monotonic() + timeout_seconds
        self._closing.set()
        self._thread.join(timeout_seconds + 1.0)
        self._thread = None
        if lost := self.waiting():
            self._metrics.records_lost.inc(lost)
            self._log.event("error", "records lost", count=lost)

    def _run(self, store: Store) -> None:
        is_open, pause = False, _FIRST_PAUSE_SECONDS
        while self.waiting() or not self._closing.is_set():
            try:
                if not is_open:
                    store.open()
                    is_open = True
                self._write_waiting(store)
            except Exception as error:  # whatever a driver raises, requests must go on
                self._failed(store, error, is_first=pause == _FIRST_PAUSE_SECONDS)
                is_open = False
                if not self._rest(pause):
                    return
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
            else:
                pause = _FIRST_PAUSE_SECONDS
                self._closing.wait(store.interval_seconds)
        _close_quietly(store)

    def _failed(self, store: Store, error: Exception, *, is_first: bool) -> None:
        self._metrics.record_failures.inc()
        if is_first:  # an outage is said once, not at every attempt
            self._log.event("error", "records cannot be written", store=store.scheme, reason=_reason(error))
        _close_quietly(store)

    def _rest(self, pause: float) -> bool:
        """Wait before the next attempt; False when the service is closing and has no time for another."""
        if not self._closing.wait(pause):
            return True
        time.sleep(_FIRST_PAUSE_SECONDS)
        return time.monotonic() < self._give_up_at

    def _write_waiting(self, store: Store) -> None:
        """Write in batches; a batch is kept until the store has it."""
        while self._batch or self._waiting:
            if not self._batch:
                size = min(len(self._waiting), store.batch_size)
                self._batch = [self._waiting.popleft() for _ in range(size)]
            store.write(self._batch)
            self._metrics.records_written.inc(len(self._batch))
            self._batch = []


def _reason(error: Exception) -> str:
    """Return the kind of an error and its first line, without the address, which may hold a password."""
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0][:200] if lines else ''}"


def _close_quietly(store: Store) -> None:
    with contextlib.suppress(Exception):  # the connection is being given up anyway
        store.close()
