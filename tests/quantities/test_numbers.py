"""Numbers as people read them: the only place where money is rounded."""

from __future__ import annotations

from decimal import Decimal

import pytest

from costplan.language.translator import ENGLISH
from costplan.quantities.shown import counted, quantity, ratio, usage

D = Decimal


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("57447.6", "57,447.60"),
        ("0.005", "0.01"),
        ("2.675", "2.68"),
        ("-2.675", "-2.68"),
        ("0.004999", "0.005"),
        ("0.0042123", "0.0042"),
        ("0.00000012", "0.00000012"),
        ("0", "0.00"),
        ("999999999999", "999,999,999,999.00"),
    ],
)
def test_money_has_two_decimals_half_up_and_never_rounds_to_nothing(amount: str, shown: str) -> None:
    assert ENGLISH.amount(D(amount)) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("720", "720"),
        ("720.00", "720"),
        ("1E+3", "1,000"),
        ("11520", "11,520"),
        ("13.888888888889", "13.8889"),
        ("9.536743164062", "9.53674"),
        ("1234567.891", "1,234,568"),
        ("12345.678", "12,345.7"),
        ("0.5", "0.5"),
        ("0.000000123456789", "0.000000123457"),
        ("0", "0"),
    ],
)
def test_a_quantity_is_exact_where_that_is_short_else_six_digits(number: str, shown: str) -> None:
    assert quantity(D(number)) == shown


@pytest.mark.parametrize(
    ("number", "unit", "shown"),
    [
        ("500", "1000 requests", "500,000 requests"),
        ("0.5", "1M invocations", "500,000 invocations"),
        ("1.44", "1000 alert*hours", "1,440 alert*hours"),
        ("720", "core*hour", "720 core*hour"),
        ("5", "GB*month", "5 GB*month"),
        ("10", "GB", "10 GB"),
        ("5000000", "query", "5,000,000 queries"),
        ("0.000001", "1M queries", "1 query"),
        ("100000", "operation", "100,000 operations"),
        ("0.0001", "10000 operations", "1 operation"),
        ("1", "month", "1 month"),
        ("2", "month", "2 months"),
    ],
)
def test_a_usage_is_counted_in_plain_units(number: str, unit: str, shown: str) -> None:
    assert usage(D(number), unit) == shown


@pytest.mark.parametrize(
    ("number", "word", "shown"),
    [
        (1, "line", "1 line"),
        (0, "line", "0 lines"),
        (2, "query", "2 queries"),
        (1200, "input", "1,200 inputs"),
    ],
)
def test_things_are_counted_in_singular_and_plural(number: int, word: str, shown: str) -> None:
    assert counted(number, word) == shown


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [("85", "100", "85%"), ("0.4", "100", "<1%"), ("0.5", "100", "1%"), ("0", "100", "0%"), ("1", "0", "–")],
)
def test_a_share_is_a_whole_percent(part: str, whole: str, shown: str) -> None:
    assert ENGLISH.share(D(part), D(whole)) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [("2.384", "2.38x"), ("1", "1.00x"), ("12.34", "12.3x"), ("0.005", "0.01x")]
)
def test_a_ratio_keeps_two_decimals_below_ten(value: str, shown: str) -> None:
    assert ratio(D(value)) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [("5000000", "5M"), ("1500000", "1.5M"), ("1234", "1.234K"), ("999", "999"), ("0", "0"), ("2e9", "2B")],
)
def test_requests_are_written_with_a_suffix(count: str, shown: str) -> None:
    assert ENGLISH.requests(D(count), 3) == shown
