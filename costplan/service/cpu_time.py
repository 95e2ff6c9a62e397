"""Processor time by step of a request, for `/metrics`.

What is exact: decoding and pre-processing run whole in the thread that a request is given, encoding in the
event loop's, and both have clocks of their own. Inference is that thread's time in the runtime, plus that of
the threads that ONNX Runtime started for the model; Linux tells the latter apart, elsewhere they are missing.
With a remote server, inference is what the call costs here: tensors written, sent, received; a library's own
threads (gRPC has some) are not in it. What no step has - the web framework, the socket, logs, records, those
threads - is the process's time less the steps. A request counts when it is answered.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

from prometheus_client.metrics_core import CounterMetricFamily
from prometheus_client.registry import Collector

Step = Literal["decode", "preprocessing", "inference", "encoding"]
STEPS: Final[tuple[Step, ...]] = ("decode", "preprocessing", "inference", "encoding")

_TASKS: Final = Path("/proc/self/task")
_THREAD_CLOCK: Final = 6
"""Of another thread: `(~id << 3) | 6`; source: `MAKE_THREAD_CPUCLOCK` of the Linux kernel."""


class CpuTime(Collector):
    """Sums by step since the start; `add` is called on the event loop alone."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._ns = dict.fromkeys(STEPS, 0)
        self._workers: Sequence[int] = ()
        self._before = 0

    def add(self, step: Step, ns: int) -> None:
        """Count the time of one thread in one step."""
        self._ns[step] += ns

    def watch(self, workers: Sequence[int]) -> None:
        """Count the time of these threads, from now on, as inference."""
        self._workers = workers
        self._before = thread_cpu_ns(workers)

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Return the sums for Prometheus."""
        family = CounterMetricFamily(
            self._name, "Processor time of requests by step; the process has more.", labels=["step"]
        )
        workers = max(0, thread_cpu_ns(self._workers) - self._before)
        for step, ns in self._ns.items():
            family.add_metric([step], (ns + (workers if step == "inference" else 0)) / 1e9)
        yield family


def thread_ids() -> frozenset[int]:
    """Return the threads of this process; none where the system does not list them."""
    if sys.platform != "linux":
        return frozenset()
    return frozenset(int(task.name) for task in _TASKS.iterdir())


def thread_cpu_ns(ids: Sequence[int]) -> int:
    """Return the processor time of threads of this process so far; one that has ended counts nothing."""
    return sum(map(_thread_cpu_ns, ids))


def _thread_cpu_ns(thread: int) -> int:
    try:
        return time.clock_gettime_ns((~thread << 3) | _THREAD_CLOCK)
    except OSError:
        return 0
