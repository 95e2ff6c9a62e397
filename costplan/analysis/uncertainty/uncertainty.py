"""How sure is a bill: its distribution, and the probability that budgets hold and requirements are met.

Pure: no files, clock or printing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from costplan.analysis.uncertainty.documents import (
    UNCERTAIN_ESTIMATE_SCHEMA,
    BudgetChance,
    Correlated,
    NeedChance,
    UncertainEstimate,
    UncertainNumber,
    Uncertainty,
)
from costplan.analysis.uncertainty.draws import SCRAMBLES, Floats, Sampler, rounded_draws
from costplan.analysis.uncertainty.simulation import Progress, histogram, share, simulate, spread
from costplan.catalog.price import Currency
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.pricing.bill_formula import BillFormula, ConstraintFormula, bill_formula
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import BudgetLine, BudgetReport, Estimate
from costplan.pricing.feasibility import SERVICE
from costplan.quantities.distribution import UncertainInput
from costplan.quantities.formula import Formula, inputs_of
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.uncertain.correlations import correlation_factor
from costplan.scenario.uncertain.ranges import uncertain_inputs
from costplan.scenario.uncertain.variables import with_variables

DEFAULT_DRAWS = 100_000
DEFAULT_SEED = 1
SLACK = 1e-9
"""What a need may lack by the rounding of floats."""


def uncertain_estimate(
    scenario: LoadedScenario,
    *,
    currency: Currency | None = None,
    as_of: date | None = None,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    limit: Decimal | None = None,
    progress: Progress | None = None,
) -> UncertainEstimate:
    """Price a scenario and simulate how sure the bill is.

    Args:
        draws: Rounded up to a power of two.
        seed: The same one gives the same draws.
        limit: A most for the monthly cost, in the bill's currency.

    Raises:
        InputError: Nothing in the scenario is uncertain, or its ranges are wrong.
    """
    bill = price_scenario(scenario, currency=currency, as_of=as_of)
    found = _uncertainty(scenario, bill, as_of, rounded_draws(draws), seed, limit, progress)
    stated = {field.name: getattr(bill, field.name) for field in fields(Estimate)}
    return UncertainEstimate(**{**stated, "schema": UNCERTAIN_ESTIMATE_SCHEMA}, uncertainty=found)


def sampler_of(scenario: LoadedScenario, seed: int) -> Sampler:
    """Return what makes the draws of a scenario.

    Raises:
        InputError: Nothing in it is uncertain, or its ranges are wrong.
    """
    inputs = uncertain_inputs(scenario)
    if not inputs:
        raise InputError(
            Reason("nothing in `{name}` is uncertain", scenario.name),
            hint="write a range beside a value: `{value: 20 ms, uncertain: {low: 10 ms, high: 40 ms}}`",
        )
    return Sampler(inputs, seed, *correlation_factor(scenario, inputs))


def with_uncertain_variables(scenario: LoadedScenario, inputs: Iterable[UncertainInput]) -> LoadedScenario:
    """Return the scenario with its uncertain inputs varying.

    Formulas are noted inside the ranges: kinds leave out what nobody uses, and take a whole month as it is.
    """
    values = {found.path: found.distribution.inside for found in inputs}
    varying: LoadedScenario = scenario.remembered(
        ("variables", *values.items()), lambda: with_variables(scenario, values)
    )
    return varying


def _uncertainty(
    scenario: LoadedScenario,
    bill: Estimate,
    as_of: date | None,
    draws: int,
    seed: int,
    limit: Decimal | None,
    progress: Progress | None,
) -> Uncertainty:
    sampler = sampler_of(scenario, seed)
    varying = with_uncertain_variables(scenario, sampler.inputs)
    formula = bill_formula(varying, currency=bill.currency, as_of=as_of)
    budget = bill.budget
    lines = (*budget.lines, budget.total) if budget is not None else ()
    wanted = [formula.total, *_budget_formulas(budget, lines, varying, formula, as_of)]
    # What no draw changes, and is enough, tells nothing of how sure anything is.
    needs = [need for need in formula.constraints if need.slack.terms or need.slack.constant < 0]
    wanted += [need.slack for need in needs]
    results = simulate(wanted, sampler, draws, progress)
    costs, slacks = results[1 : 1 + len(lines)], results[1 + len(lines) :]
    met = [row >= -SLACK for row in slacks]
    dependent = frozenset(inputs_of(wanted))
    currency = budget.currency if budget is not None else ""
    is_stopped = any(found.what in SERVICE for found in bill.caveats)
    return Uncertainty(
        draws=draws,
        scrambles=SCRAMBLES,
        seed=seed,
        inputs=tuple(number_of(found, found.path in dependent) for found in sampler.inputs),
        correlations=tuple(
            Correlated((one.between[0], one.between[1]), one.rho) for one in scenario.model.correlations
        ),
        bill=spread(results[0]),
        histogram=histogram(results[0]),
        above_stated=share(results[0] > float(bill.total.monthly_cost) * (1 + SLACK)),
        budget=tuple(_chance(line, cost, currency) for line, cost in zip(lines, costs, strict=True)),
        limit=_limit(limit, bill, results[0]),
        needs_met=share(np.logical_and.reduce(met)) if met and not is_stopped else None,
        needs=tuple(_need(need, row) for need, row in zip(needs, met, strict=True)),
        unpriced=len(bill.unpriced),
    )


def _budget_formulas(
    budget: BudgetReport | None,
    lines: Sequence[BudgetLine],
    varying: LoadedScenario,
    formula: BillFormula,
    as_of: date | None,
) -> list[Formula]:
    """Return what each part of the budget costs, in the budget's own currency."""
    if budget is None:
        return []
    if budget.currency != formula.currency:
        formula = bill_formula(varying, currency=budget.currency, as_of=as_of)
    return [formula.total if line is budget.total else _sum(formula, line.resources) for line in lines]


def _sum(formula: BillFormula, resources: Sequence[str]) -> Formula:
    first, *others = (formula.resources[name] for name in resources)
    for other in others:
        first += other
    return first


def _chance(line: BudgetLine, cost: Floats, currency: str) -> BudgetChance:
    limit = float(line.budget)
    return BudgetChance(line.name, currency, line.budget, share(cost <= limit), spread(cost), line.unpriced)


def _limit(limit: Decimal | None, bill: Estimate, cost: Floats) -> BudgetChance | None:
    if limit is None:
        return None
    held = share(cost <= float(limit))
    return BudgetChance("monthly cost", bill.currency, limit, held, spread(cost), len(bill.unpriced))


def _need(need: ConstraintFormula, met: NDArray[np.bool_]) -> NeedChance:
    return NeedChance(need.resource, need.what, need.reason, share(met))


def number_of(found: UncertainInput, has_effect: bool) -> UncertainNumber:
    """Describe an input as its scenario writes it."""
    distribution, written = found.distribution, found.unit.shown
    return UncertainNumber(
        path=found.path,
        kind=found.kind,
        distribution=distribution.shape,
        value=written(found.value),
        low=written(distribution.low),
        likely=written(distribution.likely) if distribution.likely is not None else None,
        high=written(distribution.high),
        has_effect=has_effect,
        range_reason=found.range_reason,
    )
