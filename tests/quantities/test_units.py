"""Quantities that remember their origin, and the units in which people write and providers bill."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from costplan.quantities.pricing_units import PricingUnit, pricing_unit
from costplan.quantities.quantity import Origin, Quantity, WholeNumber
from costplan.quantities.units import (
    BYTES_PER_GB,
    HOURS_PER_MONTH,
    parse_count,
    parse_duration,
    parse_hours,
    parse_monthly,
    parse_rate,
    parse_share,
    parse_size,
    split_amount,
)

MONTH = Fraction(HOURS_PER_MONTH)
GUESS = Origin("assumed", "workload.requests", "a guess")
TRIAL = Origin("measured", "workload.size", "a trial")


def test_arithmetic_is_exact_and_unites_the_origins() -> None:
    left = Quantity(Fraction(1, 3), frozenset({GUESS}))
    right = Quantity(2, frozenset({TRIAL}))
    both = frozenset({GUESS, TRIAL})
    assert left + right == Quantity(Fraction(7, 3), both)
    assert left - right == Quantity(Fraction(-5, 3), both)
    assert left * right == Quantity(Fraction(2, 3), both)
    assert left / right == Quantity(Fraction(1, 6), both)


def test_a_whole_number_brings_its_origin_along() -> None:
    """`count: {value: 3, assumed: ...}`: what three machines use is assumed too."""
    three = WholeNumber(3, frozenset({GUESS}))
    assert three == 3
    assert Quantity(three) == Quantity(3, frozenset({GUESS}))
    assert Quantity(2, frozenset({TRIAL})) * three == Quantity(6, frozenset({GUESS, TRIAL}))
    assert Quantity(three + 1) == Quantity(4)


def test_bare_numbers_take_part_from_either_side() -> None:
    quantity = Quantity(6, frozenset({GUESS}))
    assert (quantity + 1).value == (1 + quantity).value == 7
    assert (quantity * Decimal("0.5")).value == (Fraction(1, 2) * quantity).value == 3
    assert (quantity - Fraction(1, 2)).value == Fraction(11, 2)
    assert (quantity / 4).value == Fraction(3, 2)
    assert (2 * quantity).origins == {GUESS}


@pytest.mark.parametrize(
    ("value", "step", "expected"),
    [
        ("0", "100", "0"),
        ("1", "100", "100"),
        ("100", "100", "100"),
        ("100.001", "100", "200"),
        ("7", "0", "7"),
    ],
)
def test_rounding_up_takes_the_next_multiple_and_a_step_of_zero_nothing(
    value: str, step: str, expected: str
) -> None:
    assert Quantity(Decimal(value)).rounded_up_to(Decimal(step)).value == Fraction(expected)


def test_rounding_up_remembers_where_the_step_comes_from() -> None:
    rounded = Quantity(5, frozenset({GUESS})).rounded_up_to(Quantity(2, frozenset({TRIAL})))
    assert rounded == Quantity(6, frozenset({GUESS, TRIAL}))


def test_the_greater_of_two_is_taken() -> None:
    assert Quantity(5).at_least(7).value == 7
    assert Quantity(9).at_least(7).value == 9
    assert Quantity(5, frozenset({GUESS})).at_least(Quantity(1, frozenset({TRIAL}))).origins == {GUESS, TRIAL}


def test_quantities_are_equal_by_value_and_origin() -> None:
    assert Quantity(1) == Quantity(Decimal("1.0"))
    assert Quantity(1) != Quantity(1, frozenset({GUESS}))
    assert Quantity(1) != 1
    assert len({Quantity(1), Quantity(Fraction(2, 2)), Quantity(2)}) == 2
    assert repr(Quantity(Fraction(1, 3))) == "Quantity(1/3)"


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("150 ms", "150", "ms"),
        ("5M/month", "5", "M/month"),
        ("20 req/s", "20", "req/s"),
        ("1e3", "1000", ""),
        ("1e3M", "1000", "M"),
        (" 60% ", "60", "%"),
        ("1.5GB", "1.5", "GB"),
    ],
)
def test_an_amount_is_cut_into_number_and_unit(text: str, number: str, unit: str) -> None:
    assert split_amount(text) == (Fraction(number), unit)


@pytest.mark.parametrize(
    ("text", "size_bytes"),
    [
        ("0", 0),
        ("1 B", 1),
        ("20 KB", 20 * 1024),
        ("20 KiB", 20 * 1024),
        ("512 MB", 512 * 1024**2),
        ("100 GB", 100 * BYTES_PER_GB),
        ("2 GiB", 2 * BYTES_PER_GB),
        ("0.5 TB", 512 * BYTES_PER_GB),
        ("1 PB", 1024**5),
        ("3 GBs", 3 * BYTES_PER_GB),
    ],
)
def test_a_gigabyte_is_two_to_the_thirtieth_bytes(text: str, size_bytes: int) -> None:
    assert parse_size(text) == size_bytes


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1 us", Fraction(1, 10**6)),
        ("150 ms", Fraction(3, 20)),
        ("2 s", 2),
        ("2 sec", 2),
        ("2 seconds", 2),
        ("5 min", 300),
        ("5 minutes", 300),
        ("1.5 h", 5400),
        ("3 hours", 3 * 3600),
        ("30 days", 30 * 86400),
        ("1 d", 86400),
        ("2 weeks", 14 * 86400),
        ("1 month", HOURS_PER_MONTH * 3600),
        ("1 year", 12 * HOURS_PER_MONTH * 3600),
        ("0", 0),
    ],
)
def test_a_duration_is_read_in_seconds_and_a_month_is_the_providers(text: str, seconds: Fraction) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1500", 1500),
        ("5M", 5 * 10**6),
        ("2K", 2000),
        ("2k", 2000),
        ("1B", 10**9),
        ("1G", 10**9),
        ("0.5", "1/2"),
    ],
)
def test_a_count_may_be_written_in_thousands_millions_and_billions(text: str, count: int | str) -> None:
    assert parse_count(text) == Fraction(count)


@pytest.mark.parametrize(
    ("text", "monthly"),
    [
        ("5M", 5 * 10**6),
        ("5M/month", 5 * 10**6),
        ("5 M req per month", 5 * 10**6),
        ("100/day", 3000),
        ("1 request/h", HOURS_PER_MONTH),
        ("1 req/hour", HOURS_PER_MONTH),
        ("2 requests/min", 2 * HOURS_PER_MONTH * 60),
        ("2 requests per minute", 2 * HOURS_PER_MONTH * 60),
        ("20 req/s", 20 * HOURS_PER_MONTH * 3600),
        ("20/sec", 20 * HOURS_PER_MONTH * 3600),
        ("1K/second", 1000 * HOURS_PER_MONTH * 3600),
    ],
)
def test_a_rate_becomes_a_count_in_the_month(text: str, monthly: int) -> None:
    assert parse_monthly(text, MONTH) == monthly


def test_a_rate_follows_the_length_of_the_month() -> None:
    assert parse_monthly("100/day", Fraction(744)) == 3100
    assert parse_monthly("1/s", Fraction(744)) == 744 * 3600
    assert parse_monthly("7/month", Fraction(744)) == 7


@pytest.mark.parametrize(
    ("text", "share"), [("60%", "3/5"), ("0.6", "3/5"), ("100%", "1"), ("1", "1"), ("0", "0")]
)
def test_a_share_lies_between_zero_and_one(text: str, share: str) -> None:
    assert parse_share(text) == Fraction(share)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("24x7", 720),
        ("24/7", 720),
        ("Always", 720),
        ("9-18 mon-fri", Fraction(45 * 720, 168)),
        ("09:00-18:00 mon-fri", Fraction(45 * 720, 168)),
        ("0-24 mon-sun", 720),
        ("20-24 sat", Fraction(4 * 720, 168)),
        ("8-9 fri-mon", Fraction(4 * 720, 168)),
        ("8-9 sun-mon", Fraction(2 * 720, 168)),
        ("200 h", 200),
        ("30 days", 720),
        ("50%", 360),
        ("0", 0),
        ("90 min", Fraction(3, 2)),
    ],
)
def test_running_hours_are_spread_over_the_month(text: str, hours: Fraction) -> None:
    assert parse_hours(text, MONTH) == hours


def test_a_schedule_grows_with_the_month() -> None:
    assert parse_hours("9-18 mon-fri", Fraction(744)) == Fraction(45 * 744, 168)
    assert parse_hours("24x7", Fraction(744)) == 744
    assert parse_hours("50%", Fraction(744)) == 372
    assert parse_hours("744 h", Fraction(744)) == 744


@pytest.mark.parametrize(
    ("parse", "text", "message"),
    [
        (parse_size, "16", "is a size without a unit: `16`; write it like `16 GB`"),
        (parse_size, "16 Gb", "has the unknown unit `Gb`; did you mean `GB`?"),
        (parse_size, "16 parsecs", "has the unknown unit `parsecs`; write it like `16 GB`"),
        (parse_size, "16 s", "has the unknown unit `s`; write it like `16 GB`"),
        (parse_size, "-1 GB", "must not be negative, got -1"),
        (parse_size, "GB", "is not a number with a unit: `GB`"),
        (parse_duration, "150", "is a duration without a unit: `150`; write it like `150 ms`"),
        (parse_duration, "1 fortnight", "has the unknown unit `fortnight`; write it like `150 ms`"),
        (parse_duration, "1m", "has the unknown unit `m`; did you mean `min` or `ms`?"),
        (parse_duration, "1 hr", "has the unknown unit `hr`; did you mean `h`?"),
        (parse_duration, "5 y", "has the unknown unit `y`; did you mean `year`?"),
        (parse_size, "1 m", "has the unknown unit `m`; did you mean `MB`?"),
        (parse_duration, "1 000 ms", "is not a number: `1 000`; write digits without separators"),
        (parse_duration, "1 000.5 ms", "is not a number: `1 000.5`; write digits without separators"),
        (
            parse_count,
            "1\u202f000\u202f000",
            "is not a number: `1\u202f000\u202f000`; write digits without separators",
        ),
        (parse_size, "1'000 GB", "is not a number: `1'000`; write digits without separators"),
        (parse_duration, "1,5 s", "is not a number: `1,5`; write the decimal mark as a point"),
        (parse_count, "5 Q", "has the unknown suffix `Q`; use K, M or B"),
        (parse_share, "101%", "is a share above 100%: `101%`"),
        (parse_share, "1.5", "is a share above 100%: `1.5`"),
        (parse_share, "5 h", "is not a share: `5 h`; write it like `60%`"),
    ],
)
def test_a_wrong_unit_is_refused_with_the_right_one(parse: object, text: str, message: str) -> None:
    assert callable(parse)
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5 apples", "is not a number of requests: `5 apples`; write it like `5M/month` or `20 req/s`"),
        ("5/week", "is counted per `week`; use s, min, h, day or month"),
        ("M", "is not a number with a unit: `M`"),
    ],
)
def test_a_wrong_rate_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse_monthly(text, MONTH)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("200", "has no unit: `200`; write `200 h`, `24x7` or `9-18 mon-fri`"),
        ("8-22", "says no days: `8-22`; write `8-22 mon-sun`"),
        ("721 h", "is longer than the month: 721 h; a month has 720 h"),
        ("18-9 mon-fri", "must run from an earlier to a later hour of the day, got 18-9"),
        ("9-9 mon", "must run from an earlier to a later hour of the day, got 9-9"),
        ("9-25 mon", "must run from an earlier to a later hour of the day, got 9-25"),
        (
            "9-18 mon-fry",
            "names the unknown day `fry`; use mon, tue, wed, thu, fri, sat, sun",
        ),
        ("120%", "is a share above 100%: `120%`"),
    ],
)
def test_wrong_running_hours_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse_hours(text, MONTH)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("core*hour", PricingUnit(1, "core", Fraction(1))),
        ("GB*month", PricingUnit(1, "GB", MONTH)),
        ("GB*second", PricingUnit(1, "GB", Fraction(1, 3600))),
        ("GB", PricingUnit(1, "GB", None)),
        ("1000 requests", PricingUnit(1000, "request", None)),
        ("10K requests", PricingUnit(10_000, "request", None)),
        ("1M queries", PricingUnit(10**6, "query", None)),
        ("1000 alert*hours", PricingUnit(1000, "alert", Fraction(1))),
        ("month", PricingUnit(1, "", MONTH)),
        ("hour", PricingUnit(1, "", Fraction(1))),
    ],
)
def test_a_pricing_unit_is_a_count_of_things_and_a_time(text: str, unit: PricingUnit) -> None:
    assert pricing_unit(text) == unit


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cores*hour*hour", "is not a pricing unit: `cores*hour*hour`; write it like `core*hour`"),
        ("5", "is not a pricing unit: `5`; write it like `core*hour`"),
        ("0 requests", "counts by nothing: `0 requests`; write it like `1000 requests`"),
        ("0K requests", "counts by nothing: `0K requests`; write it like `1000 requests`"),
        ("kore*hour", "counts the unknown thing `kore`; known: core?"),
        ("core*hours*", "is not a pricing unit: `core*hours*`; write it like `core*hour`"),
        ("core*hou", "has the unknown time `hou`; known: hour?"),
        ("core*xyz", "has the unknown time `xyz`; known: hour, month, second"),
        ("٣ requests", "is not a pricing unit: `٣ requests`; write it like `core*hour`"),
    ],
)
def test_a_unit_that_no_catalog_prices_in_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        pricing_unit(text)


@pytest.mark.parametrize(
    ("used", "priced", "factor"),
    [
        ("GB*hour", "GB*month", Fraction(1, 720)),
        ("GB*month", "GB*hour", 720),
        ("request", "10000 requests", Fraction(1, 10_000)),
        ("hour", "month", Fraction(1, 720)),
        ("alert*hour", "1000 alert*hours", Fraction(1, 1000)),
        ("core*hour", "core*second", 3600),
    ],
)
def test_a_quantity_is_converted_to_the_unit_that_is_priced(used: str, priced: str, factor: Fraction) -> None:
    assert pricing_unit(priced).factor_from(pricing_unit(used)) == factor


@pytest.mark.parametrize(
    ("used", "priced"),
    [("GB", "GB*hour"), ("GB*hour", "GB"), ("core*hour", "GB*hour"), ("hour", "core*hour")],
)
def test_units_of_different_things_do_not_convert(used: str, priced: str) -> None:
    with pytest.raises(ValueError, match=r"^the units measure different things$"):
        pricing_unit(priced).factor_from(pricing_unit(used))


def test_a_rate_per_second_is_read_with_or_without_its_unit() -> None:
    assert [parse_rate(text) for text in ("10", "10 rps", "10rps", "10 req/s")] == [10] * 4
    assert parse_rate("600 req/min") == 10
    assert parse_rate("1K") == 1000


def test_rps_stands_for_requests_per_second_in_a_month_of_requests() -> None:
    assert parse_monthly("10rps", MONTH) == 10 * 720 * 3600
    assert parse_monthly("10 rps", MONTH) == parse_monthly("10 req/s", MONTH)
