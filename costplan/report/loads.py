"""What a curve says at single loads: costs, requirements met, why another design becomes the cheapest."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from costplan.analysis.curve.documents import Crossover, Curve, CurveSegment, CurveViolation, ScenarioCurve
from costplan.quantities.money import EXACT

_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Takeover:
    """The first load at which another design is the cheapest that meets its requirements."""

    load: int
    before: ScenarioCurve | None
    """None where no design meets its requirements."""
    after: ScenarioCurve | None
    why: Literal["cost", "step", "requirements"]
    causes: tuple[str, ...] = ()
    """What makes the step."""
    obstacles: tuple[CurveViolation, ...] = ()
    """Why the design of lower loads does not meet its requirements from here on."""


def takeovers(curve: Curve) -> list[Takeover]:
    """Return where another design becomes the cheapest that meets its requirements, in ascending loads."""
    lines = {line.scenario: line for line in curve.scenarios}
    found = []
    for old, new in pairwise(curve.cheapest):
        before, after = (lines.get(name or "") for name in (old.scenario, new.scenario))
        found.append(_takeover(curve, new.start, before, after))
    return found


def _takeover(curve: Curve, load: int, before: ScenarioCurve | None, after: ScenarioCurve | None) -> Takeover:
    obstacles = tuple(obstacles_at(before, load)) if before is not None else ()
    crossing = _crossing(curve, load, before, after)
    if obstacles or before is None or after is None or crossing is None:
        return Takeover(load, before, after, "requirements", obstacles=obstacles)
    if crossing.kind == "step":
        return Takeover(load, before, after, "step", crossing.cause)
    return Takeover(load, before, after, "cost")


def _crossing(
    curve: Curve, load: int, before: ScenarioCurve | None, after: ScenarioCurve | None
) -> Crossover | None:
    wanted = {one.scenario for one in (before, after) if one is not None}
    return next(
        (
            one
            for one in curve.crossovers
            if one.after.monthly_requests == load and {one.cheaper_before, one.cheaper_after} == wanted
        ),
        None,
    )


def obstacles_at(line: ScenarioCurve, load: int) -> Iterator[CurveViolation]:
    """Return why a design does not meet its requirements at a load; nothing where it does."""
    return (found.obstacle for found in line.infeasible if found.start <= load <= found.end)


def cost_at(line: ScenarioCurve, load: int) -> Decimal:
    """Return what a design costs a month at a load of the curve."""
    segment = segment_at(line, load)
    further = EXACT.divide(Decimal(load - segment.start), _MILLION)
    return EXACT.add(segment.cost_at_start, EXACT.multiply(segment.cost_per_further_million, further))


def segment_at(line: ScenarioCurve, load: int) -> CurveSegment:
    """Return the straight part of a cost that a load is on."""
    starts = [segment.start for segment in line.segments]
    return line.segments[max(0, bisect_right(starts, load) - 1)]


def first_win(curve: Curve, name: str) -> int | None:
    """Return the lowest load at which a design is the cheapest that meets its requirements."""
    return next((one.start for one in curve.cheapest if one.scenario == name), None)
