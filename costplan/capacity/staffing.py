"""How the highest utilisation grows with the number of servers, between the numbers that are solved for.

Servers beyond the load grow like sqrt(c), with a factor that is smooth in 1 / sqrt(c); so a cubic in
1 / sqrt(c) through four nodes tells it to a hundred-thousandth.

Source: S. Halfin and W. Whitt, Heavy-traffic limits for queues with many exponential servers, Operations
Research 29 (1981).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EXACT_SERVERS: Final = 32
"""Up to here each number of servers is solved for; above, only four in each octave are."""

_NODES: Final = [round(EXACT_SERVERS * 2 ** (quarter / 4)) for quarter in range(35)]

Value = TypeVar("Value", float, "NDArray[np.float64]")


def nodes_around(servers: int) -> list[int]:
    """Return the four numbers of servers to solve for, ascending."""
    start = min(max(0, bisect_left(_NODES, servers) - 2), len(_NODES) - 4)
    return _NODES[start : start + 4]


def between_nodes(servers: int, utilisations: Sequence[Value]) -> Value:
    """Return the highest utilisation of `servers` from those of `nodes_around(servers)`."""
    points = [node**-0.5 for node in nodes_around(servers)]
    at = servers**-0.5
    busy = utilisations[0] * 0 + 1
    for point, value in zip(points, utilisations, strict=True):
        weight = prod((at - other) / (point - other) for other in points if other != point)
        busy = busy - (1 - value) * (at / point * weight)
    return busy
