"""Load before the measurement until the server has settled; nothing of it is counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from math import inf

import numpy as np

from costplan.bench.clock import NS_PER_S, REAL_CLOCK, Clock
from costplan.bench.load.interrupts import Interrupts
from costplan.bench.load.progress import Progress, no_progress
from costplan.bench.load.runner import Ending, TransportFactory, run_point
from costplan.bench.load.samples import Samples
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.outcomes import Outcome
from costplan.bench.target import Plan
from costplan.bench.transport import make_transport

_WINDOWS = 3
_LOOKS_PER_S = 4
_MOST_DRAIN_S = 2.0
"""That the answers in flight may take after the end, one after another."""


@dataclass(frozen=True, slots=True)
class WarmUpRule:
    """When a server counts as warm: the medians of the last three windows lie close to each other."""

    min_s: float = 2.0
    min_requests: int = 50
    max_s: float = 30.0
    max_change: float = 0.05


@dataclass(frozen=True, slots=True)
class WarmUp:
    """What the warm-up was."""

    seconds: float
    requests: int
    is_stable: bool
    """False: the limit was reached first; the measurement goes on and says so."""
    change: float | None
    """Largest over smallest median of the last three windows, minus 1."""


def adapted(settings: LoadSettings, rule: WarmUpRule, answer_s: float) -> tuple[LoadSettings, WarmUpRule]:
    """Ask less of a server that answers slowly: what is in flight at the end has to be awaited, too.

    Example: answers of 1.2 s are sent one at a time, and four of them are enough; of 20 ms, nothing changes.
    """
    if not answer_s:
        return settings, rule
    in_flight = max(1, min(settings.concurrency, int(_MOST_DRAIN_S / answer_s)))
    least = max(_WINDOWS + 1, min(rule.min_requests, int(rule.min_s / answer_s)))
    return replace(settings, concurrency=in_flight), replace(rule, min_requests=least)


def median_change(samples: Samples, elapsed_ns: int) -> float:
    """Return by how much the medians of the last three of four windows differ (0: not at all).

    The run so far is cut into four equal windows, and the first left out: it is what warming up means.
    Infinite while a window has no right answer.
    """
    # Copies up to one length: threads of an in-process target go on recording meanwhile.
    count = len(samples)
    done = np.array(samples.done[:count], dtype=np.int64)
    right = np.frombuffer(bytes(samples.outcome[:count]), dtype=np.uint8) == Outcome.OK
    if not right.any():
        return inf
    age = done - int(done.min())
    service = done - np.array(samples.sent[:count], dtype=np.int64)
    part = np.minimum(age * (_WINDOWS + 1) // max(1, elapsed_ns), _WINDOWS)
    medians = []
    for number in range(1, _WINDOWS + 1):
        values = service[right & (part == number)]
        if not len(values):
            return inf
        medians.append(float(np.median(values)))
    return max(medians) / max(1.0, min(medians)) - 1


def _is_warm(rule: WarmUpRule, looked: list[int], samples: Samples, elapsed_ns: int) -> bool:
    if elapsed_ns < rule.min_s * NS_PER_S or len(samples) < rule.min_requests:
        return False
    look = elapsed_ns * _LOOKS_PER_S // NS_PER_S
    if looked and looked[0] == look:
        return False  # the medians of a long warm-up are not worth computing twenty times a second
    looked[:] = [look]
    return median_change(samples, elapsed_ns) <= rule.max_change


def warm_up(
    plan: Plan,
    settings: LoadSettings,
    rule: WarmUpRule | None = None,
    *,
    clock: Clock = REAL_CLOCK,
    progress: Progress = no_progress,
    interrupts: Interrupts | None = None,
    transport_factory: TransportFactory = make_transport,
) -> WarmUp:
    """Drive a closed loop at the settings' concurrency until the server is warm or the limit is reached.

    Raises:
        InputError: As for `run_point`.
    """
    rule = rule or WarmUpRule()
    closed = replace(settings, mode=Mode.CLOSED, window_s=rule.max_s, lead_in_s=0.0)
    watch = partial(_is_warm, rule, [])
    recording = run_point(
        plan,
        closed,
        clock=clock,
        progress=progress,
        interrupts=interrupts,
        watch=watch,
        transport_factory=transport_factory,
    )
    samples = recording.samples
    elapsed_ns = max(samples.done, default=recording.start) - recording.start
    change = median_change(samples, elapsed_ns) if len(samples) else inf
    is_stable = recording.ending is Ending.COMPLETED and elapsed_ns < rule.max_s * NS_PER_S
    return WarmUp(elapsed_ns / NS_PER_S, len(samples), is_stable, None if change == inf else change)
