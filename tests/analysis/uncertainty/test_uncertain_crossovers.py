"""Ranges of crossovers: against the crossing worked out by hand, and against the exact one."""

from __future__ import annotations

from pathlib import Path

import pytest

from costplan.analysis.uncertainty.compare import uncertain_comparison
from costplan.analysis.uncertainty.crossovers import HIGHEST, LOWEST, crossover_ranges
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.pricing.engine import price_scenario
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

SHIPPED = Catalog.shipped()
FIXED = 3000

GROWING = """\
scenario: growing
title: Grows with the load
free_tier: false
workload:
  monthly_requests: 1M
  response_size: {value: 20 KB, uncertain: {low: 10 KB, high: 40 KB}}
resources: {net: {kind: network, role: network}}
"""
STANDING = f"""\
scenario: standing
title: Costs the same at any load
free_tier: false
workload: {{monthly_requests: 1M}}
resources: {{team: {{kind: fixed-cost, role: other, amounts: {{RUB: {FIXED}}}, source: us}}}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def load(text: str, *sets: str) -> LoadedScenario:
    Path("mine.yaml").write_text(text, encoding="utf-8")
    return load_scenario("./mine.yaml", lambda _: SHIPPED, sets=sets)


def test_a_line_crosses_a_level_where_the_hand_says() -> None:
    """Egress of N requests of s KB costs N * s * c: it reaches 3,000 at N = 3000 / (s * c), s from 10 to 40.

    The tenth percentile of N belongs to the ninetieth of s, 37 KB; the median to 25, the ninetieth to 13.
    """
    at_20 = price_scenario(load(GROWING, "workload.monthly_requests=100M", "workload.response_size=20 KB"))
    per_kb = float(at_20.total.monthly_cost) / 100e6 / 20
    [found] = crossover_ranges([load(GROWING), load(STANDING)])
    assert (found.cheaper_below, found.cheaper_above, found.number) == ("growing", "standing", 1)
    assert found.probability.value == 1
    assert found.requests is not None
    for figure, size in ((found.requests.p10, 37), (found.requests.p50, 25), (found.requests.p90, 13)):
        assert float(figure.value) == pytest.approx(FIXED / (per_kb * size), rel=2e-3)


def test_scenarios_in_the_other_order_cross_in_the_same_place() -> None:
    one, two = load(GROWING), load(STANDING)
    [found], [turned] = crossover_ranges([one, two]), crossover_ranges([two, one])
    assert (found.cheaper_below, found.requests) == (turned.cheaper_below, turned.requests)


def test_what_both_scenarios_share_has_the_same_draws() -> None:
    """The same egress in both: only a machine stands between them, and the order never changes."""
    with_team = GROWING.replace(
        "net:", "team: {kind: fixed-cost, role: other, amounts: {RUB: 1}, source: us}, net:"
    )
    assert crossover_ranges([load(GROWING), load(with_team)]) == ()


def test_a_crossover_that_only_some_draws_have_says_how_many() -> None:
    """At a billion requests egress of s KB reaches the level where s exceeds a half of its range: 25 KB."""
    at_25 = price_scenario(load(GROWING, "workload.monthly_requests=1B", "workload.response_size=25 KB"))
    high = STANDING.replace(f"RUB: {FIXED}", f"RUB: {at_25.total.monthly_cost:.2f}")
    [found] = crossover_ranges([load(GROWING), load(high)])
    assert float(found.probability.value) == pytest.approx(0.5, abs=2e-3)
    assert found.requests is not None
    assert LOWEST < found.requests.p10.value < found.requests.p90.value <= HIGHEST


def test_an_uncertain_load_is_the_axis_and_not_drawn() -> None:
    text = GROWING.replace(
        "monthly_requests: 1M", "monthly_requests: {value: 1M, uncertain: {low: 1K, high: 9M}}"
    )
    sure, drawn = (crossover_ranges([load(one), load(STANDING)])[0].requests for one in (GROWING, text))
    assert sure is not None
    assert drawn is not None
    assert float(drawn.p50.value) == pytest.approx(float(sure.p50.value), rel=2e-3)


def test_an_order_that_changes_back_and_forth_is_told_by_direction_and_number() -> None:
    """Egress climbs through the floor of a machine; the second machine, after 62.208M requests, lifts it.

    One machine serves 40 requests/s at 60 %: 24/s, 62.208M a month. There the egress is made to cost one
    and a half machines, so that machines cost more again, until it overtakes the two.
    """
    second = 40 * 0.6 * 720 * 3600
    steps = STANDING.replace("scenario: standing", "scenario: steps").split("resources:")[0]
    steps += """\
resources:
  vm:
    kind: compute-instance
    role: inference
    vcpu: 2
    memory: 2 GB
    capacity: {requests_per_second: 40}
"""
    machine = float(price_scenario(load(steps)).total.monthly_cost)
    at_20 = price_scenario(load(GROWING, "workload.monthly_requests=100M"))
    size = 1.5 * machine / second / (float(at_20.total.monthly_cost) / 100e6 / 20)
    narrow = (
        f"{{value: {size:.6f} KB, uncertain: {{low: {size * 0.999:.6f} KB, high: {size * 1.001:.6f} KB}}}}"
    )
    text = GROWING.replace("{value: 20 KB, uncertain: {low: 10 KB, high: 40 KB}}", narrow)
    found = {
        (one.cheaper_below, one.number): one.requests for one in crossover_ranges([load(text), load(steps)])
    }
    expected = {("growing", 1): second / 1.5, ("steps", 1): second, ("growing", 2): 2 * second / 1.5}
    for key, load_at in expected.items():
        spread = found[key]
        assert spread is not None
        assert float(spread.p50.value) == pytest.approx(load_at, rel=2e-3)


def test_a_comparison_of_sure_scenarios_is_refused() -> None:
    with pytest.raises(InputError, match="nothing in these scenarios is uncertain"):
        uncertain_comparison([load(STANDING), load(STANDING)], draws=1024)


def test_a_comparison_says_how_sure_each_scenario_is() -> None:
    found = uncertain_comparison([load(GROWING), load(STANDING)], draws=1024).uncertainty
    assert [(one.scenario, one.bill is None) for one in found.scenarios] == [
        ("growing", False),
        ("standing", True),
    ]
    assert len(found.crossovers) == 1
