"""Tables of cost against load: ranges, takeovers, crossovers, steps and where requirements are not met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from costplan.analysis.curve.documents import (
    CheapestRange,
    Curve,
    CurveSegment,
    ScenarioCurve,
)
from costplan.language.reasons import causes_in_words, lacks
from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text, strong
from costplan.report.blocks import Cell, Column, Row, Table, row_of
from costplan.report.language.amounts import cost_text
from costplan.report.loads import Takeover, cost_at

MOST_ROWS = 60
"""Rows of one design or table: who wants more takes the JSON of `costplan curve`."""
_MILLION = 1_000_000


def range_table(curve: Curve, words: Translator, caption: str = "") -> Table:
    """Return who is the cheapest from where to where."""
    columns = [
        Column(words("Cheapest")),
        Column(words("From requests"), right=True),
        Column(words("To requests"), right=True),
        Column(words("{currency} a month", currency=curve.currency), right=True),
        Column(words("{currency} per million", currency=curve.currency), right=True),
    ]
    rows = [_range(one, words) for one in curve.cheapest[:MOST_ROWS]]
    usual = words("The cheapest design that meets its requirements, by load")
    return Table(caption or usual, columns, [rows, *_left_out(len(curve.cheapest), len(columns), words)])


def _range(one: CheapestRange, words: Translator) -> Row:
    if one.scenario is None or one.cost_at_start is None or one.cost_at_end is None:
        name: Text = (Span(words("none meets its requirements"), "bad"),)
        return row_of(name, _load(one.start, words), _load(one.end, words), "–", "–")
    ends = ((one.start, one.cost_at_start), (one.end, one.cost_at_end))
    costs = _span([cost for _, cost in ends], words)
    millions = _span([cost * _MILLION / load for load, cost in ends], words)
    return row_of(
        strong(one.scenario) if one.verdict == "kept" else _open(one.scenario, words),
        _load(one.start, words),
        _load(one.end, words),
        Cell(cost_text(costs, one.lower_bound, words), one.cost_at_start),
        Cell(cost_text(millions, one.lower_bound, words), one.cost_at_start / one.start),
    )


def _open(name: str, words: Translator) -> Text:
    return (Span(name, "strong"), Span(" " + words("(not known whether it works)"), "warn"))


def _span(amounts: Sequence[Decimal], words: Translator) -> str:
    return " – ".join(dict.fromkeys(_short(amount, words) for amount in amounts))


def _short(amount: Decimal, words: Translator) -> str:
    return words.number(amount, 0) if amount >= 1000 else words.amount(amount)


def takeover_table(changes: Sequence[Takeover], curve: Curve, words: Translator) -> Table:
    """Return the numbered changes of the cheapest design, with the cost of both."""
    columns = [
        Column("№" if words.language == "ru" else "#", right=True),
        Column(words("From requests"), right=True),
        Column(words("Before")),
        Column(words("costs, {currency}", currency=curve.currency), right=True),
        Column(words("From here on")),
        Column(words("costs, {currency}", currency=curve.currency), right=True),
        Column(words("Why"), is_text=True),
    ]
    rows = [_takeover(number, one, words) for number, one in enumerate(changes[:MOST_ROWS], 1)]
    caption = words("Where another design becomes the cheapest; the numbers are those of the chart")
    return Table(caption, columns, [rows, *_left_out(len(changes), len(columns), words)])


def _takeover(number: int, one: Takeover, words: Translator) -> Row:
    return row_of(
        Cell(words.number(Decimal(number)), Decimal(number)),
        _load(one.load, words),
        one.before.scenario if one.before else words("none"),
        _cost(one.before, one.load, words),
        strong(one.after.scenario) if one.after else (Span(words("none"), "bad"),),
        _cost(one.after, one.load, words),
        _why(one, words),
    )


def _cost(line: ScenarioCurve | None, load: int, words: Translator) -> Cell:
    if line is None:
        return Cell("–")
    cost = cost_at(line, load)
    return Cell(cost_text(words.amount(cost), line.unpriced, words), cost)


def _why(one: Takeover, words: Translator) -> str:
    if one.obstacles and one.before is not None:
        whys = [lacks(found.resource, found.reason, words) for found in one.obstacles]
        return words(
            "{stage} no longer meets its requirements: {why}", stage=one.before.scenario, why="; ".join(whys)
        )
    if one.why == "requirements":
        after = one.after.scenario if one.after else ""
        return words("{stage} meets its requirements from here on", stage=after)
    if one.why == "step":
        return words("a step: {cause}", cause=causes_in_words(one.causes, words))
    return words("the lines cross: it costs less from here on")


def step_table(curve: Curve, words: Translator) -> Table:
    """Return every straight part of every cost, with what changes at its beginning."""
    columns = [
        Column(words("Design")),
        Column(words("From requests"), right=True),
        Column(words("{currency} a month", currency=curve.currency), right=True),
        Column(words("Each further million"), right=True),
        Column(words("What changes"), is_text=True),
        Column(words("Requirements")),
    ]
    groups = [
        [_segment(line, found, words) for found in line.segments[:MOST_ROWS]]
        + _left_out_rows(len(line.segments), len(columns), words)
        for line in curve.scenarios
    ]
    count = sum(len(line.segments) for line in curve.scenarios)
    caption = words.many(
        "What the cost is made of: {count} straight line",
        "What the costs are made of: {count} straight lines",
        count,
    )
    return Table(caption, columns, groups, is_collapsed=True)


def _segment(line: ScenarioCurve, found: CurveSegment, words: Translator) -> Row:
    met = Span(words("met"), "good") if found.feasible else Span(words("not met"), "bad")
    if found.feasible and line.unknowns:
        met = Span(words("not known"), "warn")
    return row_of(
        line.scenario,
        _load(found.start, words),
        Cell(cost_text(words.amount(found.cost_at_start), line.unpriced, words), found.cost_at_start),
        Cell(words.amount(found.cost_per_further_million), found.cost_per_further_million),
        causes_in_words(found.cause, words),
        (met,),
    )


def _load(load: int, words: Translator) -> Cell:
    return Cell(words.number(Decimal(load)), Decimal(load))


def _left_out_rows(count: int, columns: int, words: Translator) -> list[Row]:
    if count <= MOST_ROWS:
        return []
    said = words.many("and {count} more", "and {count} more", count - MOST_ROWS)
    return [Row([Cell((Span(said, "faint"),)), *[Cell("")] * (columns - 1)])]


def _left_out(count: int, columns: int, words: Translator) -> Iterator[list[Row]]:
    rows = _left_out_rows(count, columns, words)
    if rows:
        yield rows
