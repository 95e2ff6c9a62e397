"""Draws against scipy's distributions and closed forms, and what is told about their error."""

from __future__ import annotations

from fractions import Fraction
from math import asin, log, pi, sqrt

import numpy as np
import pytest
from scipy import stats

from costplan.analysis.uncertainty.draws import (
    FEWEST,
    MOST,
    SCRAMBLES,
    Sampler,
    ends_of,
    quantile,
    rounded_draws,
)
from costplan.analysis.uncertainty.simulation import share, simulate, spread
from costplan.messages.errors import InputError
from costplan.quantities.distribution import Distribution, Shape, UncertainInput, Unit
from costplan.quantities.formula import Formula, Variable
from costplan.scenario.uncertain.correlations import lower_factor

LOW, LIKELY, HIGH = 10, 20, 60
PROBABILITIES = np.concatenate([np.linspace(0.002, 0.998, 999), [0.1, 0.9]])
Z = stats.norm.ppf(0.9)


def made(shape: Shape, low: int = LOW, high: int = HIGH, likely: int | None = None) -> Distribution:
    return Distribution(shape, Fraction(low), Fraction(high), None if likely is None else Fraction(likely))


def uncertain(path: str, distribution: Distribution) -> UncertainInput:
    return UncertainInput(path, distribution.inside, distribution, Unit(Fraction(1), ""), "stated", "")


PEERS = {
    "uniform": (made("uniform"), stats.uniform(LOW, HIGH - LOW)),
    "triangular": (made("triangular", likely=LIKELY), stats.triang(0.2, LOW, HIGH - LOW)),
    "triangular-at-its-end": (made("triangular", likely=HIGH), stats.triang(1, LOW, HIGH - LOW)),
    "pert": (made("pert", likely=LIKELY), stats.beta(1.8, 4.2, LOW, HIGH - LOW)),
    "pert-at-its-end": (made("pert", likely=LOW), stats.beta(1, 5, LOW, HIGH - LOW)),
    "normal": (made("normal", 80, 120), stats.norm(100, 20 / Z)),
    "lognormal": (made("lognormal", 50, 200), stats.lognorm(log(2) / Z, scale=100)),
}
"""The same in scipy; for PERT, alpha = 1 + 4 (likely - low) / (high - low) = 1.8 and beta = 6 - alpha."""


@pytest.mark.parametrize("name", PEERS)
def test_quantiles_are_those_of_scipy(name: str) -> None:
    distribution, peer = PEERS[name]
    expected = peer.ppf(PROBABILITIES)
    width = float(distribution.high - distribution.low)
    assert np.abs(quantile(distribution, PROBABILITIES) - expected).max() < 1e-5 * width


@pytest.mark.parametrize("name", ["normal", "lognormal"])
def test_low_and_high_of_a_shape_with_tails_are_its_tenth_and_ninetieth_percentile(name: str) -> None:
    distribution, _ = PEERS[name]
    assert ends_of(uncertain("x", distribution)) == pytest.approx((distribution.low, distribution.high))


@pytest.mark.parametrize("name", ["normal", "lognormal"])
def test_no_draw_is_beyond_one_in_a_thousand(name: str) -> None:
    distribution, peer = PEERS[name]
    drawn = quantile(distribution, np.array([1e-9, 1 - 1e-9]))
    assert drawn == pytest.approx(peer.ppf([0.001, 0.999]))
    assert drawn == pytest.approx([float(end) for end in distribution.ends])


def test_the_mean_of_pert_weighs_the_likely_value_four_times() -> None:
    sampler = Sampler([uncertain("x", made("pert", likely=LIKELY))], seed=1)
    [values] = simulate([Formula.of(Variable("x"))], sampler, 1 << 14)
    assert values.mean() == pytest.approx((LOW + 4 * LIKELY + HIGH) / 6, rel=1e-4)


@pytest.mark.parametrize(
    ("wanted", "drawn"),
    [(1, FEWEST), (100_000, 131_072), (131_072, 131_072), (131_073, 262_144), (10**9, MOST)],
)  # fmt: skip
def test_draws_are_rounded_up_to_a_power_of_two(wanted: int, drawn: int) -> None:
    assert rounded_draws(wanted) == drawn


# Bills of uncertain inputs


def test_percentiles_of_a_linear_bill_of_one_uniform_input_are_those_of_the_hand() -> None:
    """500 + 3 x with x uniform from 10 to 60: P10 = 500 + 3 * 15, P50 = 500 + 3 * 35, P90 = 500 + 3 * 55."""
    bill = Formula(Fraction(500), {Variable("x"): Fraction(3)})
    [values] = simulate([bill], Sampler([uncertain("x", made("uniform"))], seed=1), 1 << 14)
    found = spread(values)
    for figure, expected in ((found.p10, 545), (found.p50, 605), (found.p90, 665), (found.mean, 605)):
        assert float(figure.value) == pytest.approx(expected, abs=0.02)
        assert abs(float(figure.value) - expected) < 5 * float(figure.error) + 1e-9
    assert float(share(values <= 575).value) == pytest.approx(0.3, abs=1e-3)


