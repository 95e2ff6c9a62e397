"""Tables of months ahead: the plan, every design's cost, moves, margins and break-even."""

from __future__ import annotations

from decimal import Decimal

from costplan.analysis.timeline.document import BreakEven, BusinessMonth, StageMonth, Timeline, TimelineMonth
from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text, strong
from costplan.report.blocks import Cell, Column, Row, Table, cells
from costplan.report.language.amounts import known
from costplan.report.months import day_of


def design_table(plan: Timeline, words: Translator) -> Table:
    """Return what each design would cost in each month, the chosen one in bold."""
    bounds = {design.scenario for design in plan.designs if design.unpriced}
    columns = [
        Column(words("Month")),
        Column(words("Requests"), right=True),
        *(Column(design.scenario, right=True) for design in plan.designs),
    ]
    rows = [
        Row([*_head(row, words), *(_design(one, row, one.scenario in bounds, words) for one in row.stages)])
        for row in plan.months
    ]
    caption = words("What each design would cost, {currency} a month", currency=plan.currency)
    return Table(caption, columns, [rows], is_collapsed=True)


def _design(one: StageMonth, row: TimelineMonth, is_bound: bool, words: Translator) -> Cell:
    shown = known(words.amount(one.spend), is_bound, words)
    if not one.feasible:
        text: Text = (Span(words("{cost}, does not meet its requirements", cost=shown), "bad"),)
    else:
        text = strong(shown) if one.scenario == row.stage else shown
    return Cell(text, one.spend)


def _head(row: TimelineMonth, words: Translator) -> list[Cell]:
    day = day_of(row.month)
    return [
        Cell(words.short_month(day), Decimal(day.toordinal())),
        Cell(words.number(row.requests), row.requests),
    ]


def plan_table(plan: Timeline, words: Translator) -> Table:
    """Return the chosen design of each month, and what has been spent up to it."""
    has_moves = any(row.switching for row in plan.months)
    missing = min((row.month for row in plan.months if row.lower_bound), default=None)
    columns = [
        Column(words("Month")),
        Column(words("Requests"), right=True),
        Column(words("Design")),
        Column(words("Cost, {currency}", currency=plan.currency), right=True),
        *([Column(words("Move, {currency}", currency=plan.currency), right=True)] if has_moves else []),
        Column(words("So far, {currency}", currency=plan.currency), right=True),
    ]
    rows = [
        Row(
            [
                *_head(row, words),
                Cell(row.stage if row.stage else (Span(words("none meets its requirements"), "bad"),)),
                _amount(row.spend, words, is_bound=row.lower_bound),
                *([_amount(row.switching, words)] if has_moves else []),
                _amount(row.cumulative, words, is_bound=missing is not None and row.month >= missing),
            ]
        )
        for row in plan.months
    ]
    return Table(words("The plan, month by month"), columns, [rows], is_collapsed=True)


def _amount(amount: Decimal | None, words: Translator, *, is_bound: bool = False) -> Cell:
    return Cell("–") if amount is None else Cell(known(words.amount(amount), is_bound, words), amount)


def move_table(plan: Timeline, words: Translator) -> Table:
    """Return the numbered changes of design."""
    columns = [
        Column("№" if words.language == "ru" else "#", right=True),
        Column(words("Month")),
        Column(words("Requests"), right=True),
        Column(words("Before")),
        Column(words("From here on")),
        Column(words("The move costs, {currency}", currency=plan.currency), right=True),
    ]
    rows = [
        Row(
            cells(
                Cell(words.number(Decimal(number)), Decimal(number)),
                Cell(words.short_month(day_of(move.month)), Decimal(day_of(move.month).toordinal())),
                Cell(words.number(move.requests), move.requests),
                move.before,
                strong(move.after),
                _amount(move.cost, words),
            )
        )
        for number, move in enumerate(plan.moves, 1)
    ]
    return Table(words("When to move; the numbers are those of the chart"), columns, [rows])


def margin_table(plan: Timeline, words: Translator) -> Table:
    """Return what each month of the business comes to."""
    has_cash = any(row.business and row.business.cash is not None for row in plan.months)
    has_grants = any(row.business and row.business.grants for row in plan.months)
    columns = [
        Column(words("Month")),
        *([Column(words("Users"), right=True)] if _has_users(plan) else []),
        Column(words("Revenue"), right=True),
        Column(words("Payment fees"), right=True),
        Column(words("Cloud"), right=True),
        Column(words("Other costs"), right=True),
        Column(words("Margin"), right=True),
        *([Column(words("Grants"), right=True)] if has_grants else []),
        *([Column(words("Cash at the end"), right=True)] if has_cash else []),
    ]
    rows = [
        Row(_booked(row, row.business, plan, words, has_grants=has_grants, has_cash=has_cash))
        for row in plan.months
    ]
    caption = words("The business, month by month, {currency}", currency=plan.currency)
    return Table(caption, columns, [rows], is_collapsed=True)


def _has_users(plan: Timeline) -> bool:
    return any(row.users is not None for row in plan.months)


def _booked(
    row: TimelineMonth,
    found: BusinessMonth | None,
    plan: Timeline,
    words: Translator,
    *,
    has_grants: bool,
    has_cash: bool,
) -> list[Cell]:
    day = day_of(row.month)
    users = Cell("–") if row.users is None else Cell(words.number(row.users), row.users)
    return [
        Cell(words.short_month(day), Decimal(day.toordinal())),
        *([users] if _has_users(plan) else []),
        _amount(found.revenue if found else None, words),
        _amount(found.fees if found else None, words),
        _amount(row.spend, words),
        _amount(found.other_costs if found else None, words),
        _margin(found, words),
        *([_amount(found.grants if found else None, words)] if has_grants else []),
        *([_amount(found.cash if found else None, words)] if has_cash else []),
    ]


def _margin(found: BusinessMonth | None, words: Translator) -> Cell:
    if found is None:
        return Cell("–")
    shown = words.amount(found.margin)
    return Cell((Span(shown, "good") if found.margin >= 0 else Span(shown, "bad"),), found.margin)


def break_even_table(plan: Timeline, words: Translator) -> Table:
    """Return from how many users, or requests, each design pays for itself."""
    unit = plan.break_evens[0].unit
    message = "Users a month" if unit == "users" else "Requests a month"
    columns = [
        Column(words("Design")),
        Column(f"{words(message)}, {words('from')}", right=True),
        Column(words("Until"), right=True),
        Column(words("What ends it"), is_text=True),
        Column(words("For good from"), right=True),
    ]
    rows = [_break_even(found, words) for found in plan.break_evens]
    return Table(words("From where on each design pays for itself"), columns, [rows])


def _break_even(found: BreakEven, words: Translator) -> Row:
    if found.not_searched is not None:
        return Row(cells(found.scenario, "–", "–", words("not searched: its waiting follows the load"), "–"))
    if found.first is None:
        searched = words.requests(found.searched_to)
        return Row(cells(found.scenario, (Span(words("nowhere"), "bad"),), "–",
                         words("looked up to {most}", most=searched), "–"))  # fmt: skip
    ends = {
        "cost": words("a step of the cost"),
        "promise": words("its requirements: not met beyond"),
    }
    first = words.number(found.first)
    return Row(
        cells(
            found.scenario,
            Cell(words("above {count}", count=first) if found.lower_bound else first, found.first),
            _count(found.until, words),
            ends.get(found.undone_by or "", "–"),
            _count(found.for_good, words),
        )
    )


def _count(count: Decimal | None, words: Translator) -> Cell:
    return Cell("–") if count is None else Cell(words.number(count), count)
