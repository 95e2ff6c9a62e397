"""The months of a timeline: every design priced at each month's load, one chosen, its cost booked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby, pairwise

from costplan.analysis.curve.priced_design import Bill, PricedDesign
from costplan.analysis.timeline.business import Ledger, Tariff
from costplan.analysis.timeline.documents import Move, Period, StageMonth, TimelineMonth
from costplan.analysis.timeline.loads import MonthLoad
from costplan.analysis.timeline.stage_plan import Costs, cheapest_stages
from costplan.pricing.feasibility import preference, with_resource
from costplan.quantities.money import EXACT, exact_sum
from costplan.scenario.calendar import hours_of, written_month

NO_MOVE = Decimal(0)


def planned_months(
    designs: Sequence[PricedDesign],
    loads: Sequence[MonthLoad],
    move_costs: Sequence[Decimal],
    priced: Sequence[bool],
    hold: int,
    tariff: Tariff | None,
) -> tuple[TimelineMonth, ...]:
    """Choose a design for each month and book what it costs.

    Args:
        designs: To choose from.
        loads: Of the months.
        move_costs: What it costs once to move to each design.
        priced: Whether somebody says what that is; one that nobody has priced is not returned to.
        hold: Fewest months on a design before a move.
        tariff: Of the business; None where there is none.
    """
    table = [
        [design.in_month(hours_of(load.month)).at(load.requests) for design in designs] for load in loads
    ]
    chosen = cheapest_stages([_costs(designs, bills) for bills in table], move_costs, hold, priced=priced)
    ledger = Ledger(tariff) if tariff is not None else None
    rows: list[TimelineMonth] = []
    stage: int | None = None
    for load, bills, now in zip(loads, table, chosen, strict=True):
        moved = now is not None and stage is not None and now != stage
        cost = move_costs[now] if now is not None and moved else NO_MOVE
        stage = stage if now is None else now
        before = rows[-1].cumulative if rows else Decimal(0)
        rows.append(_row(designs, load, bills, now, cost, before, ledger))
    return tuple(rows)


def _costs(designs: Sequence[PricedDesign], bills: Sequence[Bill]) -> Costs:
    """Return what may be chosen: of the designs that work, those of which most is known."""
    ranks = [
        preference(bill.verdict, design.formula.unpriced) for bill, design in zip(bills, designs, strict=True)
    ]
    first = min((rank for rank in ranks if rank is not None), default=None)
    return [
        bill.spend if rank is not None and rank == first else None
        for bill, rank in zip(bills, ranks, strict=True)
    ]


def _row(
    designs: Sequence[PricedDesign],
    load: MonthLoad,
    bills: Sequence[Bill],
    now: int | None,
    move: Decimal,
    before: Decimal,
    ledger: Ledger | None,
) -> TimelineMonth:
    bill = None if now is None else bills[now]
    business = None
    if ledger is not None and bill is not None:
        business = ledger.book(load.month, load.users, load.requests, bill, move)
    elif ledger is not None:
        ledger.skip()
    return TimelineMonth(
        month=written_month(load.month),
        hours=hours_of(load.month),
        requests=Decimal(load.requests),
        users=None if load.users is None else Decimal(load.users),
        stage=None if now is None else designs[now].scenario.name,
        net=None if bill is None else bill.net,
        vat=None if bill is None else bill.vat,
        gross=None if bill is None else bill.gross,
        spend=None if bill is None else bill.spend,
        switching=move,
        cumulative=exact_sum([before, move, *([bill.spend] if bill else [])]),
        feasible=bill is not None,
        lower_bound=now is not None and designs[now].formula.unpriced > 0,
        business=business,
        stages=tuple(
            _stage_month(design.scenario.name, one) for design, one in zip(designs, bills, strict=True)
        ),
    )


def _stage_month(name: str, bill: Bill) -> StageMonth:
    return StageMonth(
        scenario=name,
        net=bill.net,
        vat=bill.vat,
        gross=bill.gross,
        spend=bill.spend,
        feasible=bill.verdict != "broken",
        unmet=tuple(with_resource(constraint.resource, constraint.reason) for constraint in bill.unmet),
        verdict=bill.verdict,
        quota_raises=tuple(map(str, bill.quota_raises)),
    )


def stays_of(months: Sequence[TimelineMonth]) -> Iterator[Period]:
    """Put months in a row on one design, or without any, together."""
    for stage, group in groupby(months, key=lambda row: row.stage):
        rows = list(group)
        spend = exact_sum([row.spend for row in rows if row.spend is not None])
        yield Period(stage, rows[0].month, rows[-1].month, rows[-1].requests, spend)


def moves_of(months: Sequence[TimelineMonth]) -> Iterator[Move]:
    """Name each change of design; months without any are passed over."""
    running = [row for row in months if row.stage is not None]
    for before, after in pairwise(running):
        if before.stage != after.stage and before.stage is not None and after.stage is not None:
            yield Move(after.month, before.stage, after.stage, after.requests, after.switching)


def spent_in(row: TimelineMonth) -> Decimal:
    """Return what is spent in a month, a move included."""
    return EXACT.add(row.spend or Decimal(0), row.switching)
