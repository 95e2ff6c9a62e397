"""Measurements side by side: ratios, costs and the conclusion, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from measured_examples import GENOA, environment, measurement, point

from costplan.analysis.measured.compare import compare_measurements
from costplan.analysis.measured.contender import Contender
from costplan.analysis.measured.documents import BenchComparison, Ratio
from costplan.analysis.serving.candidates import candidates_of
from costplan.analysis.serving.cost import CostQuestion, with_costs
from costplan.catalog.store import Catalog
from costplan.language.translator import ENGLISH
from costplan.measurement.model import Interval, Latency, MeasuredCapacity, MeasuredSlo, Measurement, Tensor
from costplan.output.views.measured.comparison import bench_comparison_view, conclusion_text

CATALOG = Catalog.shipped()
QUESTION = CostQuestion(CATALOG, "RUB", date(2026, 10, 6))
HOUR_2X4 = 2 * Decimal("1.24") + 4 * Decimal("0.33")
"""standard-v3 in RUB from 2026-05-01: 1.24 a core, 0.33 a GB."""
FAST = MeasuredCapacity(190.0, 190.0, 200.0, "VALID", (), 1.0, Latency(p99=80.0))
QUICK = point("single", bounds=Interval(99, 40.0, 38.0, 42.0))


def contender(name: str, machines: str = "standard-v3:2x4", **changes: Any) -> Contender:
    measured = measurement(**changes)
    priced = with_costs(measured, candidates_of(machines, None, CATALOG), QUESTION)
    return Contender(name, f"{name}.json", priced)


def compared(*others: Contender, first: Contender | None = None) -> BenchComparison:
    return compare_measurements([first or contender("a"), *others])


def said(found: BenchComparison) -> str:
    return conclusion_text(found, ENGLISH)


def notes(found: BenchComparison) -> list[str]:
    return [note.text for note in bench_comparison_view(found, ENGLISH).notes]


def test_one_request_and_capacity_are_divided_with_the_ends_of_their_intervals() -> None:
    """80 ms (75..85) over 40 ms (38..42); 190/s (190..200) over 100/s (100..105)."""
    found = compared(contender("b", capacity=FAST, points=(QUICK,)))
    first, second = found.results
    assert (first.faster, first.more_capacity) == (None, None)
    assert second.faster == Ratio(2.0, 75 / 42, 85 / 38)
    assert second.more_capacity == Ratio(1.9, 190 / 105, 2.0)
    assert (second.single_percentile, second.slo) == (99, "p99 <= 100 ms")


def test_the_cheaper_one_is_named_with_its_interval() -> None:
    """On one machine costs are as capacities: 1.81 to 2 times."""
    found = compared(contender("b", capacity=FAST))
    [machine] = found.machines
    costs = [cost.cost_per_million_requests for cost in machine.costs]
    assert costs[0] is not None
    assert costs[1] is not None
    assert float(costs[0]) == pytest.approx(float(HOUR_2X4) * 1e6 / 360_000)
    assert float(costs[0] / costs[1]) == pytest.approx(1.9)
    assert machine.costs[1].cheaper == Ratio(pytest.approx(1.9), pytest.approx(190 / 105), pytest.approx(2.0))
    assert said(found) == "b is cheaper than a on standard-v3 2x4 at p99 <= 100 ms: 1.81 to 2 times"


def test_the_sentence_is_the_same_whichever_stands_first() -> None:
    found = compared(contender("a"), first=contender("b", capacity=FAST))
    assert said(found) == "b is cheaper than a on standard-v3 2x4 at p99 <= 100 ms: 1.81 to 2 times"
    assert found.results[1].more_capacity == Ratio(100 / 190, 0.5, 105 / 190)


def test_intervals_that_meet_tell_no_difference() -> None:
    """104/s (104..110) over 100/s (100..105): 104/105 to 1.1."""
    near = MeasuredCapacity(104.0, 104.0, 110.0, "VALID")
    found = compared(contender("b", capacity=near))
    assert found.conclusion.outcome == "no-difference"
    assert said(found).endswith(
        "cost can be told between b and a on standard-v3 2x4 at p99 <= 100 ms: 0.99 to 1.1"
    )


def test_a_capacity_without_an_upper_end_bounds_one_side_only() -> None:
    open_ended = MeasuredCapacity(190.0, 190.0, None, "NOISY")
    assert said(compared(contender("b", capacity=open_ended))).endswith(": at least 1.81x")
    slow = MeasuredCapacity(50.0, 50.0, None, "NOISY")
    assert said(compared(contender("b", capacity=slow))).endswith(
        "a costs less than b on standard-v3 2x4 at p99 <= 100 ms: 2x, but with no lower bound: may be chance"
    )


def test_the_cheapest_of_three_is_compared_with_the_next() -> None:
    most = MeasuredCapacity(400.0, 400.0, 420.0, "VALID")
    found = compared(contender("b", capacity=FAST), contender("c", capacity=most))
    assert said(found) == "c is cheaper than b on standard-v3 2x4 at p99 <= 100 ms: 2 to 2.21 times"


def test_where_not_all_keep_the_slo_that_is_the_answer() -> None:
    none = MeasuredCapacity(None, None, 10.0, "UNSTABLE")
    assert said(compared(contender("b", capacity=none))) == "only a keeps p99 <= 100 ms"
    found = compared(contender("b", capacity=none), first=contender("a", capacity=none))
    assert said(found) == "none keeps p99 <= 100 ms"


def test_a_capacity_that_is_not_known_is_not_called_one_that_misses_the_slo() -> None:
    broken = contender("b", capacity=MeasuredCapacity(None, None, None, "INVALID"), verdict="INVALID")
    assert said(compared(broken)) == "no capacity of b is known: nothing can be told about costs"


def test_why_a_verdict_is_not_valid_stands_below() -> None:
    doubted = contender("b", capacity=FAST, verdict="NOISY", reasons=("the run was killed", "another"))
    assert "b: NOISY: the run was killed" in notes(compared(doubted))


def test_rounds_in_which_one_found_no_capacity_are_counted() -> None:
    none = contender("b", capacity=MeasuredCapacity(None, None, 10.0, "UNSTABLE")).measured
    found = compare_measurements(
        [Contender("a", "a", run(100, 20, 150), tuple(run(100, 20, 150) for _ in range(3))),
         Contender("b", "b", run(200, 10, 300), (run(200, 10, 300), none, run(210, 10, 300)))],
        planned_rounds=3,
    )  # fmt: skip
    facts = bench_comparison_view(found, ENGLISH).facts
    assert facts[1] == "2 of the rounds found a capacity of both"


def test_other_slos_are_not_compared_but_single_requests_are() -> None:
    found = compared(contender("b", slo=MeasuredSlo(95, 200.0), capacity=FAST))
    assert said(found) == "not comparable: other SLO: p99 <= 100 ms against p95 <= 200 ms"
    assert found.results[1].more_capacity is None
    assert found.results[1].faster == Ratio(1.0, 75 / 85, 85 / 75)


def test_another_percentile_that_was_claimed_is_another_promise() -> None:
    lower = replace(FAST, percentile=90.0)
    assert said(compared(contender("b", capacity=lower))) == (
        "not comparable: other percentile claimed: p99 <= 100 ms against p90 <= 100 ms"
    )
    first = contender("a", capacity=replace(FAST, percentile=90.0))
    both = compared(contender("b", capacity=lower), first=first)
    assert both.results[0].slo == "p90 <= 100 ms"
    assert "at p90 <= 100 ms" in said(both)


def test_a_capacity_that_was_not_looked_for_is_not_known() -> None:
    for verdict in ("NOT-MEASURED", "TOO-FEW-SAMPLES"):
        none = MeasuredCapacity(None, None, None, verdict)  # type: ignore[arg-type]
        found = compared(contender("b", capacity=none), first=contender("a", capacity=none))
        assert said(found) == "no capacity of a is known: nothing can be told about costs"


def with_input(*shape: int) -> Any:
    return replace(measurement().model, inputs=(Tensor("image", "FP32", shape),))


def test_more_items_in_a_request_are_not_compared() -> None:
    found = compared(contender("b", model=with_input(8, 64)))
    assert said(found) == "not comparable: other batch: 1 items a request against 8"


def test_items_that_a_result_counts_are_a_batch_whatever_its_shapes_say() -> None:
    four = replace(with_input(1, 256), items_per_request=4)
    assert said(compared(contender("b", model=four))).endswith("1 items a request against 4")


def test_other_inputs_are_said_in_the_sentence_and_below() -> None:
    found = compared(contender("b", model=with_input(1, 256), capacity=FAST))
    assert said(found).endswith(": 1.81 to 2 times; but a request is not the same work")
    assert "b: other inputs: 1x64 against 1x256" in notes(found)


def test_a_picture_to_decode_is_other_work_than_its_pixels() -> None:
    pictures = contender("b", settings={"request": "POST /classify, image/jpeg"}, capacity=FAST)
    assert "b: other inputs: tensors against POST /classify, image/jpeg" in notes(compared(pictures))


def test_machines_placement_and_cut_short_runs_are_said() -> None:
    other = contender("b", environment=environment(GENOA, usable=4), is_co_located=False, is_complete=False)
    found = notes(compared(other))
    assert (
        "b: other machine: Intel Xeon Processor (Icelake) with 2 processors against "
        "AMD EPYC with 4 processors"
    ) in found
    assert "b: the generator shared the server's machine in the first, had its own in the other" in found
    assert "b: the other did not run to its end" in found


def test_results_of_two_machines_of_the_catalog_are_compared_each_on_its_own() -> None:
    """Both measured where they would run: 100/s on 2x4, 190/s on 4x8, which costs twice as much."""
    machines = "standard-v3:2x4,standard-v3:4x8"
    larger = contender("b", machines, environment=environment(usable=4), capacity=FAST)
    found = compared(larger, first=contender("a", machines))
    conclusion = found.conclusion
    assert (conclusion.cheaper, conclusion.instance) == ("a", "standard-v3 2x4")
    assert (conclusion.than, conclusion.other_instance) == ("b", "standard-v3 4x8")
    assert conclusion.ratio == Ratio(
        pytest.approx(2 / 1.9), pytest.approx(2 * 100 / 200), pytest.approx(2 * 105 / 190)
    )


def test_a_cost_that_rests_on_an_assumption_is_marked() -> None:
    here = {"environment": environment(GENOA)}
    found = compared(contender("b", capacity=FAST, **here), first=contender("a", **here))
    assert said(found).endswith(": ~1.81 to 2 times")
    assert any(note.startswith("~ is not a claim") for note in notes(found))


def run(rate: float, p50: float, peak: float, machines: str = "standard-v3:2x4") -> Measurement:
    alone = point("single", service_ms=Latency(p50=p50))
    capacity = MeasuredCapacity(rate, rate, rate * 1.05, "VALID")
    return contender("x", machines, points=(alone, point("closed", peak)), capacity=capacity).measured


def test_interleaved_runs_are_the_sample() -> None:
    """Each round has another speed, and b is always twice as fast, holds twice as much, costs half."""
    a = [run(100 * speed, 20 / speed, 150 * speed) for speed in (1.0, 0.8, 1.1)]
    b = [run(200 * speed, 10 / speed, 300 * speed) for speed in (1.0, 0.8, 1.1)]
    found = compare_measurements(
        [Contender("a", "a", a[0], tuple(a)), Contender("b", "b", b[0], tuple(b))], planned_rounds=3
    )
    exact = pytest.approx(2.0, rel=1e-6)
    second = found.results[1]
    for ratio in (second.faster, second.more_throughput, second.more_capacity, found.conclusion.ratio):
        assert ratio == Ratio(exact, exact, exact, 3)
    assert (found.method, found.rounds, found.planned_rounds) == ("interleaved", 3, 3)
    assert [one.capacity_requests_per_second for one in second.runs] == [200.0, 160.0, pytest.approx(220.0)]
    assert said(found).startswith("b is cheaper than a on standard-v3 2x4")


def test_one_round_tells_no_difference_from_chance() -> None:
    found = compare_measurements(
        [Contender("a", "a", run(100, 20, 150), (run(100, 20, 150), None)),
         Contender("b", "b", run(200, 10, 300), (run(200, 10, 300), run(210, 10, 300)))],
        planned_rounds=5, is_complete=False,
    )  # fmt: skip
    assert found.conclusion.outcome == "no-interval"
    assert (found.rounds, found.planned_rounds) == (1, 5)
    assert notes(found)[0] == "the runs were interrupted: these are the rounds that there are"


def test_settings_that_differ_are_named() -> None:
    settings = [{"intra_op_threads": n, "graph": "all", "seed": n} for n in (1, 4)]
    found = compared(contender("b", settings=settings[1]), first=contender("a", settings=settings[0]))
    assert [one.settings for one in found.results] == [{"intra_op_threads": "1"}, {"intra_op_threads": "4"}]
