"""Replica-hours of a month, against a walk through the 168 hours of a week with whole machines."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from costplan.capacity.arrivals import PROFILES, Arrivals, load_of
from costplan.capacity.model import Capacity
from costplan.capacity.replicas import ReplicaHours, Sizing, WaitingReplicas
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.quantities.quantity import Quantity
from costplan.scenario.load import load_scenario

MONTH = Fraction(720)
WEEKS = MONTH / 168
REQUESTS = 20_000_000


def replica_hours(capacity: dict[str, str], arrivals: dict[str, Any], least: int = 1) -> ReplicaHours:
    load = load_of(Quantity(REQUESTS), Arrivals(**arrivals), MONTH, Quantity(MONTH))
    return Sizing(Capacity(**capacity)).replica_hours(load, Quantity(least), Quantity(MONTH))


def rates(weights: tuple[int, ...]) -> list[Fraction]:
    """Requests per second in each hour of a typical week."""
    return [Fraction(REQUESTS * weight, sum(weights)) / WEEKS / 3600 for weight in weights]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_spreads_all_requests_over_all_hours(profile: str) -> None:
    load = load_of(Quantity(REQUESTS), Arrivals(profile=profile), MONTH, Quantity(MONTH))
    assert load.requests.value == REQUESTS
    assert sum(level.hours.value for level in load.levels) == MONTH
    assert [level.rate.value for level in load.levels] == sorted(set(rates(PROFILES[profile])), reverse=True)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("peak", [1, 2])
def test_fixed_replicas_are_those_of_the_busiest_hour_all_month(profile: str, peak: int) -> None:
    found = replica_hours({"requests_per_second": "5"}, {"profile": profile, "peak_factor": str(peak)})
    busiest = max(rates(PROFILES[profile])) * peak
    assert found.most.value == ceil(busiest / (5 * Fraction(3, 5)))
    assert found.billed.value == found.most.value * MONTH
    assert found.busy.value == Fraction(REQUESTS, 5 * 3600)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(("delay", "billing"), [(0, "second"), (120, "second"), (120, "hour")])
def test_scaled_replicas_are_counted_hour_by_hour(profile: str, delay: int, billing: str) -> None:
    capacity = {
        "requests_per_second": "5", "utilisation": "80%", "scaling": "autoscaled", "spare": "1",
        "scale_up_delay": f"{delay} s", "billing": billing,
    }  # fmt: skip
    found = replica_hours(capacity, {"profile": profile, "peak_factor": "1.5"}, least=2)
    week = rates(PROFILES[profile])
    ran = [max(2, ceil(rate * Fraction(3, 2) / 4) + 1 if rate else 0) for rate in week]
    billed = sum(ran)
    late = Fraction(0)
    start = Fraction(ceil(delay / 3600)) if billing == "hour" else Fraction(delay, 3600)
    for hour, count in enumerate(ran):
        following = (hour + 1) % 168
        billed += max(0, ran[following] - count) * start
        if week[following] > week[hour]:
            late += max(Fraction(0), week[following] * Fraction(3, 2) - count * 5) * delay
    assert found.billed.value == billed * WEEKS
    assert found.at_risk.value == late * WEEKS


def test_a_schedule_starts_ahead_and_risks_nothing() -> None:
    capacity = {"requests_per_second": "5", "scaling": "scheduled", "scale_up_delay": "5 min"}
    found = replica_hours(capacity, {"profile": "office-hours"})
    assert found.at_risk.value == 0
    assert found.billed.value > sum(ceil(rate / 3) for rate in rates(PROFILES["office-hours"])) * WEEKS


def test_to_zero_runs_only_in_hours_with_requests() -> None:
    capacity = {"requests_per_second": "5", "scaling": "to-zero"}
    found = replica_hours(capacity, {"profile": "batch-at-night"})
    a_night_hour = Fraction(REQUESTS, 7 * 4) / WEEKS / 3600
    assert found.billed.value == 7 * 4 * WEEKS * ceil(a_night_hour / 3)


def test_what_runs_for_fewer_hours_serves_the_same_requests_in_them() -> None:
    load = load_of(Quantity(REQUESTS), None, MONTH, Quantity(180))
    assert [(level.rate.value, level.hours.value) for level in load.levels] == [
        (Fraction(REQUESTS, 180 * 3600), 180)
    ]


def test_a_waiting_model_gives_the_fewest_replicas_that_keep_the_slo() -> None:
    """M/M/1 answers the 95th percentile in ln(20) / (mu - lambda): 10/s with a mean of 20 ms take 75 ms."""
    replicas = WaitingReplicas("M/M/c", Fraction(95, 100), Fraction(75, 1000), 1)
    assert replicas.count_below(Fraction(0), Fraction(20, 1000)) == 0
    assert replicas.count_below(Fraction(1005, 100), Fraction(20, 1000)) == 1
    assert replicas.count_below(Fraction(1007, 100), Fraction(20, 1000)) == 2


def test_an_slo_below_the_service_time_is_kept_by_no_number_of_replicas() -> None:
    replicas = WaitingReplicas("M/D/c", Fraction(99, 100), Fraction(10, 1000), 4)
    assert replicas.count_below(Fraction(1), Fraction(20, 1000)) == replicas.beyond


def test_arrays_of_loads_take_what_single_loads_take() -> None:
    import numpy as np

    replicas = WaitingReplicas("M/D/c", Fraction(99, 100), Fraction(60, 1000), 2)
    loads = np.array([0.0, 1.0, 70.0, 150.0, 700.0, 90.0])
    one = np.full(6, 0.02)
    expected = [replicas.count_below(Fraction(load), Fraction(0.02)) for load in loads]
    assert replicas.count_below_many(loads, one).tolist() == expected
    times = np.array([0.02, 0.02, 0.02, 0.01, 0.015, 0.07])
    expected = [replicas.count_below(Fraction(a), Fraction(b)) for a, b in zip(loads, times, strict=True)]
    assert replicas.count_below_many(loads, times).tolist() == expected
    assert expected[-1] == replicas.beyond


DESIGN = """
scenario: one
title: One
workload:
  monthly_requests: 20M
  request_duration: 20 ms
  slo: p99 <= 100 ms
  arrivals: {profile: office-hours}
