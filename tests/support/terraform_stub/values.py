"""What a provider makes of values: a plan of what is written, a state of a plan, an answer of a look-up."""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import Any

Facts = dict[str, Any]


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()
"""What only the server knows: after apply."""

IMAGES = {"ubuntu-2204-lts": 8, "ubuntu-2404-lts": 10}
"""Family -> GB of the smallest disk: made up, as plans of the tests must only agree with themselves."""

KEPT: dict[str, Any] = {
    "core_fraction": 100,
    "disk_type_id": "network-ssd",
    "min_resource_preset_id": "s-c2-m8",
    "preemptible": False,
    "size": 10,
    "zone": "ru-central1-a",
}
"""Attribute -> what the server fills in on apply; ids and addresses are made up, other texts are empty."""


def planned(facts: Facts, written: Any, prior: Any) -> Any:
    """Return a block as a plan has it.

    Args:
        facts: Its attributes and blocks.
        written: As the configuration has it; None for none.
        prior: As it is in the state; None for one that is new.
    """
    if written is None or written is UNKNOWN:
        return written
    before = prior if isinstance(prior, dict) else {}
    found = {
        name: _attribute(row, written.get(name), before.get(name), prior is not None)
        for name, row in facts["a"].items()
    }
    for name, (nesting, _, _, inner) in facts.get("b", {}).items():
        found[name] = _blocks(nesting, inner, written.get(name), before.get(name), prior is not None)
    return found


def _attribute(row: list[Any], written: Any, prior: Any, is_old: bool) -> Any:
    kind, mode, *default = row
    if written is not None:
        return _nested(kind, written, prior) if isinstance(kind, dict) else written
    if default:
        return default[0]
    if "C" in mode:
        return prior if is_old else UNKNOWN
    return None


def _nested(kind: dict[str, Any], written: Any, prior: Any) -> Any:
    facts = {"a": kind["attrs"]}
    if written is UNKNOWN or kind["nested"] == "single":
        return planned(facts, written, prior)
    if kind["nested"] == "map":
        before = prior if isinstance(prior, dict) else {}
        return {key: planned(facts, one, before.get(key)) for key, one in written.items()}
    return _rows(facts, written, prior)


def _blocks(nesting: str, facts: Facts, written: Any, prior: Any, is_old: bool) -> Any:
    if not written and facts.get("computed"):
        return prior if is_old else UNKNOWN
    if nesting == "single" or written is UNKNOWN:
        return planned(facts, written, prior)
    return _rows(facts, written, prior)


def _rows(facts: Facts, written: list[Any], prior: Any) -> list[Any]:
    before = prior if isinstance(prior, list) else []
    return [
        planned(facts, one, before[number] if number < len(before) else None)
        for number, one in enumerate(written)
    ]


def applied(facts: Facts, plan: Any, identity: str) -> Any:
    """Return a block as the server keeps it: nothing in it is unknown."""
    if plan is None:
        return None
    found = {name: _known(name, row[0], plan.get(name), identity) for name, row in facts["a"].items()}
    for name, (nesting, _, _, inner) in facts.get("b", {}).items():
        found[name] = _known_blocks(nesting, inner, plan.get(name), identity)
    if found.get("nat") is False:
        found["nat_ip_address"] = ""
    return found


def _known(name: str, kind: Any, value: Any, identity: str) -> Any:
    if isinstance(kind, dict):
        return _known_objects(kind, value, identity)
    if value is not UNKNOWN:
        return value
    if name in KEPT:
        return KEPT[name]
    if isinstance(kind, list):
        return {} if kind[0] == "map" else []
    return {"string": _text(name, identity), "number": 0, "bool": False}[kind]


def _text(name: str, identity: str) -> str:
    if name.endswith("address"):
        return f"192.0.2.{zlib.crc32(identity.encode()) % 250 + 1}"
    return f"{identity}-{name}" if name.endswith("id") else ""


def _known_objects(kind: dict[str, Any], value: Any, identity: str) -> Any:
    facts = {"a": kind["attrs"]}
    if value is None or value is UNKNOWN:
        return None
    if kind["nested"] == "single":
        return applied(facts, value, identity)
    if kind["nested"] == "map":
        return {key: applied(facts, one, identity) for key, one in value.items()}
    return [applied(facts, one, identity) for one in value]


def _known_blocks(nesting: str, facts: Facts, value: Any, identity: str) -> Any:
    if nesting == "single":
        return applied(facts, None if value is UNKNOWN else value, identity)
    if value is UNKNOWN:
        return [applied(facts, planned(facts, {}, None), identity)] if facts["a"] else []
    return [applied(facts, one, identity) for one in value or []]


def identity_of(type_name: str, plan: dict[str, Any]) -> str:
    """Return the text that ids of a resource are made of: the same one for the same design."""
    name = plan.get("name")
    if not isinstance(name, str) or not name:
        text = json.dumps(plan, sort_keys=True, default=repr)
        name = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{type_name.removeprefix('yandex_').replace('_', '-')}-{name}"


def looked_up(type_name: str, facts: Facts, written: dict[str, Any]) -> dict[str, Any]:
    """Answer a data source."""
    family = written.get("family") or written.get("image_id") or "none"
    known = {"id": f"image-{family}", "image_id": f"image-{family}", "min_disk_size": IMAGES.get(family)}
    return applied(facts, planned(facts, written, None) | known, identity_of(type_name, written))
