"""What a long measurement shows and keeps while it runs: a line with the time left, a journal."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from costplan.cli.bench.kept import state_folder
from costplan.cli.language import translator
from costplan.cli.streams import has_terminal, say
from costplan.messages.text import visible

_KEPT_JOURNALS = 20


def default_journal() -> Path | None:
    """Return a new file for samples in the user's state folder; old ones are removed.

    None where there is no such folder: the run goes on without.
    """
    folder = state_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in sorted(folder.glob("run-*.jsonl"))[: -_KEPT_JOURNALS + 1]:
            old.unlink(missing_ok=True)
            old.with_suffix(".json").unlink(missing_ok=True)
    except OSError:
        return None
    return folder / f"run-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.jsonl"


class ProgressLine:
    """One line on standard error, on a terminal only, with the time left."""

    def __init__(self, expected_s: float) -> None:
        self.is_shown = has_terminal() and os.environ.get("TERM") != "dumb"
        self._end = time.monotonic() + expected_s
        self._shown_at = 0.0

    def __call__(self, phase: str, fraction: float, seconds_left: float) -> None:
        """Draw the line, at most five times per second."""
        now = time.monotonic()
        if not self.is_shown or (now - self._shown_at < 0.2 and fraction < 1):
            return
        self._shown_at = now
        left = max(0.0, self._end - now)
        step = translator()(
            "{phase}: {share}; about {left} s left of the run (Ctrl-C: end with what there is)",
            phase=translator().reason(phase),
            share=f"{fraction:4.0%}",
            left=f"{max(left, seconds_left):.0f}",
        )
        sys.stderr.write(f"\r\x1b[K{step}")
        sys.stderr.flush()

    def expect(self, seconds: float) -> None:
        """Take how long the rest of the run takes."""
        self._end = time.monotonic() + seconds

    def name_journal(self, path: Path) -> None:
        """Say where the samples go."""
        self._clear()
        say(translator()("samples: {path}", path=visible(str(path))) + "\n")

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()

    def _clear(self) -> None:
        if self.is_shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
