"""What the ranges of a scenario's inputs touch, found without a draw: the bill, or only its requirements.

Pure: no files, clock or printing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from costplan.analysis.uncertainty.documents import UncertainNumber
from costplan.analysis.uncertainty.uncertainty import number_of, with_uncertain_variables
from costplan.catalog.price import Currency
from costplan.pricing.bill_formula import bill_formula
from costplan.quantities.distribution import UncertainInput
from costplan.quantities.formula import Interpreter, inputs_of
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.uncertain.ranges import uncertain_inputs


@dataclass(frozen=True, slots=True)
class Ranges:
    """The inputs that may be another number than stated."""

    inputs: tuple[UncertainNumber, ...]
    """`has_effect`: whether the bill depends on it."""
    unmet: tuple[str, ...]
    """Inputs at one end of whose range the requirements are not met, the others as stated."""

    @property
    def move_the_bill(self) -> bool:
        """Whether any of them does."""
        return any(found.has_effect for found in self.inputs)


def ranges_of(scenario: LoadedScenario, currency: Currency, as_of: date | None = None) -> Ranges:
    """Look at the inputs with a range; a scenario without any has none.

    Raises:
        InputError: A range is wrong.
    """
    inputs = uncertain_inputs(scenario)
    if not inputs:
        return Ranges((), ())
    formula = bill_formula(with_uncertain_variables(scenario, inputs), currency=currency, as_of=as_of)
    moving = frozenset(inputs_of([formula.total]))
    stated = {found.path: found.value for found in inputs}
    unmet = [
        found.path
        for found in inputs
        if any(
            value(need.slack) < 0
            for end in (found.distribution.low, found.distribution.high)
            for value in [Interpreter({**stated, found.path: end})]
            for need in formula.constraints
        )
    ]
    return Ranges(_numbers(inputs, moving), tuple(unmet))


def _numbers(inputs: Sequence[UncertainInput], moving: frozenset[str]) -> tuple[UncertainNumber, ...]:
    return tuple(number_of(found, found.path in moving) for found in inputs)
