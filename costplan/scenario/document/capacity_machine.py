"""Remember the machine that a capacity or a request time was stated for, when an override changes it.

A capacity holds for the machine that stood beside it. An extending scenario, a variant, `--set` or a choice
of `costplan plan` may change the machine and say nothing of the capacity: the resource then gets
`stated_for`, with the fields as they were. Who states the capacity or the time again takes that back.

Example: `api: {vcpu: 2, capacity: ...}` under `--set resources.api.vcpu=1` becomes
`api: {vcpu: 1, capacity: ..., stated_for: {vcpu: 2}}`.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf

from costplan.resources.catalog_defaults import DEFAULT
from costplan.source.reader import Mapping, Node, Scalar, to_plain

STATED_FOR = "stated_for"
DEFAULTS: MappingOf[str, str] = {"core_fraction": "100", "platform": DEFAULT, "count": "1"}
"""What a machine's field is where it is left out."""
MACHINE = ("platform", "core_fraction", "vcpu", "memory", "gpu")
HOSTS = ("preset", "platform", "core_fraction", "vcpu", "memory", "count")
PLANNED = frozenset({"max_replicas", "spare", "scaling", "scale_up_delay", "billing", "utilisation"})
"""Fields of a capacity that say how machines are planned, and nothing of what one of them serves."""


def remembering(before: Mapping, after: Mapping) -> Mapping:
    """Return a changed document in which resources remember what their capacity was stated for.

    Args:
        before: The document.
        after: The same with changes laid over it.
    """
    changed = _changed(before, after)
    new = after.entries.get("resources")
    if not changed and isinstance(new, Mapping) and _time(before) != _time(after):
        changed = _forgotten(new)
    return _with(after, changed)


def remembering_too(stated: Mapping, after: Mapping) -> Mapping:
    """Return a document in which resources remember also what one of several changes stated for its own.

    Args:
        stated: The document with that change alone.
        after: The document with all of them.
    """
    return _with(after, _changed(stated, after))


def _changed(before: Mapping, after: Mapping) -> dict[str, Node]:
    """Return the resources that get a memory, or lose one, by name."""
    old, new = before.entries.get("resources"), after.entries.get("resources")
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return {}
    changed: dict[str, Node] = {}
    for name, now in new.entries.items():
        was = old.entries.get(name)
        if was is now or not isinstance(was, Mapping) or not isinstance(now, Mapping):
            continue
        kept = _remembered(was, now, _time(before) == _time(after))
        if kept is not now:
            changed[name] = kept
    return changed


def _with(after: Mapping, changed: dict[str, Node]) -> Mapping:
    new = after.entries.get("resources")
    if not changed or not isinstance(new, Mapping):
        return after
    resources = Mapping({**new.entries, **changed}, new.key_places, new.place)
    return Mapping({**after.entries, "resources": resources}, after.key_places, after.place)


def _remembered(was: Mapping, now: Mapping, same_time: bool) -> Mapping:
    if to_plain(_kind(was)) != to_plain(_kind(now)):
        return now
    if _figures(was) != _figures(now) or (not same_time and not _has_own_time(now)):
        is_old = now.entries.get(STATED_FOR) is was.entries.get(STATED_FOR)
        return _without(now) if is_old else now
    if STATED_FOR in now.entries:
        return now
    old, new = _machine(was), _machine(now)
    moved = {key: value for key, value in old.items() if new.get(key) != value}
    left_out = {key: DEFAULTS[key] for key in new if key in DEFAULTS and key not in old}
    moved |= {key: value for key, value in left_out.items() if new[key] != value}
    if not moved:
        return now
    place = now.place
    stated = Mapping({k: Scalar(v, place) for k, v in moved.items()}, dict.fromkeys(moved, place), place)
    return Mapping({**now.entries, STATED_FOR: stated}, {**now.key_places, STATED_FOR: place}, place)


def _forgotten(resources: Mapping) -> dict[str, Node]:
    """Take the memory from resources whose time is the workload's, when that is stated anew."""
    return {
        name: _without(found)
        for name, found in resources.entries.items()
        if isinstance(found, Mapping) and STATED_FOR in found.entries and not _has_own_time(found)
    }


def _without(resource: Mapping) -> Mapping:
    if STATED_FOR not in resource.entries:
        return resource
    entries = {key: value for key, value in resource.entries.items() if key != STATED_FOR}
    return Mapping(entries, resource.key_places, resource.place)


def _kind(resource: Mapping) -> Node:
    return resource.entries.get("kind") or Scalar(None, resource.place)


def _figures(resource: Mapping) -> object:
    """Return what says how much, or how fast, the resource serves."""
    capacity = resource.entries.get("capacity")
    figures: object = None
    if isinstance(capacity, Mapping):
        figures = {key: to_plain(value) for key, value in capacity.entries.items() if key not in PLANNED}
    duration = resource.entries.get("duration")
    return figures, to_plain(duration) if duration is not None else None


def _has_own_time(resource: Mapping) -> bool:
    return "capacity" in resource.entries or "duration" in resource.entries


def _time(document: Mapping) -> object:
    workload = document.entries.get("workload")
    entries = workload.entries if isinstance(workload, Mapping) else {}
    found = [entries.get(key) for key in ("request_duration", "request_cpu_time")]
    return [to_plain(value) if value is not None else None for value in found]


def _machine(resource: Mapping) -> dict[str, str]:
    """Return the fields that say how large the machine is, as texts."""
    hosts = resource.entries.get("hosts")
    entries, names = (hosts.entries, HOSTS) if isinstance(hosts, Mapping) else (resource.entries, MACHINE)
    found = {name: _text(entries[name]) for name in names if name in entries}
    return {name: text for name, text in found.items() if text is not None}


def _text(node: Node) -> str | None:
    if isinstance(node, Mapping):
        node = node.entries.get("value") or Scalar(None, node.place)
    return node.value if isinstance(node, Scalar) else None
