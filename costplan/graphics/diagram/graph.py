"""What stands above what in a diagram: layers along the requests, cycles broken, rows in a good order.

Layers are longest paths; rows are ordered by barycentres, as Sugiyama, Tagawa and Toda described in "Methods
for visual understanding of hierarchical system structures", 1981. Nodes are numbers; equal input gives equal
output.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

Node = TypeVar("Node", bound=Hashable)
Pair = tuple[int, int]

_SWEEPS: Final = 6


@dataclass(frozen=True, slots=True)
class Link:
    """A connection between two nodes, told from the upper one to the lower one."""

    upper: int
    lower: int
    down: bool = True
    """Whether the upper one talks to the lower one."""
    up: bool = False
    """Whether the lower one talks to the upper one."""


def links(talks: Sequence[Pair], ranks: Sequence[int]) -> list[Link]:
    """Turn who talks to whom into links without cycles.

    Two that talk to each other get one link, from the lower rank to the higher one. Whatever still closes a
    cycle, found depth first from the low ranks, is turned round.

    Args:
        talks: Pairs of different nodes. ranks: Where each node would stand along the way of a request; the
        order of nodes decides between equals.
    """
    said = dict.fromkeys(talks)
    downward = [pair for pair in said if (pair[1], pair[0]) not in said or _before(pair, ranks)]
    turned = _closing_cycles(downward, ranks)
    found: dict[Pair, Link] = {}
    for source, target in downward:
        both = (target, source) in said
        if (source, target) in turned:
            found[target, source] = Link(target, source, down=both, up=True)
        else:
            found[source, target] = Link(source, target, down=True, up=both)
    return list(found.values())


def _before(pair: Pair, ranks: Sequence[int]) -> bool:
    source, target = pair
    return (ranks[source], source) < (ranks[target], target)


def _closing_cycles(talks: Sequence[Pair], ranks: Sequence[int]) -> set[Pair]:
    """Find the pairs that lead back to a node still being walked from."""
    targets: dict[int, list[int]] = {}
    for source, target in talks:
        targets.setdefault(source, []).append(target)
    closing: set[Pair] = set()
    done: set[int] = set()
    called = {target for _, target in talks}
    for start in sorted(targets, key=lambda node: (node in called, ranks[node], node)):
        path: list[tuple[int, list[int]]] = [(start, list(targets[start]))] if start not in done else []
        walked = {start}
        while path:
            node, left = path[-1]
            if not left:
                done.add(node)
                walked.discard(node)
                path.pop()
                continue
            target = left.pop(0)
            if target in walked:
                closing.add((node, target))
            elif target not in done:
                walked.add(target)
                path.append((target, list(targets.get(target, ()))))
    return closing


def layers(count: int, connected: Sequence[Link], roots: Sequence[int] = ()) -> list[int]:
    """Give each node the number of its layer: below all that stand above it, near to what stands below it.

    Args:
        count: Number of nodes.
        connected: Links without cycles.
        roots: Nodes that have layer 0 to themselves.
    """
    above: dict[int, list[int]] = {}
    below: dict[int, list[int]] = {}
    for link in connected:
        above.setdefault(link.lower, []).append(link.upper)
        below.setdefault(link.upper, []).append(link.lower)
    found = [0 if node in roots or not roots else 1 for node in range(count)]
    for node in _in_order(count, above, below):
        found[node] = max([found[node], *(found[upper] + 1 for upper in above.get(node, ()))])
    for node in range(count):
        if node not in above and node in below and node not in roots:
            found[node] = min(found[lower] for lower in below[node]) - 1
    return found


def _in_order(count: int, above: Mapping[int, list[int]], below: Mapping[int, list[int]]) -> list[int]:
    missing = {node: len(above.get(node, ())) for node in range(count)}
    ready = [node for node in range(count) if not missing[node]]
    for node in ready:
        for lower in below.get(node, ()):
            missing[lower] -= 1
            if not missing[lower]:
                ready.append(lower)
    return ready


def ordered(
    rows: Sequence[Sequence[Node]],
    segments: Sequence[tuple[Node, Node]],
) -> list[list[Node]]:
    """Order each row so that few segments between neighbouring rows cross.

    Args:
        rows: From top to bottom; their order is kept where it is as good as another.
        segments: Pairs of a node and one in the next row.
    """
    above: dict[Node, list[Node]] = {}
    below: dict[Node, list[Node]] = {}
    for upper, lower in segments:
        below.setdefault(upper, []).append(lower)
        above.setdefault(lower, []).append(upper)
    current = [list(row) for row in rows]
    best, fewest = current, _crossings(current, below)
    for sweep in range(_SWEEPS):
        near = above if sweep % 2 == 0 else below
        current = _swept(current, near, downward=sweep % 2 == 0)
        crossed = _crossings(current, below)
        if crossed < fewest:
            best, fewest = current, crossed
    return [list(row) for row in best]


def _swept(
    rows: Sequence[Sequence[Node]],
    near: Mapping[Node, Sequence[Node]],
    *,
    downward: bool,
) -> list[list[Node]]:
    found = [list(row) for row in rows]
    place: dict[Node, float] = {}
    for index in range(len(found)) if downward else reversed(range(len(found))):
        own = {node: _middle(rank, found[index]) for rank, node in enumerate(found[index])}
        for node in found[index]:
            others = [place[other] for other in near.get(node, ()) if other in place]
            own[node] = sum(others) / len(others) if others else own[node]
        found[index].sort(key=own.__getitem__)
        place = {node: _middle(rank, found[index]) for rank, node in enumerate(found[index])}
    return found


def _middle(rank: int, row: Sequence[object]) -> float:
    return (rank + 0.5) / len(row)


def _crossings(rows: Sequence[Sequence[Node]], below: Mapping[Node, Sequence[Node]]) -> int:
    count = 0
    for upper, lower in pairwise(rows):
        place = {node: rank for rank, node in enumerate(lower)}
        passed: list[int] = []
        for node in upper:
            ends = sorted(place[other] for other in below.get(node, ()) if other in place)
            count += sum(len(passed) - bisect_right(passed, end) for end in ends)
            for end in ends:
                insort(passed, end)
    return count
