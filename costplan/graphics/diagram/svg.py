"""A diagram as SVG that stands inside a page: text with presentation attributes, no style sheet, no script.

Colours are CSS variables with a fallback, so the page's light, dark and print schemes reach it under any
content security policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import pairwise
from typing import Final

from costplan.graphics.diagram.boxes import HEAD, PADDING, TEXT_SIZE, TEXT_STEP, TITLE_SIZE, TITLE_STEP, Box
from costplan.graphics.diagram.layout import Diagram
from costplan.graphics.diagram.plane import Edge, Point
from costplan.graphics.palette import BLUE, EDGE, FAINT, FONTS, GRID, PAPER, SURFACE, TEXT, Ink
from costplan.graphics.text_metrics import fitted, printable, width

_SMALL: Final = 10.0
_ROUND: Final = 8
_ARROW: Final = (3.6, 7.0)
"""Half the width of an arrow's head, and its length."""


def svg(diagram: Diagram, prefix: str = "diagram") -> str:
    """Draw a diagram.

    Args:
        diagram: From `layout`.
        prefix: Begins the identifiers of the picture: ASCII letters, digits and `-`; unique in its page.
    """
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="diagram" role="img" '
        f'viewBox="{_n(diagram.left)} {_n(diagram.top)} {_n(diagram.width)} {_n(diagram.height)}" '
        f'width="{_n(diagram.width)}" height="{_n(diagram.height)}" '
        f'aria-labelledby="{prefix}-title {prefix}-desc" font-family="{FONTS}">',
        f'<title id="{prefix}-title">{escape(title(diagram))}</title>',
        f'<desc id="{prefix}-desc">{escape(description(diagram))}</desc>',
        *_edges(diagram),
        *(line for box in diagram.boxes for line in (_users(box) if box.part.is_users else _box(box))),
        *_heading(diagram),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def title(diagram: Diagram) -> str:
    """Return what the diagram is called."""
    words = diagram.words
    return words("Architecture of {name} with monthly costs", name=printable(diagram.name))


def description(diagram: Diagram) -> str:
    """Say in sentences what the diagram shows: each node with its cost, and whom it talks to."""
    words, boxes = diagram.words, diagram.boxes
    sentences = []
    for index, box in enumerate(boxes):
        said = box.part.title
        if box.part.cost:
            cost = " ".join(filter(None, [box.part.cost, box.part.missing]))
            said = words("{name}: {cost}", name=said, cost=cost)
        others = [boxes[edge.target].part.title for edge in diagram.edges if edge.source == index]
        others += [
            boxes[edge.source].part.title for edge in diagram.edges if edge.both and edge.target == index
        ]
        if others:
            said = words("{name} talks to {others}", name=said, others=", ".join(others))
        sentences.append(said)
    return ". ".join(sentences) + ("." if sentences else "")


def _n(number: float) -> str:
    text = f"{number:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


def _text(
    x: float, y: float, said: str, size: float, ink: Ink = TEXT, *, bold: bool = False, anchor: str = ""
) -> str:
    more = (' font-weight="600"' if bold else "") + (f' text-anchor="{anchor}"' if anchor else "")
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" fill="{ink.variable}"{more}>'
        f"{escape(said)}</text>"
    )


def _rect(x: float, y: float, wide: float, high: float, fill: Ink, more: str = "") -> str:
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(high)}" fill="{fill.variable}"{more}/>'
    )


