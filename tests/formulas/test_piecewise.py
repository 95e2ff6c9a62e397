"""Exact functions of a whole number: every step is where brute force finds it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costplan.formulas import piecewise
from costplan.formulas.piecewise import NotPiecewiseLinearError, PiecewiseLinear, TooManyPiecesError
from costplan.formulas.ranges import intersect_ranges
from costplan.formulas.to_piecewise import piecewise_linear
from costplan.quantities.formula import CountBelow, Formula, Interpreter
from costplan.quantities.quantity import Quantity

N = Quantity(1).as_variable("N")


def pieces_of(number: Quantity, first: int, last: int) -> PiecewiseLinear:
    [function] = piecewise_linear([number.as_formula()], first, last)
    return function


def agrees_everywhere(number: Quantity, first: int, last: int) -> PiecewiseLinear:
    """Compare with the formula at every whole number, and see that no piece could be longer."""
    function = pieces_of(number, first, last)
    for at in range(first, last + 1):
        assert function(at) == Interpreter({"N": Fraction(at)})(number.as_formula()), at
    lines = list(zip(function.constants, function.slopes, strict=True))
    assert all(one != two for one, two in pairwise(lines))
    assert list(function.starts) == sorted(set(function.starts))
    assert function.starts[0] == first
    return function


def test_whole_machines_step_where_the_load_exceeds_what_they_serve() -> None:
    """One machine per 40 requests: 40 still fit on one, 41 need two; 200 need five."""
    machines = agrees_everywhere((N / 40).rounded_up_to(1) * 3 + 7, 1, 200)
    assert machines.starts == [1, 41, 81, 121, 161]
    assert [machines(start) for start in machines.starts] == [10, 13, 16, 19, 22]
    assert machines.end_of(0) == 40
    assert machines.end_of(4) == 200


def test_a_free_tier_ends_at_the_first_whole_number_that_pays() -> None:
    """0.3 GB each, 10 GB free: the 34th request is the first that pays, for 0.2 GB."""
    paid = agrees_everywhere((N * Fraction(3, 10) - 10).or_zero() * 5, 1, 100)
    assert paid.starts == [1, 34]
    assert paid(34) == 1
    assert paid.slope(1) == Fraction(3, 2)


def test_steps_of_a_falling_load_come_where_one_less_is_enough() -> None:
    agrees_everywhere((Quantity(100) - N * Fraction(7, 10)).rounded_up_to(3), 1, 150)


def test_a_slope_of_several_units_per_request_needs_no_step_for_each() -> None:
    """Rounded up, 5 N + 1/2 is 5 N + 1 everywhere."""
    function = agrees_everywhere((N * 5 + Fraction(1, 2)).rounded_up_to(1), 1, 50)
    assert function.starts == [1]
    agrees_everywhere((N * Fraction(14, 5)).rounded_up_to(1), 1, 50)


def test_tiers_over_steps_over_tiers_are_found() -> None:
    machines = ((N - 30).or_zero() / 7).rounded_up_to(1).at_least(2)
    agrees_everywhere((machines * 11 - 50).or_zero() + machines * 3 + N * Fraction(1, 3), 1, 300)


def test_a_product_is_known_where_one_factor_stands_still() -> None:
    """Between steps, machines times the load is a line."""
    machines = (N / 50).rounded_up_to(1)
    agrees_everywhere(machines * N - N / machines, 1, 400)


def test_a_share_in_proportion_is_constant() -> None:
    assert agrees_everywhere((N * 3) / (N * 4), 1, 50).starts == [1]


def test_a_share_of_nothing_is_nothing_until_there_is_something() -> None:
    paid = (N + 99 - 109).or_zero().as_formula()
    [share] = piecewise_linear([paid / paid], 1, 50)
    assert [share(number) for number in (1, 10, 11, 50)] == [0, 0, 1, 1]


@pytest.mark.parametrize("number", [N * N, Quantity(1) / N, (N + 1) / N], ids=["square", "inverse", "share"])
def test_what_does_not_follow_straight_lines_is_refused(number: Quantity) -> None:
    with pytest.raises(NotPiecewiseLinearError, match="var"):
        pieces_of(number, 1, 10)


def test_a_second_input_is_refused() -> None:
    with pytest.raises(ValueError, match="several inputs vary"):
        pieces_of(N + Quantity(1).as_variable("M"), 1, 10)


def test_too_many_steps_are_refused_before_they_fill_the_memory() -> None:
    with pytest.raises(TooManyPiecesError, match="more than 1,000,000 steps"):
        pieces_of((N / 3).rounded_up_to(1), 1, 10**9)


def test_few_steps_of_a_fine_rounding_are_followed_and_of_many_the_line_below_them_is_taken() -> None:
    """Tenths of a second of calls of 130 ms: 1.3 a call, of which the whole one needs no step of its own.

    3,000 calls leave 0.3 x 2,999 = 899 steps; 4,000 calls leave 0.3 x 3,999 = 1,199, more than are followed.
    """
    tenths = (N * Fraction(13, 10)).rounded_up_to(1, fine=True)
    agrees_everywhere(tenths, 1, 3000)
    line = pieces_of(tenths, 1, 4000)
    assert len(line.starts) == 1
    for calls in (1, 7, 3999, 4000):
        exact = Interpreter({"N": Fraction(calls)})(tenths.as_formula())
        assert exact - 1 < line(calls) == Fraction(13, 10) * calls <= exact


def test_many_parts_with_few_steps_each_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piecewise, "MOST_PIECES", 20)
    parts = [
        (PiecewiseLinear([1, at, at + 1], 100, [0, 1, 0], [0, 0, 0], 1), Fraction(1)) for at in range(3, 90)
    ]
    with pytest.raises(TooManyPiecesError):
        piecewise.weighted_sum(Fraction(0), parts, 1, 100)


def test_steps_of_1_000_000_000_requests_are_exact_to_the_request() -> None:
    """The k-th machine ends at k * 1e9 / 7, cut to a whole number."""
    function = pieces_of((N * Fraction(7, 10**9)).rounded_up_to(1), 1, 10**10)
    assert function.starts == [1, *(k * 10**9 // 7 + 1 for k in range(1, 70))]


class Table:
    """Loads that so many replicas serve, faster ones where `by` is greater."""

    def __init__(self, loads: Sequence[Fraction]) -> None:
        self.loads = [Fraction(0), *loads]

    def count_below(self, load: Fraction, input_value: Fraction) -> int:
        return bisect_left(self.loads, load / input_value)


def replicas(load: Quantity, by: Quantity, *loads: int) -> Quantity:
    return Quantity(
        1,
        formula=Formula.of(
            CountBelow(load.as_formula(), by.as_formula(), Table([Fraction(n) for n in loads]))
        ),
    )


def test_replicas_of_a_waiting_model_step_where_their_load_is_exceeded() -> None:
    """Two requests each: 10 loads of a replica are 5 requests."""
    function = agrees_everywhere(replicas(N * 2, Quantity(1), 10, 25, 45), 0, 40)
    assert function.starts == [0, 1, 6, 13, 23]
    assert [function(start) for start in function.starts] == [0, 1, 2, 3, 4]


def test_replicas_of_a_load_with_a_tier_and_of_a_stepping_service_time_are_found() -> None:
    load = (N - 20).or_zero() + (Quantity(60) - N).or_zero()
    agrees_everywhere(replicas(load, (N / 30).rounded_up_to(1), 7, 12, 18, 31, 44), 1, 120)


def test_replicas_of_a_varying_service_time_are_refused() -> None:
    with pytest.raises(NotPiecewiseLinearError):
        pieces_of(replicas(N, N, 5), 1, 10)


STEPS = st.fractions(Fraction(1, 40), 30, max_denominator=40)
MOVES = st.lists(st.tuples(st.sampled_from("+-*/cmazr"), STEPS), max_size=9)


@given(MOVES, st.integers(0, 60), st.integers(1, 150))
def test_any_arithmetic_agrees_with_brute_force(
    moves: list[tuple[str, Fraction]], first: int, length: int
) -> None:
    result = N
    for move, number in moves:
        match move:
            case "+":
                result = result + N * number
            case "-":
                result = Quantity(number) - result
            case "*":
                result = result * number
            case "/":
                result = result / number
            case "c":
                result = result.rounded_up_to(number)
            case "m":
                result = result.at_least(number)
            case "a":
                result = Quantity(number).at_most(result)
            case "z":
                result = (result - number * 10).or_zero()
            case "r":
                result = result + replicas(result, Quantity(number), 3, 9, 11, 40) * number
    agrees_everywhere(result, first, first + length)


@st.composite
def lines(draw: st.DrawFn) -> PiecewiseLinear:
    """Any line on each of a few pieces of the numbers from 1 to 30."""
    starts = [1, *sorted(draw(st.sets(st.integers(2, 30), max_size=4)))]
    some = st.lists(st.integers(-40, 40), min_size=len(starts), max_size=len(starts))
    return PiecewiseLinear(starts, 30, draw(some), draw(some.map(lambda s: [n // 8 for n in s])), 3)


@given(lines(), lines())
def test_ranges_hold_just_the_numbers_at_which_a_function_is_not_negative(
    one: PiecewiseLinear, other: PiecewiseLinear
) -> None:
    def numbers(ranges: list[tuple[int, int]]) -> list[int]:
        assert all(end + 1 < start for (_, end), (start, _) in pairwise(ranges))
        return [n for start, end in ranges for n in range(start, end + 1)]

    assert numbers(list(one.below_zero())) == [n for n in range(1, 31) if one(n) < 0]
    assert numbers(one.not_negative()) == [n for n in range(1, 31) if one(n) >= 0]
    both = [
        n
        for start, end in intersect_ranges(one.not_negative(), other.not_negative())
        for n in range(start, end + 1)
    ]
    assert both == [n for n in range(1, 31) if one(n) >= 0 and other(n) >= 0]