resources:
  api:
    kind: compute-instance
    role: inference
    vcpu: 2
    memory: 4 GB
    capacity: {requests_per_second: 5, CAPACITY}
"""


def estimate(folder: Path, capacity: str, *sets: str) -> Estimate:
    path = folder / "one.yaml"
    path.write_text(DESIGN.replace(", CAPACITY", f", {capacity}" if capacity else ""))
    return price_scenario(load_scenario(str(path), lambda _: Catalog.shipped(), sets=sets))


def test_the_money_is_split_by_what_the_hours_were_for(tmp_path: Path) -> None:
    found = estimate(tmp_path, "spare: 1")
    week = rates(PROFILES["office-hours"])
    machines = ceil(max(week) / 3) + 1
    paid = Fraction(found.total.monthly_cost)
    useful = Fraction(REQUESTS, 5 * 3600) / (machines * MONTH)
    asked = sum(rate / 3 + 1 for rate in week) * WEEKS / (machines * MONTH)
    split = found.split
    assert abs(Fraction(split.useful) - paid * useful) < Fraction(1, 10**9)
    assert abs(Fraction(split.headroom) - paid * (asked - useful)) < Fraction(1, 10**9)
    assert split.useful + split.headroom + split.idle == found.total.monthly_cost
    assert split.overhead == 0


def test_a_bound_on_replicas_is_a_need_that_is_not_met(tmp_path: Path) -> None:
    [unmet] = estimate(tmp_path, "max_replicas: 3").unmet
    assert (unmet.resource, unmet.what, unmet.available) == ("api", "replicas", 3)
    assert unmet.needed == ceil(max(rates(PROFILES["office-hours"])) / 3)


def test_replicas_that_start_too_slowly_break_the_slo(tmp_path: Path) -> None:
    slow = estimate(tmp_path, "scaling: autoscaled, utilisation: 95%, scale_up_delay: 30 min")
    assert [one.what for one in slow.unmet] == ["slo"]
    assert estimate(tmp_path, "scaling: autoscaled, utilisation: 95%, scale_up_delay: 1 s").unmet == ()


def test_an_slo_that_an_idle_replica_misses_says_what_it_can_keep(tmp_path: Path) -> None:
    [unmet, *_] = estimate(tmp_path, "waiting: M/M/c, max_replicas: 50", "workload.slo=p99 <= 60 ms").unmet
    assert unmet.what == "slo"
    assert "92.1 ms at best" in unmet.reason  # 20 ms * ln(100)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("workload.arrivals.profile=weekly", "must be one of"),
        ("workload.arrivals.peak_factor=0.5", "must be at least 1"),
        ("workload.arrivals={weights: [1, 2]}", "need 168 numbers"),
        (f"workload.arrivals={{weights: {[0] * 168}}}", "sum to 0"),
        ("workload.slo=fast", "is not an SLO"),
        ("workload.slo={percentile: 100%, latency: 1 s}", "between 0% and 100%"),
        ("workload.slo=p99 <= 0 ms", "must be above zero"),
        ("workload.growth=-5%", "must not be negative"),
        ("workload.growth=fast", "is not"),
        ("workload.seasonality=[1, 2]", "needs 12 factors"),
        (f"workload.seasonality={[2] * 12}", "must be 1 in the mean, got 2"),
        ("resources.api.capacity.requests_per_second=0", "must be above zero"),
        ("resources.api.capacity.utilisation=0%", "must be above zero"),
        ("resources.api.capacity.max_replicas=0", "must be at least 1"),
        ("resources.api.capacity={utilisation: 50%}", "missing `requests_per_second`"),
    ],
)
def test_bad_loads_and_capacities_are_faults(tmp_path: Path, change: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        estimate(tmp_path, "", change)


def test_waiting_without_an_slo_asks_for_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"workload\.slo"):
        estimate(tmp_path, "waiting: M/D/c", "workload.slo=~")
