"""Costs against figures worked out by hand, and what one machine may say of another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from measured_examples import GENOA, ICE_LAKE, environment, measurement, point

from costplan.analysis.serving.call_times import call_times
from costplan.analysis.serving.candidates import candidates_of
from costplan.analysis.serving.cost import CostQuestion, with_costs
from costplan.analysis.serving.hardware_scaling import Machine, speed_of
from costplan.catalog.model import Reading
from costplan.catalog.store import Catalog
from costplan.measurement.core_curve import CoreCurve
from costplan.measurement.environment import Gpu
from costplan.measurement.model import (
    CALIBRATION_SCHEMA,
    AloneOnCores,
    Calibration,
    CostRow,
    Latency,
    MeasuredCapacity,
    Measurement,
)
from costplan.messages.errors import InputError
from costplan.output.views.document_view import document_view
from costplan.resources.parts.machine import find_platform
from costplan.scenario.load import load_scenario

CATALOG = Catalog.shipped()
DAY = date(2026, 10, 6)
HOUR_2X4 = 2 * Decimal("1.24") + 4 * Decimal("0.33")
"""standard-v3 in RUB from 2026-05-01: 1.24 a core, 0.33 a GB."""


def machine(platform: str = "standard-v3", vcpu: int = 2, **changes: Any) -> Machine:
    found = find_platform(CATALOG.service("compute"), platform)
    assert found is not None
    return Machine(found, vcpu, **changes)


def rows(measured: Measurement, instances: str, **changes: Any) -> list[CostRow]:
    question = CostQuestion(CATALOG, "RUB", DAY, **changes)
    priced = with_costs(measured, candidates_of(instances, None, CATALOG), question)
    assert priced.prices is not None
    assert priced.prices.sha256 == CATALOG.sha256
    return list(priced.cost)


def row(measured: Measurement, instance: str, **changes: Any) -> CostRow:
    return rows(measured, instance, **changes)[0]


def per_million(hourly: Decimal, rate: Fraction | int) -> Decimal:
    value = Fraction(hourly) * 1_000_000 / (Fraction(rate) * 3600)
    return Decimal(round(value * 10**12)).scaleb(-12)


def test_a_million_requests_on_the_measured_machine() -> None:
    """3.80 RUB an hour for 100 requests/s: 3.80 / 360,000 x 1,000,000 = 10.5556; 105/s would be 10.0529."""
    found = row(measurement(), "standard-v3:2x4")
    assert found.basis == "measured"
    assert found.is_claim
    assert found.hourly_cost == HOUR_2X4 == Decimal("3.80")
    assert found.cost_per_million_requests == per_million(HOUR_2X4, 100) == Decimal("10.555555555556")
    assert found.low == per_million(HOUR_2X4, 105) == Decimal("10.052910052910")
    assert found.high == found.cost_per_million_requests
    assert found.p99_ms == Decimal("80.0")


def test_a_planned_utilisation_divides_the_cost() -> None:
    """At 60 % the machine serves 60 requests/s: 3.80 / 216,000 x 1,000,000 = 17.5926."""
    found = row(measurement(), "standard-v3:2x4")
    assert found.utilisation == Decimal("0.6")
    assert found.cost_per_million_at_utilisation is not None
    assert abs(found.cost_per_million_at_utilisation - per_million(HOUR_2X4, 60)) < Decimal("1e-11")
    half = row(measurement(), "standard-v3:2x4", utilisation=Decimal("0.5"))
    assert half.cost_per_million_at_utilisation == 2 * per_million(HOUR_2X4, 100)


def test_only_good_answers_count() -> None:
    """A tenth of the answers bad: 90 good requests/s."""
    capacity = MeasuredCapacity(100.0, 100.0, 105.0, "VALID", (), 0.9, Latency(p99=80.0))
    found = row(measurement(capacity=capacity), "standard-v3:2x4")
    assert found.cost_per_million_requests == per_million(HOUR_2X4, 90)


def test_a_float_of_a_measurement_becomes_the_decimal_that_it_is_written_as() -> None:
    capacity = MeasuredCapacity(0.1, 0.1, 0.3, "VALID", (), 1.0, Latency(p99=80.0))
    found = row(measurement(capacity=capacity), "standard-v3:2x4")
    assert found.requests_per_second == Decimal("0.1")
    assert found.cost_per_million_requests == per_million(HOUR_2X4, Fraction(1, 10))


def test_a_million_items_cost_a_part_of_a_million_requests() -> None:
    """Eight images in each of 100 requests/s: 10.5556 / 8 = 1.3194; requests cost what they cost."""
    measured = measurement()
    model = replace(measured.model, items_per_request=8, item="image")
    found = row(replace(measured, model=model), "standard-v3:2x4")
    assert found.cost_per_million_requests == per_million(HOUR_2X4, 100)
    assert found.cost_per_million_items == Decimal("1.319444444444")
    assert row(measured, "standard-v3:2x4").cost_per_million_items is None


def test_an_offline_job_is_priced_by_the_throughput_of_its_batch() -> None:
    """200 right answers a second, whatever their times: 3.80 / 720,000 x 1,000,000 = 5.2778, at full load."""
    nothing = MeasuredCapacity(None, None, None, "NOT-MEASURED")
    batch = point("batch", 200.0, goodput_requests_per_second=None, meets_slo=None)
    found = row(measurement(points=(batch,), capacity=nothing), "standard-v3:2x4")
    assert found.cost_per_million_requests == per_million(HOUR_2X4, 200) == Decimal("5.277777777778")
    assert found.low == found.high == found.cost_per_million_requests
    assert found.utilisation is None
    assert found.cost_per_million_at_utilisation is None
    assert found.reason.endswith("; an offline job, which promises no time")


def test_without_a_failing_rate_the_cost_has_no_lower_end() -> None:
    capacity = MeasuredCapacity(100.0, 100.0, None, "NOISY", (), 1.0, Latency(p99=80.0))
    found = row(measurement(capacity=capacity), "standard-v3:2x4")
    assert found.low is None
    assert found.high == per_million(HOUR_2X4, 100)


def test_without_a_capacity_there_is_no_cost_and_the_reason_says_so() -> None:
    nothing = MeasuredCapacity(None, None, 50.0, "UNSTABLE")
    found = row(measurement(capacity=nothing), "standard-v3:2x4")
    assert found.cost_per_million_requests is None
    assert found.basis is None
    assert "p99 stays within 100 ms" in found.reason


def test_serverless_containers_are_billed_by_the_run_time_of_all_requests_together() -> None:
    """1M x 150 ms are whole tenths of a second: 41.6667 h x (2 x 5.69 + 4 x 3.79) + 18.97, nothing free.

    p50 of 90 ms and p99 of 250 ms bound it. The measurement had two processors, as the container has.
    """
    alone = point("single", service_ms=Latency(mean=150.0, p50=90.0, p99=250.0))
    found = row(measurement(points=(alone,)), "serverless:2x4")
    hour = 2 * Fraction("5.69") + 4 * Fraction("3.79")
    costs = [
        Fraction(1_000_000, 3600) * Fraction(ms, 1000) * hour + Fraction("18.97") for ms in (90, 150, 250)
    ]
    for amount, exact in zip((found.low, found.cost_per_million_requests, found.high), costs, strict=True):
        assert amount is not None
        assert abs(Fraction(amount) - exact) < Fraction(1, 10**9)
    assert found.hourly_cost is None
    assert found.basis == "assumed"


def test_a_call_takes_longer_on_fewer_cores_than_were_measured() -> None:
    """150 ms on two processors are at most 300 ms on one: 83.3333 h x (5.69 + 3.79) + 18.97 = 808.97."""
    alone = point("single", service_ms=Latency(mean=150.0, p50=150.0, p99=150.0))
    found = row(measurement(points=(alone,)), "serverless:1x1")
    assert found.cost_per_million_requests is not None
    assert abs(Fraction(found.cost_per_million_requests) - Fraction("808.97")) < Fraction(1, 10**9)
    assert found.reason.endswith("; on 1 vCPU taken as 2 times as long as measured")
    larger = row(measurement(points=(alone,)), "serverless:4x8")
    assert "times as long" not in larger.reason


def test_a_cost_of_a_day_after_the_newest_prices_says_so() -> None:
    for day, is_said in ((DAY, False), (date(2030, 1, 1), True)):
        question = CostQuestion(CATALOG, "RUB", day)
        priced = with_costs(measurement(), candidates_of("standard-v3:2x4", None, CATALOG), question)
        details = document_view(priced).details
        assert details is not None
        notes = " ".join(note.text for note in details.notes)
        assert ("prices as of 2030-01-01; the newest known are of 2026-10-06" in notes) is is_said


def test_where_each_call_is_rounded_the_calls_are_rounded_and_not_their_mean(tmp_path: Path) -> None:
    """Of four calls of 90, 110, 110 and 250 ms, the mean of 140 ms, 100, 200, 200 and 300 ms are billed.

    Their mean is 200 ms; a million of them run 55.5556 h: x (2 x 5.69 + 4 x 3.79) + 18.97 = 1493.4144.
    """
    scenario = tmp_path / "mine.yaml"
    scenario.write_text(
        "scenario: mine\ntitle: Mine\nworkload: {monthly_requests: 1M, request_duration: 1 ms}\nresources:\n"
        "  api: {kind: serverless-container, role: inference, vcpu: 2, memory: 4 GB,"
        " run_time_rounding: per-call}\n"
    )
    [own, *_] = candidates_of(None, load_scenario(str(scenario), lambda _: CATALOG), CATALOG)
    alone = point("single", service_ms=Latency(mean=140.0, p50=110.0, p99=250.0),
                  histogram=((90.0, 1), (110.0, 2), (250.0, 1)))  # fmt: skip
    [found] = with_costs(measurement(points=(alone,)), [own], CostQuestion(CATALOG, "RUB", DAY)).cost
    exact = Fraction(1_000_000, 3600) * Fraction(200, 1000) * Fraction("26.54") + Fraction("18.97")
    assert found.cost_per_million_requests is not None
    assert abs(Fraction(found.cost_per_million_requests) - exact) < Fraction(1, 10**9)


def hours_of(milliseconds: int, vcpu: int, memory: int) -> Fraction:
    """Return the cost of a million calls of so long, nothing free."""
    hour = vcpu * Fraction("5.69") + memory * Fraction("3.79")
    return Fraction(1_000_000, 3600) * Fraction(milliseconds, 1000) * hour + Fraction("18.97")


@pytest.mark.parametrize(
    ("shape", "milliseconds", "said"),
    [
        ("1x1", 240, "; on 1 vCPU a call takes 240 ms, as measured there"),
        ("2x4", 150, ""),
    ],
)
def test_a_container_has_the_time_of_its_cores(shape: str, milliseconds: int, said: str) -> None:
    """On one core 240 ms were measured, not twice the 150 ms of two; p50 and p99 there bound it."""
    alone = point("single", service_ms=Latency(mean=150.0, p50=140.0, p99=160.0))
    one_core = AloneOnCores(1, 10, Latency(mean=240.0, p50=230.0, p99=290.0))
    found = row(measurement(points=(alone,), alone_on_cores=(one_core,)), f"serverless:{shape}")
    vcpu, memory = map(int, shape.split("x"))
    ends = (230, 290) if vcpu == 1 else (140, 160)
    exact = [hours_of(ms, vcpu, memory) for ms in (ends[0], milliseconds, ends[1])]
    for amount, cost in zip((found.low, found.cost_per_million_requests, found.high), exact, strict=True):
        assert amount is not None
        assert abs(Fraction(amount) - cost) < Fraction(1, 10**9)
    assert found.reason.endswith(said or "without cold starts")


def test_half_a_core_takes_twice_the_time_of_one() -> None:
    alone = point("single", service_ms=Latency(mean=150.0, p50=150.0, p99=150.0))
    one_core = AloneOnCores(1, 10, Latency(mean=240.0, p50=240.0, p99=240.0))
    found = call_times(measurement(points=(alone,), alone_on_cores=(one_core,)), Fraction(1, 2))
    assert found is not None
    assert (found.mean, found.p50, found.longer) == (480, 480, Fraction(480, 150))
    assert found.said == "; on 0.5 vCPU a call is taken as 480 ms, that on 1 over the share of a core"


CALLS = ((148, 1), (150, 1), (160, 1), (192, 3), (201, 2), (247, 2))
"""Ten calls: their mean is 193 ms, p50 is 192, p90 is 247; six are billed as 200 ms and four as 300."""
EACH_BY_100 = Reading("per-call", Decimal(100), "call")


def test_exact_times_are_billed_exactly() -> None:
    """0.6 x 200 + 0.4 x 300 = 240 ms, where the mean rounded up would be 200."""
    alone = point("single", service_ms=Latency(mean=193.0, p50=192.0), by_ms=CALLS, histogram=((300.0, 10),))
    found = call_times(measurement(points=(alone,)), Fraction(2))
    assert found is not None
    billed = found.billed(EACH_BY_100)
    assert billed == {200: Fraction(3, 5), 300: Fraction(2, 5)}
    assert found.billed(EACH_BY_100, at_least=True) == billed


def test_a_histogram_bounds_what_is_billed() -> None:
    """A bucket up to 105 ms begins at 105 / 10 ^ (1 / 20) = 93.6 ms, billed as 100; its end as 200."""
    alone = point("single", service_ms=Latency(mean=80.0), histogram=((50.0, 1), (105.0, 1)))
    found = call_times(measurement(points=(alone,)), Fraction(2))
    assert found is not None
    assert found.billed(EACH_BY_100) == {100: Fraction(1, 2), 200: Fraction(1, 2)}
    assert found.billed(EACH_BY_100, at_least=True) == {100: Fraction(1)}


def test_serverless_without_the_time_of_a_request_says_which_mode_measures_it() -> None:
    found = row(measurement(points=(point(),)), "serverless:1x1")
    assert found.basis is None
    assert "mode single or slo" in found.reason


def test_a_missing_price_gives_no_cost() -> None:
    found = row(measurement(environment=environment(GENOA)), "standard-v4a:2x4", assume_same_speed=True)
    assert found.cost_per_million_requests is None
    assert found.hourly_cost is None
    assert found.reason.startswith("unpriced: ")


def test_another_machine_is_assumed_and_no_claim_until_the_user_says_so() -> None:
    strange = measurement(environment=environment(GENOA))
    found = row(strange, "standard-v3:2x4")
    assert (found.basis, found.is_claim) == ("assumed", False)
    assert "priced as if standard-v3 (Intel Ice Lake) equalled AMD EPYC" in found.reason
    assert row(strange, "standard-v3:2x4", assume_same_speed=True).is_claim


DIFFERENT = {
    "processor": environment(GENOA),
    "vcpu": environment(usable=4),
    "quota": environment(cpu_quota=1.5, usable_cpus=1.5),
    "affinity": environment(affinity=4),
    "one thread per core": environment(replace(ICE_LAKE, cores=2)),
}


@pytest.mark.parametrize("there", DIFFERENT.values(), ids=DIFFERENT)
def test_only_the_very_machine_is_measured(there: Any) -> None:
    assert speed_of(machine(), measurement(environment=there)).basis != "measured"


def test_a_share_of_a_core_is_never_inferred_from_whole_ones() -> None:
    speed = speed_of(machine(core_fraction=20), measurement())
    assert speed.basis is None
    assert "20% share of a core" in speed.reason


def test_a_gpu_that_was_not_there_is_refused() -> None:
    speed = speed_of(machine("standard-v3-t4", 4, gpu=1), measurement())
    assert speed.basis is None
    assert "NVIDIA T4, measured with no GPU" in speed.reason


def test_the_same_gpu_is_known_by_the_driver_s_name_for_it() -> None:
    t4 = environment(usable=4, gpus=(Gpu("Tesla T4", "550.54"),))
    assert speed_of(machine("standard-v3-t4", 4, gpu=1), measurement(environment=t4)).basis == "measured"
    t4i = speed_of(machine("standard-v3-t4i", 4, gpu=1), measurement(environment=t4))
    assert t4i.basis is None


def test_a_machine_without_gpu_is_not_inferred_from_one_with() -> None:
    there = environment(gpus=(Gpu("Tesla T4"),))
    assert speed_of(machine(), measurement(environment=there)).basis is None


def test_a_server_on_another_machine_is_not_the_machine_that_asked_it() -> None:
    """What the result describes is where the load came from: the server's machine may be anything."""
    remote = measurement(is_co_located=False)
    speed = speed_of(machine(), remote)
    assert (speed.basis, speed.ratio) == ("assumed", 1.0)
    assert "the server's machine, which this result does not describe" in speed.reason
    assert speed_of(machine("standard-v3-t4", 4, gpu=1), remote).basis == "assumed"
    assert speed_of(machine(core_fraction=20), remote).basis is None


