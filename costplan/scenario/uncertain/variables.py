"""Numbers of a checked scenario by their path: look one up, or let several vary."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

from costplan.checked.model import Model
from costplan.quantities.quantity import Quantity
from costplan.scenario.document.overrides import split_path
from costplan.scenario.loaded import LoadedScenario

WORKLOAD = "workload"
RESOURCES = "resources"


def part_at(whole: object, steps: Sequence[str]) -> object:
    """Return what a path leads to inside a model; None where it leads nowhere."""
    for step in steps:
        if isinstance(whole, Model):
            whole = getattr(whole, step, None)
        elif isinstance(whole, Mapping):
            whole = whole.get(step)
        elif isinstance(whole, tuple) and step.isdigit() and int(step) < len(whole):
            whole = whole[int(step)]
        else:
            return None
    return whole


def quantity_at(scenario: LoadedScenario, path: str) -> Quantity | None:
    """Return a number of the workload or of a resource; None for anything else."""
    top, *steps = split_path(path)
    whole = {WORKLOAD: scenario.model.workload, RESOURCES: scenario.resources}.get(top)
    found = part_at(whole, steps)
    return found if isinstance(found, Quantity) else None


def with_variables(scenario: LoadedScenario, values: Mapping[str, Fraction]) -> LoadedScenario:
    """Return a scenario in which some of its numbers vary; each is the input of its path.

    Args:
        values: Path, as `quantity_at` takes it, -> the value at which formulas are noted.
    """
    for path, value in values.items():
        scenario = changed(scenario, path, partial(_varying, path, value))
    return scenario


def _varying(path: str, value: Fraction, number: Quantity) -> Quantity:
    return Quantity(value, number.origins).as_variable(path)


def changed(scenario: LoadedScenario, path: str, change: Callable[[Quantity], Quantity]) -> LoadedScenario:
    """Return a scenario in which one number is another; nothing is checked."""
    top, *steps = split_path(path)
    if top == WORKLOAD:
        workload = _with(scenario.model.workload, steps, change)
        return scenario.with_model(workload=workload)
    return replace(scenario, resources=_with(scenario.resources, steps, change))


def _with(whole: Any, steps: Sequence[str], change: Callable[[Quantity], Quantity]) -> Any:
    if not steps:
        return change(whole)
    step, below = steps[0], steps[1:]
    if isinstance(whole, Model):
        return whole.model_copy(update={step: _with(getattr(whole, step), below, change)})
    if isinstance(whole, Mapping):
        return {**whole, step: _with(whole[step], below, change)}
    items = list(whole)
    items[int(step)] = _with(items[int(step)], below, change)
    return tuple(items)
