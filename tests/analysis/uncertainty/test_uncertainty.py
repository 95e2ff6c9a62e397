"""How sure a bill is: against the engine run draw by draw, budgets in their own currency, what is missing."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from costplan.analysis.uncertainty.check import check_probability
from costplan.analysis.uncertainty.documents import UncertainEstimate
from costplan.analysis.uncertainty.uncertainty import sampler_of, uncertain_estimate, with_uncertain_variables
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.pricing.bill_formula import bill_formula
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

SHIPPED = Catalog.shipped()
DRAWS = 1 << 12

HEAD = "scenario: mine\ntitle: Mine\nfree_tier: false\n"
DISK = """\
workload: {monthly_requests: 1M}
resources:
  vm:
    kind: compute-instance
    role: inference
    vcpu: 2
    memory: 4 GB
    disks: [{size: {value: 100 GB, uncertain: {low: 100 GB, high: 300 GB}}}]
"""
STEPS = """\
workload:
  monthly_requests: {value: 100M, uncertain: {low: 50M, high: 400M}}
  request_duration: {value: 150 ms, uncertain: {low: 90 ms, likely: 150 ms, high: 310 ms}}
  response_size: {value: 20 KB, uncertain: {distribution: lognormal, low: 10 KB, high: 40 KB}}
resources:
  vm:
    kind: compute-instance
    role: inference
    vcpu: 2
    memory: 4 GB
    capacity:
      requests_per_second: {value: 40, uncertain: {low: 30, high: 60}}
      max_replicas: 4
  api: {kind: serverless-container, role: inference, vcpu: 1, memory: 1 GB}
  net: {kind: network, role: network}
  other: {kind: network, role: network}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def load(text: str, sets: tuple[str, ...] = ()) -> LoadedScenario:
    Path("mine.yaml").write_text(HEAD + text, encoding="utf-8")
    return load_scenario("./mine.yaml", lambda _: SHIPPED, sets=sets)


def simulated(text: str, **more: object) -> UncertainEstimate:
    return uncertain_estimate(load(text), draws=DRAWS, **more)  # type: ignore[arg-type]


def test_percentiles_of_one_uniform_disk_are_bills_at_its_percentiles() -> None:
    """From 100 to 300 GB the tenth percentile is 120, the median 200, the ninetieth 280."""
    spread = simulated(DISK).uncertainty.bill
    for figure, size in ((spread.p10, 120), (spread.p50, 200), (spread.p90, 280)):
        bill = price_scenario(load(DISK, (f"resources.vm.disks[0].size={size} GB",)))
        assert float(figure.value) == pytest.approx(float(bill.total.monthly_cost), rel=1e-3)


def test_every_draw_is_the_bill_that_the_engine_gives_with_its_values_set() -> None:
    """Whole machines, tiers shared by two resources, rounding of run times: nothing is left out."""
    scenario = load(STEPS)
    sampler = sampler_of(scenario, 1)
    from costplan.analysis.uncertainty.simulation import simulate

    formula = bill_formula(with_uncertain_variables(scenario, sampler.inputs))
    laws = [formula.total, *formula.resources.values(), *(need.slack for need in formula.constraints)]
    results = [rows.ravel() for rows in simulate(laws, sampler, 1 << 10)]
    blocks = [values for scramble in sampler.blocks(1 << 10) for values in scramble]
    drawn = {path: np.concatenate([block[path] for block in blocks]) for path in blocks[0]}
    machines = set()
    for number in range(0, 1 << 10, 41):
        sets = [
            f"{found.path}={found.unit.written(_exact(drawn[found.path][number]))}"
            for found in sampler.inputs
        ]
        bill = price_scenario(load(STEPS, tuple(sets)))
        assert results[0][number] == pytest.approx(float(bill.total.monthly_cost), rel=1e-9)
        for row, resource in enumerate(bill.resources, start=1):
            assert results[row][number] == pytest.approx(float(resource.monthly_cost), rel=1e-9, abs=1e-9)
        assert (min(rows[number] for rows in results[5:]) < -1e-9) == bool(bill.unmet)
        machines.add(bill.resources[0].monthly_cost)
    assert len(machines) > 3


def _exact(value: float) -> Fraction:
    return Fraction(Decimal(value))


def test_the_bill_itself_is_the_plain_one() -> None:
    plain = price_scenario(load(STEPS))
    found = simulated(STEPS)
    for field in fields(Estimate):
        if field.name != "schema":
            assert getattr(found, field.name) == getattr(plain, field.name)


def test_a_budget_holds_in_as_many_draws_as_its_disk_allows() -> None:
    """The budget is what the bill costs in dollars at 150 GB: a quarter of the range from 100 to 300."""
    at_150 = price_scenario(load(DISK, ("resources.vm.disks[0].size=150 GB",)), currency="USD")
    most = at_150.total.monthly_cost
    part = f"{{name: VM, amount: {most}, resources: [vm]}}"
    text = DISK + f"budget: {{currency: USD, total: {most}, parts: [{part}]}}\n"
    found = simulated(text)
    assert found.currency == "RUB"
    for chance in found.uncertainty.budget:
        assert (chance.currency, chance.budget) == ("USD", most)
        assert float(chance.probability.value) == pytest.approx(0.25, abs=2e-3)
        assert float(chance.cost.p50.value) == pytest.approx(
            float(
                price_scenario(load(DISK, ("resources.vm.disks[0].size=200 GB",)), currency="USD").total.net
            ),
            rel=1e-3,
        )


def test_the_stated_bill_is_placed_among_the_draws() -> None:
    """100 GB is the low end: every draw costs more."""
    assert simulated(DISK).uncertainty.above_stated.value == 1