def test_what_a_gpu_computed_is_not_scaled_by_processors() -> None:
    t4 = environment(usable=4, gpus=(Gpu("Tesla T4"),))
    on_cuda = measurement(environment=t4, settings={"provider": "cuda"}, curve=CURVE)
    assert speed_of(machine("standard-v3-t4", 4, gpu=1), on_cuda).basis == "measured"
    larger = speed_of(machine("standard-v3-t4", 8, gpu=1), on_cuda)
    assert larger.basis is None
    assert "computed on a GPU, and measured with 4 vCPU" in larger.reason


def reference(isa: tuple[str, ...] = GENOA.isa) -> Calibration:
    runs = {"gemm": 1500.0, "memory": 240.0, "convolution": 1000.0, "overhead": 5000.0}
    there = environment(replace(ICE_LAKE, isa=isa))
    return Calibration(CALIBRATION_SCHEMA, "standard-v3", there, runs)


CALIBRATION = {"gemm": 2000.0, "memory": 300.0, "convolution": 2000.0, "overhead": 10_000.0}
"""Here. There: 0.75, 0.8, 0.5 and 0.5 times as fast."""


def calibrated(profile: Any = "gemm") -> Measurement:
    model = replace(measurement().model, profile=profile)
    return measurement(environment=environment(GENOA), calibration=CALIBRATION, model=model)


