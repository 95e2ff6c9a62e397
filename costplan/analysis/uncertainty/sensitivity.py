"""What a bill depends on: each input moved by itself, and the share of the variance that is each one's.

Pure: no files, clock or printing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from costplan.analysis.uncertainty.documents import SENSITIVITY_SCHEMA, Bar, Sensitivity, Simulated, Still
from costplan.analysis.uncertainty.draws import Floats, Sampler, ends_of, rounded_draws
from costplan.analysis.uncertainty.simulation import Progress
from costplan.analysis.uncertainty.sobol import sobol_indices
from costplan.analysis.uncertainty.uncertainty import DEFAULT_DRAWS, DEFAULT_SEED
from costplan.catalog.price import Currency
from costplan.formulas.to_arrays import compile_grid
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.pricing.bill_formula import bill_formula
from costplan.pricing.engine import price_scenario
from costplan.quantities.distribution import UncertainInput, Unit
from costplan.quantities.formula import Formula, Interpreter, inputs_of, substitute
from costplan.quantities.money import quantized, significant
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.uncertain.perturbation import NotMoved, Perturbed, moved_inputs
from costplan.scenario.uncertain.ranges import uncertain_inputs
from costplan.scenario.uncertain.variables import with_variables

DEFAULT_SWING = Decimal("0.2")
END_DIGITS = 6
"""Significant digits of a percentile that an input is moved to: what is shown is what was priced."""
CORRELATED = Reason("inputs are correlated: the indices share out the variance of independent ones")
NO_DISTRIBUTION = Reason("no input has a distribution; how far one is moved does not say how certain it is")
NO_VARIANCE = Reason("the bill does not vary with the inputs that have a distribution")


@dataclass(frozen=True, slots=True)
class _Ends:
    """How far an input is moved."""

    bar: Bar
    value: Fraction
    low: Fraction
    high: Fraction
    noted_at: Fraction
    """Where the formula is noted: see `uncertainty.with_uncertain_variables`."""


Indices = Mapping[str, tuple[Simulated, Simulated]]
"""Path -> first and total index."""
ZERO = Decimal(0)


def sensitivity(
    scenario: LoadedScenario,
    *,
    currency: Currency | None = None,
    as_of: date | None = None,
    swing: Decimal = DEFAULT_SWING,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
) -> Sensitivity:
    """Move each uncertain, assumed or measured input by itself, and share out the variance of the bill.

    Args:
        swing: Part by which inputs without a distribution are moved down and up: a convention.
        draws: Points for the indices, rounded up to a power of two; each is priced `inputs` + 2 times.

    Raises:
        InputError: Nothing is uncertain, assumed or measured, or a range is wrong.
    """
    bill = price_scenario(scenario, currency=currency, as_of=as_of)
    inputs = uncertain_inputs(scenario)
    swung = list(moved_inputs(scenario, Fraction(swing), {found.path for found in inputs}))
    ends = [*map(_of_distribution, inputs), *(_of_swing(one) for one in swung if isinstance(one, Perturbed))]
    if not ends:
        raise InputError(
            Reason("nothing in `{name}` is uncertain, assumed or measured", scenario.name),
            hint="write a range beside a value: `{value: 20 ms, uncertain: {low: 10 ms, high: 40 ms}}`",
        )
    noted_at = {one.bar.path: one.noted_at for one in ends}
    formula = bill_formula(with_variables(scenario, noted_at), currency=currency, as_of=as_of).total
    points = rounded_draws(draws)
    indices = _indices(scenario, formula, ends, inputs, points, seed, progress)
    stated = Interpreter({one.bar.path: one.value for one in ends})
    base = quantized(stated(formula))
    bars = list(_priced(ends, formula, stated, {} if isinstance(indices, str) else indices))
    moving = [bar for bar in bars if _width(bar, base)]
    return Sensitivity(
        schema=SENSITIVITY_SCHEMA,
        scenario=scenario.name,
        currency=bill.currency,
        vat=bill.vat,
        catalog=bill.catalog,
        monthly_cost=bill.total.monthly_cost,
        swing=swing,
        draws=None if isinstance(indices, str) else points,
        seed=seed,
        bars=tuple(sorted(moving, key=lambda bar: -_width(bar, base))),
        no_indices=indices if isinstance(indices, str) else "",
        without_effect=tuple(bar.path for bar in bars if bar not in moving),
        not_moved=tuple(Still(one.path, one.reason) for one in swung if isinstance(one, NotMoved)),
        unpriced=len(bill.unpriced),
        verdict=bill.verdict,
        unmet=bill.unmet,
        quota_raises=bill.quota_raises,
        unknowns=bill.unknowns,
        caveats=bill.caveats,
    )


def _of_distribution(found: UncertainInput) -> _Ends:
    low, high = (_written_value(found.unit, end) for end in ends_of(found))
    bar = Bar(
        found.path, found.kind, "distribution", found.unit.shown(found.value),
        found.unit.written(low), found.unit.written(high), ZERO, ZERO,
    )  # fmt: skip
    return _Ends(bar, found.value, low, high, found.distribution.inside)


def _of_swing(found: Perturbed) -> _Ends:
    low, high = (_written_value(found.unit, end) for end in (found.low, found.high))
    bar = Bar(
        found.origin.path, found.origin.kind, "swing", found.unit.shown(found.value),
        found.unit.written(low), found.unit.written(high), ZERO, ZERO, note=found.note,
    )  # fmt: skip
    return _Ends(bar, found.value, low, high, found.value)


def _written_value(unit: Unit, value: Fraction | float) -> Fraction:
    """Round a value in its unit, so that the end that is shown is the one that is priced."""
    return Fraction(significant(float(value / unit.factor), END_DIGITS)) * unit.factor


def _priced(ends: Sequence[_Ends], formula: Formula, stated: Interpreter, indices: Indices) -> Iterator[Bar]:
    for one in ends:
        path = one.bar.path
        low, high = (quantized(moved(formula)) for moved in stated.moved(path, one.low, one.high))
        first, total = indices.get(path, (None, None))
        yield replace(one.bar, cost_at_low=low, cost_at_high=high, first=first, total=total)


def _width(bar: Bar, base: Decimal) -> Decimal:
    """Return how far a bar reaches; a bill may rise at both of its ends."""
    reached = (bar.cost_at_low, bar.cost_at_high, base)
    return max(reached) - min(reached)


def _indices(
    scenario: LoadedScenario,
    formula: Formula,
    ends: Sequence[_Ends],
    inputs: Sequence[UncertainInput],
    points: int,
    seed: int,
    progress: Progress | None,
) -> Indices | str:
    """Return the indices of the inputs with a distribution, the others as stated; or why there are none."""
    if not inputs:
        return NO_DISTRIBUTION
    if scenario.model.correlations:
        return CORRELATED
    if not {found.path for found in inputs} & set(inputs_of([formula])):
        return NO_VARIANCE
    sampler = Sampler(inputs, seed)
    swung = {one.bar.path: one.value for one in ends if one.bar.by == "swing"}
    evaluate = compile_grid([substitute(formula, swung)])

    def bill(cube: Floats) -> Floats:
        return evaluate(sampler.values(cube))[0]

    found = sobol_indices(bill, len(inputs), points, seed, progress)
    if found is None:
        return NO_VARIANCE
    return {one.path: pair for one, pair in zip(inputs, found, strict=True)}
