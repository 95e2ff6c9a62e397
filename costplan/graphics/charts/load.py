"""The picture of a curve document: its lines, and where another design becomes the cheapest."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from costplan.analysis.curve.document import Curve, ScenarioCurve
from costplan.graphics.charts.curves import Crossing, LoadCurve
from costplan.graphics.charts.scaling import ScalingLabels, scaling
from costplan.graphics.charts.style import Caption


def curve_chart(curve: Curve, form: str) -> bytes:
    """Draw cost over load, and below it the cost of a million requests, as `svg` or `png`."""
    names = ", ".join(one.scenario for one in curve.scenarios)
    caption = Caption(f"Cost over load: {names}", _said(curve))
    labels = ScalingLabels(
        cost=f"{curve.currency} a month", per_million=f"{curve.currency} for a million requests"
    )
    return scaling(load_curves(curve), crossings(curve), caption, labels).file(form)


def load_curves(curve: Curve) -> list[LoadCurve]:
    """Return the lines of a chart."""
    return [_line(one) for one in curve.scenarios]


def crossings(curve: Curve) -> list[Crossing]:
    """Return where another design becomes the cheapest that keeps its promise."""
    return [
        Crossing(
            after.start,
            float(after.cost_at_start or before.cost_at_end or 0),
            before.scenario,
            after.scenario,
        )
        for before, after in pairwise(curve.cheapest)
    ]


def _line(curve: ScenarioCurve) -> LoadCurve:
    points = curve.points
    return LoadCurve(
        name=curve.scenario,
        requests=[float(point.monthly_requests) for point in points],
        cost=[float(point.monthly_cost) for point in points],
        feasible=[one.feasible and two.feasible for one, two in pairwise(points)] + [points[-1].feasible],
    )


def _said(curve: Curve) -> str:
    """Say in words what the picture shows."""
    return " ".join(_sentences(curve))


def _sentences(curve: Curve) -> Iterator[str]:
    for one in curve.cheapest:
        who = f"{one.scenario} is the cheapest" if one.scenario else "no design keeps its promise"
        yield f"From {one.start:,} to {one.end:,} requests a month {who}."
