"""A chart of lines over a logarithmic axis in characters, for a terminal of any kind.

plotext was tried first: it labels a logarithmic axis with numbers like 31622.8, and tells lines apart by
colour alone. Here each line carries its letter, and what must not win is dotted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import log10

from costplan.output.views.view import Cell, Tone

HEIGHT = 16
"""Rows of the plot."""
NARROWEST, WIDEST = 20, 110
"""Columns that a plot has at least, and that a chart has at most."""
RANKS: Sequence[Tone] = ("faint", "plain", "good")
"""Of what lies on one spot, the last is seen: lines before dots, the winner before all."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTERS_APART = 12
"""Columns from one letter of a line to the next."""
DECADES = 8
"""Powers of ten that the vertical axis shows at most; lower values lie on its foot."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a chart."""

    name: str
    at: Callable[[float], tuple[float, bool]]
    """Value at a place of the horizontal axis, and whether it counts; it is dotted where it does not."""


@dataclass(frozen=True, slots=True)
class Strokes:
    """The characters that lines are made of."""

    level: str
    dotted: str
    upright: str
    up: str
    """From the left and then up, and so on for the others."""
    from_below: str
    down: str
    from_above: str
    axis: str
    tick: str
    corner: str
    foot: str
    foot_tick: str


UNICODE = Strokes("─", "·", "│", "╯", "╭", "╮", "╰", "│", "┤", "└", "─", "┬")
ASCII = Strokes("-", ".", "|", "/", "/", "\\", "\\", "|", "+", "+", "-", "+")


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines over a logarithmic axis, with who wins below it."""

    heading: str
    foot: str
    """What the horizontal axis shows."""
    curves: Sequence[Curve]
    first: float
    last: float
    best: Callable[[float], str | None]
    """Name of the line that wins at a place; None where none does."""
    number: Callable[[float], str]
    """How values on the axes are written."""
    misses: str = "does not meet its requirements"
    cheapest: str = "letters: the cheapest"
    none: str = "x: none meets its requirements"
    """What dots, letters and crosses mean."""

    def lines(self, width: int, *, ascii_only: bool = False) -> list[list[Cell]]:
        """Draw it for a screen of so many columns; each line is made of cells side by side."""
        return _Drawing(self, min(width, WIDEST), ASCII if ascii_only else UNICODE).lines()


class _Drawing:
    def __init__(self, plot: Plot, width: int, strokes: Strokes) -> None:
        self.plot, self.strokes = plot, strokes
        top = max((value for curve in plot.curves for value, _ in self._ends(curve)), default=1.0)
        lowest = min((v for c in plot.curves for v, _ in self._ends(c) if v > 0), default=1.0)
        self.high = _power_above(top)
        self.low = max(_power_below(lowest), self.high - DECADES)
        self.labels = self._vertical_labels()
        self.margin = max(len(label) for label in self.labels.values())
        self.columns = max(NARROWEST, width - self.margin - 2)
        self.values = [
            [curve.at(self._load(column)) for column in range(self.columns)] for curve in plot.curves
        ]
        self.cells: list[list[Cell]] = [[Cell(" ")] * self.columns for _ in range(HEIGHT)]

    def _ends(self, curve: Curve) -> list[tuple[float, bool]]:
        return [curve.at(self.plot.first), curve.at(self.plot.last)]

    def _load(self, column: int) -> float:
        share = column / (self.columns - 1)
        return float(self.plot.first * (self.plot.last / self.plot.first) ** share)

    def _row(self, value: float) -> int:
        """Return the row of a value, 0 at the top."""
        if value <= 0:
            return HEIGHT - 1
        share = (log10(value) - self.low) / (self.high - self.low)
        return min(HEIGHT - 1, max(0, round((1 - share) * (HEIGHT - 1))))

    def _vertical_labels(self) -> dict[int, str]:
        apart = -(-(self.high - self.low) // (HEIGHT // 2))
        return {
            self._row(10.0**power): self.plot.number(10.0**power)
            for power in range(self.high, self.low - 1, -apart)
        }

    def lines(self) -> list[list[Cell]]:
        for number in range(len(self.plot.curves)):
            self._draw(number)
        drawn: list[list[Cell]] = [[Cell(self.plot.heading, "strong")], self._legend()]
        for row, cells in enumerate(self.cells):
            label = self.labels.get(row, "")
            edge = self.strokes.tick if label else self.strokes.axis
            drawn.append([Cell(f"{label:>{self.margin}} {edge}", "faint"), *_joined(cells)])
        return [*drawn, *self._axis(), *self._winners()]

    def _legend(self) -> list[Cell]:
        names = [f"{LETTERS[number % 26]} {curve.name}" for number, curve in enumerate(self.plot.curves)]
        if any(not counts for values in self.values for _, counts in values):
            names.append(f"{self.strokes.dotted * 2} {self.plot.misses}")
        return [Cell("   ".join(names))]

    def _draw(self, number: int) -> None:
        before: int | None = None
        for column, (value, counts) in enumerate(self.values[number]):
            row = self._row(value)
            name = self.plot.curves[number].name
            tone: Tone = "good" if self.plot.best(self._load(column)) == name else "plain"
            if not counts:
                self._put(row, column, self.strokes.dotted, "faint")
            elif before is None or before == row:
                self._put(row, column, self._level(number, column), tone)
            else:
                self._turn(column, before, row, tone)
            before = row if counts else None

    def _level(self, number: int, column: int) -> str:
        at = LETTERS_APART // 2 + number * LETTERS_APART // max(1, len(self.plot.curves))
        return LETTERS[number % 26] if column % LETTERS_APART == at % LETTERS_APART else self.strokes.level

    def _turn(self, column: int, before: int, row: int, tone: Tone) -> None:
        s = self.strokes
        leaves, arrives = (s.up, s.from_below) if row < before else (s.down, s.from_above)
        for between in range(min(before, row) + 1, max(before, row)):
            self._put(between, column, s.upright, tone)
        self._put(before, column, leaves, tone)
        self._put(row, column, arrives, tone)

    def _put(self, row: int, column: int, text: str, tone: Tone) -> None:
        """Write a character, but not over one that matters more."""
        there = self.cells[row][column]
        if there.text == " " or RANKS.index(tone) >= RANKS.index(there.tone):
            self.cells[row][column] = Cell(text, tone)

    def _axis(self) -> list[list[Cell]]:
        """Draw the horizontal axis with its powers of ten."""
        rule = [self.strokes.foot] * self.columns
        texts = [" "] * (self.columns + 8)
        decades = log10(self.plot.last / self.plot.first)
        taken = -1
        for power in range(_power_above(self.plot.first), _power_below(self.plot.last) + 1):
            share = (power - log10(self.plot.first)) / decades
            column = round(share * (self.columns - 1))
            rule[column] = self.strokes.foot_tick
            text = self.plot.number(10.0**power)
            start = min(max(0, column - len(text) // 2), self.columns - len(text))
            if start > taken:
                texts[start : start + len(text)] = text
                taken = start + len(text)
        blank = " " * self.margin
        return [
            [Cell(f"{blank} {self.strokes.corner}{''.join(rule)}", "faint")],
            [Cell(f"{blank}  {''.join(texts).rstrip()}", "faint")],
        ]

    def _winners(self) -> list[list[Cell]]:
        """Draw a strip with the letter of the best line in each column."""
        letters = {curve.name: LETTERS[number % 26] for number, curve in enumerate(self.plot.curves)}
        strip = ""
        for column in range(self.columns):
            best = self.plot.best(self._load(column))
            strip += letters[best] if best is not None else "x"
        if len(letters) == 1 and "x" not in strip:
            return [[Cell(f"{' ' * self.margin}  {self.plot.foot}", "faint")]]
        more = f"; {self.plot.none}" if "x" in strip else ""
        return [
            [Cell(f"{' ' * self.margin}  {strip}", "good")],
            [Cell(f"{' ' * self.margin}  {self.plot.foot}; {self.plot.cheapest}{more}", "faint")],
        ]


def _joined(cells: Sequence[Cell]) -> list[Cell]:
    """Join neighbours of one tone."""
    groups = groupby(cells, key=lambda cell: cell.tone)
    return [Cell("".join(cell.text for cell in group), tone) for tone, group in groups]


def _power_below(value: float) -> int:
    power = round(log10(value))
    return power if 10.0**power <= value * (1 + 1e-9) else power - 1


def _power_above(value: float) -> int:
    power = round(log10(value)) if value > 0 else 0
    return power if 10.0**power >= value * (1 - 1e-9) else power + 1
