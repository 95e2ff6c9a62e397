"""What a number of a scenario would be if something else were written in its place.

The text goes the same way as the one in the file: the field's own parser and limits, the checks of its
model, what the provider refuses. So a range can hold nothing that could not be written by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from costplan.messages.errors import Fault
from costplan.quantities.quantity import Quantity
from costplan.resources.catalog_defaults import with_defaults
from costplan.resources.contract import Resource
from costplan.resources.kinds import resource_kind
from costplan.resources.workload import Workload
from costplan.scenario.document.overrides import split_path
from costplan.scenario.document.value_origins import ValueOrigins, plain_data
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.uncertain.variables import RESOURCES, WORKLOAD, part_at
from costplan.source.fields import validate


class Substitution:
    """Tries other texts in a scenario that is right as it stands.

    Args:
        scenario: A checked scenario.
    """

    def __init__(self, scenario: LoadedScenario) -> None:
        self._scenario = scenario
        self._plain: Any = plain_data(scenario.node, ValueOrigins())
        self._context = {"hours_per_month": scenario.context.hours_per_month}

    def read(self, path: str, text: str, *, sold: bool = True) -> Quantity | list[Fault] | None:
        """Read a text as the number at a path.

        Args:
            path: `resources.elk.disks[0].size`.
            sold: Whether it must be something that the provider sells, too.

        Returns:
            The number; or why it cannot be that; or None where the path does not lead to a number.
        """
        steps = split_path(path)
        if steps[0] == WORKLOAD:
            return self._read(Workload, steps[:1], steps[1:], text, sold)
        if steps[0] == RESOURCES and len(steps) > 2:
            kind = resource_kind(self._scenario.resources[steps[1]].kind)
            return self._read(kind, steps[:2], steps[2:], text, sold)
        return None

    def _read(
        self, kind: type[Any], at: Sequence[str], steps: Sequence[str], text: str, sold: bool
    ) -> Quantity | list[Fault] | None:
        data = self._plain
        for step in at:
            data = data[step]
        faults: list[Fault] = []
        changed = _replaced(data, steps, text)
        found = validate(kind, changed, self._scenario.node, at=at, context=self._context, faults=faults)
        if isinstance(found, Resource) and sold:
            found = with_defaults(found, self._scenario.catalog.offer(found.catalog_service))
            faults += [Fault(p.message, hint=p.hint) for p in found.problems(self._scenario.catalog)]
        number = part_at(found, steps)
        return faults or (number if isinstance(number, Quantity) else None)


def _replaced(data: Any, steps: Sequence[str], text: str) -> Any:
    if not steps:
        return text
    if isinstance(data, list):
        items = list(data)
        items[int(steps[0])] = _replaced(items[int(steps[0])], steps[1:], text)
        return items
    return {**data, steps[0]: _replaced(data[steps[0]], steps[1:], text)}
