"""Who refers to whom, in the form of the `configuration` of a plan."""

from __future__ import annotations

from typing import Any

from costplan.terraform.folder.blocks import Attribute, Block
from costplan.terraform.folder.copies import META_BLOCKS, own_attributes
from costplan.terraform.folder.expressions import references_in
from costplan.terraform.folder.modules import Module


def configuration_of(module: Module) -> dict[str, Any]:
    """Return a module with its calls; `dynamic` blocks are left out, as Terraform does."""
    resources = [
        {
            "address": f"data.{kind}.{name}" if mode == "data" else f"{kind}.{name}",
            "mode": "data" if mode == "data" else "managed",
            "type": kind,
            "name": name,
            "expressions": _expressions(block),
        }
        for (mode, kind, name), block in module.resources.items()
    ]
    return {
        "resources": resources,
        "outputs": {
            name: {"expression": _expression(one.attributes["value"])}
            for name, one in module.outputs.items()
            if "value" in one.attributes
        },
        "module_calls": {
            name: {"expressions": _expressions(child.call), "module": configuration_of(child)}
            for name, child in module.calls.items()
            if child.call is not None
        },
    }


def _expressions(block: Block) -> dict[str, Any]:
    found: dict[str, Any] = {one.name: _expression(one) for one in own_attributes(block)}
    for inner in block.blocks:
        if inner.dynamic is None and inner.type not in META_BLOCKS:
            found.setdefault(inner.type, []).append(_expressions(inner))
    return found


def _expression(one: Attribute) -> dict[str, Any]:
    references = [str(reference) for reference in references_in(one.expression) if reference.steps]
    return {"references": references} if references else {"constant_value": None}
