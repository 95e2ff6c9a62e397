"""The table of a timeline that says when a service pays for itself."""

from __future__ import annotations

from decimal import Decimal

from costplan.analysis.timeline.documents import (
    BreakEven,
    Timeline,
)
from costplan.language.terms import UNITS
from costplan.language.translator import Translator
from costplan.output.views.view import Cell, Column, Row, Table, row_of
from costplan.quantities.units import HOURS_PER_MONTH


def break_even_table(timeline: Timeline, words: Translator) -> Table:
    unit = timeline.break_evens[0].unit if timeline.break_evens else "users"
    columns = [
        Column(words("Design")),
        Column(words("Pays for itself from, {unit}", unit=words.term(unit, UNITS)), right=True),
        Column(words("up to"), right=True),
        Column(words("because of")),
        Column(words("for good from"), right=True),
    ]
    hours = {design.hours_per_month or HOURS_PER_MONTH for design in timeline.designs}
    title = (
        words("Break-even in a month of {hours} h", hours=words.exact(Decimal(hours.pop())))
        if len(hours) == 1
        else words("Break-even")
    )
    return Table(columns, [_break_even(one, words) for one in timeline.break_evens], title)


def _break_even(found: BreakEven, words: Translator) -> Row:
    if found.not_searched is not None or found.first is None:
        reason = (
            words.reason(found.not_searched)
            if found.not_searched
            else words("not up to {number}", number=whole_number(found.searched_to, words))
        )
        return row_of(found.scenario, Cell("-", "bad"), "-", reason, "-")
    why = {
        "cost": words("a step of its cost"),
        "promise": words("its requirements, not met beyond"),
        None: "",
    }
    return row_of(
        found.scenario,
        whole_number(found.first, words) + ("+" if found.lower_bound else ""),
        whole_number(found.until, words) if found.until is not None else words("no end"),
        why[found.undone_by],
        whole_number(found.for_good, words),
    )


def whole_number(number: Decimal | None, words: Translator) -> str:
    return "-" if number is None else words.number(number)
