"""What the first worker does after its part: wait for the journals of the others, and join them."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from costplan.bench.cluster.merge import merge_journals
from costplan.bench.cluster.worker import journal_of
from costplan.measurement.model import Measurement

_POLL_S = 1.0
_TAIL_BYTES = 16 * 1024
"""More than the last line of a journal, with all its messages."""


def collect(
    folder: Path,
    run_id: str,
    count: int,
    wait_s: float,
    *,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Measurement:
    """Wait until the journals of all workers have ended, at most so long, and merge those that are there.

    Raises:
        InputError: As for `merge_journals`.
    """
    journals = [journal_of(folder, run_id, index) for index in range(count)]
    open_ones, deadline = journals, now() + wait_s
    while open_ones and now() < deadline:
        open_ones = [path for path in open_ones if not has_ended(path)]
        if open_ones:
            sleep(_POLL_S)
    return merge_journals([path for path in journals if path.is_file()])


def has_ended(journal: Path) -> bool:
    """Say whether the last line of a journal is the end of a point."""
    with contextlib.suppress(OSError), journal.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL_BYTES))
        tail = file.read()
        return tail.endswith(b"\n") and b',"end":"' in tail.rstrip(b"\n").rsplit(b"\n", 1)[-1][:40]
    return False
