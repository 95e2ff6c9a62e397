"""A plan or a state as the document of a scenario: the same tree that a file of YAML gives."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from costplan.messages.errors import Fault, InputError, SourceLocation
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.source.guard import Place
from costplan.source.tree import Mapping, Node, Scalar, Sequence
from costplan.terraform.classes import mapped
from costplan.terraform.inventory import Status
from costplan.terraform.mapped import Assumed, Free, Keys, Mapped, Priced, Unknown
from costplan.terraform.names import named, slug
from costplan.terraform.plan_file import read_plan
from costplan.terraform.planned import PROVIDER, Planned, planned_resources, unnumbered
from costplan.terraform.reading import Reading


def plan_document(data: bytes, file: str) -> Mapping:
    """Make the document of a scenario of a plan or a state.

    Raises:
        InputError: It cannot be read, or holds nothing of the provider.
    """
    plan = read_plan(data, file)
    resources = planned_resources(plan)
    del data
    _check(resources, file)
    reading = Reading(plan, resources)
    made = {one.address: mapped(one, reading) for one in resources}
    names = named([one for one in resources if isinstance(made[one.address], Priced)])
    parts: dict[str, Node] = {}
    rows: dict[str, Node] = {}
    for one in resources:
        found = _parts(made[one.address], names.get(one.address, ""))
        parts |= {name: node_of({**keys, "title": visible(one.address)}, one.place) for name, keys in found}
        rows[visible(one.address)] = node_of(
            _row(one, made[one.address], [name for name, _ in found]), one.place
        )
    top = unnumbered(file)
    stem = PurePath(file).stem if file != "<stdin>" else "plan"
    head = {
        "scenario": slug(stem, "plan"),
        "title": {"en": f"Terraform: {visible(file)}"},
        "workload": {"monthly_requests": "0"},
    }
    entries = {key: node_of(value, top) for key, value in head.items()}
    section = {"file": node_of(visible(file), top), "resources": _mapping(rows, top)}
    entries |= {"resources": _mapping(parts, top), "terraform": _mapping(section, top)}
    return _mapping(entries, top)


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


def _parts(made: Mapped, name: str) -> list[tuple[str, Keys]]:
    if not isinstance(made, Priced):
        return []
    return [
        (name if not place else f"{name}-{keys['kind']}"[:63], keys) for place, keys in enumerate(made.parts)
    ]


def _row(one: Planned, made: Mapped, names: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = {"type": visible(one.type), "status": _status(made)}
    lists = {"resources": names}
    if isinstance(made, Priced):
        lists |= {"assumed": list(made.assumed), "unpriced": list(made.unpriced)}
    elif isinstance(made, Unknown):
        lists["unpriced"] = list(made.paths)
    return row | {key: values for key, values in lists.items() if values}


def _status(made: Mapped) -> Status:
    if isinstance(made, Priced):
        return "unknown-until-apply" if made.assumed or made.unpriced else "priced"
    if isinstance(made, Unknown):
        return "unknown-until-apply"
    return "free" if isinstance(made, Free) else "not-supported"


def node_of(value: Any, place: Place) -> Node:
    """Return plain data as a tree whose values all stand at one place."""
    if isinstance(value, Assumed):
        return _mapping({"value": Scalar(value.value, place), "assumed": Scalar(value.reason, place)}, place)
    if isinstance(value, dict):
        return _mapping({key: node_of(one, place) for key, one in value.items()}, place)
    if isinstance(value, list):
        return Sequence([node_of(one, place) for one in value], place)
    return Scalar(value, place)


def _mapping(entries: dict[str, Node], place: Place) -> Mapping:
    return Mapping(entries, dict.fromkeys(entries, place), place)
