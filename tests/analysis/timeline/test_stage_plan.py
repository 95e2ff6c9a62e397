"""The programme that chooses a design per month, against every sequence there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costplan.analysis.timeline.stage_plan import Costs, cheapest_stages

D = Decimal


def months(*rows: str) -> list[list[Decimal | None]]:
    """Costs of the designs month by month: `"5 7 -"`; a dash may not be chosen."""
    return [[None if word == "-" else D(word) for word in row.split()] for row in rows]


def spend(months: Sequence[Costs], entry: Sequence[Decimal], stages: Sequence[int | None]) -> Decimal:
    """Sum what a sequence costs, the plain way."""
    run = [stage for stage in stages if stage is not None]
    paid = [row[stage] or D(0) for row, stage in zip(months, stages, strict=True) if stage is not None]
    return sum(paid, D(0)) + sum((entry[b] for a, b in pairwise(run) if a != b), D(0))


def moves(stages: Sequence[int | None]) -> int:
    run = [stage for stage in stages if stage is not None]
    return sum(a != b for a, b in pairwise(run))


def every_sequence(months: Sequence[Costs], hold: int) -> Iterator[list[int | None]]:
    """All choices of allowed designs in which each is held long enough, or may no longer be chosen."""
    choices = [[n for n, cost in enumerate(row) if cost is not None] or [None] for row in months]
    for stages in product(*choices):
        since = 0
        last: int | None = None
        for row, stage in zip(months, stages, strict=True):
            if stage is None:
                continue
            if last is not None and stage != last:
                if since < hold and row[last] is not None:
                    break
                since = 0
            last, since = stage, since + 1
        else:
            yield list(stages)


def test_the_plan_moves_when_the_saving_pays_for_it() -> None:
    """Design 1 saves 3 a month from the third month on: 9 in three months against 8 for the move."""
    table = months("1 9", "2 9", "6 3", "6 3", "6 3")
    assert cheapest_stages(table, [D(8), D(8)]) == [0, 0, 1, 1, 1]
    assert cheapest_stages(table, [D(0), D(10)]) == [0, 0, 0, 0, 0]  # 1 + 2 + 18 = 21 against 12 + 10 = 22


def test_it_does_not_go_back_and_forth_for_less_than_the_moves() -> None:
    """Two expensive months in between cost 4 more on design 0; there and back costs 6, or 1."""
    table = months("1 3", "4 2", "4 2", "1 3", "1 3")
    assert cheapest_stages(table, [D(3), D(3)]) == [0, 0, 0, 0, 0]  # 11 against 1 + 3 + 4 + 3 + 2 = 13
    assert cheapest_stages(table, [D(0), D(1)]) == [0, 1, 1, 0, 0]  # 1 + 1 + 4 + 0 + 2 = 8


def test_going_back_is_one_more_move_that_must_pay() -> None:
    table = months("1 5", "9 5", "9 5", "1 5", "1 5", "1 5")
    assert cheapest_stages(table, [D(2), D(2)]) == [0, 1, 1, 0, 0, 0]  # 1+2+10+2+3 = 18; never: 22
    assert cheapest_stages(table, [D(13), D(2)]) == [0, 0, 0, 0, 0, 0]  # 22; there and back: 1+2+10+13+3 = 29


def test_a_hold_keeps_a_design_for_its_months() -> None:
    table = months("1 5", "9 5", "1 5", "1 5", "1 5")
    free = [D(0), D(0)]
    assert cheapest_stages(table, free) == [0, 1, 0, 0, 0]
    assert cheapest_stages(table, free, hold=2) == [
        0,
        0,
        0,
        0,
        0,
    ]  # 13; on 1 from the start for two: 5+5+3 = 13


def test_of_equally_cheap_plans_the_one_with_fewer_moves_is_taken() -> None:
    assert cheapest_stages(months("1 1", "1 1", "1 1"), [D(0), D(0)]) == [0, 0, 0]
    assert cheapest_stages(months("5 0", "0 0"), [D(0), D(0)]) == [1, 1]


def test_a_design_that_may_no_longer_be_chosen_is_left_before_its_hold_ends() -> None:
    assert cheapest_stages(months("1 5", "1 5", "- 5"), [D(0), D(0)], hold=3) == [0, 0, 1]


def test_a_month_without_any_design_stays_empty_and_is_not_a_move() -> None:
    table = months("1 5", "- -", "1 5", "- -")
    assert cheapest_stages(table, [D(9), D(9)], hold=2) == [0, None, 0, None]
    assert cheapest_stages(months("-", "-"), [D(1)]) == [None, None]
    assert cheapest_stages([], [D(1)]) == []


def test_amounts_far_apart_do_not_lose_their_last_digits() -> None:
    table = [[D("1e18"), D("1e18")], [D("0.000000000002"), D("0.000000000001")]]
    assert cheapest_stages(table, [D(0), D(0)]) == [1, 1]


@st.composite
def tables(draw: st.DrawFn, dashes: bool = True) -> list[list[Decimal | None]]:
    width, length = draw(st.integers(1, 3)), draw(st.integers(1, 6))
    amount = st.integers(0, 9).map(D)
    one = amount | st.none() if dashes else amount
    return draw(st.lists(st.lists(one, min_size=width, max_size=width), min_size=length, max_size=length))


entries = st.lists(st.integers(0, 12).map(D), min_size=3, max_size=3)


@given(tables(), entries, st.integers(1, 4))
@settings(max_examples=300, deadline=None)
def test_no_sequence_is_better(table: list[list[Decimal | None]], entry: list[Decimal], hold: int) -> None:
    allowed = list(every_sequence(table, hold))
    found = cheapest_stages(table, entry, hold)
    assert found in allowed
    best = min((spend(table, entry, stages), moves(stages)) for stages in allowed)
    assert (spend(table, entry, found), moves(found)) == best


def unpriced_returns(stages: Sequence[int | None], priced: Sequence[bool]) -> int:
    """Count moves back to a design whose moves nobody has priced."""
    run = [stage for stage in stages if stage is not None]
    return sum(
        not priced[after] and after in run[:position]
        for position, (before, after) in enumerate(pairwise(run), 1)
        if before != after
    )


def test_it_never_comes_back_on_a_move_that_nobody_has_priced() -> None:
    table = months("1 9", "9 1", "1 9")
    assert cheapest_stages(table, [D(0), D(0)]) == [0, 1, 0]
    # there and to stay: 1 + 1 + 9 = 11, as never to leave or to begin there; of those no move is the best
    assert cheapest_stages(table, [D(0), D(0)], priced=[False, False]) == [0, 0, 0]
    assert cheapest_stages(months("1 9", "9 1", "1 8"), [D(0), D(0)], priced=[False, False]) == [0, 1, 1]
    # the move back to design 0 is priced, with 2: 1 + 1 + (2 + 1) = 5
    assert cheapest_stages(table, [D(2), D(0)], priced=[True, False]) == [0, 1, 0]


def test_it_comes_back_where_no_other_design_is_left() -> None:
    assert cheapest_stages(months("1 -", "- 1", "1 -"), [D(0), D(0)], priced=[False, False]) == [0, 1, 0]
    # to begin on design 1 costs more and needs no return
    assert cheapest_stages(months("1 9", "- 1", "1 -"), [D(0), D(0)], priced=[False, False]) == [1, 1, 0]


@given(tables(), entries, st.integers(1, 4), st.lists(st.booleans(), min_size=3, max_size=3))
@settings(max_examples=300, deadline=None)
def test_no_sequence_with_as_few_unpriced_returns_is_better(
    table: list[list[Decimal | None]], entry: list[Decimal], hold: int, priced: list[bool]
) -> None:
    def rank(stages: Sequence[int | None]) -> tuple[int, Decimal, int]:
        return unpriced_returns(stages, priced), spend(table, entry, stages), moves(stages)

    allowed = list(every_sequence(table, hold))
    found = cheapest_stages(table, entry, hold, priced=priced[: len(table[0])])
    assert found in allowed
    assert rank(found) == min(map(rank, allowed))


def test_twelve_designs_without_a_price_of_moves_are_planned() -> None:
    """A design that is cheapest in its own four months each: nothing is to be gained by a return."""
    table: list[Costs] = [[D(abs(month // 4 - stage)) for stage in range(12)] for month in range(48)]
    plan = cheapest_stages(table, [D(0)] * 12, priced=[False] * 12)
    assert plan == [month // 4 for month in range(48)]


@given(tables(dashes=False), entries, st.integers(1, 4), st.data())
@settings(max_examples=100, deadline=None)
def test_one_more_design_never_makes_the_plan_dearer(
    table: list[list[Decimal | None]], entry: list[Decimal], hold: int, data: st.DataObject
) -> None:
    width = len(table[0])
    more = [[*row, data.draw(st.integers(0, 9).map(D) | st.none())] for row in table]
    entry = [*entry[:width], data.draw(st.integers(0, 12).map(D))]
    before = spend(table, entry, cheapest_stages(table, entry[:width], hold))
    assert spend(more, entry, cheapest_stages(more, entry, hold)) <= before


@given(tables(), st.integers(0, 12), st.integers(0, 12), st.integers(1, 4))
@settings(max_examples=100, deadline=None)
def test_dearer_moves_never_make_more_of_them(
    table: list[list[Decimal | None]], one: int, other: int, hold: int
) -> None:
    low, high = ([D(cost)] * 3 for cost in sorted((one, other)))
    assert moves(cheapest_stages(table, high, hold)) <= moves(cheapest_stages(table, low, hold))


@pytest.mark.parametrize("hold", [1, 600])
def test_fifty_years_of_ten_designs_are_planned(hold: int) -> None:
    """A design that is cheapest in its own sixty months each, with moves for nothing."""
    table: list[Costs] = [[D(month // 60 != stage) for stage in range(10)] for month in range(600)]
    plan = cheapest_stages(table, [D(0)] * 10, hold)
    assert plan == [month // 60 for month in range(600)] if hold == 1 else moves(plan) == 0
