"""Inverse distributions in NumPy are those of SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from costplan.analysis.uncertainty.inverses import KNOTS, beta_table, normal_probabilities, normal_scores

ALL_OVER = np.concatenate([np.linspace(0.0005, 0.9995, 1999), [2.0**-31, 1e-12, 1e-300, 1 - 2.0**-31]])


def test_normal_scores_are_those_of_scipy() -> None:
    """The centre, both tails, and what lies beyond e to the -25."""
    assert normal_scores(ALL_OVER) == pytest.approx(special.ndtri(ALL_OVER), rel=1e-14, abs=1e-15)
    assert normal_scores(np.array([0.5]))[0] == 0


def test_normal_probabilities_undo_scores_in_their_shape() -> None:
    scores = np.array([[-8.0, -1.5, 0.0], [0.3, 2.0, 6.0]])
    assert normal_probabilities(scores) == pytest.approx(special.ndtr(scores), rel=1e-14)
    assert normal_probabilities(normal_scores(ALL_OVER)) == pytest.approx(ALL_OVER, rel=1e-12)


@pytest.mark.parametrize("peak", [0.0, 0.01, 0.125, 0.3, 0.5, 0.9, 0.99, 1.0])
def test_a_pert_is_the_beta_distribution_of_scipy(peak: float) -> None:
    knots, below = beta_table(peak)
    assert len(knots) == KNOTS + 1
    assert below == pytest.approx(special.betainc(1 + 4 * peak, 5 - 4 * peak, knots), abs=1e-10)
    assert (np.diff(below) >= 0).all()