def test_scaling_takes_the_nearest_kind_and_the_range_over_all() -> None:
    speed = speed_of(machine(), calibrated(), {"standard-v3": reference()})
    assert (speed.basis, speed.ratio, speed.low, speed.high) == ("scaled", 0.75, 0.5, 0.8)


def test_a_scaled_cost_has_the_interval_of_rate_and_ratio() -> None:
    """75 requests/s; at worst 100 x 0.5 = 50, at best 105 x 0.8 = 84."""
    found = row(calibrated(), "standard-v3:2x4", references={"standard-v3": reference()})
    assert found.basis == "scaled"
    assert found.is_claim
    assert found.cost_per_million_requests == per_million(HOUR_2X4, 75)
    assert (found.low, found.high) == (per_million(HOUR_2X4, 84), per_million(HOUR_2X4, 50))


def test_a_difference_in_instruction_sets_refuses_scaling() -> None:
    other = reference(("avx2", "avx512f", "avx512_vnni"))
    speed = speed_of(machine(), calibrated(), {"standard-v3": other})
    assert speed.basis == "assumed"
    assert "cannot be scaled: avx512_vnni only on one of both" in speed.reason


def test_a_model_of_unknown_profile_takes_the_middle_of_the_kinds() -> None:
    assert speed_of(machine(), calibrated(None), {"standard-v3": reference()}).ratio == 0.75


