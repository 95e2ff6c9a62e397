"""Plans and states in the form that `terraform show -json` writes, put together by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

PROVIDER = "registry.terraform.io/yandex-cloud/yandex"
_ADDRESS = re.compile(r"(?:(?P<module>module\..*)\.)?(?P<type>\w+)\.(?P<name>[\w-]+)(?:\[(?P<key>.*)\])?")


def resource(
    address: str,
    values: dict[str, Any],
    *,
    unknown: dict[str, Any] | None = None,
    sensitive: dict[str, Any] | None = None,
    references: dict[str, Any] | None = None,
    mode: str = "managed",
) -> dict[str, Any]:
    """Describe one resource.

    Args:
        address: `module.shop.yandex_compute_instance.api[0]`.
        values: What is known of it; what is unknown until apply is left out, as Terraform does.
        unknown: What is: `{"id": True}`.
        sensitive: What must not be shown.
        references: Its expressions: attribute -> those that it refers to, or blocks of such.
        mode: `data` for what was looked up.
    """
    return {
        "address": address,
        "values": values,
        "unknown": unknown or {},
        "sensitive": sensitive or {},
        "references": references,
        "mode": mode,
    }


def plan(
    *resources: dict[str, Any], calls: dict[str, Any] | None = None, prior: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Put a plan together.

    Args:
        resources: What there will be.
        calls: Module -> `{"inputs": {name: references}, "outputs": {name: references}}`.
        prior: What was looked up, or is there before.
    """
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.8",
        "planned_values": {"root_module": _module("", resources)},
        "resource_changes": [_change(one) for one in resources],
        "prior_state": {
            "format_version": "1.0",
            "terraform_version": "1.9.8",
            "values": {"root_module": _module("", prior or [])},
        },
        "configuration": {"root_module": _written("", resources, calls or {})},
        "timestamp": "2026-11-29T12:00:00Z",
        "applyable": True,
        "complete": True,
        "errored": False,
    }


def state(*resources: dict[str, Any]) -> dict[str, Any]:
    """Put a state together."""
    return {
        "format_version": "1.0",
        "terraform_version": "1.9.8",
        "values": {"root_module": _module("", resources)},
    }


def written(folder: Path, document: dict[str, Any], name: str = "plan.json") -> str:
    """Write a document, and return its path."""
    path = folder / name
    path.write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")
    return str(path)


def machine(address: str = "yandex_compute_instance.vm", **values: Any) -> dict[str, Any]:
    """Describe a machine of two cores and 4 GB on Ice Lake with 20 GB of network-ssd, all of it known."""
    extra = {key: values.pop(key) for key in ("unknown", "references", "sensitive") if key in values}
    known = {
        "platform_id": "standard-v3",
        "resources": [{"cores": 2, "memory": 4, "core_fraction": 100, "gpus": None}],
        "boot_disk": [{"auto_delete": True, "initialize_params": [{"type": "network-ssd", "size": 20}]}],
        "secondary_disk": [],
        "filesystem": [],
        "local_disk": [],
        "network_interface": [{"nat": False}],
        "scheduling_policy": [{"preemptible": False}],
    }
    return resource(address, known | values, **extra)


def _parts(address: str) -> tuple[str, str, str, Any]:
    found = _ADDRESS.fullmatch(address)
    assert found, address
    key = found["key"]
    return found["module"] or "", found["type"], found["name"], None if key is None else json.loads(key)


def _row(one: dict[str, Any]) -> dict[str, Any]:
    _, kind, name, key = _parts(
        one["address"].removeprefix("data.") if one["mode"] == "data" else one["address"]
    )
    row = {
        "address": one["address"],
        "mode": one["mode"],
        "type": kind,
        "name": name,
        "provider_name": PROVIDER,
        "schema_version": 0,
        "values": one["values"],
        "sensitive_values": one["sensitive"],
    }
    return row if key is None else row | {"index": key}


def _module_of(one: dict[str, Any]) -> str:
    return _parts(one["address"])[0] if one["mode"] == "managed" else ""


def _module(at: str, resources: Any) -> dict[str, Any]:
    """Build a module with its children, each at its address."""
    own = [_row(one) for one in resources if _module_of(one) == at]
    below = [one for one in resources if _module_of(one) != at and _is_in(_module_of(one), at)]
    children = list(dict.fromkeys(_child(_module_of(one), at) for one in below))
    found: dict[str, Any] = {"resources": own} if own else {}
    if at:
        found["address"] = at
    if children:
        found["child_modules"] = [_module(child, resources) for child in children]
    return found


def _is_in(module: str, at: str) -> bool:
    return module.startswith(f"{at}.") if at else bool(module)


def _child(module: str, at: str) -> str:
    rest = module.removeprefix(f"{at}.") if at else module
    step = re.match(r'module\.[\w-]+(?:\[(?:\d+|"[^"]*")\])?', rest)
    assert step
    return f"{at}.{step[0]}" if at else step[0]


def _change(one: dict[str, Any]) -> dict[str, Any]:
    row = _row(one)
    change = {
        "actions": ["create"],
        "before": None,
        "after": one["values"],
        "after_unknown": one["unknown"],
        "before_sensitive": False,
        "after_sensitive": one["sensitive"],
    }
    kept = {key: row[key] for key in ("address", "mode", "type", "name", "provider_name")}
    return kept | ({"index": row["index"]} if "index" in row else {}) | {"change": change}


def _written(at: str, resources: Any, calls: dict[str, Any]) -> dict[str, Any]:
    """Build the configuration of a module; modules are told apart by name, not by key."""
    own: dict[str, Any] = {}
    inner: dict[str, list[Any]] = {}
    for one in resources:
        module, kind, name, _ = _parts(one["address"])
        names = ".".join(re.findall(r"module\.([\w-]+)", module))
        if names == at:
            expressions = {key: _expression(value) for key, value in (one["references"] or {}).items()}
            own[f"{kind}.{name}"] = {
                "address": f"{kind}.{name}",
                "mode": one["mode"],
                "type": kind,
                "name": name,
                "provider_config_key": "yandex",
                "expressions": expressions,
                "schema_version": 0,
            }
        elif not at or names.startswith(f"{at}."):
            child = names.removeprefix(f"{at}.") if at else names
            inner.setdefault(child.partition(".")[0], []).append(one)
    found: dict[str, Any] = {"resources": list(own.values())} if own else {}
    if at and "outputs" in calls.get(at.rpartition(".")[2], {}):
        outputs = calls[at.rpartition(".")[2]]["outputs"]
        found["outputs"] = {name: {"expression": _expression(value)} for name, value in outputs.items()}
    if inner:
        found["module_calls"] = {
            name: {
                "source": f"./{name}",
                "expressions": {
                    key: _expression(value) for key, value in calls.get(name, {}).get("inputs", {}).items()
                },
                "module": _written(f"{at}.{name}" if at else name, rows, calls),
            }
            for name, rows in inner.items()
        }
    return found


def _expression(value: Any) -> Any:
    """Build an expression: a list of texts is one with references, blocks are lists of mappings."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return {"references": value}
    if isinstance(value, list):
        return [{key: _expression(inner) for key, inner in block.items()} for block in value]
    return {"constant_value": value}
