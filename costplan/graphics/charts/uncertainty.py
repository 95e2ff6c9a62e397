"""How sure: the range of a bill, the chance of its budget, and what it depends on most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from matplotlib.axes import Axes

from costplan.graphics.charts.axes import (
    FOOTING,
    HEADING,
    MARGIN,
    TICK_ROOM,
    across,
    axes_at,
    axis_number,
    footing,
    plain_ticks,
    sides,
    write,
)
from costplan.graphics.charts.rows import Row, row_chart
from costplan.graphics.charts.shapes import bar, level, level_bar, line, upright
from costplan.graphics.charts.style import SMALL_SIZE, WIDTH, Caption, Drawing, house_style, new_figure
from costplan.graphics.palette import BLUE, EDGE, GREEN, GRID, ORANGE, PAPER, PURPLE, TEXT
from costplan.graphics.text_metrics import fitted, printable, width
from costplan.language.translator import ENGLISH, Translator
from costplan.quantities.money import shortest

_HEIGHT: Final = 190.0
_END: Final = 84.0
"""Most room for the label of one end of a tornado's bar."""


@dataclass(frozen=True, slots=True)
class Chance:
    """What something may cost, and how probable it is that its budget holds; None without a budget."""

    name: str
    low: Decimal
    """The 10th percentile."""
    middle: Decimal
    high: Decimal
    """The 90th percentile."""
    budget: Decimal | None = None
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Swing:
    """What one input moves, the others as stated; the ends as the scenario would write them."""

    name: str
    low: str
    high: str
    cost_at_low: Decimal
    cost_at_high: Decimal


def histogram(
    edges: Sequence[float],
    shares: Sequence[float],
    caption: Caption,
    currency: str,
    words: Translator = ENGLISH,
    budget: float | None = None,
    probability: float | None = None,
) -> Drawing:
    """Draw how often each cost comes out; what breaks the budget is hatched.

    Args:
        edges: Ascending, one more than shares.
        shares: Of all cases, between each edge and the next.
        caption: Title and description.
        currency: Of all costs.
        words: The language.
        budget: A line, named with the probability of staying within it.
        probability: From 0 to 1.
    """
    with house_style():
        bottom = MARGIN + FOOTING
        figure = new_figure(bottom + _HEIGHT + 2 * HEADING + MARGIN)
        axes = axes_at(figure, TICK_ROOM, bottom, WIDTH - MARGIN - 12, bottom + _HEIGHT)
        axes.spines["bottom"].set_color(EDGE.light)
        most = max(edges[-1], budget or edges[-1])
        axes.set_xlim(min(edges[0], budget if budget is not None else edges[0]), most)
        axes.set_ylim(0, max(shares) * 1.06 or 1)
        plain_ticks(axes, "y", lambda share: _percent(share, words))
        plain_ticks(axes, "x", axis_number(words))
        for left, right, share in zip(edges, edges[1:], shares, strict=False):
            breaks = budget is not None and (left + right) / 2 > budget
            one = bar(axes, left, 0, right - left, share, BLUE)
            if breaks:
                one.set(facecolor="none", edgecolor=ORANGE.light, linewidth=0.8, hatch="///")
        if budget is not None:
            upright(axes, budget, TEXT, linewidth=1.5)
            known = "" if probability is None else f": {_percent(probability, words)}"
            said = words("budget") + known
            half = width(said, SMALL_SIZE) / 2
            x = min(max(across(figure, axes, budget), MARGIN + half), WIDTH - MARGIN - half)
            write(figure, x, sides(figure, axes)[3] + HEADING / 2, said, ha="center", ink=TEXT)
        left, _, _, top = sides(figure, axes)
        write(figure, left - TICK_ROOM + MARGIN, top + HEADING * 1.5, words("share of cases"))
        footing(figure, axes, words("{currency} a month", currency=currency))
    return Drawing(figure, caption)


def _percent(share: float, words: Translator) -> str:
    """Write a probability; ticks of an axis may be less than a percent apart."""
    exact = shortest(share)
    return words.growth(exact) if 0 < exact < Decimal("0.01") else words.chance(exact)


