"""Ratios with their intervals, against tables and hand arithmetic."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
import pytest

from costplan.analysis.measured.documents import Ratio
from costplan.analysis.measured.ratios import Sample, ratio_of, sample_of_runs, student_quantile


@pytest.mark.parametrize(
    ("freedom", "t"), [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (9, 2.262), (10, 2.228), (30, 2.042)]
)
def test_student_s_t_is_that_of_the_tables(freedom: int, t: float) -> None:
    assert student_quantile(0.975, freedom) == pytest.approx(t, abs=5e-4)


def test_runs_of_the_same_rounds_are_divided_round_by_round() -> None:
    """Ratios 2, 2 and 4: the mean of their logarithms is ln 2 x 4/3, their deviation ln 2 / sqrt 3."""
    found = ratio_of(Sample(1.0, runs=(20.0, 200.0, 40.0)), Sample(1.0, runs=(10.0, 100.0, 10.0)))
    half = 4.303 * (log(2) / sqrt(3)) / sqrt(3)
    assert found is not None
    assert found.value == pytest.approx(2 ** (4 / 3))
    assert (found.low, found.high) == (
        pytest.approx(2 ** (4 / 3) * exp(-half), rel=1e-3),
        pytest.approx(2 ** (4 / 3) * exp(half), rel=1e-3),
    )
    assert found.rounds == 3


def test_what_slows_both_down_leaves_the_ratio_as_it_is() -> None:
    """Each round is ten times as slow as the one before; the ratio is 2 in all of them."""
    found = ratio_of(Sample(1.0, runs=(2000.0, 200.0, 20.0)), Sample(1.0, runs=(1000.0, 100.0, 10.0)))
    assert found == Ratio(pytest.approx(2.0), pytest.approx(2.0), pytest.approx(2.0), 3)


def test_a_round_that_lacks_one_figure_is_left_out_and_one_round_has_no_interval() -> None:
    found = ratio_of(Sample(1.0, runs=(20.0, None, 30.0)), Sample(1.0, runs=(10.0, 10.0, None)))
    assert found == Ratio(pytest.approx(2.0), None, None, 1)
    assert ratio_of(Sample(1.0, runs=(None,)), Sample(1.0, runs=(1.0,))) is None
    assert sample_of_runs([None, None]) is None


def test_figures_of_files_are_bounded_by_the_ends_of_both_intervals() -> None:
    found = ratio_of(Sample(190.0, 190.0, 200.0), Sample(100.0, 100.0, 105.0))
    assert found == Ratio(1.9, 190 / 105, 2.0)
    assert ratio_of(Sample(190.0, 190.0, None), Sample(100.0, 100.0, 105.0)) == Ratio(1.9, 190 / 105, None)
    assert ratio_of(Sample(190.0, 190.0, 200.0), Sample(100.0, 100.0, None)) == Ratio(1.9, None, 2.0)
    assert ratio_of(Sample(3.0), Sample(2.0)) == Ratio(1.5)
    assert ratio_of(None, Sample(2.0)) is None


def test_the_interval_holds_the_true_ratio_as_often_as_it_says() -> None:
    """Runs that vary by 10 %, on a machine that drifts twofold from round to round: 95 % of 2,000 intervals.

    The count is binomial: its deviation is sqrt(0.95 x 0.05 / 2000) = 0.5 %, four of them are 2 %.
    """
    generator = np.random.default_rng(7)
    held = 0
    for _ in range(2000):
        machine = np.exp2(generator.uniform(-1, 1, 5))
        noise = generator.lognormal(0.0, 0.1, (2, 5))
        first, other = 100 * machine * noise[0], 130 * machine * noise[1]
        found = ratio_of(Sample(1.0, runs=tuple(other)), Sample(1.0, runs=tuple(first)))
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 1.3 <= found.high
    assert 0.93 < held / 2000 < 0.97
