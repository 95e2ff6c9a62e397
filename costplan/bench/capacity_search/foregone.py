"""Giving a rate up as soon as the rest of its window cannot change the answer any more."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from costplan.bench.clock import NS_PER_S
from costplan.bench.load.samples import Samples
from costplan.bench.outcomes import Outcome
from costplan.bench.results.statistics import fraction_of, largest_count_within, most_late
from costplan.measurement.model import MeasuredSlo

_OK = Outcome.OK
_NS_PER_MS = 1_000_000
_LEAST_JUDGED = 11
"""Requests from which on anything is said: what a median needs, so that one burst does not decide."""


@dataclass(slots=True)
class MissedSlo:
    """Counts the requests of a window that are certainly late: answered so, failed, or older than the bound.

    A rate is given up when both hold: so many are late that the upper end of the interval misses the bound
    whatever the rest of the window brings, and the lower end misses it with those that were due so far.
    """

    slo: MeasuredSlo
    lead_in_s: float
    _seen: int = 0
    _late: int = 0
    _before: int = 0
    """Ended requests of the lead-in."""
    _bounds: dict[int, int] = field(default_factory=dict)

    def __call__(self, samples: Samples, offsets: Sequence[int], start: int, now: int) -> str:
        """Return why nothing can change any more, and an empty text while it still can."""
        opens = start + round(self.lead_in_s * NS_PER_S)
        self._count(samples, opens)
        first = bisect_left(offsets, opens - start)
        judged = bisect_right(offsets, now - self.bound_ns - start) - first
        if judged < _LEAST_JUDGED:
            return ""
        sent = bisect_right(offsets, now - start)
        in_flight = sent - self._seen - max(0, first - self._before)
        late = min(judged, self._late + max(0, in_flight - (sent - first - judged)))
        if late <= most_late(len(offsets) - first, self.slo.percentile) or not self._is_clear(judged, late):
            return ""
        seconds = (now - start) / NS_PER_S
        return (
            f"given up after {seconds:.1f} s: {late} of {judged} requests took longer than "
            f"{self.slo.latency_ms:g} ms"
        )

    @property
    def bound_ns(self) -> int:
        """The bound of the SLO."""
        return round(self.slo.latency_ms * _NS_PER_MS)

    def _count(self, samples: Samples, opens: int) -> None:
        bound_ns = self.bound_ns
        for n in range(self._seen, len(samples)):
            due = samples.due[n]
            if due < opens:
                self._before += 1
            elif samples.outcome[n] != _OK or samples.done[n] - due > bound_ns:
                self._late += 1
        self._seen = len(samples)

    def _is_clear(self, judged: int, late: int) -> bool:
        if judged not in self._bounds:
            self._bounds = {judged: largest_count_within(judged, fraction_of(self.slo.percentile), 0.025)}
        return judged - late <= self._bounds[judged]
