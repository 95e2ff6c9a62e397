"""A folder of .tf files as the parts of a document of Terraform, which is read like a plan from there on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from costplan.messages.errors import Fault, InputError, MissingExtraError, SourceLocation
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.source.temporary import temporary_folder
from costplan.terraform.folder.addresses import HIDDEN_IN_GO, bracketed
from costplan.terraform.folder.blocks import Block
from costplan.terraform.folder.configuration import configuration_of
from costplan.terraform.folder.copies import MOST_INSTANCES, repeated_name, repeats_of, write_copies
from costplan.terraform.folder.evaluator import LONGEST_SECONDS, EvaluationError, TooLongError, evaluated
from costplan.terraform.folder.modules import (
    PLAN_INSTEAD,
    Module,
    NotUnderstoodError,
    files_of_values,
    opened,
    workspace_of,
)
from costplan.terraform.folder.origins import KEYS, Origins, Scope
from costplan.terraform.folder.values import Instance, fault_of, reason_of
from costplan.terraform.plan_file import PlanFile

_PLACE = re.compile(
    r"(?P<file>[^:\s]+\.tf(?:vars)?):(?P<line>\d+),(?P<column>\d+)(?:-[\d,]+)?: (?P<why>.*)", re.DOTALL
)


def is_folder(path: Path) -> bool:
    """Say whether a path is a folder, whatever stands in it."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def read_folder(path: Path, file: str) -> PlanFile:
    """Read a folder of .tf files.

    Args:
        path: The folder.
        file: As messages call it.

    Raises:
        InputError: It cannot be read, or something that prices hang on is not known without Terraform.
        MissingExtraError: The evaluator is not installed.
    """
    if find_spec("tfparse") is None:
        raise MissingExtraError(Reason("a folder of Terraform"), "terraform")
    try:
        return _read(path, file)
    except NotUnderstoodError as error:
        raise InputError(_original_fault(path, file, error.mark)) from None
    except RecursionError:
        message = Reason("modules or values are nested too deep")
        raise InputError(Fault(message, SourceLocation(file, 0, 0))) from None


def _read(path: Path, file: str) -> PlanFile:
    modules = opened(path, file)
    origins = Origins()
    found = _Folder(file, modules, _answer(path, file, modules, origins), origins)
    found.read()
    if found.faults:
        raise InputError(found.faults)
    return PlanFile(
        file,
        {"resources": [row for _, row in sorted(found.rows, key=lambda pair: pair[0])]},
        {},
        found.changes,
        configuration_of(modules[0]),
        is_without_terraform=True,
    )


def _answer(path: Path, file: str, modules: list[Module], origins: Origins) -> dict[str, Any]:
    with temporary_folder() as folder:
        root = write_copies(modules, folder, origins)
        try:
            return evaluated(root, files_of_values(path), folder / "answer.json", workspace_of(path))
        except TooLongError:
            message = Reason("takes longer than {limit} s to evaluate", LONGEST_SECONDS)
            raise InputError(Fault(message, SourceLocation(file, 0, 0), hint=PLAN_INSTEAD)) from None
        except EvaluationError:
            raise InputError(_original_fault(path, file)) from None


def _original_fault(path: Path, file: str, otherwise: SourceLocation | None = None) -> Fault:
    """Return what the evaluator says of the files as they are."""
    with temporary_folder() as folder:
        try:
            evaluated(path, files_of_values(path), folder / "answer.json")
            said = ""
        except EvaluationError as error:
            said = str(error)
    found = _PLACE.search(said)
    if found is None:
        mark = otherwise or SourceLocation(file, 0, 0)
        return Fault(Reason("cannot be evaluated without Terraform"), mark, hint=PLAN_INSTEAD)
    mark = SourceLocation(f"{file.rstrip('/')}/{found['file']}", int(found["line"]), int(found["column"]))
    return Fault(Reason.of(visible(found["why"].strip()[:300])), mark)


