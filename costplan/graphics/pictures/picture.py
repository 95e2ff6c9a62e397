"""A chart of an answer in words: what it is called, what it shows, and how it is drawn when somebody asks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from costplan.graphics.charts.style import Drawing


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart that is not drawn yet: the drawing library is slow to start."""

    name: str
    """Names its file; lower-case letters, digits and `-`."""
    title: str
    description: str
    """Its facts in a sentence, for those who do not see it."""
    draw: Callable[[], Drawing] = field(compare=False)


def slug(name: str) -> str:
    """Return a name as part of an id or of a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", name).strip("-")
