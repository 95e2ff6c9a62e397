"""Formulas as people write them, at the values of their inputs."""

from __future__ import annotations

from fractions import Fraction

import pytest

from costplan.formulas.to_text import FormulaText
from costplan.quantities.quantity import Quantity

VALUES = {
    "workload.monthly_requests": Fraction(300_000),
    "workload.request_duration": Fraction(4, 10),
    "workload.response_size": Fraction(3 * 2**20),
    "workload.log_retention": Fraction(30 * 86_400),
    "resources.api.vcpu": Fraction(1),
    "resources.api.hours": Fraction(200),
}
MEASURES = {
    "workload.request_duration": "seconds",
    "workload.response_size": "bytes",
    "workload.log_retention": "seconds",
    "resources.api.hours": "hours",
}


def number(path: str) -> Quantity:
    return Quantity(VALUES[path]).as_variable(path)


REQUESTS, TIME = number("workload.monthly_requests"), number("workload.request_duration")
SIZE, KEPT = number("workload.response_size"), number("workload.log_retention")
VCPU, HOURS = number("resources.api.vcpu"), number("resources.api.hours")


def text(quantity: Quantity, month: int | None = None) -> str:
    writer = FormulaText(VALUES, MEASURES, None if month is None else Fraction(month))
    return writer.text(writer.simplified(quantity.as_formula()))


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        (REQUESTS * TIME * VCPU / 3600, "300,000 requests x 0.4 s x 1 vCPU / 3,600"),
        (REQUESTS * SIZE / 2**30, "300,000 requests x 3 MB / 1,024"),
        (SIZE * KEPT / 2**30 / 3600, "3 MB x 30 d x 24 / 1,024"),
        (HOURS * 2, "200 h x 2"),
        (Quantity(10) + HOURS, "200 h + 10"),
        (Quantity(1000) - HOURS, "1,000 - 200 h"),
        ((REQUESTS - 100) * TIME, "(300,000 requests - 100) x 0.4 s"),
        (REQUESTS / TIME, "300,000 requests / 0.4 s"),
    ],
    ids=str,
)
def test_a_formula_is_a_sum_of_products(quantity: Quantity, said: str) -> None:
    assert text(quantity) == said


def test_hours_of_the_month_are_told_from_other_factors() -> None:
    assert text(Quantity(1440), month=720) == "720 h x 2"
    assert text(VCPU * 1440, month=720) == "1 vCPU x 720 h x 2"
    assert text(VCPU * 1000, month=720) == "1 vCPU x 1,000"


def test_a_rounding_that_changes_nothing_is_left_out() -> None:
    # 300,000 x 0.4 s are 120,000 s: whole tenths; 0.4 s are whole tenths too, but no whole thirds.
    step = Fraction(1, 10)
    assert text((REQUESTS * TIME).rounded_up_to(step, fine=True)) == "300,000 requests x 0.4 s"
    assert text(TIME.rounded_up_to(Fraction(1, 10), fine=True) * 3) == "0.4 s x 3"
    assert text((TIME * 2).rounded_up_to(1, fine=True)) == "(0.4 s x 2 rounded up to 1 s)"
    assert text((TIME / 3).rounded_up_to(step, fine=True)) == "(0.4 s x 10 / 3, rounded up) / 10"


def test_a_conversion_is_written_whole_where_another_factor_cancels_a_part_of_it() -> None:
    assert text(REQUESTS * TIME * 2 / 3600) == "300,000 requests x 0.4 s x 2 / 3,600"  # not / 1,800
    assert text(REQUESTS * SIZE / 3 / 2**30) == "300,000 requests x 3 MB / 1,024 / 3"
    assert text(TIME / 2) == "0.4 s / 2"


def test_a_step_of_more_than_a_time_has_no_unit() -> None:
    assert text((TIME * VCPU * 2).rounded_up_to(1, fine=True)) == "(0.4 s x 1 vCPU x 2 rounded up to 1)"


def test_whole_things_are_counted_up() -> None:
    assert text((HOURS / 300).rounded_up_to(1) * 720, month=720) == "(200 h / 300, rounded up) x 720 h"


def test_of_a_maximum_and_a_minimum_only_what_holds_is_written() -> None:
    assert text(HOURS.at_least(100)) == "200 h"
    assert text(HOURS.at_most(100)) == "100"
    assert text((HOURS - 500).or_zero()) == "0"


def test_short_times_are_in_milliseconds() -> None:
    writer = FormulaText({"t": Fraction(5, 1000)}, {"t": "seconds"})
    seconds = (Quantity(Fraction(5, 1000)).as_variable("t") / 3600).as_formula()
    assert writer.text(seconds) == "5 ms / 3,600,000"
