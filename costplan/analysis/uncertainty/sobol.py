"""Which of several independent inputs the variance of a result comes from: first and total Sobol indices.

Source: Saltelli et al., Variance Based Sensitivity Analysis of Model Output, Computer Physics Communications
181(2), 2010: its best estimator of first indices, and Jansen's of total ones, on points A, B and, for each
input, A with that input's column of B.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from costplan.analysis.uncertainty.documents import Simulated
from costplan.analysis.uncertainty.draws import Floats, scrambles
from costplan.analysis.uncertainty.simulation import figure

Model = Callable[[Floats], Floats]
"""From points of the unit cube, shape (inputs, n), to results of shape (n,)."""


def sobol_indices(
    model: Model, inputs: int, draws: int, seed: int, progress: Callable[[float], None] | None = None
) -> list[tuple[Simulated, Simulated]] | None:
    """Return the first and the total index of each input; None where the result does not vary.

    Args:
        model: Evaluated `inputs` + 2 times on each of the points.
        draws: Points of A; a power of two.
    """
    moments: list[Floats] = []
    done = 0
    for blocks in scrambles(2 * inputs, draws, seed):
        sums = np.zeros((2 * inputs + 3, 2))
        for points in blocks:
            sums += _sums(model, points[:inputs], points[inputs:])
            done += points.shape[1]
            if progress is not None:
                progress(done / draws)
        moments.append(sums)
    whole = _indices(np.sum(moments, axis=0))
    each = [_indices(sums) for sums in moments]
    if whole is None or any(one is None for one in each):
        return None
    parts = np.array(each)
    return [(figure(whole[0][n], parts[:, 0, n]), figure(whole[1][n], parts[:, 1, n])) for n in range(inputs)]


def _sums(model: Model, first: Floats, second: Floats) -> Floats:
    """Sum what the estimators are made of, over one block; each row a pair of sums."""
    at_first, at_second = model(first), model(second)
    rows = [
        (float(at_first.size), 0.0),
        (at_first.sum() + at_second.sum(), 0.0),
        (np.square(at_first).sum() + np.square(at_second).sum(), 0.0),
    ]
    for number, column in enumerate(second):
        mixed = first.copy()
        mixed[number] = column
        moved = model(mixed) - at_first
        rows.append(((at_second * moved).sum(), moved.sum()))
        rows.append((np.square(moved).sum(), 0.0))
    return np.array(rows)


def _indices(sums: Floats) -> tuple[Sequence[float], Sequence[float]] | None:
    count = sums[0, 0]
    mean = sums[1, 0] / (2 * count)
    variance = sums[2, 0] / (2 * count) - mean**2
    if variance <= TINY * max(mean**2, sums[2, 0] / (2 * count)):
        return None
    shared, moved = sums[3::2].T, sums[4::2, 0]
    return list((shared[0] - mean * shared[1]) / count / variance), list(moved / (2 * count) / variance)


TINY = 1e-12
"""A variance below this part of the mean square is the rounding of floats."""
