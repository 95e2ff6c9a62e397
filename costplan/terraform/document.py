"""A plan or a state as the document of a scenario: the same tree that a file of YAML gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from costplan.messages.errors import Fault, InputError, SourceLocation
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.source.guard import Place
from costplan.source.tree import Mapping, Node, Scalar, Sequence
from costplan.terraform.classes import mapped
from costplan.terraform.inventory import Status
from costplan.terraform.mapped import Assumed, Free, Keys, Mapped, Priced, Unknown
from costplan.terraform.names import named, slug, with_others
from costplan.terraform.plan_file import PlanFile, read_plan
from costplan.terraform.planned import PROVIDER, Planned, planned_resources, unnumbered
from costplan.terraform.reading import Reading
from costplan.terraform.usage import Filled, Part, Usage, filled, takers

LOAD = "monthly_requests"
TRAFFIC = "internet-traffic"
"""Name of what bills the answers' way out, which no resource of Terraform stands for."""


def plan_document(data: bytes, file: str, usage: Usage | None = None) -> Mapping:
    """Make the document of a scenario of a plan or a state.

    Args:
        data: As it was read.
        file: As messages call it.
        usage: What is known besides; nothing when left out.

    Raises:
        InputError: It cannot be read, or holds nothing of the provider.
    """
    plan = read_plan(data, file)
    del data
    return _document(plan, usage or Usage())


def folder_document(path: Path, file: str, usage: Usage | None = None) -> Mapping:
    """Make the document of a scenario of a folder of .tf files, read without Terraform.

    Args:
        path: The folder.
        file: As messages call it.
        usage: What is known besides; nothing when left out.

    Raises:
        InputError: It cannot be read, or what prices hang on is not known without Terraform.
        MissingExtraError: What reads it is not installed.
    """
    from costplan.terraform.folder.reader import read_folder

    return _document(read_folder(path, file), usage or Usage())


def _document(plan: PlanFile, usage: Usage) -> Mapping:
    file = plan.file
    resources = planned_resources(plan)
    _check(resources, file)
    made = _mapped(resources, Reading(plan, resources))
    usage.check({one.address: _kind(found) for one, found in made})
    names = named([one for one, found in made if isinstance(found, Priced)])
    first = {one.address: _part(found, usage.keys_of(one.address)) for one, found in made}
    counted = takers(part for part in first.values() if part is not None)
    taken = {TRAFFIC, *names.values()}
    parts: dict[str, Node] = {}
    rows: dict[str, Node] = {}
    for one, found in made:
        part = first[one.address]
        known = filled(part, usage, counted) if part is not None else None
        kinds = [keys["kind"] for keys in found.parts[1:]] if isinstance(found, Priced) else []
        called = with_others(names.get(one.address, ""), kinds, taken)
        own = _Own(one, found, known, usage.keys_of(one.address), called)
        parts |= own.nodes()
        rows[visible(one.address)] = node_of(own.row(), one.place)
    top = unnumbered(file)
    if usage.states("response_size"):
        parts[TRAFFIC] = node_of({"kind": "network"}, top)
    section = {"file": node_of(visible(file), top), "resources": mapping(rows, top)}
    if not plan.is_complete:
        section["complete"] = node_of("false", top)
    if plan.is_without_terraform:
        section["without_terraform"] = node_of("true", top)
    head = {"scenario": _name(file), "title": f"Terraform: {visible(file)}"}
    entries = {key: node_of(value, top) for key, value in head.items()}
    entries |= {"workload": _workload(usage, top), "resources": mapping(parts, top)}
    return mapping(entries | {"terraform": mapping(section, top)}, top)


def _mapped(resources: Iterable[Planned], reading: Reading) -> list[tuple[Planned, Mapped]]:
    """Map all resources; what is wrong with some of them is said at once."""
    found: list[tuple[Planned, Mapped]] = []
    faults: list[Fault] = []
    for one in resources:
        try:
            found.append((one, mapped(one, reading)))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(dict.fromkeys(faults))
    return found


def _name(file: str) -> str:
    return slug(PurePath(file).stem if file != "<stdin>" else "plan", "plan")


