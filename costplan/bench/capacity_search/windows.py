"""How long each load point lasts, planned from the time of one answer and the budget for all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import Final

from costplan.bench.clock import NS_PER_S
from costplan.bench.load.modes import draw_schedule
from costplan.bench.load.settings import LoadSettings
from costplan.bench.results.claims import claims_of
from costplan.bench.results.statistics import minimum_count
from costplan.measurement.model import MeasuredSlo

SINGLE_SHARE: Final = 0.15
"""Of the budget, for one request at a time, where a higher percentile would need more."""
_MOST_SINGLE_SHARE: Final = 0.25
"""Of the budget, for as many requests as a median needs."""
_CLOSED_ANSWERS: Final = 12
"""A closed loop tells with so many whether more requests in flight gain anything."""
_LEAST_ANSWERS: Final = 6
_SLOW_WINDOW_S: Final = 6.0
_MOST_CLOSED_S: Final = 12.0
_BEHIND_NS: Final = 1000
"""A window ends so much behind its last request."""
_MARGIN: Final = 0.8
"""A Poisson schedule may draw fewer requests than its rate says."""


@dataclass(frozen=True, slots=True)
class Windows:
    """Plans windows; without a budget they are as long as the settings say and the percentile needs."""

    budget_s: float = inf
    """For all load points together."""
    is_fixed: bool = False
    """Whether the settings' window is kept, whatever it holds: the user gave it."""

    def single_s(self, base_s: float, answer_s: float, slo: MeasuredSlo) -> float:
        """Return the window of one request at a time: for the highest percentile that its share allows."""
        if self.is_fixed or self.budget_s == inf:
            return base_s
        for claim in claims_of(slo):
            needed_s = (minimum_count(claim.percentile) + 1) * answer_s
            if needed_s <= max(base_s, SINGLE_SHARE * self.budget_s):
                return max(base_s, needed_s)
        return max(base_s, min(needed_s, _MOST_SINGLE_SHARE * self.budget_s))

    def closed_s(self, base_s: float, requests_per_second: float, left_s: float) -> float:
        """Return the longest window of a closed loop, where one of less in flight reached that rate."""
        if not requests_per_second:
            return base_s
        needed_s = _CLOSED_ANSWERS / requests_per_second
        slow_s = max(_SLOW_WINDOW_S, _LEAST_ANSWERS / requests_per_second)
        return max(base_s, min(needed_s, slow_s, _MOST_CLOSED_S, left_s / 4))

    def enough_answers(self, in_flight: int) -> int:
        """Return with how many answers a closed loop's window may end."""
        return max(_CLOSED_ANSWERS, 2 * in_flight)

    def open_s(self, settings: LoadSettings, percentile: float) -> float:
        """Return the window of an open loop: as the settings ask, until its schedule has enough requests."""
        if self.is_fixed:
            return settings.window_s
        return max(settings.window_s, needed_window_s(settings, minimum_count(percentile)))

    def allows(self, percentile: float, requests_per_second: float, window_s: float) -> bool:
        """Whether so long a window will hold enough requests for a percentile."""
        return minimum_count(percentile) <= _MARGIN * requests_per_second * window_s


def needed_window_s(settings: LoadSettings, count: int) -> float:
    """Return the window, after the lead-in, in which the drawn schedule has so many requests."""
    rate = settings.requests_per_second or 1.0
    longest_s: float = (count + 6 * count**0.5 + 20) / rate
    offsets = draw_schedule(replace(settings, window_s=longest_s))
    lead_in_ns = round(settings.lead_in_s * NS_PER_S)
    counted = [offset for offset in offsets if offset >= lead_in_ns]
    if len(counted) < count:
        return longest_s
    return (counted[count - 1] + _BEHIND_NS - lead_in_ns) / NS_PER_S
