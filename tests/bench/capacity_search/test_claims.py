"""A run claims what it has time for: models of 1, 10, 100 and 1,000 ms, in virtual time, against queues whose
capacity is worked out here."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from load_servers import simulated
from measured_examples import point
from virtual_clock import virtual_clock

from costplan.bench.capacity_search.measure import Bench
from costplan.bench.capacity_search.slo_search import SearchBudget, find_peak
from costplan.bench.capacity_search.warmup import WarmUpRule, adapted
from costplan.bench.capacity_search.windows import Windows
from costplan.bench.document import capacity_of_points
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.results.claims import claimable, claims_of
from costplan.bench.target import LocalPlan
from costplan.bench.transport.interface import TransportLimits
from costplan.measurement.model import Interval, MeasuredCapacity, MeasuredPoint, MeasuredSlo

MS = 1_000_000
BUDGET_S = 45.0


def response_ms(rate: float, service_ms: float, percentile: float) -> float:
    """A percentile of the response of an M/D/1 queue by Lindley's recursion, on a stream of its own."""
    gaps_ms = np.random.Generator(np.random.PCG64(2026)).exponential(1000 / rate, 400_000)
    walk = np.cumsum(service_ms - gaps_ms)
    waits = walk - np.minimum.accumulate(np.minimum(walk, 0))
    return float(np.quantile(waits, percentile / 100)) + service_ms


def true_capacity(service_ms: float, slo: MeasuredSlo) -> float:
    low, high = 0.0, 1000 / service_ms
    for _ in range(12):
        middle = (low + high) / 2
        is_kept = response_ms(middle, service_ms, slo.percentile) <= slo.latency_ms
        low, high = (middle, high) if is_kept else (low, middle)
    return low


def bench_of(
    service_ns: Callable[[], int], slo: MeasuredSlo, budget_s: float = BUDGET_S, **more: object
) -> Bench:
    clock = virtual_clock()
    window_s = min(3.0, max(0.5, budget_s / 15))
    settings = {"window_s": window_s, "lead_in_s": 0.5, "requests_per_second": 1, "concurrency": 8}
    return Bench(
        LocalPlan([], lambda result: None),
        LoadSettings(Mode.OPEN, **{**settings, **more}),  # type: ignore[arg-type]
        slo,
        clock=clock,
        transport_factory=simulated(service_ns),
        windows=Windows(budget_s),
        budget=SearchBudget(budget_s, now=lambda: clock.now() / 1e9),
        closed_window_s=min(1.0, window_s / 2),
    )


def measured(
    service_ms: float, slo: MeasuredSlo, budget_s: float = BUDGET_S
) -> tuple[Bench, MeasuredCapacity]:
    bench = bench_of(lambda: round(service_ms * MS), slo, budget_s)
    bench.answer_s = service_ms / 1000
    bench.single()
    return bench, bench.find_capacity()


@pytest.mark.parametrize(
    ("service_ms", "bound_ms", "claimed"),
    [(1, 10, 99), (10, 100, 99), (100, 500, 95), (1000, 5000, 50)],
    ids=["1 ms", "10 ms", "100 ms", "1 s"],
)
def test_a_model_of_any_speed_has_a_capacity_in_the_usual_time(
    service_ms: float, bound_ms: float, claimed: float
) -> None:
    slo = MeasuredSlo(99, bound_ms)
    bench, found = measured(service_ms, slo)
    assert found.requests_per_second is not None
    assert (found.percentile or 99) == claimed
    assert bench.budget.spent_s <= BUDGET_S + 3 * service_ms / 1000 + 1, "what is in flight is awaited"
    truth = true_capacity(service_ms, MeasuredSlo(claimed, bound_ms))
    assert found.low is not None
    assert found.low <= 1.1 * truth, "windows hold few requests, and those are not independent"
    assert found.low >= 0.5 * truth
    assert found.high is None or found.high >= 0.95 * truth
    passing = [p for p in bench.points if p.offered_requests_per_second == found.low]
    assert all(p.bounds.percentile == claimed and p.passes for p in passing)
    single = bench.points[0]
    assert single.verdict == "VALID", "its count decides what is claimed of it"


def test_the_budget_that_is_named_is_enough_for_the_slo() -> None:
    slo = MeasuredSlo(99, 1500)
    _, found = measured(100, slo)
    assert found.percentile == 95
    assert found.budget_for_slo_s is not None
    _, longer = measured(100, slo, found.budget_for_slo_s)
    assert longer.percentile is None
    assert longer.requests_per_second is not None
    assert 0.5 < longer.requests_per_second / true_capacity(100, slo) < 1.25


def test_where_the_slo_shows_at_no_rate_in_time_a_lower_percentile_is_claimed() -> None:
    slo = MeasuredSlo(99, 500)
    bench, found = measured(100, slo, 300)
    assert any(p.mode == "open" and p.bounds.percentile == 99 for p in bench.points), "it was tried first"
    assert found.requests_per_second is not None
    assert found.requests_per_second <= 1.1 * true_capacity(100, MeasuredSlo(found.percentile or 99, 500))


def test_a_slo_of_a_low_percentile_is_never_raised() -> None:
    _, found = measured(10, MeasuredSlo(90, 100))
    assert found.percentile is None
    assert [one.percentile for one in claims_of(MeasuredSlo(90, 100))] == [90, 50]


