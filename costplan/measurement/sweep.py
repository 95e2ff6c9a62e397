"""What a sweep over sessions and threads found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from costplan.measurement.environment import Number, PositiveCount


@dataclass(frozen=True, slots=True)
class SweptSetting:
    """So many sessions of so many threads under a closed loop with one request in flight for each session."""

    sessions: PositiveCount
    threads: PositiveCount
    """Of each session."""
    is_spinning: bool
    """Whether idle threads keep their core busy while they wait."""
    requests_per_second: Number
    """Mean of the rounds."""
    low: Number
    """Slowest round."""
    high: Number
    p50_ms: Number | None = None
    """Median response, of the slower round."""
    is_chosen: bool = False
    """The rest of the run was measured with it."""


@dataclass(frozen=True, slots=True)
class SweepFinding:
    """The best setting of several sessions beside the best with all threads in one."""

    several: SweptSetting
    one: SweptSetting
    times: float
    """How much more the several answer; below 1 where they answer less."""
    is_clear: bool
    """Whether the rounds of both lie apart."""


def sweep_finding(rows: Sequence[SweptSetting]) -> SweepFinding | None:
    """Compare sessions of one thread with one session of as many threads; None where both were not tried."""
    pairs = (
        (several, one)
        for several in rows
        for one in rows
        if several.threads == 1 < several.sessions and one.sessions == 1 and one.threads == several.sessions
    )
    found = max(pairs, key=lambda pair: pair[1].requests_per_second, default=None)
    if found is None or not found[1].requests_per_second:
        return None
    several, one = found
    is_clear = several.low > one.high or one.low > several.high
    return SweepFinding(several, one, several.requests_per_second / one.requests_per_second, is_clear)
