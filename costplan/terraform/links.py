"""Who refers to whom: a plan does not know an id before apply, but it knows which expression will hold it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from costplan.terraform.plan_file import PlanFile
from costplan.terraform.planned import ModulePath, Planned

_STEP = re.compile(r'[^.\[\]]+(?:\[(?:[^"\]]|"(?:[^"\\]|\\.)*")*\])*')
"""A step of a reference with its keys, which may hold dots: `module.shop["a.b"].address`."""
Written = tuple[ModulePath, str]
"""A block as it is written: the modules that it is in, and `yandex_vpc_address.front`."""
_NO_TARGET = ("each", "count", "local", "path", "terraform", "self")


@dataclass(frozen=True, slots=True)
class Target:
    """What an expression refers to."""

    block: Written
    key: str | None
    """The key that stands behind it; None where it is any of the instances."""
    is_by_instance: bool
    """Whether the expression names its instance by `each` or `count`."""


@dataclass
class Links:
    """The expressions of a plan; empty for a state."""

    plan: PlanFile
    _modules: dict[ModulePath, dict[str, Any]] = field(default_factory=dict)

    def expressions(self, block: Written) -> dict[str, Any]:
        """Return the expressions of a block."""
        return self._blocks.get(block, {})

    @cached_property
    def _blocks(self) -> dict[Written, dict[str, Any]]:
        return dict(self._written((), self.plan.configuration))

    def _written(self, path: ModulePath, module: dict[str, Any]) -> Iterator[tuple[Written, dict[str, Any]]]:
        self._modules[path] = module
        rows = module.get("resources")
        for one in rows if isinstance(rows, list) else []:
            if isinstance(one, dict) and isinstance(one.get("expressions"), dict):
                yield (path, str(one.get("address"))), one["expressions"]
        calls = module.get("module_calls")
        for name, call in calls.items() if isinstance(calls, dict) else ():
            inner = call.get("module") if isinstance(call, dict) else None
            if isinstance(inner, dict):
                yield from self._written((*path, name), inner)

    def says(self, block: Written, *keys: str) -> bool | None:
        """Say whether a block states an attribute, by its own expressions; None where there are none."""
        found = self.expressions(block)
        return any(True for _ in _at(found, keys)) if found else None

    def targets(self, block: Written, *keys: str) -> set[Target]:
        """Return what an attribute of a block refers to, through variables and outputs of modules."""
        return {
            target
            for expression in _at(self.expressions(block), keys)
            for target in self._followed(block[0], expression, 0)
        }

    def _followed(self, path: ModulePath, expression: Any, depth: int) -> Iterator[Target]:
        references = _references(expression)
        by_instance = any(one.startswith(("each.", "count.")) for one in references)
        for reference in references if depth < 50 else ():
            parts = _STEP.findall(reference)
            if parts[0] == "var" and path:
                call = self._call(path[:-1], path[-1])
                inputs = call.get("expressions")
                argument = (
                    inputs.get(_bare(parts[1])) if isinstance(inputs, dict) and len(parts) > 1 else None
                )
                yield from self._followed(path[:-1], argument, depth + 1)
            elif parts[0] == "module" and len(parts) > 2:
                inner = (*path, _bare(parts[1]))
                outputs = self._module(inner).get("outputs")
                output = outputs.get(_bare(parts[2])) if isinstance(outputs, dict) else None
                expression = output.get("expression") if isinstance(output, dict) else None
                yield from self._followed(inner, expression, depth + 1)
            elif parts[0] not in (*_NO_TARGET, "var", "module") and len(parts) > 1:
                yield _target(path, parts, by_instance)

    def _module(self, path: ModulePath) -> dict[str, Any]:
        assert self._blocks is not None  # reading them notes the modules
        return self._modules.get(path, {})

    def _call(self, path: ModulePath, name: str) -> dict[str, Any]:
        calls = self._module(path).get("module_calls")
        found = calls.get(name) if isinstance(calls, dict) else None
        return found if isinstance(found, dict) else {}


def instances_of(target: Target, user: Planned, by_block: dict[Written, list[Planned]]) -> Iterable[Planned]:
    """Return the instances that one user of a block refers to; all of them where nothing says which."""
    instances = by_block.get(target.block, [])
    if target.key is not None:
        return [one for one in instances if str(one.key) == target.key]
    if target.is_by_instance and len(instances) > 1:
        same = [one for one in instances if one.key == user.key]
        return same or instances
    return instances


def _target(path: ModulePath, parts: list[str], by_instance: bool) -> Target:
    is_data = parts[0] == "data" and len(parts) > 2
    name = parts[2] if is_data else parts[1]
    bare, bracket, rest = name.partition("[")
    key = rest.partition("]")[0].strip('"') if bracket else None
    address = f"data.{parts[1]}.{bare}" if is_data else f"{parts[0]}.{bare}"
    return Target((path, address), key, by_instance)


def _bare(part: str) -> str:
    return part.partition("[")[0]


def _at(expressions: Any, keys: tuple[str, ...]) -> Iterator[Any]:
    """Give the expressions at a path, of every block on the way; an expression may build a block."""
    if isinstance(expressions, list):
        for one in expressions:
            yield from _at(one, keys)
    elif not keys or _is_expression(expressions):
        yield expressions
    elif isinstance(expressions, dict) and keys[0] in expressions:
        yield from _at(expressions[keys[0]], keys[1:])


def _is_expression(found: Any) -> bool:
    return isinstance(found, dict) and isinstance(found.get("references"), list)


def _references(expression: Any) -> list[str]:
    """Return all references in an expression; the shorter forms of one that is there too are left out."""
    if isinstance(expression, list):
        return [one for part in expression for one in _references(part)]
    if not isinstance(expression, dict):
        return []
    if not _is_expression(expression):
        return [one for part in expression.values() for one in _references(part)]
    found: list[str] = []
    for one in expression["references"]:
        if isinstance(one, str) and not any(longer.startswith((f"{one}.", f"{one}[")) for longer in found):
            found.append(one)
    return found
