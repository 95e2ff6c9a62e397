"""At which load one scenario overtakes another, when neither is known exactly.

In every draw the difference of the two bills is looked at on a grid of loads, and each change of its sign is
narrowed down by bisection, for all draws at once. Inputs of one path are the same thing in both scenarios and
share their draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import log10

import numpy as np
from numpy.typing import NDArray

from costplan.analysis.uncertainty.documents import CrossoverRange, Spread
from costplan.analysis.uncertainty.draws import SCRAMBLES, Floats, Sampler, scrambles
from costplan.analysis.uncertainty.simulation import PERCENTILES, figure, share
from costplan.analysis.uncertainty.uncertainty import with_uncertain_variables
from costplan.catalog.price import Currency
from costplan.formulas.to_arrays import Grid, compile_grid
from costplan.pricing.bill_formula import LOAD, bill_formula, with_variable_load
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.uncertain.correlations import correlation_factor
from costplan.scenario.uncertain.ranges import uncertain_inputs

LOWEST, HIGHEST = 10**3, 10**9
"""Monthly requests between which crossovers are looked for."""
PER_DECADE = 24
"""Loads of the grid; two crossovers within a tenth of each other may be taken for none."""
BISECTIONS = 34
"""Halvings of a step of the grid: to one request in a hundred billion."""
DRAWS = 1 << 12
MOST_CROSSOVERS = 3
"""Crossovers of one direction that are told; whole machines may make many."""
RARE = 0.01
"""A crossover of fewer draws has no range worth telling."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One scenario: its bill over loads and draws."""

    name: str
    sampler: Sampler
    evaluate: Grid

    def costs(self, loads: Floats, values: Mapping[str, Floats]) -> Floats:
        """Return its cost at loads of shape (n,), for values by path of shape (n,)."""
        return self.evaluate({**values, LOAD: loads})[0]


def crossover_ranges(
    scenarios: Sequence[LoadedScenario],
    *,
    currency: Currency | None = None,
    as_of: date | None = None,
    seed: int = 1,
) -> tuple[CrossoverRange, ...]:
    """Return the crossovers of each pair of scenarios whose prices are all known, in both directions."""
    sides = [_side(scenario, seed, currency, as_of) for scenario in scenarios]
    pairs = list(combinations([side for side in sides if side is not None], 2))
    return tuple(crossover for one, two in pairs for crossover in _of_pair(one, two, seed))


def _side(scenario: LoadedScenario, seed: int, currency: Currency | None, as_of: date | None) -> _Side | None:
    inputs = uncertain_inputs(scenario)
    sampler = Sampler(inputs, seed, *correlation_factor(scenario, inputs))
    varying = with_variable_load(
        with_uncertain_variables(scenario, [one for one in inputs if one.path != LOAD])
    )
    bill = bill_formula(varying, currency=currency, as_of=as_of)
    return None if bill.unpriced else _Side(scenario.name, sampler, compile_grid([bill.total]))


def _of_pair(one: _Side, two: _Side, seed: int) -> Iterator[CrossoverRange]:
    paths = list(dict.fromkeys(found.path for side in (one, two) for found in side.sampler.inputs))
    points = [block for blocks in scrambles(max(len(paths), 1), DRAWS, seed) for block in blocks]
    cube = np.concatenate(points, axis=1)
    drawn = [
        side.sampler.values(cube[[paths.index(found.path) for found in side.sampler.inputs]])
        if side.sampler.inputs
        else {}
        for side in (one, two)
    ]

    def is_first_cheaper(loads: Floats, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        costs = [
            side.costs(loads, {path: row[rows] for path, row in values.items()})
            for side, values in zip((one, two), drawn, strict=True)
        ]
        return np.asarray(costs[0] < costs[1])

    starts, ends, draws, was_first = _sign_changes(is_first_cheaper)
    at = _bisected(is_first_cheaper, starts, ends, draws, was_first)
    for below, above, chosen in ((one, two, was_first), (two, one, ~was_first)):
        yield from _ranges(below.name, above.name, at[chosen], draws[chosen])


IsCheaper = Callable[[Floats, NDArray[np.intp]], NDArray[np.bool_]]
"""Whether the first of two is cheaper, at loads and in draws of shape (n,)."""


def _sign_changes(
    is_first_cheaper: IsCheaper,
) -> tuple[Floats, Floats, NDArray[np.intp], NDArray[np.bool_]]:
    """Return between which loads the order changes, in which draw, and who was cheaper before."""
    decades = log10(HIGHEST / LOWEST)
    loads = np.geomspace(LOWEST, HIGHEST, round(decades * PER_DECADE) + 1)
    every = np.arange(DRAWS)
    order = np.array([is_first_cheaper(np.full(DRAWS, load), every) for load in loads])
    steps, draws = np.nonzero(order[1:] != order[:-1])
    return loads[steps], loads[steps + 1], draws, order[steps, draws]


def _bisected(
    is_first_cheaper: IsCheaper,
    starts: Floats,
    ends: Floats,
    draws: NDArray[np.intp],
    was_first: NDArray[np.bool_],
) -> Floats:
    """Narrow all changes down at once."""
    low, high = np.log(starts), np.log(ends)
    for _ in range(BISECTIONS if low.size else 0):
        middle = (low + high) / 2
        unchanged = is_first_cheaper(np.exp(middle), draws) == was_first
        low, high = np.where(unchanged, middle, low), np.where(unchanged, high, middle)
    return np.exp(high)


def _ranges(below: str, above: str, loads: Floats, draws: NDArray[np.intp]) -> Iterator[CrossoverRange]:
    """Sum up the first, second and third crossover of each draw; loads ascend."""
    found = np.full((MOST_CROSSOVERS, DRAWS), np.nan)
    counted = np.zeros(DRAWS, dtype=np.intp)
    for load, draw in zip(loads, draws, strict=True):
        if counted[draw] < MOST_CROSSOVERS:
            found[counted[draw], draw] = load
            counted[draw] += 1
    for number, row in enumerate(found, start=1):
        parts = row.reshape(SCRAMBLES, -1)
        probability = share(~np.isnan(parts))
        if probability.value:
            yield CrossoverRange(below, above, number, probability, _spread(parts))


def _spread(parts: Floats) -> Spread | None:
    """Sum up the draws that have the crossover."""
    some = [row[~np.isnan(row)] for row in parts]
    if min(row.size for row in some) < max(RARE * parts.shape[1], 2):
        return None
    whole = np.concatenate(some)
    p10, p50, p90 = (
        figure(float(np.quantile(whole, part)), np.array([np.quantile(row, part) for row in some]))
        for part in PERCENTILES
    )
    return Spread(p10, p50, p90, figure(float(whole.mean()), np.array([row.mean() for row in some])))
