"""A plan with nothing in it but what prices hang on: safe to hand on, and of the same bill."""

from __future__ import annotations

import json
from typing import Any

from costplan.terraform.classes import mapped
from costplan.terraform.plan_file import PlanFile, read_plan
from costplan.terraform.planned import PROVIDER, planned_resources
from costplan.terraform.reading import IMAGE, Reading
from costplan.terraform.values import Path

IMAGE_KEYS = ("id", "image_id", "min_disk_size", "os_type")
ROW_KEYS = ("address", "mode", "type", "name", "index", "provider_name", "schema_version")


def redacted_plan(data: bytes, file: str) -> str:
    """Return the text of a plan, or a state, with the attributes alone that prices hang on.

    Sensitive values are in no attribute that is looked at: they count as unknown.

    Raises:
        InputError: It cannot be read.
    """
    plan = read_plan(data, file)
    resources = planned_resources(plan)
    reading = Reading(plan, resources)
    for one in resources:
        mapped(one, reading)
        reading.attached(one)
    asked = {one.address: one.values.asked if one.type.startswith(PROVIDER) else set() for one in resources}
    root = _module(plan.root, asked)
    document: dict[str, Any] = {"format_version": "1.2"}
    if plan.is_state:
        return _text(document | {"values": {"root_module": root}})
    document |= {
        "planned_values": {"root_module": root},
        "resource_changes": [_change(address, plan, paths) for address, paths in asked.items()],
        "prior_state": {"format_version": "1.0", "values": {"root_module": _module(plan.prior, {})}},
        "configuration": {"root_module": _written(plan.configuration)},
    }
    return _text(document)


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=True) + "\n"


def _module(module: dict[str, Any], asked: dict[str, set[Path]]) -> dict[str, Any]:
    rows = [_row(row, asked) for row in module.get("resources", []) if _is_kept(row)]
    children = [_module(child, asked) for child in module.get("child_modules", [])]
    found: dict[str, Any] = {"resources": rows} if rows else {}
    if "address" in module:
        found["address"] = module["address"]
    return found | ({"child_modules": children} if children else {})


def _is_kept(row: dict[str, Any]) -> bool:
    return row.get("mode") != "data" or row.get("type") == IMAGE


def _row(row: dict[str, Any], asked: dict[str, set[Path]]) -> dict[str, Any]:
    paths = asked.get(row.get("address", ""), set())
    if row.get("mode") == "data":
        paths = {(key,) for key in IMAGE_KEYS}
    hidden = row.get("sensitive_values")
    kept = {key: row[key] for key in ROW_KEYS if key in row}
    values = pruned(_without_hidden(row.get("values"), hidden), paths)
    return kept | {"values": values or {}, "sensitive_values": pruned(hidden, paths) or {}}


def _change(address: str, plan: PlanFile, paths: set[Path]) -> dict[str, Any]:
    change = plan.changes.get(address, {})
    return {
        "address": address,
        "change": {
            "actions": change.get("actions", []),
            "after_unknown": pruned(change.get("after_unknown"), paths) or {},
            "after_sensitive": pruned(change.get("after_sensitive"), paths) or {},
        },
    }


def _without_hidden(values: Any, hidden: Any) -> Any:
    """Take what is marked as sensitive out of values."""
    if hidden is True:
        return None
    if isinstance(values, dict) and isinstance(hidden, dict):
        return {key: _without_hidden(value, hidden.get(key)) for key, value in values.items()}
    if isinstance(values, list) and isinstance(hidden, list):
        marks = [*hidden, *[None] * (len(values) - len(hidden))]
        return [_without_hidden(value, mark) for value, mark in zip(values, marks, strict=False)]
    return values


def pruned(plain: Any, paths: set[Path]) -> Any:
    """Return values with what stands at paths alone; rows that nobody looked into stay as empty ones."""
    if () in paths or not isinstance(plain, (dict, list)):
        return (
            _shape(plain) if paths <= {()} or not isinstance(plain, (dict, list)) else _inside(plain, paths)
        )
    return _inside(plain, paths)


def _inside(plain: Any, paths: set[Path]) -> Any:
    if isinstance(plain, list):
        rows = []
        for number, row in enumerate(plain):
            below = {path[1:] for path in paths if path and path[0] == number}
            below |= {path for path in paths if path and not isinstance(path[0], int) and number == 0}
            rows.append(pruned(row, below) if isinstance(row, (dict, list)) else row)
        return rows
    return {
        key: pruned(value, below)
        for key, value in plain.items()
        if (below := {path[1:] for path in paths if path and path[0] == key})
    }


def _shape(plain: Any) -> Any:
    """Return a value that was looked at; of rows only how many there are."""
    if isinstance(plain, list):
        return [{} if isinstance(one, (dict, list)) else one for one in plain]
    if isinstance(plain, dict):
        return dict.fromkeys(plain)
    return plain


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def _written(module: dict[str, Any]) -> dict[str, Any]:
    """Return a module's configuration with references alone: who refers to whom, and no value."""
    found: dict[str, Any] = {}
    rows = [
        {
            **{key: one[key] for key in ("address", "mode", "type", "name") if key in one},
            "expressions": _references(one.get("expressions")) or {},
        }
        for one in _list(module.get("resources"))
        if isinstance(one, dict) and str(one.get("type", "")).startswith(PROVIDER)
    ]
    if rows:
        found["resources"] = rows
    outputs = module.get("outputs")
    if isinstance(outputs, dict):
        found["outputs"] = {
            name: {"expression": _references(one.get("expression")) or {}}
            for name, one in outputs.items()
            if isinstance(one, dict)
        }
    calls = module.get("module_calls")
    if isinstance(calls, dict):
        found["module_calls"] = {
            name: {
                "expressions": _references(call.get("expressions")) or {},
                "module": _written(call["module"]),
            }
            for name, call in calls.items()
            if isinstance(call, dict) and isinstance(call.get("module"), dict)
        }
    return found


def _references(expression: Any) -> Any:
    """Return an expression, or blocks of them, without its constants; that one is there stays."""
    if isinstance(expression, list):
        return [_references(one) for one in expression]
    if not isinstance(expression, dict):
        return {}
    if isinstance(expression.get("references"), list):
        return {"references": expression["references"]}
    return {key: _references(one) for key, one in expression.items() if key != "constant_value"}