def test_a_limit_that_is_asked_about_is_in_the_bill_s_currency() -> None:
    at_200 = price_scenario(load(DISK, ("resources.vm.disks[0].size=200 GB",))).total.monthly_cost
    limit = simulated(DISK, limit=at_200).uncertainty.limit
    assert limit is not None
    assert limit.currency == "RUB"
    assert float(limit.probability.value) == pytest.approx(0.5, abs=2e-3)


def test_requirements_are_met_in_as_many_draws_as_their_machines_suffice() -> None:
    """At most 4 machines of 40 requests/s planned at 60 %: 96/s, 248.8M a month, of 50M to 400M."""
    text = """\
workload: {monthly_requests: {value: 100M, uncertain: {low: 50M, high: 400M}}}
resources:
  vm:
    kind: compute-instance
    role: inference
    vcpu: 2
    memory: 4 GB
    capacity: {requests_per_second: 40, max_replicas: 4}
"""
    found = simulated(text).uncertainty
    most = 4 * 40 * 0.6 * 720 * 3600
    assert found.needs_met is not None
    assert float(found.needs_met.value) == pytest.approx((most - 50e6) / 350e6, abs=2e-3)
    assert [need.resource for need in found.needs] == ["vm"]


def test_a_scenario_without_constraints_has_no_probability() -> None:
    found = simulated(DISK).uncertainty
    assert found.needs_met is None
    assert found.needs == ()


def test_an_input_that_the_bill_does_not_rest_on_is_told() -> None:
    text = DISK.replace("1M}", "1M, request_size: {value: 2 KB, uncertain: {low: 1 KB, high: 9 KB}}}")
    effects = {one.path: one.has_effect for one in simulated(text).uncertainty.inputs}
    assert effects == {"workload.request_size": False, "resources.vm.disks[0].size": True}


def test_a_range_that_begins_at_nothing_is_priced_all_the_same() -> None:
    """Kinds leave out what nobody uses: the formula must not be noted at 0 requests."""
    text = """\
workload: {monthly_requests: {value: 0, uncertain: {low: 0, high: 10M}}, request_duration: 100 ms}
resources: {api: {kind: serverless-container, role: inference, vcpu: 1, memory: 1 GB}}
"""
    full = price_scenario(load(text, ("workload.monthly_requests=10M",))).total.monthly_cost
    assert float(simulated(text).uncertainty.bill.p90.value) == pytest.approx(0.9 * float(full), rel=1e-3)


def test_a_whole_month_is_no_special_case() -> None:
    """From 360 to 720 hours the median machine runs 540; around the clock no hour is rounded."""
    text = """\
workload: {monthly_requests: 1M}
resources:
  vm:
    kind: compute-instance
    role: ci-cd
    vcpu: 2
    memory: 4 GB
    hours: {value: 720 h, uncertain: {low: 360 h, high: 720 h}}
"""
    at_540 = price_scenario(load(text, ("resources.vm.hours=540 h",))).total.monthly_cost
    assert float(simulated(text).uncertainty.bill.p50.value) == pytest.approx(float(at_540), rel=1e-3)


def test_what_has_no_price_is_counted() -> None:
    scenario = load_scenario("stage3:managed-opensearch", lambda _: SHIPPED)
    assert (
        uncertain_estimate(scenario, draws=DRAWS).uncertainty.unpriced
        == len(price_scenario(scenario).unpriced)
        > 0
    )


def test_nothing_uncertain_is_said_with_what_to_write() -> None:
    plain = DISK.replace("{value: 100 GB, uncertain: {low: 100 GB, high: 300 GB}}", "100 GB")
    with pytest.raises(
        InputError, match="nothing in `mine` is uncertain\n  hint: write a range beside a value"
    ):
        simulated(plain)


def test_the_same_seed_gives_the_same_document() -> None:
    assert simulated(STEPS, seed=5) == simulated(STEPS, seed=5)
    assert simulated(STEPS, seed=5) != simulated(STEPS, seed=6)


def test_a_budget_must_hold_with_the_probability_that_is_asked_for() -> None:
    at_250 = price_scenario(load(DISK, ("resources.vm.disks[0].size=250 GB",)), currency="USD")
    text = DISK + f"budget: {{currency: USD, total: {at_250.total.monthly_cost}}}\n"
    document = simulated(text)
    assert check_probability(document, Decimal("0.7")).passed
    verdict = check_probability(document, Decimal("0.8"))
    assert not verdict.passed
    assert [one.rule for one in verdict.checks][:2] == ["budget total, in 80%", "prices known"]
    assert float(document.uncertainty.budget[-1].probability.value) == pytest.approx(0.75, abs=2e-3)


@pytest.mark.parametrize("stopped", ["", "preemptible: true"])
def test_a_design_must_work_with_the_probability_that_is_asked_for(stopped: str) -> None:
    """One machine of 40 requests/s planned at 60 %: 62.208M a month; of 10M to 189.2M that is 29.14 %."""
    text = f"""\
workload: {{monthly_requests: {{value: 20M, uncertain: {{low: 10M, high: 189.2M}}}}}}
budget: {{currency: RUB, total: 1000000}}
resources:
  vm:
    kind: compute-instance
    role: inference
    vcpu: 2
    memory: 4 GB
    capacity: {{requests_per_second: 40, max_replicas: 1}}
    {stopped}
"""
    document = simulated(text)
    found = {one.rule: one for one in check_probability(document, Decimal("0.5")).checks}["works, in 50%"]
    assert not found.passed
    assert found.detail.startswith("enough in 29.1")
    assert found.detail.endswith("; else vm: needs more than 1 machine")
    assert (", while it runs" in found.detail) == bool(stopped)
    assert check_probability(document, Decimal("0.25")).passed
