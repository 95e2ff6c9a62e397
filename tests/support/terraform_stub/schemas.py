"""The facts about types as schemas of Terraform's protocol 6."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tf.gen import tfplugin_pb2 as wire

FACTS: dict[str, Any] = json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))
SECRETS = frozenset({"admin_password", "iam_token", "password", "text_value"})
PROVIDER = {"a": {key: ["string", "O"] for key in ("cloud_id", "folder_id", "token", "zone")}}


def schema(facts: dict[str, Any]) -> wire.Schema:
    """Return the schema of a type."""
    return wire.Schema(version=0, block=_block(facts))


def _block(facts: dict[str, Any]) -> wire.Schema.Block:
    return wire.Schema.Block(
        attributes=list(_attributes(facts["a"])),
        block_types=[_nested(name, row) for name, row in facts.get("b", {}).items()],
    )


def _attributes(rows: dict[str, Any]) -> Iterator[wire.Schema.Attribute]:
    for name, (kind, mode, *_) in rows.items():
        how = {"required": mode == "R", "optional": "O" in mode, "computed": "C" in mode}
        how["sensitive"] = name in SECRETS
        if isinstance(kind, dict):
            nesting = wire.Schema.Object.NestingMode.Value(kind["nested"].upper())
            inner = wire.Schema.Object(attributes=list(_attributes(kind["attrs"])), nesting=nesting)
            yield wire.Schema.Attribute(name=name, nested_type=inner, **how)
        else:
            yield wire.Schema.Attribute(name=name, type=json.dumps(kind).encode(), **how)


def _nested(name: str, row: list[Any]) -> wire.Schema.NestedBlock:
    nesting, least, most, facts = row
    if facts.get("computed"):  # the server may return more of them than are written
        least = most = 0
    mode = wire.Schema.NestedBlock.NestingMode.Value(nesting.upper())
    return wire.Schema.NestedBlock(
        type_name=name, block=_block(facts), nesting=mode, min_items=least, max_items=most
    )
