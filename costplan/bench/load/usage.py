"""Processor time of a server on this machine: generator and server take it from each other."""

from __future__ import annotations

from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class ServerUsage:
    """Reads a process and its children; the difference of two readings covers a window."""

    process_id: int | None

    def cpu_s(self) -> float | None:
        """Return user and system seconds so far; None when the process is unknown or gone."""
        if self.process_id is None:
            return None
        try:
            root = psutil.Process(self.process_id)
            family = [root, *root.children(recursive=True)]
            return sum(_own_cpu_s(process) for process in family)
        except psutil.Error:
            return None


def _own_cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
