"""The connected part of a diagram: boxes in rows, and lanes on which connections pass the rows between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from costplan.graphics.diagram.boxes import (
    BOX_GAP,
    BOX_WIDTH,
    PADDING,
    Box,
    box,
    by_way,
    chunks,
    needed_height,
)
from costplan.graphics.diagram.graph import Link, layers
from costplan.graphics.diagram.parts import Part
from costplan.graphics.isotonic_spacing import spread

_ROW_GAP: Final = 50.0
_LANE_GAP: Final = 16.0
_PORT_STEP: Final = 16.0
_SETTLE: Final = 8

Point = tuple[float, float]
Lane = tuple[int, int, bool]
"""Row that a link passes, node that it leads down to, whether it goes up: such links share a lane."""
Place = int | Lane
"""What stands in a row: the number of a node, or a lane."""
Side = tuple[Place, Place]
"""A box and the place that it is linked with on one of its sides."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A connection; between two points straight down, or a curve that begins and ends vertically."""

    source: int
    """Which box talks."""
    target: int
    both: bool
    """Whether the target talks to the source as well."""
    points: tuple[Point, ...]
    """From the source to the target."""
    is_way: bool
    """Whether requests of users take it."""


class Plane:
    """The connected part: rows of boxes and lanes, and where each of them is."""

    def __init__(self, found: Sequence[Part], connected: Sequence[Link], way: Set[int]) -> None:
        self._found = found
        self._reached = way
        self._links = connected
        self._rows: list[list[Place]] = []
        self._row_of: dict[int, int] = {}
        self._stand(sorted({node for link in connected for node in (link.upper, link.lower)}))
        self._ways = {link: self._way(link) for link in connected}
        segments = list(dict.fromkeys(pair for way in self._ways.values() for pair in pairwise(way)))
        places = dict.fromkeys(place for way in self._ways.values() for place in way)
        self._add_lanes([place for place in places if isinstance(place, tuple)])
        self._x = self._settled(segments)
        self._tops, self._bottoms = self._heights()

    def _stand(self, touched: Sequence[int]) -> None:
        users = [node for node in touched if self._found[node].is_users]
        layer = layers(len(self._found), self._links, users)
        for number in sorted({layer[node] for node in touched}):
            nodes = by_way((node for node in touched if layer[node] == number), self._found)
            for row in chunks(nodes):
                self._row_of |= dict.fromkeys(row, len(self._rows))
                self._rows.append(list(row))

    def _add_lanes(self, lanes: Sequence[Lane]) -> None:
        """Set each lane among the boxes of its row as far to the right as its lower end stands in its own."""
        share: dict[Place, float] = {
            place: (rank + 0.5) / len(row) for row in self._rows for rank, place in enumerate(row)
        }
        share |= {lane: share[lane[1]] for lane in lanes}
        for number, row in enumerate(self._rows):
            row += [lane for lane in lanes if lane[0] == number]
            row.sort(key=share.__getitem__)

    def _way(self, link: Link) -> list[Place]:
        """Return the places that a link passes from its upper end to its lower one."""
        between = range(self._row_of[link.upper] + 1, self._row_of[link.lower])
        return [link.upper, *((row, link.lower, link.up) for row in between), link.lower]

    def _settled(self, segments: Sequence[Side]) -> dict[Place, float]:
        """Move the places of each row under and over those that they are linked with."""
        near: dict[Place, list[Place]] = {}
        for upper, lower in segments:
            near.setdefault(upper, []).append(lower)
            near.setdefault(lower, []).append(upper)
        distances = [[_distance(left, right) for left, right in pairwise(row)] for row in self._rows]
        x: dict[Place, float] = {}
        for row, apart in zip(self._rows, distances, strict=True):
            x.update(zip(row, spread([0.0] * len(row), apart), strict=True))
        for sweep in range(_SETTLE):
            rows = list(zip(self._rows, distances, strict=True))
            for row, apart in rows if sweep % 2 == 0 else reversed(rows):
                wanted = [sum(x[other] for other in near[place]) / len(near[place]) for place in row]
                x.update(zip(row, spread(wanted, apart), strict=True))
        return x

    def _heights(self) -> tuple[list[float], list[float]]:
        tops, bottoms, y = [], [], 0.0
        for row in self._rows:
            tops.append(y)
            y += max(needed_height(self._found[place]) for place in row if isinstance(place, int))
            bottoms.append(y)
            y += _ROW_GAP
        return tops, bottoms

    def boxes(self) -> tuple[dict[int, Box], float]:
        """Return the boxes by node, and where they end."""
        boxes = {}
        for node, row in self._row_of.items():
            top, bottom = self._tops[row], self._bottoms[row]
            boxes[node] = box(self._found[node], self._x[node] - BOX_WIDTH / 2, top, bottom - top)
        return boxes, self._bottoms[-1] if self._bottoms else 0.0

    def edges(self) -> list[Edge]:
        """Return the connections, from the boxes' ports through the lanes."""
        out = self._ports((way[0], way[1]) for way in self._ways.values())
        into = self._ports((way[-1], way[-2]) for way in self._ways.values())
        return [self._edge(link, way, out, into) for link, way in self._ways.items()]

    def _edge(
        self,
        link: Link,
        way: Sequence[Place],
        out: Mapping[Side, float],
        into: Mapping[Side, float],
    ) -> Edge:
        points = [(out[way[0], way[1]], self._bottoms[self._row_of[link.upper]])]
        for lane in way[1:-1]:
            assert isinstance(lane, tuple)
            points += [(self._x[lane], self._tops[lane[0]]), (self._x[lane], self._bottoms[lane[0]])]
        points.append((into[way[-1], way[-2]], self._tops[self._row_of[link.lower]]))
        ends = (link.upper, link.lower) if link.down else (link.lower, link.upper)
        path = tuple(points if link.down else reversed(points))
        return Edge(*ends, link.down and link.up, path, self._reached >= set(ends))

    def _ports(self, sides: Iterable[Side]) -> dict[Side, float]:
        """Spread the ends at one side of each box over it, in the order of where they lead."""
        by_box: dict[Place, list[Place]] = {}
        for node, other in dict.fromkeys(sides):
            by_box.setdefault(node, []).append(other)
        found: dict[Side, float] = {}
        for node, others in by_box.items():
            others.sort(key=lambda other: self._x[other])
            step = min(_PORT_STEP, (BOX_WIDTH - 2 * PADDING) / len(others))
            for rank, other in enumerate(others):
                found[node, other] = self._x[node] + (rank - (len(others) - 1) / 2) * step
        return found


def _distance(left: Place, right: Place) -> float:
    lanes = isinstance(left, tuple) + isinstance(right, tuple)
    return BOX_WIDTH * (2 - lanes) / 2 + (BOX_GAP if lanes == 0 else _LANE_GAP)
