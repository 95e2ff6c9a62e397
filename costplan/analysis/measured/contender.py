"""One of the measurements that are compared, and what is known of its figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from costplan.analysis.measured.documents import AnswerDifference
from costplan.analysis.measured.ratios import Sample, sample_of_runs
from costplan.measurement.model import CostRow, Measurement


@dataclass(frozen=True, slots=True)
class Contender:
    """One of the measurements."""

    name: str
    source: str
    measured: Measurement
    """With costs, all from one list of prices; of interleaved runs, the one that stands for them."""
    runs: tuple[Measurement | None, ...] = ()
    """By round, with costs; None where a round has none of it."""
    answers: AnswerDifference | None = None

    def single(self, percentile: float | None) -> Sample | None:
        """Return the time of one request on an idle server, in ms.

        Args:
            percentile: Whether the percentile of the response time is taken whose interval the result
                keeps; None: the median, of which results keep no interval.
        """
        if self.runs:
            return sample_of_runs([median_of(run) for run in self.runs])
        point = self.measured.single()
        if percentile is not None and point is not None and point.bounds.value_ms is not None:
            return Sample(point.bounds.value_ms, point.bounds.low_ms, point.bounds.high_ms)
        median = median_of(self.measured)
        return None if median is None else Sample(median)

    def capacity(self) -> Sample | None:
        """Return the highest rate that keeps the SLO."""
        if self.runs:
            return sample_of_runs(
                [run.capacity.requests_per_second if run else None for run in self._alike()]
            )
        found = self.measured.capacity
        rate = found.requests_per_second
        return None if rate is None else Sample(rate, found.low, found.high)

    def peak(self) -> Sample | None:
        """Return the highest throughput of a closed loop."""
        if self.runs:
            return sample_of_runs([peak_of(run) for run in self.runs])
        found = peak_of(self.measured)
        return None if found is None else Sample(found)

    def _alike(self) -> list[Measurement | None]:
        """Return the runs, without those whose capacity keeps another percentile than the one shown."""
        claim = self.measured.claimed_slo
        return [run if run is not None and run.claimed_slo == claim else None for run in self.runs]

    def row(self, instance: str) -> CostRow | None:
        """Return what a million requests cost on one machine."""
        return _row(self.measured, instance)

    def cost(self, instance: str, *, is_same_speed: bool) -> Sample | None:
        """Return the cost of a million requests on one machine, with what is known of it.

        Args:
            instance: Name of the machine.
            is_same_speed: Whether the other measurement was taken to that machine by the same factor: only
                the interval of the capacity then makes their costs differ.
        """
        row = self.row(instance)
        if row is None or row.cost_per_million_requests is None:
            return None
        cost = float(row.cost_per_million_requests)
        if row.hourly_cost is None:
            return Sample(cost)  # billed by the call: its low and high are those of calls, not of their mean
        if self.runs:
            rows = [_row(run, instance) if run is not None else None for run in self._alike()]
            return sample_of_runs([_float(one.cost_per_million_requests) if one else None for one in rows])
        capacity = self.capacity()
        if capacity is None:
            return Sample(cost)
        if not is_same_speed:
            return Sample(cost, _float(row.low), _float(row.high))
        low = cost * capacity.value / capacity.high if capacity.high else None
        return Sample(cost, low, cost * capacity.value / capacity.low if capacity.low else None)

    def speed(self, instance: str) -> Fraction | None:
        """Return by which factor the measured capacity was taken to a machine."""
        row, capacity = self.row(instance), self.measured.capacity.requests_per_second
        if row is None or row.requests_per_second is None or not capacity:
            return None
        return Fraction(row.requests_per_second) / Fraction(str(capacity))


def median_of(run: Measurement | None) -> float | None:
    """Return the median time of one request on an idle server, in ms."""
    point = run.single() if run is not None else None
    return None if point is None else point.service_ms.p50


def peak_of(run: Measurement | None) -> float | None:
    """Return the highest throughput of a closed loop in one measurement."""
    points = run.points if run is not None else ()
    return max((p.achieved_requests_per_second for p in points if p.mode == "closed"), default=None)


def _float(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _row(measured: Measurement, instance: str) -> CostRow | None:
    return next((row for row in measured.cost if row.instance == instance), None)
