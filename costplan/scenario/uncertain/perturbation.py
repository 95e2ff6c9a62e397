"""What the assumed and measured numbers of a scenario would be if they were so much lower or higher."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction

from costplan.messages.reason import Reason
from costplan.quantities.distribution import Unit
from costplan.quantities.quantity import Origin, Quantity
from costplan.scenario.document.overrides import split_path
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.uncertain.ranges import unit_in_which
from costplan.scenario.uncertain.substitution import Substitution
from costplan.scenario.uncertain.variables import RESOURCES, WORKLOAD, quantity_at
from costplan.source.reader import Mapping, Node, Scalar
from costplan.source.reader import Sequence as ListNode


@dataclass(frozen=True, slots=True)
class Perturbed:
    """A number with its two ends; an end that its field would refuse stays at the value."""

    origin: Origin
    value: Fraction
    low: Fraction
    high: Fraction
    unit: Unit
    note: str
    """Which end was not moved, and why; empty when both were."""


@dataclass(frozen=True, slots=True)
class NotMoved:
    """A number that stays, and why."""

    path: str
    reason: str


def moved_inputs(
    scenario: LoadedScenario, swing: Fraction, without: Collection[str]
) -> Iterator[Perturbed | NotMoved]:
    """Move every assumed or measured number of the workload and the resources by a part of it.

    Args:
        swing: The part, above 0 and below 1.
        without: Paths that stay: those that have a distribution of their own.
    """
    substitution = Substitution(scenario)
    for origin in scenario.origins:
        if origin.path in without or split_path(origin.path)[0] not in (WORKLOAD, RESOURCES):
            continue
        number = quantity_at(scenario, origin.path)
        if number is None:
            yield NotMoved(origin.path, Reason("a choice or a whole number"))
        elif not number.value:
            yield NotMoved(origin.path, Reason("0, of which every part is 0"))
        else:
            yield _perturbed(scenario, substitution, origin, number.value, swing)


def _perturbed(
    scenario: LoadedScenario, substitution: Substitution, origin: Origin, value: Fraction, swing: Fraction
) -> Perturbed | NotMoved:
    text = _text_at(scenario.node, origin.path)
    unit = unit_in_which(substitution, origin.path, [(text, value)])
    if unit is None:
        return NotMoved(origin.path, Reason("`{text}` cannot be multiplied", text=text))
    ends, notes = [], []
    for end, word in ((value * (1 - swing), "down"), (value * (1 + swing), "up")):
        found = substitution.read(origin.path, unit.written(end), sold=False)
        is_taken = isinstance(found, Quantity)
        ends.append(end if is_taken else value)
        if isinstance(found, list):
            notes.append(f"not moved {word}: {found[0].message}")
    return Perturbed(origin, value, ends[0], ends[1], unit, "; ".join(notes))


def _text_at(node: Node, path: str) -> str:
    for step in split_path(path):
        if isinstance(node, Mapping):
            node = node.entries[step]
        elif isinstance(node, ListNode):
            node = node.items[int(step)]
    value = node.entries["value"] if isinstance(node, Mapping) else node
    return (value.value or "") if isinstance(value, Scalar) else ""