def _workload(usage: Usage, place: Place) -> Mapping:
    stated = usage.workload
    if stated is None:
        return mapping({LOAD: Scalar("0", place)}, place)
    if usage.states(LOAD):
        return stated
    entries = {**stated.entries, LOAD: Scalar("0", stated.place)}
    return Mapping(entries, {**stated.key_places, LOAD: stated.place}, stated.place)


def _check(resources: Iterable[Planned], file: str) -> None:
    found = list(resources)
    if not any(one.type.startswith(PROVIDER) for one in found):
        message = Reason("holds no resource of Yandex Cloud")
        if found:
            others = sorted({visible(one.type.partition("_")[0]) for one in found})
            message = Reason("holds no resource of Yandex Cloud, but of: {names}", ", ".join(others[:10]))
        raise InputError(Fault(message, SourceLocation(file, 0, 0)))
    seen: set[str] = set()
    for one in found:
        if one.address in seen:
            message = Reason("`{name}` appears twice", visible(one.address))
            raise InputError(Fault(message, SourceLocation(file, 0, 0)))
        seen.add(one.address)


def _kind(made: Mapped) -> str | None:
    return str(made.parts[0]["kind"]) if isinstance(made, Priced) else None


def _part(made: Mapped, given: dict[str, Node]) -> Part | None:
    if not isinstance(made, Priced):
        return None
    keys = made.parts[0]
    return Part(keys["kind"], frozenset((*keys, *given)))


@dataclass(frozen=True, slots=True)
class _Own:
    """One resource of the file on its way into the document."""

    one: Planned
    made: Mapped
    known: Filled | None
    given: dict[str, Node]
    names: tuple[str, ...]
    """In the scenario: its own, and those of what comes with it."""

    def nodes(self) -> dict[str, Node]:
        """Return the resources of the scenario that bill it."""
        if not isinstance(self.made, Priced) or self.known is None or not self.known.is_billed:
            return {}
        found: dict[str, Node] = {}
        for name, keys in zip(self.names, self.made.parts, strict=True):
            node = self._node(keys)
            if name == self.names[0]:
                extra = {key: Scalar(value, self.one.place) for key, value in self.known.extra.items()}
                node = self._with(node, extra | self.given)
            found[name] = node
        return found

    def _node(self, keys: Keys) -> Mapping:
        node = node_of(keys, self.one.place)
        assert isinstance(node, Mapping)
        return node

    def _with(self, node: Mapping, more: dict[str, Node]) -> Mapping:
        places = {key: value.place for key, value in more.items()}
        return Mapping({**node.entries, **more}, {**node.key_places, **places}, node.place)

    def row(self) -> dict[str, Any]:
        """Return what the section about the file says of it."""
        row: dict[str, Any] = {"type": visible(self.one.type), "status": self._status()}
        lists: dict[str, list[str]] = {}
        if isinstance(self.made, Priced) and self.known is not None:
            billed = self.known.is_billed
            lists = {
                "resources": list(self.names) if billed else [],
                "assumed": list(self.made.assumed) if billed else [],
                "unpriced": list(self.made.unpriced) if billed else [],
                "usage": list(self.known.missing),
            }
        elif isinstance(self.made, Unknown):
            lists = {"unpriced": list(self.made.paths)}
        return row | {key: values for key, values in lists.items() if values}

    def _status(self) -> Status:
        if isinstance(self.made, Priced):
            if self.known is not None and not self.known.is_billed:
                return "usage-based"
            return "unknown-until-apply" if self.made.assumed or self.made.unpriced else "priced"
        if isinstance(self.made, Unknown):
            return "unknown-until-apply"
        return "free" if isinstance(self.made, Free) else "not-supported"


def node_of(value: Any, place: Place) -> Node:
    """Return plain data as a tree whose values all stand at one place."""
    if isinstance(value, Assumed):
        return mapping({"value": Scalar(value.value, place), "assumed": Scalar(value.reason, place)}, place)
    if isinstance(value, dict):
        return mapping({key: node_of(one, place) for key, one in value.items()}, place)
    if isinstance(value, list):
        return Sequence([node_of(one, place) for one in value], place)
    return Scalar(value, place)


def mapping(entries: dict[str, Node], place: Place) -> Mapping:
    """Return a mapping whose keys all stand at one place."""
    return Mapping(entries, dict.fromkeys(entries, place), place)
