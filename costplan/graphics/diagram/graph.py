"""What stands above what in a diagram: layers along the requests, cycles broken.

Layers are longest paths. Nodes are numbers; equal input gives equal output.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Pair = tuple[int, int]


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
