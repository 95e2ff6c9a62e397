"""Charts of bills: where the money goes, what the step to the next stage costs, what breaks its budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from matplotlib.axes import Axes

from costplan.graphics.charts.rows import Row, row_chart, ruled
from costplan.graphics.charts.shapes import level, level_bar, line, upright
from costplan.graphics.charts.style import Caption, Drawing, house_style
from costplan.graphics.palette import BLUE, EDGE, GREEN, GRID, ORANGE, PAPER, TEXT
from costplan.language.translator import ENGLISH, Translator
from costplan.quantities.money import EXACT, exact_sum

_THICK: Final = 0.56
_MOST_BARS: Final = 10
_MOST_CHANGES: Final = 5


@dataclass(frozen=True, slots=True)
class Stage:
    """One bill by parts, such as roles; the parts add up to the total."""

    name: str
    total: Decimal
    parts: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class BudgetComparison:
    """The budget of a part and what it costs, in one currency."""

    name: str
    budget: Decimal
    cost: Decimal


def bill(
    parts: Mapping[str, Decimal], caption: Caption, currency: str, words: Translator = ENGLISH
) -> Drawing:
    """Draw one bill as bars by name, the most expensive first; the smallest of many are put together.

    Args:
        parts: Monthly cost by name; at least one.
        caption: Title and description.
        currency: Of all amounts.
        words: The language.
    """
    total = exact_sum(list(parts.values()))
    shown = _largest(parts, _MOST_BARS, words)
    rows = [
        Row(name, (words.round_money(cost, currency), words.share(cost, total)))
        for name, cost in shown.items()
    ]
    with house_style():
        figure, axes = row_chart(rows)
        for number, cost in enumerate(shown.values()):
            level_bar(axes, number, 0.0, float(cost), _THICK, BLUE)
        axes.set_xlim(0, float(max(shown.values())) * 1.01 or 1)
        upright(axes, 0, EDGE, linewidth=1)
    return Drawing(figure, caption)


def _largest(parts: Mapping[str, Decimal], most: int, words: Translator) -> dict[str, Decimal]:
    """Keep the parts that are furthest from 0, by size; the rest becomes one that comes last."""
    ordered = sorted(parts.items(), key=lambda item: -abs(item[1]))
    if len(ordered) <= most:
        return dict(ordered)
    rest = ordered[most - 1 :]
    others = words.many("{count} other", "{count} others", len(rest))
    return {**dict(ordered[: most - 1]), others: exact_sum([cost for _, cost in rest])}


def waterfall(
    stages: Sequence[Stage], caption: Caption, currency: str, words: Translator = ENGLISH
) -> Drawing:
    """Draw the step from each stage to the next: what it costs more, for what, and what becomes cheaper.

    Args:
        stages: Two or more, in one currency.
        caption: Title and description.
        currency: Of all amounts.
        words: The language.
    """
    first, *others = stages
    rows = [Row(first.name, (words.round_money(first.total, currency),), strong=True)]
    bars = [(Decimal(0), first.total)]
    for before, after in zip(stages, others, strict=False):
        at = before.total
        for name, change in _largest(_changes(before, after), _MOST_CHANGES, words).items():
            rows.append(Row(f"  {name}", (_signed(change, currency, words),)))
            bars.append((at, EXACT.add(at, change)))
            at = bars[-1][1]
        rows.append(Row(after.name, (words.round_money(after.total, currency),), strong=True))
        bars.append((Decimal(0), after.total))
    with house_style():
        figure, axes = row_chart(rows)
        for number, (row, (start, end)) in enumerate(zip(rows, bars, strict=True)):
            _step(axes, number, float(start), float(end), is_total=row.strong)
        axes.set_xlim(0, float(max(max(pair) for pair in bars)) * 1.01 or 1)
        upright(axes, 0, EDGE, linewidth=1)
        ruled(axes, [number for number, row in enumerate(rows) if row.strong and number])
    return Drawing(figure, caption)


def _changes(before: Stage, after: Stage) -> dict[str, Decimal]:
    names = dict.fromkeys([*after.parts, *before.parts])
    found = {
        name: EXACT.subtract(after.parts.get(name, Decimal(0)), before.parts.get(name, Decimal(0)))
        for name in names
    }
    return {name: change for name, change in found.items() if change}


def _signed(change: Decimal, currency: str, words: Translator) -> str:
    return f"{'+' if change > 0 else '−'}{words.round_money(abs(change), currency)}"


def _step(axes: Axes, number: int, start: float, end: float, *, is_total: bool) -> None:
    ink = TEXT if is_total else ORANGE if end > start else GREEN
    level_bar(axes, number, start, end, _THICK, ink)
    if number:
        at = end if is_total else start
        line(axes, [at, at], [number - 1, number], EDGE, linewidth=0.7, zorder=1)


def budgets(
    parts: Sequence[BudgetComparison], caption: Caption, currency: str, words: Translator = ENGLISH
) -> Drawing:
    """Draw each budget as a hollow mark and its cost as a full one, with a line between them.

    Args:
        parts: At least one, in one currency.
        caption: Title and description.
        currency: Of all amounts.
        words: The language.
    """
    rows = [
        Row(
            part.name,
            (
                words.round_money(part.budget, currency),
                words.round_money(part.cost, currency),
                _ratio(part, words),
            ),
        )
        for part in parts
    ]
    with house_style():
        figure, axes = row_chart(rows, (f"◇ {words('budget')}", f"● {words('cost')}", ""))
        for number, part in enumerate(parts):
            _dumbbell(axes, number, float(part.budget), float(part.cost))
        most = float(max(max(part.budget, part.cost) for part in parts)) or 1.0
        axes.set_xlim(-0.03 * most, 1.04 * most)
        upright(axes, 0, EDGE, linewidth=1)
    return Drawing(figure, caption)


def _ratio(part: BudgetComparison, words: Translator) -> str:
    return words.ratio(EXACT.divide(part.cost, part.budget)) if part.budget else ""


def _dumbbell(axes: Axes, number: int, budget: float, cost: float) -> None:
    ink = GREEN if cost <= budget else ORANGE
    level(axes, number, GRID, linewidth=0.6, zorder=0)
    line(axes, [budget, cost], [number, number], ink, linewidth=2.4, zorder=2)
    hollow = {"marker": "D", "markersize": 6.5, "markeredgecolor": TEXT.light}
    line(axes, [budget], [number], PAPER, zorder=3, **hollow)
    line(axes, [cost], [number], ink, marker="o", markersize=7, zorder=4)
