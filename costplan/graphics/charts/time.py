"""Months ahead: what each design costs, which one is taken, what has been spent, and when it pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, nan
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from costplan.graphics.charts.axes import (
    HEADING,
    MARGIN,
    TICK_ROOM,
    Name,
    Series,
    axes_at,
    axis_number,
    end_labels,
    gutter,
    heading,
    log_ticks,
    plain_ticks,
    series,
    sides,
    write,
)
from costplan.graphics.charts.shapes import bar, level, line, upright
from costplan.graphics.charts.strip import STRIP, Range, below_chart
from costplan.graphics.charts.style import SMALL_SIZE, WIDTH, Caption, Drawing, house_style, new_figure
from costplan.graphics.palette import BLUE, EDGE, GREEN, ORANGE, PURPLE, TEXT
from costplan.graphics.text_metrics import fitted, printable, width
from costplan.language.translator import ENGLISH, Translator

_HEIGHT: Final = 200.0
_MONTHS: Final = 18.0
"""Below axes, for the names of months."""
_WIDEST_MONTH: Final = 80.0
_NOTE: Final = 16.0
_LOG_FROM: Final = 30.0
"""Ratio of the highest cost to the lowest from which on an axis is logarithmic."""


@dataclass(frozen=True, slots=True)
class MonthLine:
    """What one design costs in each month."""

    name: str
    cost: Sequence[float]
    feasible: Sequence[bool]
    """Whether it meets its requirements in that month."""


def monthly_costs(
    months: Sequence[str],
    lines: Sequence[MonthLine],
    chosen: Sequence[str | None],
    caption: Caption,
    currency: str,
    words: Translator = ENGLISH,
) -> Drawing:
    """Draw what each design would cost month by month; the chosen one is thick, moves are numbered.

    Args:
        months: As they are to be shown: `2027-01`.
        lines: One per design, with a cost for each month.
        chosen: Name of the design of each month; None where none meets its requirements.
        caption: Title and description.
        currency: Of all amounts.
        words: The language.
    """
    looks = series([line.name for line in lines])
    holds = all(all(line.feasible) for line in lines)
    with house_style():
        figure, axes = _month_axes(
            months, gutter([line.name for line in lines]), STRIP + (0 if holds else _NOTE)
        )
        _scale(axes, [cost for line in lines for cost in line.cost], axis_number(words))
        for line, look in zip(lines, looks, strict=True):
            _draw(axes, line, look, [name == line.name for name in chosen])
        end_labels(figure, axes, [(line.cost[-1], look) for line, look in zip(lines, looks, strict=True)])
        ranges = _stays(chosen)
        costs = {line.name: line.cost for line in lines}
        moves = [int(start + 0.5) for _, start, _ in ranges[1:]]
        points = [(float(month), costs[name][month]) for month in moves if (name := chosen[month]) in costs]
        below_chart(figure, axes, ranges, looks, points, words("chosen"), _MONTHS)
        heading(figure, axes, words("{currency} a month", currency=currency))
        if not holds:
            write(figure, TICK_ROOM, MARGIN + _NOTE / 2, words("dotted: does not meet its requirements"))
        _name_months(figure, axes, months)
    return Drawing(figure, caption)


def _draw(axes: Axes, line: MonthLine, look: Series, chosen: Sequence[bool]) -> None:
    ink = look.ink.light
    axes.plot(line.cost, color=ink, linewidth=1, dashes=(1, 2.5), dash_capstyle="butt", zorder=2)
    axes.plot(_kept(line, line.feasible), color=ink, linewidth=1.3, marker=look.mark, markersize=4, zorder=3)
    axes.plot(_kept(line, chosen), color=ink, linewidth=3.2, gid="chosen", zorder=3)


def _kept(line: MonthLine, where: Sequence[bool]) -> list[float]:
    return [cost if keep else nan for cost, keep in zip(line.cost, where, strict=True)]


def _stays(chosen: Sequence[str | None]) -> list[Range]:
    """Put months in a row on one design together; a month reaches half a step to both sides."""
    found: list[Range] = []
    for month, name in enumerate(chosen):
        start = found.pop()[1] if found and found[-1][0] == name else month - 0.5
        found.append((name, start, month + 0.5))
    return found


def _month_axes(months: Sequence[str], right: float, below: float) -> tuple[Figure, Axes]:
    bottom = MARGIN + _MONTHS + below
    figure = new_figure(bottom + _HEIGHT + HEADING + MARGIN)
    axes = axes_at(figure, TICK_ROOM, bottom, WIDTH - MARGIN - right, bottom + _HEIGHT)
    axes.set_xlim(-0.5, len(months) - 0.5)
    axes.set_xticks([])
    return figure, axes


def _scale(axes: Axes, costs: Sequence[float], number: Name) -> None:
    low, high = min(costs), max(costs)
    if low > 0 and high / low >= _LOG_FROM:
        axes.set_ylim(low / 1.4, high * 1.5)
        log_ticks(axes, "y", number, most=5)
    else:
        axes.set_ylim(min(0.0, low * 1.08), high * 1.08 or 1.0)
        plain_ticks(axes, "y", number)


def _name_months(figure: Figure, axes: Axes, months: Sequence[str]) -> None:
    """Write as many months as there is room for, the first one among them."""
    left, bottom, right, _ = sides(figure, axes)
    step = (right - left) / len(months)
    texts = [fitted(printable(month), _WIDEST_MONTH, SMALL_SIZE) for month in months]
    every = ceil((max(width(text, SMALL_SIZE) for text in texts) + 8) / step)
    for number in range(0, len(months), every):
        line(axes, [number], [0], EDGE, transform=axes.get_xaxis_transform(), marker="|", clip_on=False)
        half = width(texts[number], SMALL_SIZE) / 2
        x = min(max(left + (number + 0.5) * step, MARGIN + half), WIDTH - MARGIN - half)
        write(figure, x, bottom - 11, texts[number], ha="center")


def cumulative(
    months: Sequence[str],
    spent: Sequence[float],
    caption: Caption,
    currency: str,
    words: Translator = ENGLISH,
) -> Drawing:
    """Draw what has been spent from the first month on.

    Args:
        months: As they are to be shown.
        spent: At the end of each month.
        caption: Title and description.
        currency: Of all amounts.
        words: The language.
    """
    with house_style():
        figure, axes = _month_axes(months, gutter(()), 0)
        axes.set_ylim(0, max(spent) * 1.08 or 1)
        plain_ticks(axes, "y", axis_number(words))
        axes.fill_between(range(len(spent)), spent, color=BLUE.light, alpha=0.15, linewidth=0)
        axes.plot(spent, color=BLUE.light, linewidth=2, marker="o", markersize=4)
        heading(figure, axes, words("{currency} so far", currency=currency))
        _name_months(figure, axes, months)
    return Drawing(figure, caption)


def margins(
    months: Sequence[str],
    margin: Sequence[float],
    caption: Caption,
    currency: str,
    words: Translator = ENGLISH,
    pays_from: int | None = None,
) -> Drawing:
    """Draw each month's margin as a bar: up and full where it earns, down and hatched where it loses.

    Args:
        months: As they are to be shown.
        margin: Of each month; nan where it is not known.
        caption: Title and description.
        currency: Of all amounts.
        words: The language.
        pays_from: Number of the month from which on no margin is negative; None where there is none.
    """
    known = [value for value in margin if value == value] or [0.0]
    with house_style():
        figure, axes = _month_axes(months, MARGIN, 0)
        span = max(max(known), 0) - min(min(known), 0) or 1.0
        axes.set_ylim(min(min(known), 0) - 0.06 * span, max(max(known), 0) + 0.12 * span)
        plain_ticks(axes, "y", axis_number(words))
        for month, value in enumerate(margin):
            earns = value >= 0
            one = bar(axes, month - 0.35, 0, 0.7, value, GREEN if earns else ORANGE)
            if not earns:
                one.set(facecolor="none", edgecolor=ORANGE.light, linewidth=1, hatch="///")
        level(axes, 0, TEXT, linewidth=1)
        if pays_from is not None:
            _mark_month(figure, axes, pays_from, words("pays from here on"))
        heading(figure, axes, words("{currency} margin of the month", currency=currency))
        _name_months(figure, axes, months)
    return Drawing(figure, caption)


def _mark_month(figure: Figure, axes: Axes, month: int, said: str) -> None:
    """Draw a line before a month, and write beside its upper end where there is room."""
    upright(axes, month - 0.5, PURPLE, linewidth=1.3, dashes=(5, 2))
    left, _, right, top = sides(figure, axes)
    x = left + (right - left) * month / max(1, axes.get_xlim()[1] + 0.5)
    fits = x + width(said, SMALL_SIZE) + 6 <= WIDTH - MARGIN
    write(figure, x + (4 if fits else -4), top - 8, said, ha="left" if fits else "right", ink=PURPLE)