@pytest.mark.parametrize(
    ("count", "percentile"),
    [(662, 99), (661, 95), (130, 95), (129, 90), (64, 90), (63, 50), (11, 50), (3, 50)],
)
def test_a_count_allows_the_highest_percentile_whose_minimum_it_reaches(
    count: int, percentile: float
) -> None:
    assert claimable(MeasuredSlo(99, 100), count).percentile == percentile


def test_a_budget_too_small_for_any_claim_says_how_long_it_must_be() -> None:
    bench, found = measured(2000, MeasuredSlo(99, 10_000), 20)
    assert found.requests_per_second is None
    assert found.verdict == "TOO-FEW-SAMPLES"
    assert "11 requests at" in found.reasons[0]
    assert "do not fit into the budget of 20 s: give --budget" in found.reasons[0]
    needed_s = float(found.reasons[0].rpartition("--budget ")[2].removesuffix("s"))
    assert bench.points[0].service_ms.p50 == pytest.approx(2000)
    _, longer = measured(2000, MeasuredSlo(99, 10_000), needed_s)
    assert longer.requests_per_second is not None


def test_answers_later_than_the_timeout_are_named_and_not_called_wrong() -> None:
    bench = bench_of(lambda: 4000 * MS, MeasuredSlo(90, 10_000), limits=TransportLimits(timeout_s=2))
    bench.single()
    found = bench.find_capacity()
    assert found.reasons == ("no answer came within the timeout of 2 s: a longer --timeout is needed",)


def test_a_closed_loop_of_slow_answers_holds_some_of_them() -> None:
    bench = bench_of(lambda: 400 * MS, MeasuredSlo(99, 10_000))
    bench.answer_s = 0.4
    closed = bench.closed(2)
    # 12 answers at 2.5/s take 4.8 s, and the two in flight at its end are awaited.
    assert 12 <= closed.requests <= 14
    assert closed.achieved_requests_per_second == pytest.approx(1000 / 400, rel=0.1)


def test_a_closed_loop_of_fast_answers_lasts_as_long_as_ever() -> None:
    bench = bench_of(lambda: MS, MeasuredSlo(99, 100))
    assert bench.closed(2).window_s == pytest.approx(1.0, abs=0.06)


@pytest.mark.parametrize(
    ("answer_s", "in_flight", "requests"),
    [(0.0, 8, 50), (0.02, 8, 50), (0.1, 8, 20), (0.4, 5, 5), (1.2, 1, 4)],
)
def test_a_warm_up_asks_less_of_a_slow_server(answer_s: float, in_flight: int, requests: int) -> None:
    """At its end at most 2 s of answers are in flight; 2 s hold 2 / 0.1 = 20 answers of 100 ms."""
    settings, rule = adapted(LoadSettings(Mode.CLOSED, concurrency=8), WarmUpRule(), answer_s)
    assert (settings.concurrency, rule.min_requests) == (in_flight, requests)


def test_requests_in_flight_double_from_what_one_alone_reached() -> None:
    bench = bench_of(lambda: MS, MeasuredSlo(99, 100))
    alone = bench.single()
    peak, points = find_peak(bench.closed, bench.slo, 64, alone=alone)
    assert [one.concurrency for one in points] == [2]
    assert peak == pytest.approx(1000, rel=0.01)


def test_a_window_that_was_given_is_kept_and_claims_what_it_holds() -> None:
    bench = bench_of(lambda: 10 * MS, MeasuredSlo(99, 100), window_s=2.0)
    bench.windows = Windows(BUDGET_S, is_fixed=True)
    bench.single()
    found = bench.find_capacity()
    assert {round(p.window_s, 1) for p in bench.points if p.mode == "open" and p.ending == "completed"} == {
        2.0
    }
    assert found.percentile == 90, "2 s at 75/s hold 150 requests on average, and fewer by chance"


def test_a_rate_far_above_the_capacity_is_given_up_early_with_the_reason() -> None:
    slo = MeasuredSlo(99, 500)
    bench = bench_of(lambda: 100 * MS, slo)
    missed = bench.open(12, slo)
    assert missed.ending == "missed"
    assert missed.window_s < 10 < bench.open_settings(12, slo).window_s
    assert not missed.passes
    assert "given up after" in missed.reasons[0]
    assert "requests took longer than 500 ms" in missed.reasons[0]
    assert missed.errors == 0, "what was in flight is late, not wrong"


def test_a_rate_that_the_server_holds_is_never_given_up() -> None:
    slo = MeasuredSlo(95, 500)
    truth = true_capacity(100, slo)
    for seed in range(5):
        bench = bench_of(lambda: 100 * MS, slo, seed=seed)
        assert bench.open(0.6 * truth, slo).ending == "completed"


def test_the_highest_claim_of_a_journal_is_the_one_that_was_made() -> None:
    """A run that was killed has no search: its open points say what their windows were made for."""
    passed = open_point(10.0, 90.0, passes=True)
    points = [open_point(8.0, 99.0, passes=False), passed, open_point(12.0, 90.0, passes=False)]
    found = capacity_of_points(points, MeasuredSlo(99, 100))
    assert (found.low, found.high, found.percentile) == (10.0, 12.0, 90.0)
    assert capacity_of_points(points[1:], MeasuredSlo(90, 100)).percentile is None


def open_point(rate: float, percentile: float, *, passes: bool) -> MeasuredPoint:
    value_ms = 80.0 if passes else 120.0
    bounds = Interval(percentile, value_ms, value_ms, value_ms)
    return point("open", rate, meets_slo=passes, bounds=bounds)
