"""Plans of months ahead, worked out by hand on a catalog of two prices (see `small_designs`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from small_designs import MACHINE, MACHINES, PER_MACHINE, PER_MILLION, Drawing

from costplan.analysis.timeline.documents import Timeline
from costplan.analysis.timeline.loads import Demand, demand_of, month_loads, nearest
from costplan.analysis.timeline.timeline import Horizon, timeline
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.pricing.engine import price_scenario
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.month_length import in_month_of

D = Decimal


@pytest.fixture
def drawing(tmp_path: Path) -> Drawing:
    return Drawing(tmp_path)


def stages(plan: Timeline) -> list[str | None]:
    return [row.stage for row in plan.months]


def plan(scenarios: Sequence[LoadedScenario], **asked: Any) -> Timeline:
    return timeline(scenarios, Horizon(**asked))


# The load of the months.


def test_the_load_grows_without_rounding_in_between_and_is_whole_each_month() -> None:
    """5, 5.5, 6.05, 6.655, 7.3205, 8.05255: rounding on the way would give 5, 6, 7, 8, 9, 10."""
    loads = month_loads(Demand(Fraction(5), None, Fraction(1, 10)), date(2026, 11, 1), 6)
    assert [load.requests for load in loads] == [5, 6, 6, 7, 7, 8]
    assert [str(load.month) for load in loads][:3] == ["2026-11-01", "2026-12-01", "2027-01-01"]


def test_halves_are_rounded_up() -> None:
    assert [nearest(Fraction(n, 2)) for n in (0, 1, 2, 3)] == [0, 1, 1, 2]


def test_a_season_changes_what_users_ask_for_and_not_how_many_they_are() -> None:
    """100 users growing by half ask 10 each, half of that in December and twice in January."""
    seasons = [Fraction(2), *[Fraction(1)] * 10, Fraction(1, 2)]
    loads = month_loads(Demand(Fraction(1000), Fraction(10), Fraction(1, 2), seasons), date(2026, 11, 1), 4)
    assert [(load.users, load.requests) for load in loads] == [
        (100, 1000),
        (150, 750),
        (225, 4500),
        (338, 3380),  # 337.5 users, rounded up, ask 10 each
    ]


def test_growth_may_be_given_beside_the_scenario(drawing: Drawing) -> None:
    assert demand_of(drawing.calls()).growth == Fraction(1, 10)
    assert demand_of(drawing.calls(), Fraction(0)).growth == 0


# The plan.

CALLS_COST = [
    PER_MILLION * n / 1_000_000
    for n in (1_000_000, 1_100_000, 1_210_000, 1_331_000, 1_464_100, 1_610_510, 1_771_561, 1_948_717,
              2_143_589, 2_357_948, 2_593_742, 2_853_117)
]  # fmt: skip
"""A million requests growing by 10 % a month: calls win below 1.44 M, and for a little above one machine."""


def test_each_month_has_the_cheapest_design_where_moves_are_free(drawing: Drawing) -> None:
    found = plan([drawing.calls(), drawing.machines()], months=12, switching=D(0))
    assert stages(found) == ["calls"] * 4 + ["machines"] * 6 + ["calls"] * 2
    assert CALLS_COST[3] < MACHINE < CALLS_COST[4]
    assert MACHINE < CALLS_COST[10] < CALLS_COST[11] < 2 * MACHINE
    assert found.total_spend == sum(CALLS_COST[:4]) + 6 * MACHINE + sum(CALLS_COST[10:])
    assert [(move.month, move.after) for move in found.moves] == [
        ("2026-11", "machines"),
        ("2027-05", "calls"),
    ]


def test_a_move_back_for_less_than_it_costs_is_not_made(drawing: Drawing) -> None:
    """Two months on two machines cost 3,513.60 against 3,322.58 for calls: 191.02 more, less than a move."""
    saved = 4 * MACHINE - CALLS_COST[10] - CALLS_COST[11]
    assert saved == D("191.016010")
    designs = [drawing.calls(), drawing.machines()]
    cheap = plan(designs, months=12, switching=D("191.01"))
    dear = plan(designs, months=12, switching=D("191.02"))
    assert stages(cheap) == ["calls"] * 4 + ["machines"] * 6 + ["calls"] * 2
    assert stages(dear)[-2:] == ["machines"] * 2
    assert cheap.total_spend == sum(CALLS_COST[:4]) + 6 * MACHINE + sum(CALLS_COST[10:]) + 2 * D("191.01")


def test_the_cost_of_a_move_counts_in_its_month(drawing: Drawing) -> None:
    found = plan([drawing.calls(), drawing.machines()], months=5, switching=D(1))
    assert stages(found) == ["calls"] * 4 + ["machines"]
    assert [row.switching for row in found.months] == [0, 0, 0, 0, 1]
    spent = [D(0)]
    for cost in [*CALLS_COST[:4], MACHINE + 1]:
        spent.append(spent[-1] + cost)
    assert [row.cumulative for row in found.months] == spent[1:]


def test_a_hold_keeps_a_design_for_its_months(drawing: Drawing) -> None:
    found = plan([drawing.calls(), drawing.machines()], months=12, hold=7)
    runs = [(stay.stage, stay.first) for stay in found.stays]
    lengths = [sum(row.stage == name for row in found.months) for name, _ in runs]
    assert len(runs) == 2
    assert lengths[0] >= 7


def test_no_other_sequence_of_designs_costs_less(drawing: Drawing) -> None:
    """All 2^9 sequences, priced month by month by the engine."""
    designs = [drawing.calls(), drawing.machines()]
    loads = [
        1_000_000,
        1_300_000,
        1_690_000,
        2_197_000,
        2_856_100,
        3_712_930,
        4_826_809,
        6_274_852,
        8_157_307,
    ]
    costs = [[at_load(design, load).total.monthly_cost for design in designs] for load in loads]
    for move in (D(0), D(40), D(300)):
        found = plan(designs, months=9, growth=Fraction(3, 10), switching=move)
        assert [row.requests for row in found.months] == loads
        best = min(
            sum(row[n] for row, n in zip(costs, sequence, strict=True))
            + move * sum(a != b for a, b in pairwise(sequence))
            for sequence in product((0, 1), repeat=9)
        )
        assert abs(found.total_spend - best) < D("1e-9")


def at_load(scenario: LoadedScenario, requests: int, **more: Any) -> Any:
    from dataclasses import replace

    from costplan.quantities.quantity import Quantity

    workload = scenario.model.workload.model_copy(update={"monthly_requests": Quantity(requests)})
    return price_scenario(
        replace(scenario, model=scenario.model.model_copy(update={"workload": workload})), **more
    )


def test_all_costs_are_those_of_the_engine() -> None:
    designs = [load_scenario(name, Catalog.shipped) for name in ("stage1", "stage2", "stage3")]
    found = timeline(designs, Horizon(months=5, growth=Fraction(2)), currency="RUB")
    for row in found.months:
        for design, one in zip(designs, row.stages, strict=True):
            assert row.hours == HOURS[row.month]
            bill = at_load(in_month_of(design, row.hours), int(row.requests))
            shown = (one.net, one.vat, one.gross)
            exact = (bill.total.net, bill.total.vat, bill.total.gross)
            assert all(abs(a - b) < D("1e-9") for a, b in zip(shown, exact, strict=True))
            assert one.net + one.vat == one.gross
            assert one.unmet == tuple(f"{unmet.resource}: {unmet.reason}" for unmet in bill.unmet)


# The hours of the months.

HOURS = {"2026-11": 30 * 24, "2026-12": 31 * 24, "2027-01": 31 * 24, "2027-02": 28 * 24, "2027-03": 31 * 24}
"""Of those that a plan from the shipped catalog's prices begins with."""


