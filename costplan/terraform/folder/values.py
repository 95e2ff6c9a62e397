"""The values of one instance of a resource, as a plan has them: known, unknown, or not to be had here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from costplan.messages.errors import Fault
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.terraform.folder.blocks import Attribute, Block
from costplan.terraform.folder.copies import (
    IS_NULL,
    META_BLOCKS,
    built_name,
    chosen_name,
    iterator_of,
    own_attributes,
)
from costplan.terraform.folder.expressions import as_choice, bare
from costplan.terraform.folder.modules import PLAN_INSTEAD, place_of
from costplan.terraform.folder.origins import KEYS, Found, Origins, Scope
from costplan.terraform.folder.schema import UNTIL_APPLY, filled_in
from costplan.terraform.values import NotRead

UNRESOLVED = "__attribute__"
"""Key of what the evaluator gives for something that it could not work out."""
Pair = tuple[Any, Any]
"""A value, and what is unknown in it."""


class Instance:
    """One instance of a resource."""

    def __init__(self, address: str, kind: str, origins: Origins) -> None:
        self.address = address
        self.kind = kind
        self.origins = origins

    def block(self, block: Block, answer: dict[str, Any], scope: Scope, path: str = "") -> Pair:
        """Return the values of a block, and the marks of what is unknown in it."""
        plain: dict[str, Any] = {}
        marks: dict[str, Any] = {}
        for one in own_attributes(block):
            plain[one.name], marks[one.name] = self._attribute(one, answer, scope)
        for label in dict.fromkeys(inner.dynamic or inner.type for inner in block.blocks):
            if label not in META_BLOCKS:
                below = f"{path}.{label}".lstrip(".")
                plain[label], marks[label] = self._blocks(block, label, answer, scope, below)
        self._fill(plain, marks, path)
        return plain, {key: mark for key, mark in marks.items() if mark}

    def _fill(self, plain: dict[str, Any], marks: dict[str, Any], path: str) -> None:
        """Fill in what the provider does when a plan is made; also in objects that stand for blocks."""
        for name, value in filled_in(self.kind, path).items():
            if plain.get(name) in (None, []) and not marks.get(name):
                plain[name] = None if value == UNTIL_APPLY else value
                marks[name] = value == UNTIL_APPLY

    def _attribute(self, one: Attribute, answer: dict[str, Any], scope: Scope) -> Pair:
        found = self._judged(self._chosen(one, answer, scope), scope, answer.get(one.name), ())
        if found[0] is None and not found[1] and not self._is_null(one, answer):
            return None, self._refused(one, Reason("it cannot be worked out without Terraform"))
        return found

    def _chosen(self, one: Attribute, answer: dict[str, Any], scope: Scope) -> Attribute:
        """Return what a condition chooses, where its answer is known."""
        choice = as_choice(bare(one.expression))
        if choice is None or not all(choice) or self.origins.of(scope, choice[0]):
            return one
        said = answer.get(chosen_name(replace(one, expression=bare(choice[0]))))
        if not isinstance(said, bool):
            return one
        return self._chosen(replace(one, expression=choice[1] if said else choice[2]), answer, scope)

    @staticmethod
    def _is_null(one: Attribute, answer: dict[str, Any]) -> bool:
        inner = bare(one.expression)
        return answer.get(f"{IS_NULL}{one.name}") is True or (len(inner) == 1 and inner[0].text == "null")

    def _judged(self, one: Attribute, scope: Scope, value: Any, path: tuple[str, ...]) -> Pair:
        """Take a value where all that it hangs on is known, and its parts one by one where some are not."""
        origins = self.origins.of(scope, one.expression, path)
        if not origins:
            return (None if isinstance(value, dict) and UNRESOLVED in value else value), None
        if isinstance(value, dict) and UNRESOLVED not in value and value and self._has_keys(one, scope, path):
            parts = {key: self._judged(one, scope, row, (*path, key)) for key, row in value.items()}
            return {key: pair[0] for key, pair in parts.items()}, {
                key: pair[1] for key, pair in parts.items() if pair[1]
            }
        return None, self._mark(one, origins)

    def _has_keys(self, one: Attribute, scope: Scope, path: tuple[str, ...]) -> bool:
        return not self.origins.of(scope, one.expression, (*path, KEYS))

    def _mark(self, one: Attribute, origins: Found) -> Any:
        """Return True for what a plan does not know either, else the reason why it is not read."""
        why = reason_of(origins)
        return True if why is None else self._refused(one, why)

    def _refused(self, one: Attribute | Block, why: Reason) -> NotRead:
        return NotRead(fault_of(self.address, one, why))

    def _blocks(self, block: Block, label: str, answer: dict[str, Any], scope: Scope, path: str) -> Pair:
        """Return the blocks of a label in the order in which they are written, built ones among them."""
        static = [one for one in block.blocks if one.type == label and one.dynamic is None]
        found = _rows(answer.get(label))
        rows: list[Any] = []
        marks: list[Any] = []
        if len(found) != len(static):
            why = Reason("it cannot be worked out without Terraform")
            return [], self._refused((static or block.blocks)[0], why)
        known = iter(found)
        for one in block.blocks:
            if one.dynamic == label:
                built = self._built(one, answer, scope, path)
                if not isinstance(built, list):
                    return [], built
                pairs = built
            elif one.type == label:
                pairs = [self.block(one, next(known), scope, path)]
            else:
                continue
            rows += [pair[0] for pair in pairs]
            marks += [pair[1] for pair in pairs]
        return rows, marks if any(marks) else None

    def _built(self, one: Block, answer: dict[str, Any], scope: Scope, path: str) -> list[Pair] | Any:
        """Return what a `dynamic` block builds; a mark where that is not known."""
        through = one.attributes.get("for_each")
        if through is None:
            return self._refused(one, Reason("it cannot be worked out without Terraform"))
        origins = self.origins.of(scope, through.expression, (KEYS,))
        if origins:
            return self._mark(through, origins)
        rows = answer.get(built_name(one))
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            return self._refused(through, Reason("it cannot be worked out without Terraform"))
        inner = Scope(
            scope.module, scope.block, {**scope.iterators, iterator_of(one): (through.expression, scope)}
        )
        return [self.block(one.content(), row, inner, path) for row in rows]


def _rows(found: Any) -> list[dict[str, Any]]:
    rows = found if isinstance(found, list) else [found]
    return [row for row in rows if isinstance(row, dict)]


def fault_of(address: str, one: Attribute | Block, why: Reason) -> Fault:
    """Return the fault of something that is not known without Terraform."""
    name = one.name if isinstance(one, Attribute) else (one.dynamic or one.type)
    return Fault(why, place_of(one), visible(f"{address}: {name}"), PLAN_INSTEAD)


def reason_of(origins: Iterable[Any]) -> Reason | None:
    """Say why something is not read; None for what a plan does not know either."""
    by_kind = {one.kind: one for one in sorted(origins, key=lambda one: (one.name, one.is_exact))}
    if one := by_kind.get("variable"):
        return Reason("hangs on the variable `{name}`, which has no value", visible(one.name))
    if one := by_kind.get("data"):
        return Reason("hangs on `{name}`, which is looked up when Terraform runs", visible(one.name))
    if one := by_kind.get("default"):
        return Reason("hangs on `{name}`, which the provider fills in", visible(one.name))
    if one := by_kind.get("untold"):
        return Reason("hangs on `{name}`, which cannot be followed", visible(one.name))
    inexact = [one for one in origins if not one.is_exact and one.kind != "sensitive"]
    if inexact and "sensitive" not in by_kind:
        return Reason("hangs on `{name}`, and may be known when Terraform runs", visible(inexact[0].name))
    return None