def _box(box: Box) -> Iterator[str]:
    part, room = box.part, box.width - 2 * PADDING
    left, right, bottom = box.x + PADDING, box.x + box.width - PADDING, box.y + box.height
    border = f' stroke="{EDGE.variable}" stroke-width="1" rx="{_ROUND}"'
    yield f'<g class="node role-{escape(part.role)}">'
    fill = SURFACE if part.is_aside else PAPER
    yield _rect(box.x, box.y, box.width, box.height, fill, border)
    share_room = width(part.share, _SMALL) + 6
    yield _text(left, box.y + 18, fitted(part.role_text, room - share_room, _SMALL), _SMALL, FAINT)
    yield _text(right, box.y + 18, part.share, _SMALL, FAINT, anchor="end")
    y = box.y + HEAD + TITLE_SIZE - 5
    for line in box.title:
        yield _text(left, y, line, TITLE_SIZE, bold=True)
        y += TITLE_STEP
    for line in box.runs:
        yield _text(left, y - 1, line, TEXT_SIZE, FAINT)
        y += TEXT_STEP
    if part.missing:
        size = _size_for(part.missing, room)
        yield _text(left, bottom - 30, part.missing, size, TEXT)
    size = TITLE_SIZE * min(1, room / width(part.cost, TITLE_SIZE))
    yield _text(left, bottom - 15, part.cost, size)
    yield _rect(left, bottom - 9, room, 3, GRID, ' rx="1.5"')
    yield _rect(left, bottom - 9, max(room * part.fraction, 0), 3, BLUE, ' rx="1.5"')
    yield "</g>"


def _size_for(said: str, room: float) -> float:
    return TEXT_SIZE * min(1, room / width(said, TEXT_SIZE))


def _users(box: Box) -> Iterator[str]:
    part, middle = box.part, box.x + box.width / 2
    border = f' stroke="{TEXT.variable}" stroke-width="1.2" rx="{_n(box.height / 2)}"'
    yield '<g class="node users">'
    yield _rect(box.x, box.y, box.width, box.height, PAPER, border)
    lines = [*((line, TITLE_SIZE, True) for line in box.title[:1])]
    if part.cost:
        lines.append((part.cost, _size_for(part.cost, box.width - 2 * PADDING), False))
    y = box.y + PADDING + TITLE_SIZE - 1
    for said, size, bold in lines:
        yield _text(middle, y, said, size, TEXT if bold else FAINT, bold=bold, anchor="middle")
        y += TEXT_STEP + 3
    yield "</g>"


def _heading(diagram: Diagram) -> Iterator[str]:
    if diagram.heading_y is not None:
        words = diagram.words
        left = min(box.x for box in diagram.boxes if box.y > diagram.heading_y)
        yield _text(left, diagram.heading_y + 23, words("Also on the bill"), TEXT_SIZE, FAINT)


def _edges(diagram: Diagram) -> Iterator[str]:
    """Draw what requests do not take first, so that the way of a request lies above it."""
    for edge in sorted(diagram.edges, key=lambda edge: edge.is_way):
        ink, thick = (TEXT, 1.5) if edge.is_way else (EDGE, 1.0)
        kind = "way" if edge.is_way else "aside"
        yield (
            f'<g class="edge {kind}"><path d="{_curve(edge)}" fill="none" stroke="{ink.variable}" '
            f'stroke-width="{_n(thick)}"/>{"".join(_arrows(edge, ink))}</g>'
        )


def _curve(edge: Edge) -> str:
    """Write the path: points come in pairs, a curve between two rows, then straight through the next row."""
    steps = [f"M{_n(edge.points[0][0])} {_n(edge.points[0][1])}"]
    for number, ((x, y), (to_x, to_y)) in enumerate(pairwise(edge.points)):
        middle = _n((y + to_y) / 2)
        if number % 2 or x == to_x:
            steps.append(f"L{_n(to_x)} {_n(to_y)}")
        else:
            steps.append(f"C{_n(x)} {middle} {_n(to_x)} {middle} {_n(to_x)} {_n(to_y)}")
    return "".join(steps)


def _arrows(edge: Edge, ink: Ink) -> Iterator[str]:
    yield _arrow(edge.points[-1], edge.points[-2], ink)
    if edge.both:
        yield _arrow(edge.points[0], edge.points[1], ink)


def _arrow(tip: Point, before: Point, ink: Ink) -> str:
    half, length = _ARROW
    back = tip[1] - length if before[1] < tip[1] else tip[1] + length
    corners = f"M{_n(tip[0])} {_n(tip[1])}L{_n(tip[0] - half)} {_n(back)}L{_n(tip[0] + half)} {_n(back)}z"
    return f'<path d="{corners}" fill="{ink.variable}"/>'
