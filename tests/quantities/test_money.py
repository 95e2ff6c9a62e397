"""Numbers are read exactly, money never crosses currencies, and rounding happens where it says."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from costplan.quantities.money import (
    EXACT,
    MAX_NUMBER,
    Money,
    exact_product,
    exact_sum,
    parse_decimal,
    parse_money,
    plain,
    quantized,
    rounded,
    shortest,
    significant,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("1.10", "1.10"),
        ("+3", "3"),
        (".5", "0.5"),
        ("7.", "7"),
        ("1e3", "1000"),
        ("1E-12", "0.000000000001"),
        ("  2 ", "2"),
        ("010", "10"),
        ("1000000000000", "1e12"),
        ("0.000000000001", "1e-12"),
        ("1.0000000000000", "1"),
        ("-0", "0"),
        ("0e-500", "0"),
    ],
)
def test_a_number_is_read_exactly_as_it_is_written(text: str, value: str) -> None:
    assert parse_decimal(text) == Decimal(value)


def test_digits_of_a_number_are_kept_as_written() -> None:
    assert str(parse_decimal("1.10")) == "1.10"
    assert plain(parse_decimal("123456789012.123456789012")) == "123456789012.123456789012"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-1", "must not be negative, got -1"),
        ("-0.000001", "must not be negative, got -0.000001"),
        ("1000000000000.1", "must be at most 1000000000000, got 1000000000000.1"),
        ("1e13", "must be at most 1000000000000, got 1e13"),
        ("0.0000000000001", "has more than 12 decimals: 0.0000000000001"),
        ("1e-13", "has more than 12 decimals: 1e-13"),
        ("0." + "0" * 12 + "1", "has more than 12 decimals: 0.0000000000001"),
        ("1." + "0" * 36, "has more than 24 digits: 1." + "0" * 36),
        ("nan", "must be a finite number, got `nan`"),
        ("-Inf", "must be a finite number, got `-Inf`"),
        ("+infinity", "must be a finite number, got `+infinity`"),
        ("1,5", "is not a number: `1,5`; write the decimal mark as a point"),
        ("1,234,567", "is not a number: `1,234,567`; write digits without separators"),
        ("1_000", "is not a number: `1_000`; write digits without separators"),
        ("1'000", "is not a number: `1'000`; write digits without separators"),
        ("1\u2019000", "is not a number: `1\u2019000`; write digits without separators"),
        ("1.000.000", "is not a number: `1.000.000`; write digits without separators"),
        ("1\u202f000", "is not a number: `1\u202f000`; write digits without separators"),
        (
            "1,000",
            "is not a number: `1,000`; write digits without separators, the decimal mark as a point",
        ),
        ("1 000", "is not a number: `1 000`; write digits without separators"),
        ("", "is not a number: ``"),
        (".", "is not a number: `.`"),
        ("1e", "is not a number: `1e`"),
        ("1e1000", "is not a number: `1e1000`"),
        ("0x10", "is not a number: `0x10`"),
        ("X1X", "is not a number: `X1X`"),
        ("0" * 101, "has more than 24 digits: " + "0" * 40),
        ("٣", "is not a number: `٣`"),
        ("1\t", "is not a number: `1\\x09`"),
        ("a" * 50, "is not a number: `" + "a" * 40 + "`"),
        ("9" * 50, "must be at most 1000000000000, got " + "9" * 40),
        ("-" + "9" * 50, "must not be negative, got -" + "9" * 39),
        ("1." + "1" * 50, "has more than 12 decimals: 1." + "1" * 38),
        ("1." + "0" * 50, "has more than 24 digits: 1." + "0" * 38),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse_decimal(text)


def test_zeros_up_to_the_limit_of_digits_are_read() -> None:
    assert parse_decimal("1." + "0" * 35) == 1
    assert parse_decimal("0" * 100) == 0


def test_negative_numbers_are_read_where_they_are_allowed() -> None:
    assert parse_decimal("-2.5", negative=True) == Decimal("-2.5")
    with pytest.raises(ValueError, match="at most"):
        parse_decimal("-1000000000001", negative=True)
    assert parse_decimal("-1e12", negative=True) == -MAX_NUMBER


def test_sums_and_products_keep_every_digit() -> None:
    large, small = Decimal("999999999999999999999999999999"), Decimal("0.000000000001")
    assert str(exact_sum([large, small])) == "999999999999999999999999999999.000000000001"
    assert exact_sum([]) == 0
    product = exact_product(large, Decimal("123456789012.123456789012"))
    assert Fraction(product) == Fraction(large) * Fraction("123456789012.123456789012")


def test_arithmetic_is_wide_enough_for_inputs_at_their_limits() -> None:
    quantity, price = 10**75 - 1, 10**36 - 1
    assert EXACT.multiply(Decimal(quantity), Decimal(quantity)) == quantity * quantity
    assert EXACT.multiply(Decimal(quantity), Decimal(price)) == quantity * price


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(1, 3), "0.333333333333"),
        (Fraction(2, 3), "0.666666666667"),
        (Fraction(5, 10**13), "0"),
        (Fraction(15, 10**13), "0.000000000002"),
        (Fraction(25, 10**13), "0.000000000002"),
        (Fraction(25, 10**13) + Fraction(1, 10**40), "0.000000000003"),
        (Fraction(-15, 10**13), "-0.000000000002"),
        (Fraction(7), "7"),
        (Decimal("0.0000000000005"), "0"),
        (Decimal("0.0000000000015"), "0.000000000002"),
        (Decimal("1.23"), "1.23"),
    ],
)
def test_a_value_is_rounded_half_to_even_at_twelve_decimals(value: Fraction | Decimal, expected: str) -> None:
    assert quantized(value) == Decimal(expected)
    assert quantized(value).as_tuple().exponent == -12


def test_rounding_keeps_every_digit_of_a_huge_value() -> None:
    huge = 10**60 + 7
    assert quantized(Decimal(huge)) == quantized(Fraction(huge)) == huge
    assert Fraction(quantized(Fraction(huge) + Fraction(1, 3))) == huge + Fraction("0.333333333333")
    assert Fraction(rounded(Decimal(f"{huge}.125"))) == huge + Fraction("0.13")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1.1900", "1.19"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("0.000", "0"),
        ("-0.00", "0"),
        ("-0", "0"),
        ("1E-12", "0.000000000001"),
        ("-1.50", "-1.5"),
        ("120.0", "120"),
    ],
)
def test_an_amount_is_written_without_exponent_and_trailing_zeros(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [("0.005", 2, "0.01"), ("-0.005", 2, "-0.01"), ("2.345", 1, "2.3"), ("2.5", 0, "3"), ("1", 3, "1.000")],
)
def test_showing_rounds_half_away_from_zero(number: str, decimals: int, text: str) -> None:
    assert str(rounded(Decimal(number), decimals)) == text


def test_showing_takes_two_decimals_unless_told() -> None:
    assert str(rounded(Decimal("1.005"))) == "1.01"


def test_money_of_one_currency_adds_and_subtracts_exactly() -> None:
    large, small = Decimal(10) ** 30, Decimal("1e-12")
    assert Money(large, "RUB") + Money(small, "RUB") == Money(EXACT.add(large, small), "RUB")
    assert Money(large, "RUB") - Money(small, "RUB") == Money(EXACT.subtract(large, small), "RUB")
    assert str(Money(Decimal("1.50"), "USD") - Money(Decimal("2"), "USD")) == "-0.5 USD"


def test_money_of_two_currencies_never_adds() -> None:
    with pytest.raises(ValueError, match=r"^RUB and USD do not add$"):
        Money(Decimal(1), "RUB") + Money(Decimal(1), "USD")
    with pytest.raises(ValueError, match=r"^KZT and RUB do not add$"):
        Money(Decimal(1), "KZT") - Money(Decimal(1), "RUB")


def test_money_and_a_bare_number_do_not_mix() -> None:
    assert Money(Decimal(1), "RUB").__add__(1) is NotImplemented  # type: ignore[operator]
    assert Money(Decimal(1), "RUB").__sub__(1) is NotImplemented  # type: ignore[operator]
    with pytest.raises(TypeError):
        _ = Money(Decimal(1), "RUB") + Decimal(1)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("2000 USD", "2000", "USD"),
        ("150000RUB", "150000", "RUB"),
        ("0.4 RUB", "0.4", "RUB"),
        ("1.5M rub", "1500000", "RUB"),
        ("100K KZT", "100000", "KZT"),
        ("150KZT", "150", "KZT"),
        ("1e3 RUB", "1000", "RUB"),
    ],
)
def test_an_amount_is_read_with_its_currency(text: str, amount: str, currency: str) -> None:
    assert parse_money(text) == Money(Decimal(amount), currency)


def test_an_amount_without_a_currency_is_in_the_given_one() -> None:
    assert parse_money("60K", "RUB") == Money(Decimal(60_000), "RUB")
    assert parse_money("5 USD", "RUB") == Money(Decimal(5), "USD")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("60000", "has no currency; write it like `60000 USD`"),
        ("USD", "is not a number: `USD`; write an amount like `2000 USD`"),
        ("5,000 RUB", "write digits without separators"),
        ("-5 RUB", "must not be negative, got -5"),
        ("1e12 M RUB", "must be at most"),
        ("5 EURO", "is not a number: `5 EURO`"),
    ],
)
def test_what_is_no_amount_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        parse_money(text)


@pytest.mark.parametrize(("value", "shown"), [(0.1, "0.1"), (1 / 3, "0.3333333333333333"), (2e22, "2E+22")])
def test_a_float_is_the_decimal_that_it_is_written_as(value: float, shown: str) -> None:
    assert shortest(value) == Decimal(shown)


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [(1234.5, 3, "1230"), (0.00012345, 2, "0.00012"), (2.5, 1, "2"), (3.5, 1, "4"), (0.0, 4, "0")],
)
def test_significant_digits_are_rounded_half_to_even(value: float, digits: int, shown: str) -> None:
    assert significant(value, digits) == Decimal(shown)
