"""Draws of uncertain inputs: scrambled Sobol points, turned into values by the inverse of each distribution.

Sobol points fill the space more evenly than chance does, so an average over them is nearer the truth;
scrambling them several times over says how near. Source: Owen, Scrambled Net Variance for Integrals of Smooth
Functions, Annals of Statistics 25(4), 1997; L'Ecuyer and Lemieux, Recent Advances in Randomized Quasi-Monte
Carlo, 2002.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costplan.analysis.uncertainty.inverses import beta_table, normal_probabilities, normal_scores
from costplan.analysis.uncertainty.sobol_points import MOST_DIMENSIONS, sobol_points
from costplan.quantities.distribution import LOW_PROBABILITY, TAIL, Z_HIGH, Distribution, UncertainInput

Floats = NDArray[np.float64]

SCRAMBLES = 8
"""Independent scrambles; the spread of their answers is the error of the answer."""
BLOCK = 1 << 14
"""Draws that are made at a time: memory does not grow with their number."""
FEWEST, MOST = 1 << 10, 1 << 22
"""Fewest and most draws in all."""


def rounded_draws(wanted: int) -> int:
    """Return the power of two at or above a number of draws: Sobol points are even in such numbers only."""
    return min(max(1 << (wanted - 1).bit_length(), FEWEST), MOST)


@dataclass(frozen=True, slots=True)
class Sampler:
    """Makes the draws of some inputs."""

    inputs: Sequence[UncertainInput]
    seed: int
    correlated: Sequence[str] = ()
    """Paths of the inputs that move together."""
    factor: Sequence[Sequence[float]] = ()
    """Lower triangle whose product with itself is their correlation matrix."""

    def blocks(self, draws: int) -> Iterator[Iterator[dict[str, Floats]]]:
        """Give the blocks of each scramble, one scramble after another; values by path, each of shape (n,).

        Args:
            draws: In all; a power of two, as `rounded_draws` returns.
        """
        for points in scrambles(len(self.inputs), draws, self.seed):
            yield (self.values(block) for block in points)

    def values(self, points: Floats) -> dict[str, Floats]:
        """Turn points of the unit cube, shape (inputs, n), into values by path."""
        if self.correlated:
            points = self._moved_together(points)
        pairs = zip(self.inputs, points, strict=True)
        return {found.path: quantile(found.distribution, row) for found, row in pairs}

    def _moved_together(self, points: Floats) -> Floats:
        rows = [number for number, found in enumerate(self.inputs) if found.path in self.correlated]
        moved = points.copy()
        moved[rows] = normal_probabilities(np.asarray(self.factor) @ normal_scores(points[rows]))
        return moved


def scrambles(dimensions: int, draws: int, seed: int) -> Iterator[Iterator[Floats]]:
    """Give the points of each scramble in blocks of shape (dimensions, n), none of them at 0 or 1."""
    each = draws // SCRAMBLES
    for number in range(SCRAMBLES):
        random = np.random.default_rng([seed, number])
        yield (_inside(points) for points in _points(dimensions, random, each))


def _points(dimensions: int, random: np.random.Generator, draws: int) -> Iterator[Floats]:
    """Give the points of one scramble in blocks; more dimensions than are tabled here take SciPy's table."""
    if dimensions <= MOST_DIMENSIONS:
        yield from sobol_points(dimensions, random, draws, BLOCK)
        return
    from scipy.stats import qmc

    engine = qmc.Sobol(dimensions, scramble=True, seed=random)
    for done in range(0, draws, BLOCK):
        yield engine.random(min(BLOCK, draws - done)).T


def _inside(points: Floats) -> Floats:
    least = 2.0**-31  # half the distance of the points that 30 bits tell apart
    return np.clip(points, least, 1 - least)


def quantile(distribution: Distribution, probability: Floats) -> Floats:
    """Return the values below which a distribution lies with some probabilities, in the field's base unit."""
    low, high = float(distribution.low), float(distribution.high)
    if distribution.shape == "uniform":
        return low + (high - low) * probability
    if distribution.shape in ("normal", "lognormal"):
        return _with_tails(distribution, probability)
    assert distribution.likely is not None
    peak = (float(distribution.likely) - low) / (high - low)
    inverse = _triangular if distribution.shape == "triangular" else _pert
    return low + (high - low) * inverse(peak, probability)


def _with_tails(distribution: Distribution, probability: Floats) -> Floats:
    scores = normal_scores(np.clip(probability, TAIL, 1 - TAIL)) / Z_HIGH
    low, high = float(distribution.low), float(distribution.high)
    if distribution.shape == "normal":
        values = (low + high) / 2 + (high - low) / 2 * scores
    else:
        values = np.sqrt(low * high) * np.exp(np.log(high / low) / 2 * scores)
    return np.asarray(values)


def _triangular(peak: float, probability: Floats) -> Floats:
    below = np.sqrt(probability * peak)
    above = 1 - np.sqrt((1 - probability) * (1 - peak))
    return np.where(probability < peak, below, above)


def _pert(peak: float, probability: Floats) -> Floats:
    knots, probabilities = beta_table(peak)
    return np.interp(probability, probabilities, knots)


def ends_of(found: UncertainInput) -> tuple[float, float]:
    """Return the 10th and the 90th percentile of an input."""
    low, high = quantile(found.distribution, np.array([LOW_PROBABILITY, 1 - LOW_PROBABILITY]))
    return float(low), float(high)
