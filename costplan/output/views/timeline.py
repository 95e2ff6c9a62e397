"""The view of a timeline: the plan in a sentence, month by month, and what the business makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from costplan.analysis.timeline.documents import (
    BudgetBreak,
    BusinessOutcome,
    Design,
    Period,
    StageMonth,
    Timeline,
    TimelineMonth,
)
from costplan.language.terms import QUANTITY_ORIGINS
from costplan.language.translator import Translator
from costplan.output.views.break_even import break_even_table, whole_number
from costplan.output.views.feasibility_notes import works_notes
from costplan.output.views.view import Cell, Column, Row, Table, View, row_of
from costplan.quantities.money import exact_sum
from costplan.quantities.shown import shown


def timeline_view(timeline: Timeline, words: Translator) -> View:
    """The plan, what each design would cost around a change, break-evens, budgets, what is uncertain."""
    return View(
        title=words("Timeline"),
        facts=[summary(timeline, words), *_facts(timeline, words)],
        tables=[
            plan_table(timeline, words),
            choice_table(timeline, words, around_changes=True),
            break_even_table(timeline, words),
        ],
        notes=list(_notes(timeline, words)),
    )


def summary(timeline: Timeline, words: Translator) -> str:
    """Say the plan in a sentence: `stage1 until 2027-05 (1.9M requests), then stage2 to the end`."""
    parts = [_period(period, timeline.months[-1].month, words) for period in timeline.stays]
    return words(", then ").join(parts)


def _period(period: Period, end: str, words: Translator) -> str:
    message = (
        "{name} to the end, {month} ({requests} requests)"
        if period.last == end
        else "{name} until {month} ({requests} requests)"
    )
    return words(
        message,
        name=period.stage or words("no design that meets its requirements"),
        month=period.last,
        requests=words.requests(period.last_requests, 3),
    )


def _facts(timeline: Timeline, words: Translator) -> Iterator[str]:
    spent = words.many(
        "{cost} in {count} month",
        "{cost} in {count} months",
        len(timeline.months),
        cost=f"{words.amount(timeline.total_spend)} {timeline.currency}",
    )
    moves = words.many("{count} move in it", "{count} moves in it", len(timeline.moves))
    growth = words("the load grows by {growth} a month", growth=words.exact_percent(timeline.growth))
    yield f"{spent}, {moves}; {growth}"
    borne = {
        "payer": words("VAT is deducted: costs and revenue count net"),
        "simplified": words("VAT is not deducted: costs count gross"),
        None: words("VAT included"),
    }
    is_inside = timeline.vat == "included"
    vat = borne[timeline.regime] if is_inside else words("VAT excluded from all amounts")
    prices = words(
        "prices in {currency} as of {day}, taken to hold",
        currency=timeline.currency,
        day=timeline.catalog.as_of,
    )
    yield f"{prices}; {_hours(timeline, words)}; {vat}"


def _hours(timeline: Timeline, words: Translator) -> str:
    """Say how long the months are that are priced."""
    stated = {design.hours_per_month for design in timeline.designs}
    *shorter, longest = sorted({row.hours for row in timeline.months})
    lengths = (
        words("{hours} and {longest} h", hours=", ".join(map(str, shorter)), longest=longest)
        if shorter
        else words("{hours} h", hours=longest)
    )
    if stated == {None}:
        return words("months of {lengths}", lengths=lengths)
    if len(stated) == 1:
        hours = words.exact(next(iter(stated)) or Decimal(0))
        return words("months of {lengths}", lengths=words("{hours} h", hours=hours))
    own = (
        words("of {name} {hours} h", name=design.scenario, hours=words.exact(design.hours_per_month))
        for design in timeline.designs
        if design.hours_per_month is not None
    )
    return f"{words('months of {lengths}', lengths=lengths)}, {', '.join(own)}"


MonthColumn = tuple[Column, Callable[[TimelineMonth], Cell], bool]
"""A column, what it says of a month, and whether it says anything in this plan."""
PLAN = ("month", "requests", "users", "design", "cost", "move", "spent", "revenue", "margin", "cash")
"""Columns of the plan on a screen."""


def plan_table(timeline: Timeline, words: Translator, names: Sequence[str] = PLAN) -> Table:
    """A row a month.

    Args:
        timeline: The plan.
        words: The language.
        names: Keys of `_month_columns`; those that say nothing in this plan are left out.
    """
    known = _month_columns(timeline, words)
    shown = [(column, cell) for column, cell, says in (known[name] for name in names) if says]
    rows = [Row([cell(row) for _, cell in shown]) for row in timeline.months]
    return Table([column for column, _ in shown], rows)


def _month_columns(timeline: Timeline, words: Translator) -> dict[str, MonthColumn]:
    missing = min((row.month for row in timeline.months if row.lower_bound), default="9999-12")

    def moved(row: TimelineMonth) -> Cell:
        return Cell(words.amount(row.switching) if row.switching else "")

    def spent(row: TimelineMonth) -> Cell:
        return Cell(words.amount(row.cumulative) + ("+" if row.month >= missing else ""))

    return {
        "month": (Column(words("Month")), lambda row: Cell(row.month), True),
        "requests": (
            Column(words("Requests"), right=True),
            lambda row: Cell(words.requests(row.requests, 3)),
            True,
        ),
        "users": (
            Column(words("Users"), right=True),
            lambda row: Cell(whole_number(row.users, words)),
            any(row.users is not None for row in timeline.months),
        ),
        "design": (Column(words("Design")), lambda row: _name(row, words), True),
        "cost": (
            Column(words("Cost, {currency}", currency=timeline.currency), right=True),
            lambda row: Cell(_cost(row, words)),
            True,
        ),
        "move": (Column(words("Move"), right=True), moved, any(row.switching for row in timeline.months)),
        "spent": (Column(words("Spent so far"), right=True), spent, True),
        "margin": _booked("margin", words("Margin"), timeline, words, says=timeline.outcome is not None),
        "revenue": _booked("revenue", words("Revenue"), timeline, words),
        "fees": _booked("fees", words("Payment fees"), timeline, words),
        "other_costs": _booked("other_costs", words("Other costs"), timeline, words),
        "grants": _booked("grants", words("Grants"), timeline, words),
        "cash": _booked("cash", words("Cash"), timeline, words),
    }


def _booked(
    name: str, heading: str, timeline: Timeline, words: Translator, *, says: bool = False
) -> MonthColumn:
    """Make a column of the business; it is shown where it has an amount in any month."""
    amounts = (getattr(row.business, name, None) for row in timeline.months)
    has_any = says or any(amount is not None if name == "cash" else amount for amount in amounts)
    return Column(heading, right=True), lambda row: _signed(row, name, words), has_any


def _name(row: TimelineMonth, words: Translator) -> Cell:
    return Cell(row.stage, "strong") if row.stage else Cell(words("none"), "bad")


def _cost(row: TimelineMonth, words: Translator) -> str:
    return "-" if row.spend is None else words.amount(row.spend) + ("+" if row.lower_bound else "")


def _signed(row: TimelineMonth, name: str, words: Translator) -> Cell:
    amount: Decimal | None = getattr(row.business, name, None)
    return Cell("-") if amount is None else Cell(words.amount(amount), "bad" if amount < 0 else "plain")


def choice_table(timeline: Timeline, words: Translator, *, around_changes: bool = False) -> Table:
    """What each design would cost month by month, or in the first and the last one and around each change."""
    shown = {timeline.months[0].month, timeline.months[-1].month}
    for before, after in pairwise(timeline.months):
        if before.stage != after.stage or not around_changes:
            shown |= {before.month, after.month}
    unpriced = {design.scenario for design in timeline.designs if design.unpriced}
    rows = [
        row_of(
            row.month,
            words.requests(row.requests, 3),
            *(_choice(one, row, unpriced, words) for one in row.stages),
        )
        for row in timeline.months
        if row.month in shown and (len(row.stages) > 1 or not around_changes)
    ]
    names = [Column(design.scenario, right=True) for design in timeline.designs]
    columns = [Column(words("Month")), Column(words("Requests"), right=True), *names]
    return Table(columns, rows, words("What each would cost"))


def _choice(one: StageMonth, row: TimelineMonth, unpriced: set[str], words: Translator) -> Cell:
    if not one.feasible:
        return Cell(words("not met: {cost}", cost=words.amount(one.spend)), "faint")
    cost = words.amount(one.spend) + ("+" if one.scenario in unpriced else "")
    return Cell(cost, "strong" if one.scenario == row.stage else "plain")


def _notes(timeline: Timeline, words: Translator) -> Iterator[Cell]:
    for move in timeline.moves:
        message = (
            "{month}: move from {before} to {after}, for {cost}"
            if move.cost
            else "{month}: move from {before} to {after}, at no cost stated"
        )
        cost = f"{words.amount(move.cost or Decimal(0))} {timeline.currency}"
        said = words(message, month=move.month, before=move.before, after=move.after, cost=cost)
        yield Cell(said, "strong")
    if not _adds_up(timeline):
        said = words("each amount is rounded by itself; sums are those of the exact ones, rounded once")
        yield Cell(said, "faint")
    yield from _ended_notes(timeline, words)
    yield from (_budget(found, timeline, words) for found in timeline.budgets)
    if timeline.outcome is not None:
        yield from _outcome_notes(timeline.outcome, timeline, words)
    yield from _infeasibility_notes(timeline, words)
    yield from (note for design in timeline.designs for note in _design_notes(design, words))
    unpriced = [design.scenario for design in timeline.designs if not design.move_priced]
    if len(timeline.designs) > 1 and unpriced:
        message = (
            "nobody says what a move costs: it counts as nothing, and no design once left is taken again; "
            "--switching or `business.migration` states one and lifts that"
            if len(unpriced) == len(timeline.designs)
            else "nobody says what a move to {names} costs: it counts as nothing, and no design once left is "
            "taken again; --switching or `business.migration` states one and lifts that"
        )
        yield Cell(words(message, names=", ".join(unpriced)), "warn")
    for one in timeline.assumptions:
        kind = words.term(one.kind, QUANTITY_ORIGINS)
        yield Cell(f"{kind}: {one.path}: {words.reason(one.reason)}", "faint")


def _ended_notes(timeline: Timeline, words: Translator) -> Iterator[Cell]:
    """Say in which months the plan relies on a service that is off."""
    for service in timeline.catalog.ending:
        months = [row.month for row in timeline.months if service.service in row.ended]
        if months:
            span = (
                words("{start} to {end}", start=months[0], end=months[-1]) if len(months) > 1 else months[0]
            )
            said = words.many(
                "{title} is off in {count} month of the plan that rely on it: {months}",
                "{title} is off in {count} months of the plan that rely on it: {months}",
                len(months),
                title=service.title,
                months=span,
            )
            yield Cell(said, "bad")


def _adds_up(timeline: Timeline) -> bool:
    """Say whether what is spent so far is, as shown, the sum of the months as shown."""
    spent = Decimal(0)
    for row in timeline.months:
        spent = exact_sum([spent, shown(row.spend or Decimal(0)), shown(row.switching)])
        if spent != shown(row.cumulative):
            return False
    return True


def _budget(found: BudgetBreak, timeline: Timeline, words: Translator) -> Cell:
    whose = {
        "design": words("budget of {name}", name=found.scenario),
        "month": words("budget per month"),
        "total": words("budget in total"),
    }
    whose_budget = f"{whose[found.kind]}, {words.amount(found.budget)} {found.currency}"
    if found.month is None or found.cost is None:
        if _rests_on_missing_prices(found, timeline):
            return Cell(words("{budget}: open, prices are missing", budget=whose_budget), "warn")
        return Cell(words("{budget}: holds", budget=whose_budget), "good")
    starts = (period.first for period in timeline.stays if period.stage == found.scenario)
    is_first = found.kind == "design" and found.month == next(starts, None)
    message = (
        "{budget}: over from its first month in the plan, {month}, with {cost}"
        if is_first
        else "{budget}: broken first in {month}, with {cost}"
    )
    cost = words.amount(found.cost)
    return Cell(words(message, budget=whose_budget, month=found.month, cost=cost), "bad")


def _rests_on_missing_prices(found: BudgetBreak, timeline: Timeline) -> bool:
    if found.kind != "design":
        return any(row.lower_bound for row in timeline.months)
    return any(design.unpriced for design in timeline.designs if design.scenario == found.scenario)


def _outcome_notes(outcome: BusinessOutcome, timeline: Timeline, words: Translator) -> Iterator[Cell]:
    if any(row.business and row.business.revenue for row in timeline.months):
        if outcome.break_even_month is None:
            yield Cell(words("break-even: in none of these months"), "bad")
        else:
            yield Cell(_lasting(outcome, words))
    if outcome.cash_ends is not None:
        said = words.many(
            "cash: ends in {month}; it lasts {count} month",
            "cash: ends in {month}; it lasts {count} months",
            outcome.runway_months or 0,
            month=outcome.cash_ends,
        )
        yield Cell(said, "bad")
    elif outcome.cash_known_until == timeline.months[-1].month:
        yield Cell(words("cash: lasts beyond {month}", month=outcome.cash_known_until), "good")
    elif outcome.cash_known_until is not None:
        month = outcome.cash_known_until
        yield Cell(words("cash: not known after {month}: no design, no cost", month=month), "warn")
    for row in timeline.months:
        if row.business and row.business.expired:
            expired = f"{words.amount(row.business.expired)} {timeline.currency}"
            message = "grants: {amount} expire unused at the end of {month}"
            yield Cell(words(message, amount=expired, month=row.month), "warn")


def _lasting(outcome: BusinessOutcome, words: Translator) -> str:
    message = (
        "break-even: {month}, but it does not last"
        if outcome.break_even_lasting is None
        else "break-even: {month}, and it lasts"
        if outcome.break_even_lasting == outcome.break_even_month
        else "break-even: {month}, for good in {lasting}"
    )
    return words(message, month=outcome.break_even_month, lasting=outcome.break_even_lasting)


def _infeasibility_notes(timeline: Timeline, words: Translator) -> Iterator[Cell]:
    """Say from when on a design does not meet its requirements, and why."""
    for number, design in enumerate(timeline.designs):
        missed = [row for row in timeline.months if not row.stages[number].feasible]
        if missed:
            said = words(
                "{name} does not work, first in {month} ({requests} requests): {why}",
                name=design.scenario,
                month=missed[0].month,
                requests=words.requests(missed[0].requests, 3),
                why="; ".join(words.reason(one) for one in missed[0].stages[number].unmet),
            )
            yield Cell(said, "warn")
        raised = [row for row in timeline.months if row.stages[number].quota_raises]
        if raised:
            said = words(
                "{name}: from {month} on: {why}",
                name=design.scenario,
                month=raised[0].month,
                why="; ".join(words.reason(one) for one in raised[0].stages[number].quota_raises),
            )
            yield Cell(said, "warn")


def _design_notes(design: Design, words: Translator) -> Iterator[Cell]:
    if design.unpriced:
        said = words.many(
            "{name}: {count} cost component without a price, its costs are lower bounds; not chosen while a "
            "complete one meets its requirements",
            "{name}: {count} cost components without a price, its costs are lower bounds; not chosen while a "
            "complete one meets its requirements",
            design.unpriced,
            name=design.scenario,
        )
        yield Cell(said, "bad")
    yield from works_notes((), (), design.unknowns, design.caveats, words, design.scenario)
