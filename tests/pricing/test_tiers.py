"""Graduated rates, and whose part of a tier is whose."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from costplan.catalog.model import Rate
from costplan.messages.errors import CatalogError
from costplan.pricing.tiers import Slice, share_slices, split_into_tiers, without_free_tier
from costplan.quantities.money import exact_sum


def rates(*pairs: tuple[str, str]) -> list[Rate]:
    return [
        Rate.model_construct(start_quantity=Decimal(start), unit_price=Decimal(price))
        for start, price in pairs
    ]


def piece(start: str, quantity: str, price: str) -> Slice:
    return Slice(Decimal(start), Decimal(quantity), Decimal(price), Decimal(quantity) * Decimal(price))


EGRESS = rates(("0", "0"), ("10", "1.5"), ("100", "1.2"))


@pytest.mark.parametrize(
    ("quantity", "slices"),
    [
        ("0", [piece("0", "0", "0")]),
        ("4", [piece("0", "4", "0")]),
        ("10", [piece("0", "10", "0")]),
        ("10.000000000001", [piece("0", "10", "0"), piece("10", "0.000000000001", "1.5")]),
        ("100", [piece("0", "10", "0"), piece("10", "90", "1.5")]),
        ("150", [piece("0", "10", "0"), piece("10", "90", "1.5"), piece("100", "50", "1.2")]),
    ],
    ids=["nothing", "inside the first", "equal to a start", "just above", "equal to the last start", "all"],
)
def test_a_quantity_fills_one_tier_after_the_other(quantity: str, slices: list[Slice]) -> None:
    assert split_into_tiers(Decimal(quantity), EGRESS) == slices


def test_quantity_equal_to_a_tier_start_stays_in_the_tier_below() -> None:
    assert len(split_into_tiers(Decimal(100), EGRESS)) == 2


def test_one_rate_takes_the_whole_quantity() -> None:
    assert split_into_tiers(Decimal("7.5"), rates(("0", "2"))) == [piece("0", "7.5", "2")]
    assert split_into_tiers(Decimal(0), rates(("0", "2"))) == [piece("0", "0", "2")]


def test_a_slice_costs_exactly_its_quantity_times_its_price() -> None:
    quantity, price = "123456789012345678.123456789012", "9.87654321"
    [only] = split_into_tiers(Decimal(quantity), rates(("0", price)))
    assert Fraction(only.cost) == Fraction(quantity) * Fraction(price)


@pytest.mark.parametrize(
    "wrong",
    [[], rates(("1", "2")), rates(("0", "1"), ("0", "2")), rates(("0", "1"), ("9", "2"), ("3", "1"))],
    ids=["none", "not from 0", "equal starts", "descending"],
)
def test_rates_that_do_not_ascend_from_zero_are_refused(wrong: list[Rate]) -> None:
    with pytest.raises(CatalogError, match=r"^rates must ascend from a start of 0$"):
        split_into_tiers(Decimal(1), wrong)


def test_an_account_without_its_free_volume_pays_the_next_price_from_the_start() -> None:
    left = without_free_tier(EGRESS)
    assert [(rate.start_quantity, rate.unit_price) for rate in left] == [
        (Decimal(0), Decimal("1.5")),
        (Decimal(100), Decimal("1.2")),
    ]
    assert len(EGRESS) == 3


def test_a_free_volume_below_one_price_leaves_that_price() -> None:
    [left] = without_free_tier(EGRESS[:2])
    assert (left.start_quantity, left.unit_price) == (0, Decimal("1.5"))


def test_rates_without_a_free_volume_stay_as_they_are() -> None:
    paid = rates(("0", "1"), ("5", "0"))
    assert without_free_tier(paid) is paid


def test_a_price_of_nothing_for_everything_is_no_free_volume() -> None:
    free = rates(("0", "0"))
    assert without_free_tier(free) is free


def shared(quantities: list[str], tiers: list[Rate]) -> list[list[tuple[str, str]]]:
    numbers = [Decimal(quantity) for quantity in quantities]
    slices = split_into_tiers(exact_sum(numbers), tiers)
    handed = share_slices(slices, numbers)
    return [[(f"{own.start:f}", f"{own.quantity.normalize():f}") for own in row] for row in handed]


def test_every_resource_takes_the_same_part_of_each_tier() -> None:
    assert shared(["30", "60", "10"], rates(("0", "0"), ("10", "1"))) == [
        [("0", "3"), ("10", "27")],
        [("0", "6"), ("10", "54")],
        [("0", "1"), ("10", "9")],
    ]


def test_crumbs_of_a_cut_go_to_the_first_resources_and_both_sums_stay_exact() -> None:
    assert shared(["1", "1", "1"], rates(("0", "0"), ("1", "2"))) == [
        [("0", "0.333333333334"), ("1", "0.666666666666")],
        [("0", "0.333333333333"), ("1", "0.666666666667")],
        [("0", "0.333333333333"), ("1", "0.666666666667")],
    ]


def test_crumbs_of_the_lowest_tier_go_first() -> None:
    third, more = "0.333333333333", "0.333333333334"
    assert shared(["1", "1", "1"], rates(("0", "0"), ("1", "2"), ("2", "1"))) == [
        [("0", more), ("1", third), ("2", third)],
        [("0", third), ("1", more), ("2", third)],
        [("0", third), ("1", third), ("2", more)],
    ]


def test_the_smallest_quantities_are_handed_out_whole() -> None:
    atom = "0.000000000001"
    assert shared([atom, atom, atom], rates(("0", "0"), (atom, "5"))) == [
        [("0", atom)],
        [("0.000000000001", atom)],
        [("0.000000000001", atom)],
    ]


def test_a_single_resource_keeps_the_slices_of_the_account() -> None:
    slices = split_into_tiers(Decimal(150), EGRESS)
    assert share_slices(slices, [Decimal(150)]) == [slices]
    assert share_slices(slices, [Decimal(150)])[0] is not slices


def test_a_resource_of_nothing_has_the_first_slice_of_nothing_alone() -> None:
    assert shared(["0", "20"], EGRESS) == [[("0", "0")], [("0", "10"), ("10", "10")]]
    assert shared(["20", "0", "0"], EGRESS)[1:] == [[("0", "0")], [("0", "0")]]


def test_resources_of_nothing_alone_have_a_slice_of_nothing_each() -> None:
    assert shared(["0", "0"], EGRESS) == [[("0", "0")], [("0", "0")]]


def test_parts_cost_their_own_quantity_times_the_price() -> None:
    numbers = [Decimal("12.5"), Decimal("99.25")]
    for row in share_slices(split_into_tiers(exact_sum(numbers), EGRESS), numbers):
        for own in row:
            assert own.cost == own.quantity * own.unit_price
            assert own.unit_price in {Decimal(0), Decimal("1.5"), Decimal("1.2")}


def test_sums_stay_exact_where_ordinary_decimals_would_round() -> None:
    numbers = [Decimal("33333333333333333333333333333333.000000000001"), Decimal("0.000000000001")] * 2
    slices = split_into_tiers(exact_sum(numbers), rates(("0", "0"), ("7", "3"), ("1e31", "2")))
    handed = share_slices(slices, numbers)
    for number, row in zip(numbers, handed, strict=True):
        assert exact_sum([own.quantity for own in row]) == number
        assert all(own.quantity > 0 for own in row)
    for whole in slices:
        parts = [own.quantity for row in handed for own in row if own.start == whole.start]
        assert exact_sum(parts) == whole.quantity