def by_calendar(drawing: Drawing, name: str = "fleet", more: str = "") -> LoadedScenario:
    return drawing.design(name, MACHINES.replace("MORE", more), requests=str(PER_MACHINE), month="")


def test_a_month_of_the_calendar_has_its_own_hours(drawing: Drawing) -> None:
    """One machine costs 1.22 RUB an hour, two in February: its 672 hours hold 93 % of a month's requests."""
    found = plan([by_calendar(drawing)], months=5, start=date(2026, 11, 1), growth=Fraction(0))
    costs = [D("1.22") * hours for hours in (720, 744, 744, 2 * 672, 744)]
    assert [row.hours for row in found.months] == list(HOURS.values())
    assert [row.gross for row in found.months] == costs
    assert found.total_spend == sum(costs)
    assert [row.net for row in found.months] == [cost / D("1.22") for cost in costs]


def test_a_leap_year_has_a_day_more(drawing: Drawing) -> None:
    [row] = plan([by_calendar(drawing)], months=1, start=date(2028, 2, 1)).months
    assert (row.hours, row.gross) == (29 * 24, 2 * 29 * 24 * D("1.22"))


def test_budgets_hold_against_the_hours_of_their_month(drawing: Drawing) -> None:
    """878.40 RUB in a month of 30 days are 907.68 in one of 31."""
    budget = "budget: {currency: RUB, total: 900}\n"
    design = drawing.design("fleet", MACHINES.replace("MORE", ""), budget, "1M", month="")
    found = plan([design], months=2, start=date(2026, 11, 1), growth=Fraction(0), month_budget=D(880))
    assert [(one.month, one.cost) for one in found.budgets] == [("2026-12", D("907.68"))] * 2