def chances(rows: Sequence[Chance], caption: Caption, currency: str, words: Translator = ENGLISH) -> Drawing:
    """Draw what each thing may cost, from the 10th to the 90th percentile, its budget as a hollow mark.

    Args:
        rows: At least one, in one currency.
        caption: Title and description.
        currency: Of all costs.
        words: The language.
    """
    shown = [
        Row(
            row.name,
            (
                " – ".join(dict.fromkeys(words.round_money(end, currency) for end in (row.low, row.high))),
                "" if row.budget is None else words.round_money(row.budget, currency),
                "" if row.probability is None else _percent(row.probability, words),
            ),
        )
        for row in rows
    ]
    with house_style():
        figure, axes = row_chart(shown, (words("8 of 10 cases"), f"◇ {words('budget')}", words("holds in")))
        for number, row in enumerate(rows):
            _range(axes, number, row)
        most = float(max(max(row.high, row.budget or row.high) for row in rows)) or 1.0
        axes.set_xlim(-0.03 * most, 1.04 * most)
        upright(axes, 0, EDGE, linewidth=1)
    return Drawing(figure, caption)


def _range(axes: Axes, number: int, row: Chance) -> None:
    low, middle, high = float(row.low), float(row.middle), float(row.high)
    level(axes, number, GRID, linewidth=0.6, zorder=0)
    level_bar(axes, number, low, high, 0.42, BLUE, alpha=0.35, zorder=2)
    for x, high_mark in ((low, 9), (middle, 12), (high, 9)):
        line(axes, [x], [number], BLUE, marker="|", markersize=high_mark, markeredgewidth=1.6, zorder=3)
    if row.budget is not None:
        hollow = {"marker": "D", "markersize": 6, "markeredgecolor": TEXT.light}
        line(axes, [float(row.budget)], [number], PAPER, zorder=4, **hollow)


def tornado(
    swings: Sequence[Swing],
    base: Decimal,
    caption: Caption,
    currency: str,
    words: Translator = ENGLISH,
) -> Drawing:
    """Draw what each input moves as a bar from one end of the cost to the other, both ends labelled.

    Args:
        swings: At least one; drawn in their order.
        base: The cost that all inputs as stated make.
        caption: Title and description.
        currency: Of all costs.
        words: The language.
    """
    shown = [Row(swing.name, _costs(swing, currency, words)) for swing in swings]
    with house_style():
        figure, axes = row_chart(shown, ("", words("{currency} a month", currency=currency)))
        ends = [_ends(swing) for swing in swings]
        left, _, right, _ = sides(figure, axes)
        before = max(width(said, SMALL_SIZE) for (_, said), _ in ends) + 8
        after = max(width(said, SMALL_SIZE) for _, (_, said) in ends) + 8
        low = min([float(base), *(cost for (cost, _), _ in ends)])
        high = max([float(base), *(cost for _, (cost, _) in ends)])
        scale = ((high - low) or abs(high) or 1.0) / max(20.0, right - left - before - after)
        axes.set_xlim(low - before * scale, high + after * scale)
        upright(axes, float(base), TEXT, linewidth=1)
        for number, (first, last) in enumerate(ends):
            _bar(axes, number, first, last, float(base), scale)
    return Drawing(figure, caption)


def _costs(swing: Swing, currency: str, words: Translator) -> tuple[str, ...]:
    return tuple(words.round_money(end, currency) for end in sorted((swing.cost_at_low, swing.cost_at_high)))


def _ends(swing: Swing) -> tuple[tuple[float, str], tuple[float, str]]:
    """Return the cheaper end and the more expensive one, each with the input's value there."""
    first, last = (
        (float(cost), fitted(printable(said), _END, SMALL_SIZE))
        for cost, said in ((swing.cost_at_low, swing.low), (swing.cost_at_high, swing.high))
    )
    return (first, last) if first[0] <= last[0] else (last, first)


def _bar(
    axes: Axes, number: int, first: tuple[float, str], last: tuple[float, str], base: float, scale: float
) -> None:
    for (cost, said), ink, ha, step in ((first, GREEN, "right", -4), (last, PURPLE, "left", 4)):
        level_bar(axes, number, base, cost, 0.56, ink, zorder=2)
        axes.text(cost + step * scale, number, said, ha=ha, va="center_baseline", fontsize=SMALL_SIZE)
