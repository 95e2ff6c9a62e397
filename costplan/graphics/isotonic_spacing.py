"""Put things on a line as near to where they want to be as the room between them allows."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf


def spread(
    wanted: Sequence[float], distances: Sequence[float], low: float = -inf, high: float = inf
) -> list[float]:
    """Move positions apart, keeping their order, with the least sum of squared moves.

    Args:
        wanted: Where each would like to be, in the order that is kept.
        distances: Least distance from each to the next; one fewer than positions.
        low: Nothing goes below it.
        high: Nothing goes above it, as long as there is room for all above `low`.

    Example: `spread([0, 0], [2])` -> `[-1, 1]`.

    Source: pool adjacent violators, the exact solution of isotonic regression; Barlow et al., 1972.
    Subtracting the distances summed so far turns "at least so far apart" into "not falling"; limits then cut
    the means.
    """
    offsets = [0.0] if wanted else []
    for distance in distances:
        offsets.append(offsets[-1] + distance)
    pools: list[tuple[float, int]] = []
    for position, offset in zip(wanted, offsets, strict=True):
        pools.append((position - offset, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (left, many), (right, few) = pools[-2:]
            pools[-2:] = [((left * many + right * few) / (many + few), many + few)]
    most = max(low, high - offsets[-1]) if offsets else high
    settled = [min(max(mean, low), most) for mean, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(settled, offsets, strict=True)]