def test_the_sum_of_two_uniform_inputs_is_a_triangle() -> None:
    """Of two from 0 to 1: a tenth lies below sqrt(0.2), by the area of the corner."""
    inputs = [uncertain(name, made("uniform", 0, 1)) for name in ("x", "y")]
    bill = Formula.of(Variable("x")) + Formula.of(Variable("y"))
    [values] = simulate([bill], Sampler(inputs, seed=1), 1 << 14)
    assert float(spread(values).p10.value) == pytest.approx(sqrt(0.2), abs=2e-3)


@pytest.mark.parametrize("rho", [0.6, -0.9, 1.0])
def test_correlation_is_recovered(rho: float) -> None:
    """Normal scores have the correlation itself; ranks have 6 / pi * asin(rho / 2). Source: Kruskal, 1958."""
    shapes = {"x": made("uniform"), "y": made("lognormal", 50, 200), "z": made("uniform")}
    inputs = [uncertain(name, shape) for name, shape in shapes.items()]
    factor = lower_factor([[1.0, rho], [rho, 1.0]])
    assert not isinstance(factor, int)
    sampler = Sampler(inputs, 1, ["x", "y"], factor)
    x, y, z = (rows.ravel() for rows in simulate([Formula.of(Variable(n)) for n in "xyz"], sampler, 1 << 15))
    assert np.corrcoef(x.argsort().argsort(), y.argsort().argsort())[0, 1] == pytest.approx(
        6 / pi * asin(rho / 2), abs=0.005
    )
    assert abs(np.corrcoef(x, z)[0, 1]) < 0.005
    assert np.corrcoef(stats.norm.ppf((x - LOW) / 50), np.log(y))[0, 1] == pytest.approx(rho, abs=0.005)


def test_correlated_inputs_keep_their_own_distributions() -> None:
    inputs = [uncertain("x", made("uniform")), uncertain("y", made("triangular", likely=LIKELY))]
    factor = lower_factor([[1.0, 0.8], [0.8, 1.0]])
    assert not isinstance(factor, int)
    drawn = simulate([Formula.of(Variable(n)) for n in "xy"], Sampler(inputs, 1, ["x", "y"], factor), 1 << 14)
    for values, peer in zip(drawn, ("uniform", "triangular"), strict=True):
        assert stats.kstest(values.ravel(), PEERS[peer][1].cdf).statistic < 0.005


def test_the_same_seed_gives_the_same_draws_and_another_gives_others() -> None:
    def drawn(seed: int) -> np.ndarray:
        return simulate(
            [Formula.of(Variable("x"))], Sampler([uncertain("x", made("uniform"))], seed), 1 << 10
        )[0]

    assert (drawn(7) == drawn(7)).all()
    assert (drawn(7) != drawn(8)).any()
    assert drawn(7).shape == (SCRAMBLES, (1 << 10) // SCRAMBLES)


def test_the_error_that_is_told_is_the_error_that_is_made() -> None:
    """Over 40 seeds the true error of a mean is about the standard error that each run tells of itself."""
    inputs = [uncertain(name, made("lognormal", 1, 3)) for name in "xyz"]
    law = Formula.of(Variable("x")) * Formula.of(Variable("y")) * Formula.of(Variable("z"))
    runs = [spread(simulate([law], Sampler(inputs, seed), 1 << 12)[0]).p50 for seed in range(40)]
    true = np.std([float(run.value) for run in runs])
    told = sqrt(np.mean([float(run.error) ** 2 for run in runs]))
    assert 0.5 < true / told < 2


def test_a_division_by_a_draw_of_zero_is_said_and_not_a_crash() -> None:
    inputs = [uncertain("x", made("uniform", 1, 2))]
    one = Formula(Fraction(1))
    with pytest.raises(InputError, match="in some draws of x something is divided by zero"):
        simulate(
            [one / (Formula.of(Variable("x")) - Formula.of(Variable("x")).rounded_up())],
            _edge(inputs),
            1 << 10,
        )


def _edge(inputs: list[UncertainInput]) -> Sampler:
    class Edge(Sampler):
        __slots__ = ()

        def values(self, points: np.ndarray) -> dict[str, np.ndarray]:
            return {"x": np.ones(points.shape[1])}

    return Edge(inputs, 1)


def test_progress_goes_up_to_the_whole() -> None:
    told: list[float] = []
    simulate([Formula.of(Variable("x"))], Sampler([uncertain("x", made("uniform"))], 1), 1 << 18, told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    assert len(told) > SCRAMBLES