@dataclass(frozen=True, slots=True)
class _At:
    """Where an instance is: for the evaluator, and for Terraform, which escape other characters."""

    path: str
    address: str
    modules: tuple[tuple[str, int, str], ...]
    """The modules that it is in, for the order of a plan: a module's own resources come first."""

    def below(self, name: str, key: Any) -> _At:
        """Return a resource or a module in it."""
        step = (name, key if isinstance(key, int) else -1, str(key))
        modules = (*self.modules, step) if name.startswith("module.") else self.modules
        return _At(
            f"{self.path}{name}{bracketed(key, HIDDEN_IN_GO)}",
            f"{self.address}{name}{bracketed(key)}",
            modules,
        )

    def inside(self) -> _At:
        """Return the beginning of what is in a module."""
        return _At(f"{self.path}.", f"{self.address}.", self.modules)


@dataclass
class _Folder:
    """The instances of all resources."""

    file: str
    modules: list[Module]
    answer: dict[str, Any]
    origins: Origins
    rows: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def read(self) -> None:
        self.by_path: dict[str, list[dict[str, Any]]] = {}
        for rows in self.answer.values():
            for row in rows if isinstance(rows, list) else ():
                self.by_path.setdefault(str(row.get("__tfmeta", {}).get("path")), []).append(row)
        self._module(self.modules[0], _At("", "", ()))

    def _module(self, module: Module, at: _At) -> None:
        asked = self._asked(at.path)
        for (mode, kind, name), block in module.resources.items():
            if mode == "resource":
                for key in self._keys(module, block, f"{at.address}{kind}.{name}", asked):
                    self._resource(module, block, at.below(f"{kind}.{name}", key), key)
        for name, child in module.calls.items():
            assert child.call is not None
            for key in self._keys(module, child.call, f"{at.address}module.{name}", asked):
                self._module(child, at.below(f"module.{name}", key).inside())

    def _asked(self, prefix: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for row in self.by_path.get(f"{prefix}locals", []):
            found |= row
        return found

    def _keys(self, module: Module, block: Block, address: str, asked: dict[str, Any]) -> Iterator[Any]:
        """Give the keys of a block's instances; None for the one of a block that is not repeated."""
        repeats = repeats_of(block)
        if repeats is None:
            yield None
            return
        path = (KEYS,) if repeats.name == "for_each" else ()
        origins = self.origins.of(Scope(module), repeats.expression, path)
        if origins:
            why = reason_of(origins) or Reason(
                "hangs on `{name}`, and may be known when Terraform runs",
                visible(min(one.name for one in origins)),
            )
            self.faults.append(fault_of(address, repeats, why))
            return
        found = asked.get(repeated_name(block, module))
        if isinstance(found, str) and found.isdigit() and len(found) < 9:
            found = int(found)
        if isinstance(found, bool) or not isinstance(found, (int, list, dict)):
            self.faults.append(
                fault_of(address, repeats, Reason("it cannot be worked out without Terraform"))
            )
            return
        if (found if isinstance(found, int) else len(found)) > MOST_INSTANCES:
            message = Reason("has more than {most} instances", MOST_INSTANCES)
            self.faults.append(fault_of(address, repeats, message))
            return
        yield from range(found) if isinstance(found, int) else map(str, found)

    def _resource(self, module: Module, block: Block, at: _At, key: Any) -> None:
        kind, name = block.labels
        address, answers = at.address, self.by_path.get(at.path, [])
        if len(answers) != 1:
            self.faults.append(fault_of(address, block, Reason("it cannot be worked out without Terraform")))
            return
        plain, marks = Instance(address, kind, self.origins).block(block, answers[0], Scope(module, block))
        row = {"address": address, "type": kind, "name": name, "values": plain, "mode": "managed"}
        number = key if isinstance(key, int) else -1
        order = (at.modules, kind, name, number, str(key))
        self.rows.append((order, row if key is None else row | {"index": key}))
        self.changes[address] = {"after_unknown": marks}