def test_a_month_that_the_scenario_states_is_every_month(drawing: Drawing) -> None:
    stated = drawing.design("stated", MACHINES.replace("MORE", ""), month="hours_per_month: 730\n")
    found = plan([stated, by_calendar(drawing)], months=2, start=date(2026, 12, 1), growth=Fraction(0))
    assert [[one.gross for one in row.stages] for row in found.months] == [
        [D("1.22") * 730, D("1.22") * 744]
    ] * 2
    assert [design.hours_per_month for design in found.designs] == [730, None]


def test_hours_that_are_stated_are_the_whole_of_a_shorter_month(drawing: Drawing) -> None:
    """700 of 720 hours are 700 in a month of 744, and all 672 of February; half a month follows the month."""
    machine = MACHINES.replace("MORE", "").replace("memory: 2 GB", "memory: 2 GB, hours: {hours}")
    for hours, costs in (("700 h", [700, 700, 672]), ("50%", [372, 372, 336])):
        design = drawing.design("night", machine.replace("{hours}", hours), month="")
        found = plan([design], months=3, start=date(2026, 12, 1), growth=Fraction(0))
        assert [row.gross for row in found.months] == [D("1.22") * cost for cost in costs]


# What meets its requirements, and what has no price.


def test_a_design_that_cannot_serve_the_load_is_never_chosen(drawing: Drawing) -> None:
    found = plan([drawing.calls(), drawing.machines(most=1)], months=12, switching=D(100_000))
    assert stages(found) == ["calls"] * 12
    assert [row.stages[1].feasible for row in found.months] == [True] * 10 + [False] * 2
    assert found.months[10].stages[1].unmet == ("fleet: needs more than 1 machine",)


def test_a_month_that_nothing_can_serve_stays_empty(drawing: Drawing) -> None:
    found = plan([drawing.machines(most=1)], months=12)
    assert stages(found) == ["machines"] * 10 + [None] * 2
    last = found.months[-1]
    assert (last.net, last.gross, last.spend, last.switching, last.feasible) == (None, None, None, 0, False)
    assert last.cumulative == found.total_spend == 10 * MACHINE
    assert [(stay.stage, stay.first, stay.last) for stay in found.stays] == [
        ("machines", "2026-07", "2027-04"),
        (None, "2027-05", "2027-06"),
    ]


def test_a_move_over_an_empty_month_is_a_move(drawing: Drawing) -> None:
    """One machine's load in July, four in August, which neither design may have, and two in September."""
    seasons = f"[{', '.join(['0.556'] * 6)}, 1, 4, 2, 0.556, 0.556, 0.556]"
    load = f"{PER_MACHINE}, seasonality: {seasons}"
    fee = "  fee: {kind: fixed-cost, role: other, amounts: {RUB: 100}, source: offer}\n"
    large = drawing.design("large", MACHINES.replace("MORE", ", max_replicas: 3") + fee)
    found = plan(
        [drawing.machines(most=1, requests=load), large], months=3, growth=Fraction(0), switching=D(7)
    )
    assert stages(found) == ["machines", None, "large"]
    assert [row.switching for row in found.months] == [0, 0, 7]
    assert found.total_spend == MACHINE + 7 + 2 * MACHINE + 100
    assert [(move.month, move.before) for move in found.moves] == [("2026-09", "machines")]


def test_a_cheaper_design_without_all_prices_is_not_chosen_beside_a_complete_one(drawing: Drawing) -> None:
    cheap = drawing.design(
        "cheap", "  fee: {kind: fixed-cost, role: other, amounts: {USD: 1}, source: offer}\n"
    )
    found = plan([cheap, drawing.machines(most=1)], months=12)
    assert found.designs[0].unpriced == 1
    assert stages(found) == ["machines"] * 10 + ["cheap"] * 2
    assert [row.lower_bound for row in found.months] == [False] * 10 + [True] * 2


