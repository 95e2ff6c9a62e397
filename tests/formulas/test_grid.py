"""Formulas over arrays give what they give one by one."""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costplan.formulas import to_arrays
from costplan.formulas.to_arrays import compile_grid
from costplan.quantities.formula import CountBelow, Formula, Interpreter
from costplan.quantities.quantity import Quantity

X, Y = Quantity(1).as_variable("x"), Quantity(1).as_variable("y")


def over(number: Quantity, **values: object) -> list[float]:
    [found] = compile_grid([number.as_formula()])(values)
    return list(found)


def test_whole_machines_are_counted_for_all_loads_at_once() -> None:
    machines = (X / 40).rounded_up_to(1) * 3 + 7
    assert over(machines, x=[0, 1, 40, 41, 200]) == [7, 10, 10, 13, 22]


def test_a_multiple_that_a_float_misses_takes_no_further_machine() -> None:
    """3 * 0.1 is 0.30000000000000004 as a float: three full machines, not four."""
    assert 3 * 0.1 / 0.1 > 3
    machines = (X * Fraction(1, 10) / Fraction(1, 10)).rounded_up_to(1)
    thirds = (X * Fraction(1, 3)).rounded_up_to(1)
    assert over(machines, x=np.arange(1, 1000)) == list(range(1, 1000))
    assert over(thirds, x=np.arange(3, 3000, 3)) == list(range(1, 1000))
    assert over(((X - 10**6) * Fraction(1, 3)).rounded_up_to(1), x=np.arange(3, 300, 3) + 10**6) == list(
        range(1, 100)
    )


def test_one_request_more_than_full_takes_a_further_machine() -> None:
    """A thousand machines of 2 592 000 000 requests each, and one request."""
    each = 2_592_000_000
    assert over((X / each).rounded_up_to(1), x=[1000 * each, 1000 * each + 1]) == [1000, 1001]


def test_a_single_number_stands_beside_an_array() -> None:
    assert over(X * Y + 1, x=[1, 2, 3], y=5) == [6, 11, 16]
    assert over(Quantity(7), x=[1, 2, 3]) == [7, 7, 7]
    assert over(X, x=3) == [3]


def test_many_numbers_are_taken_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(to_arrays, "BLOCK", 10)
    cost = (X / 3).rounded_up_to(1) + (X - 50).or_zero()
    assert over(cost, x=np.arange(101)) == [-(-x // 3) + max(x - 50, 0) for x in range(101)]


def test_a_missing_input_and_a_division_by_zero_are_errors() -> None:
    with pytest.raises(KeyError):
        over(X + Y, x=[1])
    with pytest.raises(FloatingPointError):
        over(Y / X, x=[1, 0], y=1)


class Table:
    """Loads of 1, 2, ... replicas, in proportion to what they depend on."""

    loads = (0.0, 3.0, 9.0, 11.0, 40.0)

    def count_below(self, load: Fraction, input_value: Fraction) -> int:
        return bisect_left(self.loads, load / input_value)

    def count_below_many(self, loads: to_arrays.Floats, inputs: to_arrays.Floats) -> to_arrays.Floats:
        return np.searchsorted(self.loads, loads / inputs).astype(np.float64)


def test_replicas_of_a_waiting_model_are_counted_for_all_loads_at_once() -> None:
    for by in (Quantity(2), Y):
        replicas = Quantity(1, formula=Formula.of(CountBelow(X.as_formula(), by.as_formula(), Table())))
        assert over(replicas * 10, x=[0, 1, 6, 7, 79, 81], y=2) == [0, 10, 10, 20, 40, 50]


STEPS = st.fractions(Fraction(1, 40), 30, max_denominator=40)
MOVES = st.lists(st.tuples(st.sampled_from("xyXY-/cmaq"), STEPS), max_size=12)


@given(MOVES, MOVES, st.lists(st.tuples(*[st.integers(1, 200)] * 2), min_size=1, max_size=9))
def test_formulas_of_several_inputs_agree_with_exact_arithmetic(
    some: list[tuple[str, Fraction]], more: list[tuple[str, Fraction]], points: list[tuple[int, int]]
) -> None:
    one = moved(X, some)
    laws = [one.as_formula(), moved(Y + one, more).as_formula(), (one * 2).as_formula()]
    found = compile_grid(laws)({"x": [x for x, _ in points], "y": [y for _, y in points]})
    for place, (x, y) in enumerate(points):
        exact = Interpreter({"x": Fraction(x), "y": Fraction(y)})
        assert [float(exact(law)) for law in laws] == pytest.approx(
            [float(values[place]) for values in found], rel=1e-9, abs=1e-6
        )


def moved(result: Quantity, moves: list[tuple[str, Fraction]]) -> Quantity:
    for move, number in moves:
        match move:
            case "x":
                result = result + X * number
            case "y":
                result = result - Y * number
            case "X":
                result = result.or_zero().at_most(100) * X
            case "Y":
                result = result / (Y + number)
            case "-":
                result = Quantity(number) - result
            case "/":
                result = result / number
            case "c":
                result = result.rounded_up_to(number)
            case "m":
                result = result.at_least(number)
            case "a":
                result = Quantity(number).at_most(result)
            case "q":
                result = (X * number).rounded_up_to(7) + result
    return result