CURVE = CoreCurve(((1, 60.0), (2, 100.0)), contention=0.2, coherency=0.0)
"""X(2) / X(1) = 2 / 1.2 = 1.667, as measured; X(4) / X(1) = 4 / 1.6 = 2.5."""


def test_more_cores_need_a_curve() -> None:
    speed = speed_of(machine(vcpu=4), measurement())
    assert speed.basis is None
    assert "no curve over cores" in speed.reason


def test_beyond_the_curve_the_bounds_are_no_gain_and_proportion() -> None:
    """The fit says 2.5 / 1.667 = 1.5 times two cores; at worst 1, at best 2."""
    speed = speed_of(machine(vcpu=4), measurement(curve=CURVE))
    assert speed.ratio == pytest.approx(1.5)
    assert (speed.low, speed.high) == (pytest.approx(1.0), pytest.approx(2.0))


def test_more_than_twice_the_measured_cores_is_refused() -> None:
    speed = speed_of(machine(vcpu=6), measurement(curve=CURVE))
    assert speed.basis is None
    assert "more than twice the 2" in speed.reason


def test_a_curve_that_falls_is_never_extrapolated_into_a_loss_below_its_bounds() -> None:
    falling = CoreCurve(((1, 100.0), (2, 50.0)), contention=3.0, coherency=0.0)
    speed = speed_of(machine(vcpu=4), measurement(curve=falling))
    assert speed.low <= speed.ratio <= speed.high == pytest.approx(2.0)


