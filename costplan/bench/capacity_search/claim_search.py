"""The capacity at the highest percentile that there is time to claim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from costplan.bench.capacity_search.slo_search import (
    FIRST_SHARE,
    RESOLUTION,
    SHORTEST_SHARE,
    STEP_DOWN,
    STEP_UP,
    SearchBudget,
    search_capacity,
)
from costplan.bench.capacity_search.windows import SINGLE_SHARE
from costplan.bench.results.claims import claims_of
from costplan.bench.results.statistics import minimum_count
from costplan.measurement.model import MeasuredCapacity, MeasuredPoint, MeasuredSlo
from costplan.messages.reason import Reason

CLAIM_POINTS: Final = 1.5
"""Windows of a claim that must fit into what is left: the one that it rests on, and one given up early."""
SURE_POINTS: Final = 2.6
"""Windows that a claim takes where its first rate fails: the next one is half as long again."""
COARSE: Final = 0.15
"""Resolution where few windows fit: the bracket is printed, and a second look at it is worth more."""
FAST_STEP_UP: Final = 2.0
_MANY: Final = 6
_ROUND_S: Final = 30


@dataclass(frozen=True, slots=True)
class ClaimSearch:
    """Looks for the capacity at the SLO, and with less time at its bound and a lower percentile."""

    slo: MeasuredSlo
    measure: Callable[[float, MeasuredSlo], MeasuredPoint]
    """Measures a rate over a window that is made for a claim."""
    time_of: Callable[[float, MeasuredSlo], float]
    """Seconds that this takes."""
    allows: Callable[[float, MeasuredSlo], bool]
    """Whether that window can hold enough requests at all; a fixed one may not."""
    budget: SearchBudget
    resolution: float = RESOLUTION
    """As for `search_capacity`; coarser where few windows fit."""
    confirm: bool = True
    step_up: float = STEP_UP

    def run(self, peak: float) -> MeasuredCapacity:
        """Search from the highest claim that fits downwards, until one has a capacity.

        Args:
            peak: Throughput of a closed loop.
        """
        spent_s, claims = self.budget.spent_s, list(claims_of(self.slo))
        found, guess = None, peak
        for claim in claims:
            rate = FIRST_SHARE * guess
            if rate and not self._fits(claim, rate, is_last=claim is claims[-1]):
                continue
            tried: list[float] = []
            found = self._search(claim, guess, tried)
            if found.requests_per_second is not None:
                return self._claimed(found, claim, self._enough_for(self.slo, peak, spent_s))
            if not tried or not self._ran_out(found, claim, min(tried)):
                return found
            guess = min(tried) / FIRST_SHARE
        return found if found is not None else self._too_short(peak, spent_s, claims[-1])

    def _fits(self, claim: MeasuredSlo, rate: float, *, is_last: bool) -> bool:
        windows = 1.0 if is_last else CLAIM_POINTS
        has_time = self.budget.left_s >= windows * self.time_of(rate, claim)
        return has_time and (is_last or self.allows(rate, claim))

    def _search(self, claim: MeasuredSlo, guess: float, tried: list[float]) -> MeasuredCapacity:
        def noted(requests_per_second: float) -> MeasuredPoint:
            tried.append(requests_per_second)
            return self.measure(requests_per_second, claim)

        windows = self.budget.left_s / self.time_of(FIRST_SHARE * guess, claim) if guess else 0.0
        return search_capacity(
            noted,
            claim,
            guess,
            resolution=self.resolution if windows >= _MANY else max(self.resolution, COARSE),
            budget=self.budget,
            point_s=lambda rate: self.time_of(rate, claim),
            confirm=self.confirm,
            step_up=self.step_up,
            shortest_share=SHORTEST_SHARE,
        )

    def _ran_out(self, found: MeasuredCapacity, claim: MeasuredSlo, rate: float) -> bool:
        if "interrupted" in found.reasons:
            return False
        return self.budget.left_s < self.time_of(rate / STEP_DOWN, claim)

    def _enough_for(self, claim: MeasuredSlo, peak: float, spent_s: float) -> float:
        """Return a budget in which a claim fits even if its first rate fails, as a person would write it."""
        needed_s = spent_s + SURE_POINTS * self.time_of(FIRST_SHARE * peak, claim)
        return float(ceil(needed_s / (1 - SINGLE_SHARE) / _ROUND_S) * _ROUND_S)

    def _claimed(self, found: MeasuredCapacity, claim: MeasuredSlo, budget_s: float) -> MeasuredCapacity:
        if claim == self.slo:
            return found
        return replace(found, percentile=claim.percentile, budget_for_slo_s=budget_s)

    def _too_short(self, peak: float, spent_s: float, claim: MeasuredSlo) -> MeasuredCapacity:
        reason = Reason(
            "{count} requests at {rate}/s do not fit into the budget of {seconds} s: give --budget {budget}s",
            count=minimum_count(claim.percentile),
            rate=f"{FIRST_SHARE * peak:.3g}",
            seconds=f"{self.budget.seconds:g}",
            budget=f"{self._enough_for(claim, peak, spent_s):.0f}",
        )
        return MeasuredCapacity(None, None, None, "TOO-FEW-SAMPLES", (reason,))
