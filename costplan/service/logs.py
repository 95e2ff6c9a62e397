"""Structured logs: one JSON object per line, written by a thread so that no request waits for a reader."""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from collections import deque
from datetime import UTC, datetime
from typing import TextIO

_FLUSH_SECONDS = 0.05
_MOST_LINES = 20_000
"""Lines that may wait; past it they are counted and left out, because a service must not die of its log."""


class JsonLog:
    """Collects lines and writes them in the background."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.dropped = 0
        """Lines left out because the reader of the log was too slow."""
        self._stream = stream or sys.stdout
        self._lines: deque[str] = deque()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def event(self, level: str, event: str, **fields: object) -> None:
        """Add a line; whatever a client or a file named is escaped, so it cannot forge or colour a line."""
        if len(self._lines) >= _MOST_LINES:
            self.dropped += 1
            return
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = json.dumps({"at": at, "level": level, "event": event, **fields}, default=str)
        self._lines.append(line.replace("\x7f", "\\u007f") + "\n")

    def close(self, timeout_seconds: float = 2.0) -> None:
        """Write what waits, in bounded time; safe to call twice."""
        self._closed.set()
        self._thread.join(timeout_seconds)

    def _run(self) -> None:
        while not self._closed.wait(_FLUSH_SECONDS):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        lines = [self._lines.popleft() for _ in range(len(self._lines))]
        if not lines:
            return
        try:
            self._stream.write("".join(lines))
            self._stream.flush()
        except (OSError, ValueError):  # the reader is gone: the service goes on without it
            self.dropped += len(lines)


class LogBridge(logging.Handler):
    """Turns the records of libraries into lines of the same log."""

    def __init__(self, log: JsonLog) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Add the record's message and, for an error, where it came from."""
        fields: dict[str, object] = {"logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            fields["trace"] = "".join(traceback.format_exception(*record.exc_info))
        self._log.event(record.levelname.lower(), "library", **fields)


def bridge_libraries(log: JsonLog) -> None:
    """Send warnings and errors of all libraries to `log`, and nothing to stderr."""
    root = logging.getLogger()
    root.handlers = [LogBridge(log)]
    root.setLevel(logging.WARNING)
