"""Scrambled Sobol points are those of SciPy, bit by bit, and spread as such points must."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import qmc

from costplan.analysis.uncertainty.sobol_points import MOST_DIMENSIONS, sobol_points


def points(
    dimensions: int, seed: int, draws: int, block: int
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.concatenate(list(sobol_points(dimensions, np.random.default_rng(seed), draws, block)), axis=1)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 10, MOST_DIMENSIONS])
@pytest.mark.parametrize("block", [256, 1024, 4096], ids=["blocks", "whole", "more"])
def test_points_are_those_of_scipy(dimensions: int, block: int) -> None:
    engine = qmc.Sobol(dimensions, scramble=True, seed=np.random.default_rng(7))
    assert np.array_equal(points(dimensions, 7, 1024, block), engine.random(1024).T)


def test_each_dimension_has_one_point_in_each_part_of_its_range() -> None:
    # 2**10 scrambled points lie one in each of 2**10 equal parts: that is what a digital net in base 2 means
    found = np.sort((points(MOST_DIMENSIONS, 3, 1024, 1024) * 1024).astype(int), axis=1)
    assert (found == np.arange(1024)).all()


def test_another_seed_gives_other_points() -> None:
    assert not np.array_equal(points(3, 1, 64, 64), points(3, 2, 64, 64))
