"""Curves of small designs whose every step is worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from costplan.analysis.curve.curve import curve, sampled_loads
from costplan.analysis.curve.documents import Curve, CurveViolation, InfeasibleRange, ScenarioCurve
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

MONTH = 720 * 3600
MACHINE = """
    kind: compute-instance
    role: compute
    vcpu: 2
    memory: 4 GB
"""


def scenario(folder: Path, name: str, *resources: str, more: str = "", requests: str = "5") -> LoadedScenario:
    path = folder / f"{name}.yaml"
    listed = "".join(f"  r{number}:\n    {text.strip()}\n" for number, text in enumerate(resources))
    path.write_text(
        f"scenario: {name}\ntitle: A test\n{more}"
        f"workload: {{monthly_requests: {requests}, response_size: 1 GB, request_duration: 1 s}}\n"
        f"resources:\n{listed}",
        encoding="utf-8",
    )
    return load_scenario(str(path), lambda _: Catalog.shipped())


def fixed(amount: str, currency: str = "RUB") -> str:
    return f"{{kind: fixed-cost, role: other, amounts: {{{currency}: {amount}}}, source: a contract}}"


def machines(served: int, more: str = "") -> str:
    """Machines that serve so many requests a month each, at full use."""
    return f"{MACHINE}    capacity: {{requests_per_second: {served / MONTH:.12f}, utilisation: 100%{more}}}"


def machine_cost() -> Decimal:
    """Two cores and 4 GB for a month, by the list's own prices."""
    catalog = Catalog.shipped()
    day = catalog.index.as_of
    total = Decimal(0)
    for sku, quantity in (("compute.vm.cpu.c100.v3", 2 * 720), ("compute.vm.ram.v3", 4 * 720)):
        price = catalog.price("compute", sku, "RUB", day)
        assert not isinstance(price, str)
        total += price.rates[0].unit_price * quantity
    return total


def test_a_design_of_machines_steps_where_the_load_exceeds_them(tmp_path: Path) -> None:
    """Ten requests each, as nearly as twelve decimals say: the second machine comes at 10 or 11."""
    rate = Fraction(f"{10 / MONTH:.12f}") * MONTH
    ends = [int(rate * count) for count in (1, 2, 3)]
    found = curve([scenario(tmp_path, "a", machines(10))], 1, 30)
    lines = found.scenarios[0].segments
    assert [line.start for line in lines] == [1, *(end + 1 for end in ends if end < 30)]
    assert [line.cost_at_start for line in lines] == [
        machine_cost() * count for count in range(1, len(lines) + 1)
    ]
    assert [line.cause for line in lines[:3]] == [(), ("r0: 1 -> 2",), ("r0: 2 -> 3",)]
    assert all(line.cost_per_further_million == 0 for line in lines)


def test_traffic_is_free_up_to_a_tier_and_its_price_is_the_slope(tmp_path: Path) -> None:
    """1 GB an answer, 100 GB free, then 1.42 roubles."""
    found = curve([scenario(tmp_path, "a", "{kind: network, role: network}")], 1, 1000)
    free, paid = found.scenarios[0].segments
    assert (free.start, free.end, free.cost_at_end) == (1, 100, 0)
    assert (paid.start, paid.cost_at_start, paid.cost_at_end) == (101, Decimal("1.42"), 900 * Decimal("1.42"))
    assert paid.cost_per_further_million == 1_420_000
    assert paid.cause == ("r0: Egress to the internet above 100 GB",)


def crossing(tmp_path: Path) -> Curve:
    """Traffic against 142 roubles: equal at 200 requests, so that 201 is the first that is more expensive."""
    traffic = scenario(tmp_path, "traffic", "{kind: network, role: network}")
    return curve([traffic, scenario(tmp_path, "flat", fixed("142"))], 1, 1000)


def test_a_crossover_is_the_first_load_at_which_the_other_is_cheaper(tmp_path: Path) -> None:
    [found] = crossing(tmp_path).crossovers
    assert (found.cheaper_before, found.cheaper_after, found.kind) == ("traffic", "flat", "crossing")
    assert found.before.monthly_requests == 200
    assert found.before.costs == {"traffic": 142, "flat": 142}
    assert found.after.costs == {"traffic": Decimal("143.42"), "flat": 142}
    assert found.before.obstacles == {}


def test_who_wins_is_said_for_every_load_without_gaps(tmp_path: Path) -> None:
    first, second = crossing(tmp_path).cheapest
    assert (first.start, first.end, first.scenario) == (1, 200, "traffic")
    assert (second.start, second.end, second.scenario) == (201, 1000, "flat")
    assert (first.cost_at_start, first.cost_at_end) == (0, 142)


def test_a_design_that_misses_its_requirements_never_wins(tmp_path: Path) -> None:
    """At most two machines: beyond what they serve the other design wins, and nobody beyond its own."""
    cheap = scenario(tmp_path, "cheap", machines(10, ", max_replicas: 2"))
    dear = scenario(tmp_path, "dear", fixed("99999"), machines(20, ", max_replicas: 3"))
    found = curve([cheap, dear], 1, 100)
    ends = [int(Fraction(f"{n / MONTH:.12f}") * MONTH * most) for n, most in ((10, 2), (20, 3))]
    assert [(one.scenario, one.end) for one in found.cheapest] == [
        ("cheap", ends[0]), ("dear", ends[1]), (None, 100),
    ]  # fmt: skip
    [limit] = found.scenarios[0].infeasible
    assert (limit.start, limit.end) == (ends[0] + 1, 100)
    assert limit.obstacle.reason == "needs more than 2 machines"
    assert {line.feasible for line in found.scenarios[0].segments if line.start > ends[0]} == {False}
    assert found.cheapest[-1].cost_at_start is None


