"""Which price of a SKU holds on a day, in a currency."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from costplan.catalog.model import CurrencyRules, Derivation, Sku
from costplan.catalog.price import Currency, Price, derivation_rule, derived_price, price_on, vat_rate_on

BY_DIVISOR = {
    "effective_from": "2025-01-01", "effective_until": "2026-01-01", "divisor": "120", "decimals": "6",
    "confidence": "unverified", "source": "the text",
}  # fmt: skip
BY_FACTOR = {
    "effective_from": "2026-01-01", "factor": "0.00819672", "decimals": "10", "confidence": "derived",
    "source": "the list",
}  # fmt: skip
RUB = CurrencyRules.model_validate(
    {
        "currency": "RUB",
        "vat": "included",
        "vat_rates": [
            {"effective_from": "2019-01-01", "rate": "0.20", "source": "law"},
            {"effective_from": "2026-01-01", "rate": "0.22", "source": "law"},
        ],
    }
)
USD = CurrencyRules.model_validate(
    {"currency": "USD", "vat": "excluded", "derived_from": "RUB", "derivations": [BY_DIVISOR, BY_FACTOR]}
)
CURRENCIES = {"RUB": RUB, "USD": USD}


def sku(*versions: dict[str, Any], unit: str = "core*hour") -> Sku:
    return Sku.model_validate({"code": "a.b", "name": "A", "pricing_unit": unit, "prices": versions})


def version(start: str, rates: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "effective_from": start, "source": f"list {start}", "checked": "2026-11-23", "confidence": "list",
        "rates": rates, **more,
    }  # fmt: skip


def found(item: Sku, currency: Currency, day: str) -> Price:
    price = price_on(item, currency, date.fromisoformat(day), CURRENCIES)
    assert isinstance(price, Price), price
    return price


def unit_prices(item: Sku, currency: Currency, day: str) -> list[Decimal]:
    return [rate.unit_price for rate in found(item, currency, day).rates]


TWO = sku(version("2025-06-01", {"RUB": "1.10"}), version("2026-05-01", {"RUB": "1.24"}))


def test_a_price_holds_from_its_first_day_until_the_next_one_begins() -> None:
    assert unit_prices(TWO, "RUB", "2025-06-01") == [Decimal("1.10")]
    assert unit_prices(TWO, "RUB", "2026-04-30") == [Decimal("1.10")]
    assert unit_prices(TWO, "RUB", "2026-05-01") == [Decimal("1.24")]
    assert unit_prices(TWO, "RUB", "2099-01-01") == [Decimal("1.24")]


def test_a_price_keeps_its_version_unit_source_and_confidence() -> None:
    derived = version(
        "2026-05-01", {"RUB": "2"}, confidence="derived", rule="twice", pricing_unit="core*second"
    )
    price = found(sku(derived), "RUB", "2026-05-02")
    assert (price.confidence, price.source, price.rule) == ("derived", "list 2026-05-01", "twice")
    assert price.unit.hours is not None
    assert price.unit.hours * 3600 == 1
    assert price.version.effective_from == date(2026, 5, 1)
    assert price.sku.code == "a.b"


def test_before_every_version_there_is_no_price() -> None:
    assert price_on(TWO, "RUB", date(2025, 5, 31), CURRENCIES) == "no price is known before 2025-06-01"


def test_a_price_that_ended_is_not_replaced_by_an_older_one() -> None:
    ended = sku(
        version("2022-01-01", {"RUB": "1"}),
        version("2023-01-01", {"RUB": "2"}, effective_until="2024-01-01"),
        version("2026-05-01", {"RUB": "3"}),
    )
    assert unit_prices(ended, "RUB", "2023-12-31") == [Decimal(2)]
    reason = "the last known price ended on 2024-01-01; no later one is known"
    assert price_on(ended, "RUB", date(2024, 1, 1), CURRENCIES) == reason
    assert price_on(ended, "RUB", date(2026, 4, 30), CURRENCIES) == reason
    assert unit_prices(ended, "RUB", "2026-05-01") == [Decimal(3)]


def test_a_version_that_says_nothing_of_the_currency_leaves_the_older_one_standing() -> None:
    mixed = sku(version("2025-06-01", {"RUB": "5"}), version("2026-01-01", {"USD": "0.04"}))
    assert unit_prices(mixed, "RUB", "2026-02-01") == [Decimal(5)]
    assert unit_prices(mixed, "USD", "2026-02-01") == [Decimal("0.04")]
    assert found(mixed, "USD", "2026-02-01").rule is None


def test_a_currency_that_no_version_states_or_follows_has_no_price() -> None:
    assert price_on(TWO, "KZT", date(2026, 6, 1), CURRENCIES) == "no price in KZT is known for 2026-06-01"
    early = sku(version("2020-01-01", {"RUB": "1"}))
    assert price_on(early, "USD", date(2024, 12, 31), CURRENCIES) == "no price in USD is known for 2024-12-31"
    dollars = sku(version("2020-01-01", {"USD": "1"}))
    assert price_on(dollars, "RUB", date(2026, 6, 1), CURRENCIES) == "no price in RUB is known for 2026-06-01"


def test_a_derived_price_follows_the_rule_of_the_day() -> None:
    assert unit_prices(TWO, "USD", "2025-12-31") == [Decimal("0.009167")]  # 1.10 / 120 = 0.0091666...
    assert unit_prices(TWO, "USD", "2026-05-01") == [Decimal("1.24") * Decimal("0.00819672")]
    price = found(TWO, "USD", "2026-05-01")
    assert (price.confidence, price.source) == ("derived", "list 2026-05-01")
    assert price.rule == "RUB price x 0.00819672, rounded to 10 decimals (the list)"


def test_a_derived_price_is_unverified_when_its_rule_or_its_base_is() -> None:
    assert found(TWO, "USD", "2025-12-31").confidence == "unverified"
    base = sku(version("2026-05-01", {"RUB": "1"}, confidence="unverified"))
    assert found(base, "USD", "2026-05-01").confidence == "unverified"
    assert found(base, "RUB", "2026-05-01").confidence == "unverified"


def test_a_quoted_price_goes_before_a_derived_one() -> None:
    both = sku(version("2026-05-01", {"RUB": "1.24", "USD": "0.5"}))
    assert unit_prices(both, "USD", "2026-05-01") == [Decimal("0.5")]
    assert found(both, "USD", "2026-05-01").confidence == "list"


def test_a_newer_list_in_the_base_currency_goes_before_an_older_quoted_price() -> None:
    item = sku(version("2026-01-01", {"USD": "0.5"}), version("2026-05-01", {"RUB": "1.24"}))
    assert unit_prices(item, "USD", "2026-05-01") == [Decimal("1.24") * Decimal("0.00819672")]


def test_a_derived_price_ends_when_its_base_ends() -> None:
    item = sku(version("2025-06-01", {"RUB": "1"}, effective_until="2026-01-01"))
    assert price_on(item, "USD", date(2026, 3, 1), CURRENCIES) == (
        "the last known price ended on 2026-01-01; no later one is known"
    )


def test_tiers_are_derived_one_by_one_and_start_where_the_base_does() -> None:
    tiers = [{"start_quantity": "0", "unit_price": "0"}, {"start_quantity": "10", "unit_price": "6.48"}]
    price = found(sku(version("2026-05-01", {"RUB": tiers})), "USD", "2026-05-01")
    assert [(rate.start_quantity, rate.unit_price) for rate in price.rates] == [
        (Decimal(0), Decimal(0)),
        (Decimal(10), Decimal("0.0531147456")),
    ]


def rule(**fields: str) -> Derivation:
    common = {"effective_from": "2026-01-01", "confidence": "derived", "source": "s"}
    return Derivation.model_validate(common | fields)


@pytest.mark.parametrize(
    ("price", "fields", "expected"),
    [
        ("1.24", {"factor": "0.00819672", "decimals": "10"}, "0.0101639328"),
        ("1", {"divisor": "8", "decimals": "2"}, "0.13"),
        ("1", {"factor": "0.125", "decimals": "2"}, "0.13"),
        ("3", {"divisor": "8", "decimals": "2"}, "0.38"),
        ("1", {"divisor": "3", "decimals": "6"}, "0.333333"),
        ("2", {"divisor": "3", "decimals": "6"}, "0.666667"),
        ("5", {"factor": "5", "decimals": "0"}, "25"),
        ("0", {"divisor": "78", "decimals": "6"}, "0"),
    ],
)
def test_a_derived_price_is_rounded_half_up_as_the_list_is(
    price: str, fields: dict[str, str], expected: str
) -> None:
    value = derived_price(Decimal(price), rule(**fields))
    assert value == Decimal(expected)
    assert value.as_tuple().exponent == -int(fields["decimals"])


def test_the_rule_of_a_derived_price_is_said_in_words() -> None:
    assert derivation_rule(rule(divisor="120", decimals="6"), "RUB") == (
        "RUB price / 120, rounded to 6 decimals (s)"
    )
    assert derivation_rule(rule(factor="5.0", decimals="10"), "RUB") == (
        "RUB price x 5, rounded to 10 decimals (s)"
    )


def test_two_rules_that_hold_at_once_leave_the_later_one() -> None:
    rules = USD.model_copy(
        update={"derivations": (rule(factor="1", decimals="2"), rule(factor="2", decimals="2"))}
    )
    price = price_on(TWO, "USD", date(2026, 5, 1), {"USD": rules})
    assert isinstance(price, Price)
    assert price.rates[0].unit_price == Decimal("2.48")


def test_a_rule_holds_from_its_first_day_until_the_day_it_ends() -> None:
    only = USD.model_copy(update={"derivations": USD.derivations[:1]})
    item = sku(version("2020-01-01", {"RUB": "120"}))

    def price(day: str) -> Price | str:
        return price_on(item, "USD", date.fromisoformat(day), {"USD": only})

    for day in ("2025-01-01", "2025-12-31"):
        holding = price(day)
        assert isinstance(holding, Price)
        assert holding.rates[0].unit_price == 1
    for day in ("2024-12-31", "2026-01-01"):
        assert price(day) == f"no price in USD is known for {day}"


def test_a_derived_price_keeps_every_digit_of_a_huge_one() -> None:
    huge = derived_price(Decimal("999999999999.999999999999"), rule(factor="1000000000000", decimals="10"))
    assert str(huge) == "999999999999999999999999.0000000000"
    assert str(derived_price(Decimal(10) ** 40, rule(factor="3", decimals="2"))) == "3" + "0" * 40 + ".00"


def test_a_catalog_without_rules_for_a_currency_derives_nothing() -> None:
    assert price_on(TWO, "USD", date(2026, 5, 1), {}) == "no price in USD is known for 2026-05-01"


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        ("2018-12-31", None),
        ("2019-01-01", Decimal("0.20")),
        ("2025-12-31", Decimal("0.20")),
        ("2026-01-01", Decimal("0.22")),
    ],
)
def test_the_vat_rate_is_that_of_the_day(day: str, rate: Decimal | None) -> None:
    assert vat_rate_on(RUB, date.fromisoformat(day)) == rate


def test_prices_without_vat_have_no_rate() -> None:
    assert vat_rate_on(USD, date(2026, 5, 1)) is None
    stated = USD.model_copy(update={"vat_rates": RUB.vat_rates})
    assert vat_rate_on(stated, date(2026, 5, 1)) is None
