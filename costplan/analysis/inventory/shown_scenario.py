"""A whole scenario as it was put together: every value with the place that it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from costplan.messages.result import Result
from costplan.scenario.document.overrides import MARKS, dotted, is_marked
from costplan.scenario.loaded import LoadedScenario
from costplan.source.reader import Mapping, Node, Scalar

SHOWN_SCENARIO_SCHEMA = "costplan/shown-scenario/1"
NOT_APPLIED = ("variants",)
"""What says nothing of the scenario as it stands."""


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One value."""

    path: str
    """`resources.api.vcpu`."""
    value: str
    """As it is written."""
    source: str
    """File that it is written in, or the option."""
    line: int
    """0 for an option."""
    basis: str
    """`stated`, `assumed`, `measured` or `published`."""
    reason: str
    """Why it was taken; empty for a stated one."""


@dataclass(frozen=True, slots=True)
class ShownScenario(Result):
    """A scenario after `extends`, variants and options."""

    schema: str
    scenario: str
    title: dict[str, str]
    variants: tuple[str, ...]
    """Variants that were applied."""
    other_variants: tuple[str, ...]
    """Variants that it has beside them."""
    values: tuple[ShownValue, ...]


def shown_scenario(scenario: LoadedScenario) -> ShownScenario:
    """Return what a scenario says, value by value."""
    assert isinstance(scenario.node, Mapping)
    entries = {key: node for key, node in scenario.node.entries.items() if key not in NOT_APPLIED}
    values = [value for key, node in entries.items() for value in _values(node, (key,))]
    others = tuple(one for one in scenario.model.variants if one not in scenario.applied_variants)
    return ShownScenario(
        SHOWN_SCENARIO_SCHEMA, scenario.name, scenario.title, scenario.applied_variants, others, tuple(values)
    )


def _values(node: Node, path: tuple[str, ...]) -> Iterator[ShownValue]:
    if isinstance(node, Mapping) and is_marked(node):
        yield from _marked(node, path)
    elif isinstance(node, Mapping):
        for key, value in node.entries.items():
            yield from _values(value, (*path, key))
    elif isinstance(node, Scalar):
        yield _value(node, path)
    else:
        for index, item in enumerate(node.items):
            yield from _values(item, (*path, str(index)))


def _value(node: Scalar, path: tuple[str, ...], basis: str = "stated", reason: str = "") -> ShownValue:
    mark = node.mark
    written = node.value if node.value is not None else "~"
    line = 0 if mark.file.startswith("--") else mark.line
    return ShownValue(dotted(path), written, mark.file, line, basis, reason)


def _marked(node: Mapping, path: tuple[str, ...]) -> Iterator[ShownValue]:
    """Give a value with its reason, then the range that it has."""
    basis = next((kind for kind in MARKS if kind in node.entries), "stated")
    reason = node.entries.get(basis)
    said = reason.value or "" if isinstance(reason, Scalar) else ""
    value = node.entries["value"]
    if isinstance(value, Scalar):
        yield _value(value, path, basis, said)
    for key, other in node.entries.items():
        if key not in ("value", basis):
            yield from _values(other, (*path, key))