def test_a_step_names_what_makes_it(tmp_path: Path) -> None:
    found = curve(
        [scenario(tmp_path, "grows", machines(10)), scenario(tmp_path, "flat", fixed("4000"))], 1, 100
    )
    assert machine_cost() < 4000 < 2 * machine_cost()
    [change] = found.crossovers
    assert change.kind == "step"
    assert change.cause == ("grows: r0: 1 -> 2",)


def test_a_design_with_missing_prices_is_a_lower_bound_and_wins_only_alone(tmp_path: Path) -> None:
    other = scenario(tmp_path, "other", fixed("1", "USD"))
    found = curve([scenario(tmp_path, "a", fixed("5")), other], 1, 10)
    assert [one.unpriced for one in found.scenarios] == [0, 1]
    assert [(one.scenario, one.lower_bound) for one in found.cheapest] == [("a", False)]
    [alone] = curve([other], 1, 10).cheapest
    assert (alone.scenario, alone.lower_bound) == ("other", True)


def test_machines_without_a_capacity_are_named(tmp_path: Path) -> None:
    [one] = curve([scenario(tmp_path, "a", MACHINE, machines(10))], 1, 10).scenarios
    assert one.unsized == ("r0",)


def test_a_design_alone_has_a_curve_and_no_crossovers(tmp_path: Path) -> None:
    found = curve([scenario(tmp_path, "a", fixed("5"))], 1, 10)
    assert found.crossovers == ()
    assert [one.scenario for one in found.cheapest] == ["a"]


def test_designs_of_one_name_are_numbered(tmp_path: Path) -> None:
    one = scenario(tmp_path, "a", fixed("5"))
    assert [each.scenario for each in curve([one, one], 1, 10).scenarios] == ["a", "a (2)"]


def test_a_scenario_without_requests_has_a_curve_all_the_same(tmp_path: Path) -> None:
    idle = scenario(tmp_path, "a", "{kind: network, role: network}", requests="0")
    assert [line.start for line in curve([idle], 1, 1000).scenarios[0].segments] == [1, 101]


def test_points_hold_both_sides_of_each_step_and_even_steps_of_the_logarithm(tmp_path: Path) -> None:
    [one] = curve([scenario(tmp_path, "a", "{kind: network, role: network}")], 1, 1000, points=4).scenarios
    assert [point.monthly_requests for point in one.points] == [1, 10, 100, 101, 1000]
    assert [point.monthly_cost for point in one.points] == [0, 0, 0, Decimal("1.42"), 1278]
    assert one.points[-1].cost_per_million_requests == 1_278_000


@pytest.mark.parametrize(
    ("first", "last", "count", "expected"),
    [(1, 1000, 4, [1, 10, 100, 1000]), (1, 3, 50, [1, 2, 3]), (5, 6, 2, [5, 6])],
)
def test_sampled_loads_are_whole_and_hold_both_ends(
    first: int, last: int, count: int, expected: list[int]
) -> None:
    assert sampled_loads(first, last, count) == expected


def test_crossovers_beyond_the_limit_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Saws cross back and forth where the one has 3 or 4 machines more, and the other costs 3.5 more."""
    slow = scenario(tmp_path, "slow", machines(10))
    fast = scenario(tmp_path, "fast", machines(11), fixed(str(machine_cost() * Decimal("3.5"))))
    every = curve([slow, fast], 1, 700).crossovers
    assert len(every) > 3
    monkeypatch.setattr("costplan.analysis.curve.curve.MOST_CROSSOVERS", 2)
    found = curve([slow, fast], 1, 700)
    assert found.crossovers == every[:2]
    assert found.crossovers_left_out == len(every) - 2


@pytest.mark.parametrize(
    ("first", "last", "points", "message"),
    [
        (0, 10, 5, "starts at 1 request a month or more, got 0"),
        (10, 5, 5, "from fewer requests to more, got 10 to 5"),
        (10, 10, 5, "from fewer requests to more, got 10 to 10"),
        (1, 10**13, 5, "ends at 1,000,000,000,000 requests a month, got 10,000,000,000,000"),
        (1, 10, 1, "sampled at 2 to 100,000 loads, got 1"),
    ],
)
def test_ranges_that_are_none_are_refused(
    tmp_path: Path, first: int, last: int, points: int, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        curve([scenario(tmp_path, "a", fixed("5"))], first, last, points=points)


def test_different_currencies_are_refused_unless_one_is_named(tmp_path: Path) -> None:
    both = [
        scenario(tmp_path, "a", "{kind: network, role: network}"),
        scenario(tmp_path, "b", "{kind: network, role: network}", more="currency: USD\n"),
    ]
    with pytest.raises(InputError, match="in different currencies: RUB, USD"):
        curve(both, 1, 10)
    assert curve(both, 1, 10, currency="USD").currency == "USD"


def test_a_design_of_too_many_steps_is_named(tmp_path: Path) -> None:
    many = scenario(tmp_path, "tiny", machines(10))
    with pytest.raises(InputError, match="tiny: there are more than 1,000,000 steps"):
        curve([many], 1, 10**9)


def test_a_quota_beyond_the_last_load_that_works_raises_nothing() -> None:
    """From 30 on it is broken for good: a quota from 50 on is of no help, one from 20 on is."""

    def limit(start: int, end: int) -> InfeasibleRange:
        return InfeasibleRange(start, end, CurveViolation("api", "quota", Reason("r")))

    line = ScenarioCurve(
        "made", {}, 0, (), (limit(30, 100),), (), (), quota_raises=(limit(50, 100), limit(20, 100))
    )
    assert line.quota_raises_that_help() == [limit(20, 100)]
