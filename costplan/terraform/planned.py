"""The resources of a plan or a state: all modules, each instance of `count` and `for_each` by its address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from costplan.messages.errors import Fault, InputError, SourceLocation
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.source.guard import Place, Source
from costplan.terraform.plan_file import PlanFile
from costplan.terraform.values import Values

PROVIDER = "yandex_"
"""How the types of the provider begin."""
MOST_RESOURCES = 50_000
MOST_MODULES = 200
"""Deepest nesting of modules."""
_MODULE = re.compile(r'module\.([\w-]+)(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?\.?')
ModulePath = tuple[str, ...]


class _Unnumbered(Source):
    """A place that no line says: a plan is one line, and a resource's address says more."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.text = ""

    def mark(self, line: int, column: int, length: int = 1) -> SourceLocation:
        """Make the mark; nobody counts lines in it."""
        return SourceLocation(self.file, 0, 0)


def unnumbered(file: str) -> Place:
    """Return the place of all that was read from a file, or of a resource in it."""
    return (_Unnumbered(file), 0, 0, 1)


@dataclass(frozen=True, slots=True)
class Planned:
    """One resource."""

    address: str
    type: str
    name: str
    key: int | str | None
    """Its key in `count` or `for_each`."""
    module: ModulePath
    """Names of the modules that it is in, without their keys."""
    values: Values
    place: Place

    @property
    def written_as(self) -> tuple[ModulePath, str]:
        """The block that it comes from."""
        return self.module, f"{self.type}.{self.name}"


def planned_resources(plan: PlanFile) -> list[Planned]:
    """Return the resources that there will be.

    Raises:
        InputError: The document is not shaped like one of Terraform, or holds too many.
    """
    found = [_planned(plan, row) for row in _rows(plan, plan.root) if row.get("mode") != "data"]
    if len(found) > MOST_RESOURCES:
        raise _fault(plan, Reason("holds more than {most} resources", MOST_RESOURCES))
    return found


def looked_up(plan: PlanFile, kind: str) -> Iterator[tuple[tuple[ModulePath, str], dict[str, Any]]]:
    """Give what data sources of a kind said when the plan was made: where it is written, its values."""
    for root in (plan.prior, plan.root):
        for row in _rows(plan, root):
            values = row.get("values")
            if row.get("mode") == "data" and row.get("type") == kind and isinstance(values, dict):
                address = str(row.get("address", ""))
                yield (_module_of(address), f"data.{kind}.{row.get('name')}"), values


def _rows(plan: PlanFile, root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    waiting = [(root, 0)]
    while waiting:
        module, depth = waiting.pop()
        if depth > MOST_MODULES:
            raise _fault(plan, Reason("modules are nested deeper than {most}", MOST_MODULES))
        for key in ("resources", "child_modules"):
            rows = module.get(key, [])
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise _fault(plan, Reason("`{key}` must be a list of objects", key))
        yield from module.get("resources", [])
        waiting += [(child, depth + 1) for child in reversed(module.get("child_modules", []))]


def _planned(plan: PlanFile, row: dict[str, Any]) -> Planned:
    address, kind, name = row.get("address"), row.get("type"), row.get("name")
    change = plan.changes.get(address, {}) if isinstance(address, str) else {}
    if "deposed_key" in row:  # replaced, and paid for until it is destroyed
        address, change = f"{address} ({row['deposed_key']})", {}
    values = row.get("values") or {}
    if not (isinstance(address, str) and isinstance(kind, str) and isinstance(values, dict)):
        raise _fault(plan, Reason("a resource lacks its `address`, `type` or `values`"))
    place = unnumbered(f"{plan.file}: {visible(address)}")
    key = row.get("index")
    sensitive = change.get("after_sensitive") or row.get("sensitive_values")
    return Planned(
        address,
        kind,
        str(name),
        key if isinstance(key, (int, str)) else None,
        _module_of(address),
        Values(values, change.get("after_unknown"), sensitive, place=place),
        place,
    )


def _module_of(address: str) -> ModulePath:
    names, start = [], 0
    while found := _MODULE.match(address, start):
        names.append(found[1])
        start = found.end()
    return tuple(names)


def _fault(plan: PlanFile, message: Reason) -> InputError:
    return InputError(Fault(message, SourceLocation(plan.file, 1, 1)))
