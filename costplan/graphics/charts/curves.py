"""Lines of cost over load: where requirements are met, which line is the cheapest, how they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isfinite, log, nan
from typing import Final

from matplotlib.axes import Axes

from costplan.graphics.charts.axes import Series
from costplan.graphics.charts.strip import Range

_MARKS_PER_LINE: Final = 6
_SPAN: Final = 1e7
"""Costs smaller than the highest one by more than this fall off the chart."""


@dataclass(frozen=True, slots=True)
class LoadCurve:
    """Cost of one design over load; a step is two points at one load, or at neighbouring ones.

    The chart is straight from each point to the next on its logarithmic axes: what is a straight line in
    figures needs points close together.
    """

    name: str
    requests: Sequence[float]
    """Per month, ascending, above 0."""
    cost: Sequence[float]
    """Per month."""
    feasible: Sequence[bool]
    """Whether the requirements are met from each point to the next."""

    def scaled(self, scale: Callable[[float, float], float]) -> LoadCurve:
        """Return the line of another measure of load and cost; costs of 0 have no place on a log axis."""
        pairs = zip(self.requests, self.cost, strict=True)
        return replace(self, cost=[scale(load, cost) if cost > 0 else nan for load, cost in pairs])

    def at(self, load: float) -> tuple[float, bool]:
        """Return the cost at a load, nan where there is none to draw, and whether requirements are met."""
        for (x, y, holds), (to_x, to_y, _) in pairwise(self._points()):
            if x <= load <= to_x and to_x > x:
                share = log(load / x) / log(to_x / x)
                return (y * (to_y / y) ** share if y > 0 and to_y > 0 else nan), holds
        return nan, False

    def between(self, low: float, high: float) -> LoadCurve:
        """Return the part between two loads, with points at both."""
        inside = [point for point in self._points() if low < point[0] < high]
        points = [(low, *self.at(low)), *inside, (high, *self.at(high))]
        loads, costs, holds = zip(*points, strict=True)
        return LoadCurve(self.name, loads, costs, holds)

    def runs(self, *, feasible: bool) -> tuple[list[float], list[float]]:
        """Return the points of the stretches where requirements are met, or not, with gaps between them."""
        xs: list[float] = []
        ys: list[float] = []
        for (x, y, holds), (to_x, to_y, _) in pairwise(self._points()):
            if holds == feasible:
                goes_on = bool(xs) and (xs[-1], ys[-1]) == (x, y)
                xs += [to_x] if goes_on else [nan, x, to_x]
                ys += [to_y] if goes_on else [nan, y, to_y]
        return xs, ys

    def _points(self) -> Iterator[tuple[float, float, bool]]:
        return zip(self.requests, self.cost, self.feasible, strict=True)


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where another design becomes the cheapest that meets its requirements."""

    requests: float
    cost: float
    before: str | None
    """Name of the design up to here; None where none meets its requirements."""
    after: str | None


def winners(curves: Sequence[LoadCurve], crossings: Sequence[Crossing]) -> list[Range]:
    """Return which design is the cheapest from where to where; without crossovers it is one for all loads."""
    low = min(curve.requests[0] for curve in curves)
    high = max(curve.requests[-1] for curve in curves)
    if not crossings:
        costs = {curve.name: curve.at((low * high) ** 0.5) for curve in curves}
        holding = {name: cost for name, (cost, holds) in costs.items() if holds and isfinite(cost)}
        return [(min(holding, key=holding.__getitem__) if holding else None, low, high)]
    edges = [low, *(crossing.requests for crossing in crossings), high]
    names = [crossings[0].before, *(crossing.after for crossing in crossings)]
    return [(name, *pair) for name, pair in zip(names, pairwise(edges), strict=True)]


def limit(axes: Axes, lines: Sequence[LoadCurve]) -> None:
    """Set the heights of a logarithmic axis so that all costs fit that are not tiny beside the highest."""
    costs = [cost for line in lines for cost in line.cost if isfinite(cost)] or [1.0]
    axes.set_ylim(max(min(costs), max(costs) / _SPAN) / 1.4, max(costs) * 1.6)


def draw(axes: Axes, line: LoadCurve, look: Series) -> None:
    """Draw a line with marks: full where it meets its requirements, dotted where it does not."""
    ink = look.ink.light
    axes.plot(*line.runs(feasible=True), color=ink, linewidth=1.4, zorder=3)
    axes.plot(
        *line.runs(feasible=False), color=ink, linewidth=1, dashes=(1, 2.5), dash_capstyle="butt", zorder=2
    )
    marked = list(_marked(line))
    xs, ys = [load for load, _ in marked], [cost for _, cost in marked]
    axes.plot(xs, ys, color=ink, marker=look.mark, linestyle="none", markersize=4.5, zorder=4)


def draw_thick(axes: Axes, line: LoadCurve, look: Series, low: float, high: float) -> None:
    """Draw the part of a line where it is the cheapest and meets its requirements."""
    part = line.between(max(low, line.requests[0]), min(high, line.requests[-1]))
    axes.plot(*part.runs(feasible=True), color=look.ink.light, linewidth=3.2, zorder=3, gid="cheapest")


def _marked(line: LoadCurve) -> Iterator[tuple[float, float]]:
    """Return points at even distances, where the line's mark is drawn."""
    low, high = line.requests[0], line.requests[-1]
    for rank in range(_MARKS_PER_LINE):
        load = low * (high / low) ** ((rank + 0.5) / _MARKS_PER_LINE)
        cost, holds = line.at(load)
        if holds and isfinite(cost):
            yield load, cost
