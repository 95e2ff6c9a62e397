"""Changes of order between two costs: all of them, each at the first whole number."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from costplan.analysis.curve.crossovers import Change, order_changes, refine_on_bills
from costplan.formulas.piecewise import PiecewiseLinear
from costplan.formulas.to_piecewise import piecewise_linear
from costplan.quantities.quantity import Quantity

N = Quantity(1).as_variable("N")


def changes(one: Quantity, two: Quantity, first: int, last: int) -> list[Change]:
    return order_changes(*piecewise_linear([one.as_formula(), two.as_formula()], first, last))


def test_two_lines_cross_at_the_first_request_that_is_dearer() -> None:
    """100 + 2 N against 3 N: equal at 100, so that 101 is the first at which the second is more expensive."""
    assert changes(N * 2 + 100, N * 3, 1, 500) == [Change(101, False, "crossing")]
    assert changes(N * 3, N * 2 + 100, 1, 500) == [Change(101, True, "crossing")]
    assert changes(N * 2 + 100, N * 3, 1, 100) == []


def test_lines_that_meet_between_two_requests_cross_at_the_later() -> None:
    """7 N passes 1000 after 142.86."""
    assert changes(N * 7, Quantity(1000), 1, 500) == [Change(143, True, "crossing")]


def test_a_machine_that_jumps_over_the_other_cost_is_a_step() -> None:
    """Machines of 40 for 50 each against 120: the third, at 81, jumps from 100 to 150."""
    machines = (N / 40).rounded_up_to(1) * 50
    assert changes(machines, Quantity(120), 1, 200) == [Change(81, True, "step")]


def test_a_tier_that_bends_beyond_the_other_is_a_crossing() -> None:
    """Free up to 10.5, then 4 each: at 11 it costs 2, and the other still 1."""
    assert changes(((N - Fraction(21, 2)) * 4).or_zero(), Quantity(1), 1, 99) == [
        Change(11, True, "crossing")
    ]


def test_saws_cross_back_and_forth_at_every_tooth() -> None:
    """Each machine of 10 costs 10; the line N costs less at 1..9 of a tooth and the same at its end."""
    line, saw = N + Fraction(1, 2), (N / 10).rounded_up_to(1) * 10
    found = changes(line, saw, 1, 30)
    assert [(one.load, one.rises) for one in found] == [
        (10, True), (11, False), (20, True), (21, False), (30, True),
    ]  # fmt: skip
    assert [one.kind for one in found] == ["crossing", "step"] * 2 + ["crossing"]


def test_equal_costs_do_not_change_the_order() -> None:
    """10 below 50, equal from there on, below again from 71 on; or the same everywhere."""
    below = N.at_least(50) + (N - 70).or_zero()
    assert changes(N, below, 1, 200) == []
    assert changes(N, N, 1, 200) == []


def test_costs_that_were_equal_from_the_first_load_part() -> None:
    assert changes(N.at_most(10), N, 1, 200) == [Change(11, False, "parting")]
    assert changes(N, N.at_least(2), 1, 200) == []


def test_a_jump_and_a_crossing_on_the_same_piece_are_both_found() -> None:
    """At 100 the first falls below the second, and climbs over it again at 121."""
    first = PiecewiseLinear([1, 100], 200, [60, -70], [0, 1], 1)
    second = PiecewiseLinear([1], 200, [50], [0], 1)
    found = order_changes(first, second)
    assert found == [Change(100, False, "step"), Change(121, True, "crossing")]


FUNCTIONS = st.lists(
    st.tuples(st.integers(1, 60), st.integers(-40, 40), st.integers(-3, 3)), min_size=1, max_size=8
)


@given(FUNCTIONS, FUNCTIONS)
def test_no_change_is_missed(one: list[tuple[int, int, int]], two: list[tuple[int, int, int]]) -> None:
    functions = []
    for pieces in (one, two):
        ordered = {1: (0, 0), **{start: (constant, slope) for start, constant, slope in pieces}}
        functions.append(PiecewiseLinear.collected(((s, *ordered[s]) for s in sorted(ordered)), 80))
    order, expected = 0, []
    for number in range(1, 81):
        difference = functions[0](number) - functions[1](number)
        sign = (difference > 0) - (difference < 0)
        if sign and sign != order and (order or number > 1):
            expected.append((number, sign > 0))
        order = sign or order
    assert [(found.load, found.rises) for found in order_changes(*functions)] == expected


def test_bills_move_a_crossover_to_where_they_themselves_cross() -> None:
    change = Change(100, True, "crossing")
    for true in (2, 60, 99, 100, 101, 150, 200):
        assert refine_on_bills(change, 1, 200, lambda load, true=true: load >= true) == true


def test_bills_that_never_agree_leave_the_crossover_where_the_lines_have_it() -> None:
    change = Change(100, True, "crossing")
    assert refine_on_bills(change, 1, 200, lambda load: False) == 100
    assert refine_on_bills(change, 1, 200, lambda load: True) == 100
