"""The boxes of a diagram: how large each is for what stands on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from costplan.graphics.diagram.parts import Part
from costplan.graphics.text_metrics import wrapped

BOX_WIDTH: Final = 180.0
BOX_GAP: Final = 22.0
PADDING: Final = 12.0
TITLE_SIZE: Final = 13.0
TEXT_SIZE: Final = 11.0
TITLE_STEP: Final = 17.0
TEXT_STEP: Final = 14.0
"""Sizes of letters, and from one line to the next."""
HEAD: Final = 28.0
"""From the upper edge to the title: the role and the share stand there."""
FOOT: Final = 34.0
"""From the last line to the lower edge: the cost and the bar of its share."""
_IN_A_ROW: Final = 4


@dataclass(frozen=True, slots=True)
class Box:
    """A node on the plane; `x` and `y` are its left upper corner."""

    part: Part
    x: float
    y: float
    height: float
    title: tuple[str, ...]
    runs: tuple[str, ...]
    width: float = BOX_WIDTH


def box(part: Part, x: float, y: float, height: float) -> Box:
    """Break the texts of a node into the lines of a box."""
    room = BOX_WIDTH - 2 * PADDING
    title = wrapped(part.title, room, TITLE_SIZE, lines=3, bold=True)
    return Box(part, x, y, height, tuple(title), tuple(wrapped(part.runs, room, TEXT_SIZE, lines=2)))


def needed_height(part: Part) -> float:
    """Return the height that all lines of a node take."""
    if part.is_users:
        return 2 * PADDING + TITLE_STEP + (TEXT_STEP if part.cost else 0)
    lines = box(part, 0, 0, 0)
    texts = len(lines.runs) + (1 if part.missing else 0)
    return HEAD + TITLE_STEP * len(lines.title) + TEXT_STEP * texts + FOOT


def by_way(nodes: Iterable[int], found: Sequence[Part]) -> list[int]:
    """Order nodes by their roles along the way of a request."""
    return sorted(nodes, key=lambda node: (found[node].rank, node))


def chunks(nodes: Sequence[int]) -> list[list[int]]:
    """Cut a layer into rows of about equal length."""
    rows = -(-len(nodes) // _IN_A_ROW)
    return [list(nodes[len(nodes) * row // rows : len(nodes) * (row + 1) // rows]) for row in range(rows)]


def grid(
    found: Sequence[Part], nodes: Sequence[int], middle: float, top: float
) -> tuple[dict[int, Box], float]:
    """Set nodes without connections in rows around a middle; return them and where they end."""
    boxes: dict[int, Box] = {}
    bottom = top
    for row in chunks(nodes):
        height = max(needed_height(found[node]) for node in row)
        first = middle - (len(row) * (BOX_WIDTH + BOX_GAP) - BOX_GAP) / 2
        xs = [first + rank * (BOX_WIDTH + BOX_GAP) for rank in range(len(row))]
        boxes |= {node: box(found[node], x, top, height) for node, x in zip(row, xs, strict=True)}
        bottom = top + height
        top = bottom + BOX_GAP
    return boxes, bottom
