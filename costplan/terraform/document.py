"""A plan or a state as the document of a scenario: the same tree that a file of YAML gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from costplan.messages.errors import Fault, InputError, SourceLocation
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.source.guard import Place
from costplan.source.tree import Mapping, Node, Scalar
from costplan.source.tree import Sequence as ListNode
from costplan.terraform.classes import mapped
from costplan.terraform.inventory import Status
from costplan.terraform.mapped import Assumed, Free, Keys, Mapped, Priced, Unknown
from costplan.terraform.names import named, slug, with_others
from costplan.terraform.plan_file import PlanFile, before_plan, read_plan
from costplan.terraform.planned import PROVIDER, Planned, planned_resources, unnumbered
from costplan.terraform.reading import Reading
from costplan.terraform.settled import settled
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
    return _checked_document(plan, usage or Usage())


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

    return _checked_document(read_folder(path, file), usage or Usage())


def _checked_document(plan: PlanFile, usage: Usage) -> Mapping:
    resources = planned_resources(plan)
    _check_provider(resources, plan.file)
    made = _mapped(plan, resources)
    usage.check({one.address: _kind(found) for one, found in made})
    return _document(plan, made, usage)


def change_documents(
    data: bytes, file: str, usage: Usage | None = None
) -> tuple[Mapping, Mapping, dict[str, str]]:
    """Make the documents of what is there before a plan and of what it leads to; either may hold nothing.

    Returns:
        Before, after, and address after -> address before of what moves.

    Raises:
        InputError: It cannot be read, is a state, or holds nothing of the provider.
    """
    plan = read_plan(data, file)
    del data
    if plan.is_state:
        message = Reason("is a state, which holds one side only")
        raise InputError(Fault(message, SourceLocation(file, 0, 0), hint="name two states, or a plan"))
    usage = usage or Usage()
    plans = before_plan(plan), plan
    sides = [planned_resources(one) for one in plans]
    _check_provider([one for resources in sides for one in resources], file)
    made = [_mapped(one, resources) for one, resources in zip(plans, sides, strict=True)]
    usage.check({one.address: _kind(found) for side in made for one, found in side})
    before, after = (_document(one, side, usage) for one, side in zip(plans, made, strict=True))
    return before, after, plan.moves


def _document(plan: PlanFile, made: Sequence[tuple[Planned, Mapped]], usage: Usage) -> Mapping:
    file = plan.file
    made = [(one, settled(found, usage.keys_of(one.address))) for one, found in made]
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


def _mapped(plan: PlanFile, resources: list[Planned]) -> list[tuple[Planned, Mapped]]:
    """Map all resources; what is wrong with some of them is said at once."""
    _check_once(resources, plan.file)
    reading = Reading(plan, resources)
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


def _check_provider(resources: Sequence[Planned], file: str) -> None:
    if not any(one.type.startswith(PROVIDER) for one in resources):
        message = Reason("holds no resource of Yandex Cloud")
        if resources:
            others = sorted({visible(one.type.partition("_")[0]) for one in resources})
            message = Reason("holds no resource of Yandex Cloud, but of: {names}", ", ".join(others[:10]))
        raise InputError(Fault(message, SourceLocation(file, 0, 0)))


def _check_once(resources: Sequence[Planned], file: str) -> None:
    seen: set[str] = set()
    for one in resources:
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
        return ListNode([node_of(one, place) for one in value], place)
    return Scalar(value, place)


def mapping(entries: dict[str, Node], place: Place) -> Mapping:
    """Return a mapping whose keys all stand at one place."""
    return Mapping(entries, dict.fromkeys(entries, place), place)
