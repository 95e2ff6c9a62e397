"""How quantities of a bill come about.

The kinds' own arithmetic is run once more with every number of the scenario as a variable: what it notes is
the formula of each quantity, which is then written out at the scenario's own values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from costplan.analysis.bill.documents import Arithmetic, ArithmeticInput
from costplan.catalog.price import Currency
from costplan.checked.model import Model
from costplan.formulas.to_text import FormulaText, number_text
from costplan.pricing.components import Component, components_of
from costplan.quantities.formula import Formula, inputs_of
from costplan.quantities.quantity import Quantity
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.uncertain.variables import RESOURCES, WORKLOAD, with_variables
from costplan.source.fields import measure_of

if TYPE_CHECKING:
    from costplan.scenario.account.loaded import LoadedAccount

MOST_TERMS = 6
"""A sum of more is no explanation; its inputs are named instead."""


def arithmetic_of(
    design: LoadedScenario | LoadedAccount, currency: Currency, day: date
) -> Mapping[str, Sequence[Arithmetic | None]]:
    """Return how each priced quantity comes about, by resource in the order of its lines.

    Quantities of an account are those of its designs: only tiers are split over all of them.

    Raises:
        InputError: A resource needs a number of the workload that is not there.
    """
    if isinstance(design, LoadedScenario):
        return _of_scenario(design, currency, day)
    return {
        f"{name}.{resource}": lines
        for name, one in design.designs.items()
        for resource, lines in _of_scenario(one, currency, day).items()
    }


def _of_scenario(
    scenario: LoadedScenario, currency: Currency, day: date
) -> Mapping[str, Sequence[Arithmetic | None]]:
    """Return how each priced quantity of a scenario comes about.

    Raises:
        InputError: A resource needs a number of the workload that is not there.
    """
    month = Fraction(scenario.model.hours_per_month)
    numbers = dict(_numbers_of(scenario))
    values = {path: number.value for path, (number, _) in numbers.items()}
    measures = {path: measure for path, (_, measure) in numbers.items()}
    found: dict[str, list[Arithmetic | None]] = {}
    for part in components_of(with_variables(scenario, values), currency, day)[0]:
        if part.price is not None:
            hours = month if part.unit.endswith("*hour") else None
            written = _arithmetic(part, values, FormulaText(values, measures, hours), hours)
            found.setdefault(part.resource, []).append(written)
    return found


def _arithmetic(
    part: Component, values: Mapping[str, Fraction], writer: FormulaText, month: Fraction | None
) -> Arithmetic | None:
    """Write one quantity; None where it is one plain number."""
    formula = writer.simplified(part.formula or Formula(Fraction(part.quantity)))
    if not formula.terms and not writer.is_months(formula.constant):
        return None
    text = writer.text(formula) if len(formula.terms) <= MOST_TERMS else ""
    text = text if text.count(" + ") < MOST_TERMS else ""  # a sum may stand in brackets, too
    named = set(inputs_of([formula]))
    inputs = [ArithmeticInput(name, writer.number(name)[0]) for name in values if name in named]
    if month is not None and f"{number_text(month)} h" in text:
        inputs.append(ArithmeticInput("hours_per_month", f"{number_text(month)} h"))
    return Arithmetic(text, tuple(inputs))


def _numbers_of(scenario: LoadedScenario) -> Iterator[tuple[str, tuple[Quantity, str]]]:
    """Give each number of the workload and of the resources with what it is held in."""
    yield from _numbers_in(scenario.model.workload, WORKLOAD)
    for name, resource in scenario.resources.items():
        yield from _numbers_in(resource, f"{RESOURCES}.{name}")


def _numbers_in(model: Model, path: str) -> Iterator[tuple[str, tuple[Quantity, str]]]:
    for name, field in type(model).model_fields.items():
        value, place = getattr(model, name), f"{path}.{name}"
        if isinstance(value, Quantity):
            yield place, (value, measure_of(field))
        elif isinstance(value, Model):
            yield from _numbers_in(value, place)
        elif isinstance(value, tuple):
            for number, item in enumerate(value):
                if isinstance(item, Model):
                    yield from _numbers_in(item, f"{place}[{number}]")
