"""What an SLO needs of containers: against the formulas for one warm instance and for Poisson arrivals."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, exp, log
from pathlib import Path

import pytest

from costplan.catalog.store import Catalog
from costplan.pricing.bill_formula import LOAD, bill_formula, with_variable_load
from costplan.pricing.engine import price_scenario
from costplan.quantities.formula import Interpreter
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

DESIGN = """
scenario: one
title: One
workload:
  monthly_requests: 1M
  request_duration: 1 ms
  slo: p99 <= 100 ms
resources:
  api: {kind: serverless-container, role: inference, vcpu: 1, memory: 1 GB, LIMITS}
"""
COLD = "cold_start: 900 ms, idle_limit: 10 min"
SECONDS = 720 * 3600


def loaded(folder: Path, limits: str, *sets: str) -> LoadedScenario:
    path = folder / "one.yaml"
    path.write_text(DESIGN.replace("LIMITS", limits))
    return load_scenario(str(path), lambda _: Catalog.shipped(), sets=sets)


def reasons(scenario: LoadedScenario) -> list[str]:
    return [one.reason for one in price_scenario(scenario).unmet]


# One instance that answers at once is cold after a pause longer than the idle limit: exp(-rate * limit).
LEAST = ceil(log(100) / 600 * SECONDS)


@pytest.mark.parametrize(("load", "kept"), [(LEAST * 1.02, True), (LEAST * 0.98, False)])
def test_rare_calls_are_cold_when_the_pause_outlasts_the_idle_limit(
    tmp_path: Path, load: float, kept: bool
) -> None:
    assert (reasons(loaded(tmp_path, COLD, f"workload.monthly_requests={round(load)}")) == []) is kept


def test_a_busy_hour_does_not_keep_instances_warm_for_the_quiet_ones(tmp_path: Path) -> None:
    """All calls fall into 28 of 168 hours of the week, so far fewer of them a month are enough."""
    load = f"workload.monthly_requests={round(LEAST / 5)}"
    assert reasons(loaded(tmp_path, COLD, load)) != []
    assert reasons(loaded(tmp_path, COLD, load, "workload.arrivals={profile: batch-at-night}")) == []


def test_an_instance_that_is_kept_ready_takes_rare_calls(tmp_path: Path) -> None:
    assert (
        reasons(loaded(tmp_path, f"{COLD}, provisioned_instances: 1", "workload.monthly_requests=100")) == []
    )


def test_an_slo_that_a_cold_call_keeps_asks_for_nothing(tmp_path: Path) -> None:
    rare = ("workload.monthly_requests=10", "workload.slo=p99 <= 1 s")
    assert reasons(loaded(tmp_path, COLD, *rare)) == []


def test_an_slo_below_the_run_time_is_missed_at_any_load(tmp_path: Path) -> None:
    [reason] = reasons(loaded(tmp_path, COLD, "workload.slo=p99 <= 0.5 ms"))
    assert reason == "a request alone takes 1 ms"


def test_instances_suffice_while_the_poisson_tail_is_within_the_slo(tmp_path: Path) -> None:
    """With a mean of 0.1486 busy ones, more than one is busy 1 % of the time: 1 - e^-m (1 + m)."""
    assert abs(1 - exp(-0.1486) * 1.1486 - 0.01) < 1e-4
    for mean, kept in ((0.148, True), (0.149, False)):
        load = f"workload.monthly_requests={round(mean * 1000 * SECONDS)}"
        found = reasons(loaded(tmp_path, "max_instances: 1", load))
        assert found == ([] if kept else ["needs more than 1 instances in its busiest hour"])


def test_the_formula_of_a_need_changes_sign_at_the_least_load(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, COLD)
    constraints = bill_formula(with_variable_load(scenario)).constraints
    [constraint] = [constraint for constraint in constraints if constraint.reason.startswith("fewer than")]
    least = next(
        n for n in range(LEAST - 500, LEAST + 500) if Interpreter({LOAD: Fraction(n)})(constraint.slack) >= 0
    )
    assert reasons(loaded(tmp_path, COLD, f"workload.monthly_requests={least}")) == []
    assert reasons(loaded(tmp_path, COLD, f"workload.monthly_requests={least - 1}")) != []
