"""The guarded YAML reader: every scalar is text, every value knows its place, no file can hang or crash it.

Stock loaders turn `no` into False, keep the last of two equal keys, and take minutes over an alias bomb. Here
libyaml only cuts the text into events; costplan builds the tree itself, under limits. Read: mappings, lists,
texts, nulls, anchors and aliases. Refused: tags, directives, merge keys, keys that are not text, equal keys,
several documents, control characters, anything but UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Sequence as Elements
from pathlib import Path
from typing import Any

from costplan.messages.errors import SourceLocation
from costplan.messages.reason import Reason
from costplan.source.guard import Place, Source, decode, read_file, too_large
from costplan.source.tree import Mapping, Node, Scalar, Sequence, mark_of

__all__ = [
    "CATALOG_LIMIT_BYTES",
    "SCENARIO_LIMIT_BYTES",
    "Mapping",
    "Node",
    "Place",
    "Scalar",
    "Sequence",
    "Source",
    "locate",
    "mark_of",
    "parse_yaml",
    "read_yaml",
    "scalar_from_text",
    "to_plain",
]

SCENARIO_LIMIT_BYTES = 5 * 2**20
"""Largest scenario, measurement or other file of a user."""

CATALOG_LIMIT_BYTES = 20 * 2**20
"""Largest catalog file."""


def read_yaml(path: Path, *, limit_bytes: int = SCENARIO_LIMIT_BYTES, shown_as: str | None = None) -> Mapping:
    """Read a file whose top level is a mapping.

    Args:
        path: A regular file; symbolic links are followed.
        limit_bytes: A larger file is refused before it is read.
        shown_as: The name for marks and messages; the path when not given.

    Raises:
        InputError: All faults found, in file order.
    """
    file = shown_as or str(path)
    return parse_yaml(read_file(path, file, limit_bytes), file, limit_bytes=limit_bytes)


def parse_yaml(data: bytes, file: str, *, limit_bytes: int = SCENARIO_LIMIT_BYTES) -> Mapping:
    """Parse bytes whose top level is a mapping; of standard input, pass the first `limit_bytes + 1`.

    Raises:
        InputError: All faults found, in file order.
    """
    if len(data) > limit_bytes:
        raise too_large(file, Reason("{size} bytes or more", len(data)), limit_bytes)
    from costplan.source.composer import Composer  # imports libyaml: not needed for what was read before

    source = decode(data, file)
    composer = Composer(source)
    node = composer.compose()
    if not isinstance(node, Mapping):
        place = node.place if node else (source, 0, 0, 1)
        hint = "begin with a line such as `title: chat`, with a space after the colon"
        composer.refuse(_name_root(node, source), place, hint)
    if composer.faults:
        raise composer.error()
    assert isinstance(node, Mapping)
    return node


def _name_root(node: Node | None, source: Source) -> str:
    if isinstance(node, Sequence):
        return Reason("the top level is a list, not `key: value` lines")
    if isinstance(node, Scalar) and node.value is not None:
        return Reason("the top level is a single text, not `key: value` lines")
    return Reason("the file holds no values") if source.text.strip() else Reason("the file is empty")


def scalar_from_text(text: str, file: str) -> Node:
    """Parse one value as it stands after `--set path=`: `true`, `5M`, `[a, b]`, `{low: 1}`; nothing is null.

    Args:
        text: The value; columns count from its first character.
        file: What marks name as the file, such as `--set resources.x=true`.

    Raises:
        InputError: All faults found.
    """
    from costplan.source.composer import Composer

    source = decode(text.encode(errors="surrogatepass"), file)
    composer = Composer(source)
    node = composer.compose()
    if node is None:
        node = Scalar(None, (source, 0, 0, 1))
        if text.strip():
            composer.refuse("`#` begins a comment", node.place, "put the text in quotes")
    elif composer.root_is_block:
        hint = "write a list as `[a, b]`, a mapping as `{a: 1}`; put a text that holds `: ` or `- ` in quotes"
        composer.refuse("not a single value", node.place, hint)
    if composer.faults:
        raise composer.error()
    return node


def to_plain(node: Node) -> dict[str, Any] | list[Any] | str | None:
    """Return the tree as plain dicts, lists, texts and None, without places."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {key: to_plain(value) for key, value in node.entries.items()}
    return [to_plain(item) for item in node.items]


def locate(node: Node, path: Elements[str | int], *, at_key: bool = False) -> tuple[SourceLocation, str]:
    """Find the mark and the written path of a location such as pydantic reports.

    Elements that the data does not hold are skipped: union tags, and a missing key, for which the mark is
    that of the mapping which lacks it.

    Args:
        node: The tree that was validated.
        path: Keys and indexes from the root; a last `[key]` means the key before it, as pydantic writes it.
        at_key: Mark the last key instead of its value: for an unknown key.

    Returns:
        The mark, and a path such as `resources.inference.disks[0].size`.
    """
    place, written = node.place, ""
    for element in path:
        if isinstance(node, Mapping) and str(element) in node.entries:
            key = str(element)
            place, node = node.key_places[key], node.entries[key]
            written += f".{key}" if re.fullmatch(r"[\w-]+", key) else f'["{key}"]'
        elif isinstance(node, Sequence) and isinstance(element, int) and 0 <= element < len(node.items):
            node = node.items[element]
            place = node.place
            written += f"[{element}]"
    wants_key = at_key or (len(path) > 0 and path[-1] == "[key]")
    return mark_of(place if wants_key else node.place), written.removeprefix(".")
