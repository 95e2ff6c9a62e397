"""Why a line costs other than before, in numbers small enough to be worked out on paper."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from costplan.analysis.diff.causes import Circumstances, Use, causes_of
from costplan.analysis.diff.tariff import Tariff
from costplan.quantities.money import exact_sum, quantized

Parts = dict[str, Decimal]


def use(quantity: str, others: str, *rates: tuple[str, str]) -> Use:
    found = tuple((Fraction(start), Fraction(price)) for start, price in rates)
    return Use(Fraction(quantity), Tariff(found, Fraction(quantity) + Fraction(others)))


def cost(one: Use) -> Decimal:
    return quantized(one.tariff.share(one.quantity, one.others))


def split(old: Use, new: Use, about: Circumstances | None = None) -> Parts:
    delta = cost(new) - cost(old)
    causes = causes_of(old, new, delta, about or Circumstances())
    assert exact_sum([one.delta for one in causes]) == delta
    turned = causes_of(new, old, -delta, about_turned(about or Circumstances()))
    assert [(one.what, one.rule, -one.delta) for one in turned] == [
        (one.what, one.rule, one.delta) for one in causes
    ]
    return {one.rule or one.what: one.delta for one in causes}


def about_turned(about: Circumstances) -> Circumstances:
    rates, hours = about.vat_rates, about.hours
    return Circumstances(
        about.price, (rates[1], rates[0]) if rates else None, (hours[1], hours[0]) if hours else None
    )


def test_more_at_one_price_is_quantity() -> None:
    assert split(use("2", "0", ("0", "10")), use("3", "0", ("0", "10"))) == {"quantity": Decimal(10)}


def test_another_price_for_the_same_is_price() -> None:
    assert split(use("2", "5", ("0", "10")), use("2", "5", ("0", "12"))) == {"price": Decimal(4)}


def test_price_is_counted_at_the_lesser_quantity() -> None:
    """2 x 10 -> 3 x 12 = 36: the price does (12 - 10) x 2, the third piece costs 12."""
    assert split(use("2", "0", ("0", "10")), use("3", "0", ("0", "12"))) == {
        "quantity": Decimal(12),
        "price": Decimal(4),
    }


def test_growth_beyond_the_free_tier_of_ones_own_is_quantity() -> None:
    """5 free, then 2: 20 cost 30, 40 cost 70."""
    rates = (("0", "0"), ("5", "2"))
    assert split(use("20", "0", *rates), use("40", "0", *rates)) == {"quantity": Decimal(40)}


def test_what_others_take_of_the_free_tier_is_its_position() -> None:
    """10 of 10 share 5 free ones: 10. Of 20 they get half of them: 10/20 x 15 x 2 = 15."""
    rates = (("0", "0"), ("5", "2"))
    assert split(use("10", "0", *rates), use("10", "10", *rates)) == {"tier": Decimal(5)}


def test_the_example_of_the_module() -> None:
    found = split(use("20", "10", ("0", "0"), ("5", "2")), use("30", "20", ("0", "0"), ("5", "3")))
    assert found == {
        "quantity": Decimal("28.625"),
        "tier": Decimal("2.375"),
        "price": Decimal("16.666666666667"),
    }


def test_nothing_is_asked_of_tiers_that_a_bill_did_not_reach() -> None:
    """The old bill knows the first tier only; above 10 the new one pays 1, so that 30 cost 100 + 20."""
    old, new = use("5", "0", ("0", "10")), use("30", "0", ("0", "10"), ("10", "1"))
    assert split(old, new) == {"quantity": Decimal(70)}


def test_vat_is_taken_out_of_a_price() -> None:
    """100 at 120 with 20%, then at 122 with 22%: the net price stayed 100, all 200 are the VAT rate's."""
    about = Circumstances(vat_rates=(Fraction("0.20"), Fraction("0.22")))
    assert split(use("100", "0", ("0", "1.2")), use("100", "0", ("0", "1.22")), about) == {"vat": Decimal(2)}


def test_a_longer_month_is_a_rule_and_more_beside_it_is_not() -> None:
    about = Circumstances(hours=(Fraction(720), Fraction(744)))
    rate = ("0", "2")
    assert split(use("1440", "0", rate), use("1488", "0", rate), about) == {"month-hours": Decimal(96)}
    assert split(use("1440", "0", rate), use("1500", "0", rate), about) == {"quantity": Decimal(120)}


@pytest.mark.parametrize("price", ["sku", "currency", "tier"])
def test_another_price_may_have_another_name(price: str) -> None:
    about = Circumstances(price=price)  # type: ignore[arg-type]
    assert split(use("1", "0", ("0", "3")), use("1", "0", ("0", "4")), about) == {price: Decimal(1)}
