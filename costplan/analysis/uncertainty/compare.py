"""Scenarios side by side, and how sure each is and where they overtake each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date

from costplan.analysis.bill.compare import compare
from costplan.analysis.bill.documents import Comparison
from costplan.analysis.uncertainty.crossovers import DRAWS, HIGHEST, LOWEST, crossover_ranges
from costplan.analysis.uncertainty.documents import (
    UNCERTAIN_COMPARISON_SCHEMA,
    ComparisonUncertainty,
    ScenarioChance,
    UncertainComparison,
)
from costplan.analysis.uncertainty.draws import SCRAMBLES, rounded_draws
from costplan.analysis.uncertainty.simulation import Progress
from costplan.analysis.uncertainty.uncertainty import DEFAULT_DRAWS, DEFAULT_SEED, uncertain_estimate
from costplan.catalog.price import Currency
from costplan.messages.errors import InputError
from costplan.pricing.engine import price_scenario
from costplan.scenario.loaded import LoadedScenario


def uncertain_comparison(
    scenarios: Sequence[LoadedScenario],
    *,
    currency: Currency | None = None,
    as_of: date | None = None,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
) -> UncertainComparison:
    """Compare scenarios of one currency, and simulate how sure that is.

    Raises:
        InputError: Nothing in any of them is uncertain, a range is wrong, or currencies differ.
    """
    plain = compare([price_scenario(one, currency=currency, as_of=as_of) for one in scenarios])
    if not any(one.uncertain for one in scenarios):
        raise InputError(
            "nothing in these scenarios is uncertain",
            hint="write a range beside a value: `{value: 20 ms, uncertain: {low: 10 ms, high: 40 ms}}`",
        )
    parts = len(scenarios) + 1
    chances = []
    for number, scenario in enumerate(scenarios):
        chances.append(_chance(scenario, currency, as_of, draws, seed))
        if progress is not None:
            progress((number + 1) / parts)
    found = ComparisonUncertainty(
        draws=rounded_draws(draws),
        crossover_draws=DRAWS,
        scrambles=SCRAMBLES,
        seed=seed,
        scenarios=tuple(chances),
        lowest_requests=LOWEST,
        highest_requests=HIGHEST,
        crossovers=crossover_ranges(scenarios, currency=currency, as_of=as_of, seed=seed),
    )
    stated = {field.name: getattr(plain, field.name) for field in fields(Comparison)}
    return UncertainComparison(**{**stated, "schema": UNCERTAIN_COMPARISON_SCHEMA}, uncertainty=found)


def _chance(
    scenario: LoadedScenario, currency: Currency | None, as_of: date | None, draws: int, seed: int
) -> ScenarioChance:
    if not scenario.uncertain:
        return ScenarioChance(scenario.name, None, None, None)
    found = uncertain_estimate(scenario, currency=currency, as_of=as_of, draws=draws, seed=seed).uncertainty
    budget = found.budget[-1].probability if found.budget else None
    return ScenarioChance(scenario.name, found.bill, budget, found.needs_met)
