"""What an entry of usage settles: an attribute is assumed no more where the entry says what it decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from costplan.source.tree import Mapping as MappingNode
from costplan.source.tree import Node, Scalar
from costplan.terraform.mapped import Assumed, Mapped, Priced

CAPACITY, SCALING, FIXED = "capacity", "scaling", "fixed"
MEAN = "average"
"""Of a number of machines: the load says it, where a capacity follows the load."""


def settled(made: Mapped, given: Mapping[str, Node]) -> Mapped:
    """Return what a resource is to the bill once its entry of usage has had its say.

    Args:
        made: What it is by the file.
        given: Keys that the entry states.
    """
    if not isinstance(made, Priced) or not given:
        return made
    own = dict(made.parts[0])
    gone = {one.attribute for key, value in own.items() if key in given for one in _assumed(value)}
    if _follows_the_load(given.get(CAPACITY)):
        for key, value in own.items():
            if isinstance(value, dict) and isinstance(value.get(MEAN), Assumed):
                gone.add(value[MEAN].attribute)
                own[key] = {name: one for name, one in value.items() if name != MEAN}
    kept = tuple(one for one in made.assumed if one not in gone)
    return replace(made, parts=(own, *made.parts[1:]), assumed=kept) if gone else made


def _follows_the_load(capacity: Node | None) -> bool:
    scaling = capacity.entries.get(SCALING) if isinstance(capacity, MappingNode) else None
    return isinstance(scaling, Scalar) and scaling.value not in (None, FIXED)


def _assumed(value: Any) -> Iterator[Assumed]:
    if isinstance(value, Assumed):
        yield value
    elif isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _assumed(one)
