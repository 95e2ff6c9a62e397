"""Formulas say what the same arithmetic would give at other inputs."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costplan.quantities.formula import Interpreter, Variable, inputs_of, substitute
from costplan.quantities.quantity import Quantity


def at(quantity: Quantity, **values: int | Fraction) -> Fraction:
    return Interpreter({name: Fraction(value) for name, value in values.items()})(quantity.as_formula())


def load(value: int = 100) -> Quantity:
    return Quantity(value).as_variable("load")


def test_linear_arithmetic_stays_one_weighted_input() -> None:
    found = (load() * 3 + 7 - load()) / 2
    formula = found.as_formula()
    assert (formula.constant, formula.terms) == (Fraction(7, 2), {Variable("load"): Fraction(1)})
    assert found.value == 100 + Fraction(7, 2)


def test_what_cancels_leaves_nothing() -> None:
    assert (load() - load()).as_formula().terms == {}


def test_a_number_on_the_left_varies_as_well() -> None:
    assert at(Quantity(5) + load(), load=1) == 6
    assert at(Quantity(5) - load(), load=1) == 4
    assert at(Quantity(5) * load(), load=2) == 10
    assert at(Quantity(6) / load(), load=2) == 3


def test_machines_step_where_the_load_passes_a_multiple() -> None:
    machines = (load() / 40).rounded_up_to(1).at_least(2)
    assert machines.value == 3
    assert [at(machines, load=x) for x in (0, 80, 81, 120, 121)] == [2, 2, 3, 3, 4]


def test_a_plain_floor_under_a_varying_number_and_the_other_way_round() -> None:
    assert [at(Quantity(50).at_least(load()), load=x) for x in (10, 60)] == [50, 60]
    assert [at(load().at_most(50), load=x) for x in (10, 60)] == [10, 50]


def test_products_of_two_inputs_are_kept() -> None:
    hours = Quantity(10).as_variable("hours")
    work = load() * hours / (load() + hours)
    assert at(work, load=6, hours=3) == Fraction(18, 9)
    assert set(inputs_of([work.as_formula()])) == {"load", "hours"}


def test_the_share_of_nothing_in_nothing_is_nothing() -> None:
    """Above 100 requests all 50 of 50 are paid for; below there is nothing to share, and nothing of it."""
    paid = (load(150) - 100).or_zero()
    assert at(paid / paid, load=150) == 1
    assert at(paid / paid, load=50) == 0
    with pytest.raises(ZeroDivisionError):
        at(load(150) / paid, load=50)


def test_fixing_an_input_leaves_the_others() -> None:
    hours = Quantity(10).as_variable("hours")
    fixed = substitute((load() * hours).rounded_up_to(4).as_formula(), {"hours": Fraction(3)})
    assert inputs_of([fixed]) == ["load"]
    assert Interpreter({"load": Fraction(3)})(fixed) == 12
    assert substitute(fixed, {"load": Fraction(3)}).terms == {}


def test_a_missing_input_is_an_error() -> None:
    with pytest.raises(KeyError):
        Interpreter({})(load().as_formula())


STEPS = st.fractions(Fraction(1, 100), 50, max_denominator=100)
SMALL = st.fractions(0, 1000, max_denominator=60)


@given(SMALL, SMALL, st.lists(st.tuples(st.sampled_from("+-*/cmax"), STEPS), max_size=8))
def test_a_formula_agrees_with_the_arithmetic_it_was_noted_from(
    at_first: Fraction, later: Fraction, steps: list[tuple[str, Fraction]]
) -> None:
    def run(x: Quantity) -> Quantity:
        result = x
        for operation, number in steps:
            match operation:
                case "+":
                    result = result + x * number
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
                case "x":
                    result = result * x + number
        return result

    noted = run(Quantity(at_first).as_variable("x"))
    assert noted.value == run(Quantity(at_first)).value
    assert at(noted, x=later) == run(Quantity(later)).value


def test_a_moved_input_changes_only_what_depends_on_it() -> None:
    """Ceilings of 7/2 and of 9/2, and the other input's 6 as it was: 4 + 6, then 5 + 6."""
    hours = Quantity(2).as_variable("hours")
    formula = ((load() / 2).rounded_up_to(1) + (hours * 3).or_zero()).as_formula()
    stated = Interpreter({"load": Fraction(1), "hours": Fraction(2)})
    assert stated(formula) == 1 + 6
    assert [moved(formula) for moved in stated.moved("load", Fraction(7), Fraction(9))] == [10, 11]
    assert [moved(formula) for moved in stated.moved("nothing", Fraction(7))] == [7]
    assert stated(formula) == 7
