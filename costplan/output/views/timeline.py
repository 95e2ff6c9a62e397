"""The view of a timeline: the plan in a sentence, month by month, and what the business makes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, pairwise

from costplan.analysis.timeline.document import (
    BreakEven,
    BudgetBreak,
    Design,
    Outcome,
    StageMonth,
    Stay,
    Timeline,
    TimelineMonth,
)
from costplan.output.views.view import Cell, Column, Row, Table, View, cells
from costplan.output.views.works import not_billed_column, works_notes
from costplan.quantities.money import EXACT, exact_sum, plain
from costplan.quantities.shown import counted, money, requests, shown
from costplan.quantities.units import HOURS_PER_MONTH

NONE = "none"
"""Stands for a design where none keeps its promise."""


def timeline_view(timeline: Timeline) -> View:
    """The plan, what each design would cost around a change, break-evens, budgets, what is uncertain."""
    return View(
        title="Timeline",
        facts=[summary(timeline), *_facts(timeline)],
        tables=[_plan_table(timeline), _choice_table(timeline), _break_even_table(timeline)],
        notes=list(_notes(timeline)),
    )


def summary(timeline: Timeline) -> str:
    """Say the plan in a sentence: `stage1 until 2027-05 (1.9M requests), then stage2 to the end`."""
    parts = [_stay(stay, timeline.months[-1].month) for stay in timeline.stays]
    return ", then ".join(parts)


def _stay(stay: Stay, end: str) -> str:
    name = stay.stage or "no design that keeps its promise"
    when = f"to the end, {end}" if stay.last == end else f"until {stay.last}"
    return f"{name} {when} ({requests(stay.last_requests)} requests)"


def _facts(timeline: Timeline) -> Iterator[str]:
    spent = f"{money(timeline.total_spend)} {timeline.currency} in {counted(len(timeline.months), 'month')}"
    moves = f"{counted(len(timeline.moves), 'move')} in it"
    yield f"{spent}, {moves}; the load grows by {_percent(timeline.growth)} a month"
    borne = {
        "payer": "VAT is deducted: costs and revenue count net",
        "simplified": "VAT is not deducted: costs count gross",
        None: f"VAT {timeline.vat}",
    }
    vat = borne[timeline.regime] if timeline.vat == "included" else "VAT excluded from all amounts"
    prices = f"prices in {timeline.currency} as of {timeline.catalog.as_of}, taken to hold"
    yield f"{prices}; {_hours(timeline)}; {vat}"


def _hours(timeline: Timeline) -> str:
    """Say how long the months are that are priced."""
    stated = {design.hours_per_month for design in timeline.designs}
    *shorter, longest = sorted({row.hours for row in timeline.months})
    lengths = f"{', '.join(map(str, shorter))} and {longest} h" if shorter else f"{longest} h"
    if stated == {None}:
        return f"months of {lengths}"
    if len(stated) == 1:
        return f"months of {plain(next(iter(stated)) or Decimal(0))} h"
    own = (
        f"of {design.scenario} {plain(design.hours_per_month)} h"
        for design in timeline.designs
        if design.hours_per_month is not None
    )
    return f"months of {lengths}, {', '.join(own)}"


def _percent(share: Decimal) -> str:
    return f"{plain(EXACT.multiply(share, Decimal(100)))}%"


PlanColumn = tuple[Column, Callable[[TimelineMonth], Cell], bool]
"""A column, what it says of a month, and whether it is shown."""


def _plan_table(timeline: Timeline) -> Table:
    shown = [(column, cell) for column, cell, is_shown in _plan_columns(timeline) if is_shown]
    rows = [Row([cell(row) for _, cell in shown]) for row in timeline.months]
    return Table([column for column, _ in shown], rows)


def _plan_columns(timeline: Timeline) -> list[PlanColumn]:
    booked = [row.business for row in timeline.months if row.business is not None]
    return [
        (Column("Month"), lambda row: Cell(row.month), True),
        (Column("Requests", right=True), lambda row: Cell(requests(row.requests)), True),
        (
            Column("Users", right=True),
            lambda row: Cell(_whole(row.users)),
            any(row.users is not None for row in timeline.months),
        ),
        (Column("Design"), _name, True),
        (Column(f"Cost, {timeline.currency}", right=True), lambda row: Cell(_cost(row)), True),
        (
            Column("Move", right=True),
            lambda row: Cell(money(row.switching) if row.switching else ""),
            any(row.switching for row in timeline.months),
        ),
        (Column("Spent so far", right=True), lambda row: Cell(money(row.cumulative)), True),
        (Column("Revenue", right=True), lambda row: _signed(row, "revenue"), any(b.revenue for b in booked)),
        (Column("Margin", right=True), lambda row: _signed(row, "margin"), bool(booked)),
        (
            Column("Cash", right=True),
            lambda row: _signed(row, "cash"),
            any(b.cash is not None for b in booked),
        ),
    ]


def _name(row: TimelineMonth) -> Cell:
    return Cell(row.stage, "strong") if row.stage else Cell(NONE, "bad")


def _cost(row: TimelineMonth) -> str:
    return "-" if row.spend is None else money(row.spend) + ("+" if row.lower_bound else "")


def _whole(number: Decimal | None) -> str:
    return "-" if number is None else f"{number:,}"


def _signed(row: TimelineMonth, name: str) -> Cell:
    amount: Decimal | None = getattr(row.business, name, None)
    return Cell("-") if amount is None else Cell(money(amount), "bad" if amount < 0 else "plain")


def _choice_table(timeline: Timeline) -> Table:
    """What each design would cost in the first and the last month and around each change."""
    shown = {timeline.months[0].month, timeline.months[-1].month}
    for before, after in pairwise(timeline.months):
        if before.stage != after.stage:
            shown |= {before.month, after.month}
    unpriced = {design.scenario for design in timeline.designs if design.unpriced}
    rows = [
        Row(cells(row.month, requests(row.requests), *(_choice(one, row, unpriced) for one in row.stages)))
        for row in timeline.months
        if row.month in shown and len(row.stages) > 1
    ]
    names = [Column(design.scenario, right=True) for design in timeline.designs]
    return Table([Column("Month"), Column("Requests", right=True), *names], rows, "What each would cost")


def _choice(one: StageMonth, row: TimelineMonth, unpriced: set[str]) -> Cell:
    if not one.feasible:
        return Cell(f"not kept: {money(one.spend)}", "faint")
    cost = money(one.spend) + ("+" if one.scenario in unpriced else "")
    return Cell(cost, "strong" if one.scenario == row.stage else "plain")


def _break_even_table(timeline: Timeline) -> Table:
    unit = timeline.break_evens[0].unit if timeline.break_evens else "users"
    columns = [
        Column("Design"),
        Column(f"Pays for itself from, {unit}", right=True),
        Column("up to", right=True),
        Column("because of"),
        Column("for good from", right=True),
    ]
    hours = {design.hours_per_month or HOURS_PER_MONTH for design in timeline.designs}
    title = f"Break-even in a month of {plain(Decimal(hours.pop()))} h" if len(hours) == 1 else "Break-even"
    return Table(columns, [_break_even(one) for one in timeline.break_evens], title)


def _break_even(found: BreakEven) -> Row:
    if found.not_searched is not None or found.first is None:
        reason = found.not_searched or f"not up to {_whole(found.searched_to)}"
        return Row(cells(found.scenario, Cell("-", "bad"), "-", reason, "-"))
    why = {"cost": "a step of its cost", "promise": "its promise, not kept beyond", None: ""}
    return Row(
        cells(
            found.scenario,
            _whole(found.first) + ("+" if found.lower_bound else ""),
            _whole(found.until) if found.until is not None else "no end",
            why[found.undone_by],
            _whole(found.for_good),
        )
    )


def _notes(timeline: Timeline) -> Iterator[Cell]:
    for move in timeline.moves:
        cost = f"for {money(move.cost)} {timeline.currency}" if move.cost else "at no cost stated"
        yield Cell(f"{move.month}: move from {move.before} to {move.after}, {cost}", "strong")
    if not _adds_up(timeline):
        yield Cell(
            "each amount is rounded by itself; sums are those of the exact ones, rounded once", "faint"
        )
    yield from _ended_notes(timeline)
    yield from (_budget(found, timeline) for found in timeline.budgets)
    if timeline.outcome is not None:
        yield from _outcome_notes(timeline.outcome, timeline)
    yield from _promise_notes(timeline)
    yield from (note for design in timeline.designs for note in _design_notes(design))
    unpriced = [design.scenario for design in timeline.designs if not design.move_priced]
    if len(timeline.designs) > 1 and unpriced:
        to = "" if len(unpriced) == len(timeline.designs) else f" to {', '.join(unpriced)}"
        said = (
            f"nobody says what a move{to} costs: it counts as nothing, and no design once left is taken again"
        )
        yield Cell(f"{said}; --switching or `business.migration` states one and lifts that", "warn")
    yield from (Cell(f"{one.kind}: {one.path}: {one.reason}", "faint") for one in timeline.assumptions)


def _ended_notes(timeline: Timeline) -> Iterator[Cell]:
    """Say in which months the plan relies on a service that is off."""
    for service in timeline.catalog.ending:
        months = [row.month for row in timeline.months if service.service in row.ended]
        if months:
            span = f"{months[0]} to {months[-1]}" if len(months) > 1 else months[0]
            count = counted(len(months), "month")
            yield Cell(f"{service.title} is off in {count} of the plan that rely on it: {span}", "bad")


def _adds_up(timeline: Timeline) -> bool:
    """Say whether what is spent so far is, as shown, the sum of the months as shown."""
    spent = Decimal(0)
    for row in timeline.months:
        spent = exact_sum([spent, shown(row.spend or Decimal(0)), shown(row.switching)])
        if spent != shown(row.cumulative):
            return False
    return True


def _budget(found: BudgetBreak, timeline: Timeline) -> Cell:
    whose = {"design": f"budget of {found.scenario}", "month": "budget per month", "total": "budget in total"}
    promised = f"{whose[found.kind]}, {money(found.budget)} {found.currency}"
    if found.month is None or found.cost is None:
        if _rests_on_missing_prices(found, timeline):
            return Cell(f"{promised}: open, prices are missing", "warn")
        return Cell(f"{promised}: holds", "good")
    stays = (stay.first for stay in timeline.stays if stay.stage == found.scenario)
    is_first = found.kind == "design" and found.month == next(stays, None)
    when = "over from its first month in the plan" if is_first else "broken first in"
    return Cell(f"{promised}: {when}{',' if is_first else ''} {found.month}, with {money(found.cost)}", "bad")


def _rests_on_missing_prices(found: BudgetBreak, timeline: Timeline) -> bool:
    if found.kind != "design":
        return any(row.lower_bound for row in timeline.months)
    return any(design.unpriced for design in timeline.designs if design.scenario == found.scenario)


def _outcome_notes(outcome: Outcome, timeline: Timeline) -> Iterator[Cell]:
    if any(row.business and row.business.revenue for row in timeline.months):
        if outcome.break_even_month is None:
            yield Cell("break-even: in none of these months", "bad")
        else:
            yield Cell(f"break-even: {outcome.break_even_month}, {_lasting(outcome)}")
    if outcome.cash_ends is not None:
        lasts = counted(outcome.runway_months or 0, "month")
        yield Cell(f"cash: ends in {outcome.cash_ends}; it lasts {lasts}", "bad")
    elif outcome.cash_known_until == timeline.months[-1].month:
        yield Cell(f"cash: lasts beyond {outcome.cash_known_until}", "good")
    elif outcome.cash_known_until is not None:
        yield Cell(f"cash: not known after {outcome.cash_known_until}: no design, no cost", "warn")
    for row in timeline.months:
        if row.business and row.business.expired:
            expired = f"{money(row.business.expired)} {timeline.currency}"
            yield Cell(f"grants: {expired} expire unused at the end of {row.month}", "warn")


def _lasting(outcome: Outcome) -> str:
    if outcome.break_even_lasting is None:
        return "but it does not last"
    if outcome.break_even_lasting == outcome.break_even_month:
        return "and it lasts"
    return f"for good in {outcome.break_even_lasting}"


def _promise_notes(timeline: Timeline) -> Iterator[Cell]:
    """Say from when on a design does not keep its promise, and why."""
    for number, design in enumerate(timeline.designs):
        missed = [row for row in timeline.months if not row.stages[number].feasible]
        if missed:
            why = "; ".join(missed[0].stages[number].unmet)
            when = f"{missed[0].month} ({requests(missed[0].requests)} requests)"
            yield Cell(f"{design.scenario} does not work, first in {when}: {why}", "warn")
        raised = [row for row in timeline.months if row.stages[number].quota_raises]
        if raised:
            why = "; ".join(raised[0].stages[number].quota_raises)
            yield Cell(f"{design.scenario}: from {raised[0].month} on: {why}", "warn")


def _design_notes(design: Design) -> Iterator[Cell]:
    if design.unpriced:
        parts = counted(design.unpriced, "cost component")
        rule = "not chosen while a complete one keeps its promise"
        yield Cell(f"{design.scenario}: {parts} without a price, its costs are lower bounds; {rule}", "bad")
    yield from works_notes((), (), design.unknowns, design.caveats, design.scenario)


def timeline_rows(timeline: Timeline) -> Iterator[dict[str, str | Decimal | bool | None]]:
    """Give a row per month for a spreadsheet."""
    names = _column_names([design.scenario for design in timeline.designs])
    for row in timeline.months:
        found = row.business
        business = {name: getattr(found, name, None) for name in BUSINESS_COLUMNS}
        yield {
            "month": row.month,
            "requests": row.requests,
            "users": row.users,
            "design": row.stage,
            "net": row.net,
            "vat": row.vat,
            "gross": row.gross,
            "spend": row.spend,
            "switching": row.switching,
            "cumulative": row.cumulative,
            "feasible": row.feasible,
            "lower_bound": row.lower_bound,
            **(business if timeline.outcome is not None else {}),
            "currency": timeline.currency,
            **{f"spend_{name}": one.spend for name, one in zip(names, row.stages, strict=True)},
            **{f"promise_{name}": one.feasible for name, one in zip(names, row.stages, strict=True)},
            **not_billed_column(chain.from_iterable(one.not_billed for one in timeline.designs)),
        }


def _column_names(designs: Sequence[str]) -> list[str]:
    """Write names of designs as parts of headings: `stage2_lean`; those that then are alike are numbered."""
    plain = [re.sub(r"\W+", "_", name) for name in designs]
    return [
        name if plain.count(name) == 1 else f"{name}_{place}" for place, name in enumerate(plain, start=1)
    ]


BUSINESS_COLUMNS = (
    "revenue",
    "fees",
    "other_costs",
    "margin",
    "margin_per_user",
    "margin_per_request",
    "grants",
    "expired",
    "cash",
)
