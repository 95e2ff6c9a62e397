"""A diagram as Mermaid, which GitLab and GitHub draw from the text of a Markdown file."""

from __future__ import annotations

from costplan.graphics.diagram.boxes import Box
from costplan.graphics.diagram.layout import Diagram
from costplan.graphics.diagram.plane import Edge


def mermaid(diagram: Diagram) -> str:
    """Write a diagram as a Mermaid flowchart, without the fence around it.

    Nodes are `n0`, `n1` and so on; names stand only in quoted labels, where every character that is not a
    letter, a digit or harmless is written as an entity.

    Source: https://mermaid.js.org/syntax/flowchart.html, "Entity codes to escape characters".
    """
    lines = ["flowchart LR"]
    lines += [f"  n{index}{_node(box)}" for index, box in enumerate(diagram.boxes)]
    lines += [f"  n{edge.source} {_arrow(edge)} n{edge.target}" for edge in diagram.edges]
    return "\n".join(lines) + "\n"


def _node(box: Box) -> str:
    label = "<br>".join(escaped(line) for line in (box.part.title, box.part.cost, box.part.missing) if line)
    return f'(["{label}"])' if box.part.is_users else f'["{label}"]'


def _arrow(edge: Edge) -> str:
    if edge.is_way:
        return "<-->" if edge.both else "-->"
    return "<-.->" if edge.both else "-.->"


def escaped(text: str) -> str:
    """Write a text so that Mermaid shows it and reads nothing into it, not even a list of Markdown."""
    return "".join(
        letter if letter.isalnum() or letter == " " or _is_inside(text, index) else f"#{ord(letter)};"
        for index, letter in enumerate(text)
    )


def _is_inside(text: str, index: int) -> bool:
    """Say whether a character only joins what stands around it, as in 1,234.50 or front-end."""
    around = text[index - 1 : index] + text[index + 1 : index + 2] if index else ""
    return text[index] in ".,-" and len(around) == 2 and around.isalnum()