def test_inside_the_curve_the_measured_point_bounds_the_fit() -> None:
    """Measured with 4 cores: 2 of them reached 90/150 of it, the fit says 100/160 = 0.625."""
    curve = CoreCurve(((1, 60.0), (2, 90.0), (4, 150.0)), contention=0.2, coherency=0.0)
    speed = speed_of(machine(vcpu=2), measurement(environment=environment(usable=4), curve=curve))
    fitted = (2 / 1.2) / (4 / 1.6)
    assert speed.ratio == pytest.approx(fitted)
    assert min(speed.low, speed.high) == pytest.approx(min(fitted, 90 / 60 / 2.5))


def test_the_front_holds_what_nothing_beats_in_both_latency_and_cost() -> None:
    """Serverless answers in 80 ms and costs more; the cheap machine also in 80 ms; the other is beaten."""
    strange = measurement(environment=environment(GENOA))
    found = {r.instance: r.on_front for r in rows(strange, "serverless:1x1,standard-v3:2x4,standard-v3:2x8")}
    assert found == {
        "Serverless Containers 1x1": False,
        "standard-v3 2x4": True,
        "standard-v3 2x8": False,
    }


def test_what_is_faster_and_dearer_is_on_the_front_too() -> None:
    alone = point("single", response_ms=Latency(p99=5.0))
    found = rows(measurement(points=(alone,)), "serverless:1x1,standard-v3:2x4")
    assert [r.on_front for r in found] == [True, True]


def test_the_common_shapes_are_all_sold() -> None:
    assert len(candidates_of(None, None, CATALOG)) == len(CATALOG.index.common_machines) == 5


def test_a_scenario_s_own_machines_come_first_to_be_priced() -> None:
    stage2 = load_scenario("stage2", lambda name: Catalog.shipped(name))
    names = [candidate.name for candidate in candidates_of(None, stage2, CATALOG)]
    assert "standard-v3-t4 4x16" in names
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "give 1 to 50 machines"),
        ("standard-v3", "is not a machine"),
        ("standard-v9:2x4", "there is no platform `standard-v9`"),
        ("standard-v3:2x1000", "is not sold with 1000 GB"),
        ("standard-v3:3x4", "is not sold with 3 vCPU"),
        ("standard-v3:2.5x4", "whole vCPUs"),
        ("serverless:0x1", "0 vCPU are not"),
        ("serverless:1x64", "at most 8 GB"),
        ("../../etc:2x4", "is not a machine"),
        (",".join(["standard-v3:2x4"] * 51), "give 1 to 50 machines"),
    ],
)
def test_a_machine_that_is_not_sold_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        candidates_of(text, None, CATALOG)
