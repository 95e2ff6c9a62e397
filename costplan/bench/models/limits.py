"""How much memory and time a model may take while it is opened and run for the first time."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

GIB = 1 << 30

_FLOOR_BYTES = 4 * GIB
_TIMES_FILE = 4
"""A session holds the weights about twice (as read, and packed for the processor), besides the file."""


@dataclass(frozen=True, slots=True)
class ModelLimits:
    """Limits of the child process that opens a model first."""

    memory_bytes: int | None = None
    """Address space; None: 4 GiB or four times the weights, whichever is more, at most what is free."""
    seconds: float = 60.0
    """From starting the child to its report."""

    def memory_for(self, weights_bytes: int) -> int:
        """Return the limit in bytes for a model whose files have this size."""
        if self.memory_bytes is not None:
            return self.memory_bytes
        return min(max(_FLOOR_BYTES, _TIMES_FILE * weights_bytes + GIB), max(_available_bytes(), GIB))


def _available_bytes() -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return 1 << 62


def gib(size: int) -> str:
    """Write a number of bytes as GiB, or MiB when it is small."""
    return f"{size / GIB:.1f} GiB" if size >= GIB else f"{size / (1 << 20):.1f} MiB"
