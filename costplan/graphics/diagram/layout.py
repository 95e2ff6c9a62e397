"""The architecture of an estimate laid out on a plane: boxes in rows along the requests, curves between them.

Rows run from top to bottom, so that a diagram fits a page and grows downward. A connection leaves the lower
side of one box and enters the upper side of another; where it passes rows between, it has a lane of its own
among their boxes, shared by all that go to the same box. So no curve can cross a box.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from costplan.graphics.diagram.boxes import Box, by_way, grid
from costplan.graphics.diagram.graph import links
from costplan.graphics.diagram.parts import on_the_way, parts
from costplan.graphics.diagram.plane import Edge, Plane
from costplan.language.translator import ENGLISH, Translator
from costplan.pricing.estimate import Estimate

_MARGIN: Final = 6.0
_HEADING: Final = 34.0


@dataclass(frozen=True, slots=True)
class Diagram:
    """All that is drawn, in one unit of length; y is 0 at the upper edge of the first row."""

    name: str
    """The scenario's."""
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    left: float
    top: float
    width: float
    height: float
    heading_y: float | None
    """Where the resources without connections begin; None when all have some, or none has."""
    words: Translator


def layout(estimate: Estimate, words: Translator = ENGLISH) -> Diagram:
    """Lay out the architecture of an estimate.

    Args:
        estimate: Its resources make the nodes, their `talks_to` the connections.
        words: The language.
    """
    found, talks = parts(estimate, words)
    connected = links(talks, [part.rank for part in found])
    plane = Plane(found, connected, on_the_way(found, talks))
    boxes, bottom = plane.boxes()
    edges = tuple(plane.edges())
    left, right = _sides(boxes.values(), edges)
    alone = by_way((node for node in range(len(found)) if node not in boxes), found)
    heading = bottom if boxes and alone else None
    top = bottom if heading is None else bottom + _HEADING
    more, bottom = grid(found, alone, (left + right) / 2, top)
    placed = boxes | more
    left, right = _sides(placed.values(), edges)
    return Diagram(
        name=estimate.scenario,
        boxes=tuple(placed[node] for node in sorted(placed)),
        edges=edges,
        left=left - _MARGIN,
        top=-_MARGIN,
        width=right - left + 2 * _MARGIN,
        height=bottom + 2 * _MARGIN,
        heading_y=heading,
        words=words,
    )


def _sides(boxes: Iterable[Box], edges: Iterable[Edge]) -> tuple[float, float]:
    """Return how far boxes and curves reach to the left and to the right."""
    xs = [x for edge in edges for x, _ in edge.points]
    xs += [x for box in boxes for x in (box.x, box.x + box.width)]
    return (min(xs), max(xs)) if xs else (0.0, 0.0)
