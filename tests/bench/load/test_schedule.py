"""Arrival schedules: seeded, complete, exact."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costplan.bench.load.schedule import MAX_ARRIVALS, draw_constant, draw_poisson, read_recorded
from costplan.messages.errors import InputError

NS = 1_000_000_000


def test_the_same_seed_draws_the_same_schedule() -> None:
    one, two = draw_poisson(200, 5, seed=7), draw_poisson(200, 5, seed=7)
    assert np.array_equal(one, two)
    assert not np.array_equal(one, draw_poisson(200, 5, seed=8))


def test_a_poisson_count_has_the_mean_and_the_variance_of_the_law() -> None:
    mean = 100 * 2
    counts = np.array([len(draw_poisson(100, 2, seed=s)) for s in range(400)])
    # Deviation of the mean of 400 counts: sqrt(mean / 400); of their variance: about mean * sqrt(2 / 400).
    assert abs(counts.mean() - mean) < 4 * sqrt(mean / 400)
    assert abs(counts.var(ddof=1) - mean) < 4 * mean * sqrt(2 / 400)


def test_poisson_gaps_are_exponential() -> None:
    gaps = np.diff(draw_poisson(1000, 50, seed=3)) / NS
    share_above_mean = float((gaps > 1 / 1000).mean())
    expected = np.exp(-1)
    assert abs(share_above_mean - expected) < 4 * sqrt(expected * (1 - expected) / len(gaps))


@settings(max_examples=60, deadline=None)
@given(rate=st.floats(0.1, 5000), duration=st.floats(0.01, 3), seed=st.integers(0, 2**32 - 1))
def test_every_schedule_ascends_inside_its_duration(rate: float, duration: float, seed: int) -> None:
    for offsets in (draw_poisson(rate, duration, seed), draw_constant(rate, duration)):
        assert offsets.dtype == np.int64
        assert np.all(np.diff(offsets) >= 0)
        assert np.all(offsets >= 0)
        assert np.all(offsets <= duration * NS)


def test_constant_arrivals_are_evenly_spaced_from_zero() -> None:
    assert draw_constant(4, 2).tolist() == [i * NS // 4 for i in range(4 * 2)]


@pytest.mark.parametrize(
    ("rate", "duration"),
    [(0, 1), (-1, 1), (float("nan"), 1), (float("inf"), 1), (1, 0), (1, float("inf"))],
)
def test_a_rate_or_duration_that_is_no_positive_number_is_refused(rate: float, duration: float) -> None:
    with pytest.raises(InputError, match="must be positive and finite"):
        draw_poisson(rate, duration, seed=1)


def test_a_schedule_above_the_limit_is_refused_before_it_is_drawn() -> None:
    with pytest.raises(InputError, match="above the limit"):
        draw_constant(MAX_ARRIVALS, 2)


def test_recorded_offsets_are_read_exactly(tmp_path: Path) -> None:
    path = tmp_path / "offsets.txt"
    path.write_text("# seconds\n0\n0.000000001\n\n0.1  # a comment\n2.5\n")
    offsets = read_recorded(path)
    assert offsets.tolist() == [0, 1, NS // 10, 2 * NS + NS // 2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no offsets"),
        ("abc\n", "must be an offset in seconds"),
        ("-1\n", "must be an offset"),
        ("nan\n", "must be an offset"),
        ("1_0\n", "must be an offset"),
        ("٣\n", "must be an offset"),
        ("1e999999\n", "must be an offset"),
        ("2\n1\n", "must ascend, got 1 after 2.0"),
    ],
)
def test_a_wrong_recorded_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "offsets.txt"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_recorded(path)


def test_all_faults_of_a_recorded_file_are_shown_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "offsets.txt"
    path.write_text("1\nx\n2\ny\n")
    with pytest.raises(InputError) as caught:
        read_recorded(path)
    assert [fault.mark.line for fault in caught.value.faults if fault.mark] == [2, 4]


def test_a_missing_recorded_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_recorded(tmp_path / "none.txt")