def test_machines_without_a_stated_capacity_are_named(drawing: Drawing) -> None:
    resources = (
        "  web: {kind: compute-instance, role: compute, platform: standard-v3, vcpu: 2, memory: 2 GB,"
        " disks: [{size: 10 GB}]}\n"
    )
    assert plan([drawing.design("fixed", resources)]).designs[0].unsized == ("web",)
    assert plan([drawing.machines()]).designs[0].unsized == ()


# Budgets.


def test_the_first_month_that_breaks_each_budget_is_named(drawing: Drawing) -> None:
    """Calls cost 610, 671, 738.10 and 811.91; a fifth month on a machine costs 878.40 and 50 for the move."""
    budget = "budget: {currency: RUB, total: 700}\n"
    found = plan(
        [drawing.calls(budget), drawing.machines()],
        months=5, switching=D("10"), month_budget=D("888.39"), total_budget=D("2831.01"),
    )  # fmt: skip
    own, month, total = found.budgets
    assert (own.kind, own.scenario, own.month, own.cost) == ("design", "calls", "2026-09", D("738.1"))
    assert (month.kind, month.month, month.cost) == ("month", "2026-11", D("888.4"))
    assert (total.kind, total.month, total.cost) == ("total", "2026-11", D("3719.41"))
    assert sum(CALLS_COST[:4]) == D("2831.01")


def test_a_budget_that_is_met_to_the_last_kopeck_holds(drawing: Drawing) -> None:
    found = plan([drawing.calls()], months=1, month_budget=D(610), total_budget=D(610))
    assert [one.month for one in found.budgets] == [None, None]


def test_a_design_s_own_budget_is_compared_in_its_own_currency(drawing: Drawing) -> None:
    """USD prices are a hundredth: 6.10, 6.71, 7.38."""
    found = plan([drawing.calls("budget: {currency: USD, total: 7}\n")], months=3)
    [own] = found.budgets
    assert (own.currency, own.month, own.cost) == ("USD", "2026-09", D("7.381"))


# What is asked wrongly.


def test_months_begin_after_the_day_of_the_prices(drawing: Drawing) -> None:
    """The catalog is of 2026-06-01."""
    assert plan([drawing.calls()], months=1).months[0].month == "2026-07"
    assert plan([drawing.calls()], months=1, start=date(2027, 12, 1)).months[0].month == "2027-12"
    later = timeline([drawing.calls()], Horizon(months=2), as_of=date(2026, 12, 31))
    assert [row.month for row in later.months] == ["2027-01", "2027-02"]


@pytest.mark.parametrize(
    ("names", "more", "message"),
    [
        ((), {}, "there is nothing to plan"),
        (("calls", "calls"), {}, "two designs are called `calls`"),
        (
            ("calls",),
            {"growth": Fraction(10), "months": 600},
            "in 2027-01 the load would be 1.77e+12 requests",
        ),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(
    drawing: Drawing, names: Sequence[str], more: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message.replace("+", "\\+")):
        plan([drawing.calls() for _ in names], **more)


def test_a_load_that_is_not_said_to_grow_is_refused_with_a_hint(drawing: Drawing) -> None:
    text = "scenario: still\ntitle: Still\nworkload: {monthly_requests: 1M}\nresources:\n"
    path = drawing.folder / "still.yaml"
    path.write_text(text + "  calls: {kind: api-gateway, role: network}\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"still.yaml:3:.*workload: does not say how the load grows"
    ) as error:
        plan([load_scenario(str(path), lambda _: drawing.catalog)])
    assert error.value.faults[0].hint is not None
    assert "--growth 10%" in error.value.faults[0].hint


def test_scenarios_of_different_currencies_are_refused(drawing: Drawing) -> None:
    with pytest.raises(InputError, match="different currencies: RUB, USD"):
        plan([drawing.calls(), drawing.design("dollars", more="currency: USD\n")])
    assert timeline(
        [drawing.calls(), drawing.design("dollars", more="currency: USD\n")], Horizon(), currency="USD"
    )


def test_a_machine_serves_its_load_to_the_last_request(drawing: Drawing) -> None:
    one = plan([drawing.machines(requests=str(PER_MACHINE))], months=1)
    two = plan([drawing.machines(requests=str(PER_MACHINE + 1))], months=1)
    assert (one.total_spend, two.total_spend) == (MACHINE, 2 * MACHINE)
