"""A design as a scenario file: what differs from the scenario that it was made from."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Entries
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from costplan.messages.text import in_language
from costplan.scenario.document.files import is_path, open_document
from costplan.scenario.document.layers import resolve_extends
from costplan.scenario.document.measured import WeightsOfLog
from costplan.scenario.document.overrides import is_marked
from costplan.scenario.loaded import LoadedScenario
from costplan.source.fields import Name
from costplan.source.reader import Mapping, Node, Scalar, to_plain

BLOCK_DEPTH = 2
"""Deeper mappings stand on one line: a disk, a budget's part."""
OWN_KEYS = ("scenario", "title", "extends")
_PLAIN = re.compile(r"[A-Za-z0-9_./%][A-Za-z0-9_./%+*-]*(?: [A-Za-z0-9_./%+*<=-]+)*", re.ASCII)
"""Texts that need no quotes, inside brackets neither."""


def design_document(design: LoadedScenario, base: str, output: Path, words: str) -> str:
    """Return the text of a scenario that is a design.

    Args:
        design: The design.
        base: The scenario that it was made from: a shipped one's name, or a path.
        output: Where the text will stand; it gives the scenario its name.
        words: What the design is called.

    Raises:
        InputError: The base cannot be read any more.
    """
    assert isinstance(design.node, Mapping)
    head = [
        f"# {' '.join(words.split())}: chosen by `costplan plan`.",
        f"scenario: {_name(output, design.node.entries['scenario'])}",
        f"title: {quoted(in_language(design.model.title) + ', as planned')}",
    ]
    if base == "-":
        entries = {key: node for key, node in design.node.entries.items() if key not in OWN_KEYS}
        return "\n".join([*head, *lines_of(entries, 0)]) + "\n"
    document = resolve_extends(open_document(base))
    changed = _difference(document, design.node, top=True)
    shown = base
    if is_path(base):
        shown = Path(os.path.relpath(base, output.resolve().parent)).as_posix()
        shown = shown if "/" in shown else f"./{shown}"
    return "\n".join([*head, f"extends: {quoted(shown)}", *lines_of(changed, 0)]) + "\n"


def _name(output: Path, scenario: Node) -> str:
    try:
        TypeAdapter(Name).validate_python(output.stem)
    except ValidationError:
        return f"{to_plain(scenario)}-plan"
    return output.stem


Changed = Entries[str, "Node | Changed | None"]
"""Key -> what stands there now; None for what is gone."""


def _difference(before: Mapping, after: Mapping, *, top: bool = False) -> Changed:
    """Return what must be laid over one mapping to make it another, as `extends` does it."""
    found: dict[str, Node | Changed | None] = {}
    for key, node in after.entries.items():
        old = before.entries.get(key)
        if top and key in OWN_KEYS:
            continue
        if old is None:
            found[key] = node
        elif _merges(old, node):
            assert isinstance(old, Mapping)
            assert isinstance(node, Mapping)
            inner = _difference(old, node)
            if inner:
                found[key] = inner
        elif to_plain(old) != to_plain(node):
            found[key] = node
    gone = [key for key in before.entries if key not in after.entries and not (top and key in OWN_KEYS)]
    return {**found, **dict.fromkeys(gone)}


def _merges(before: Node, after: Node) -> bool:
    """Say whether `extends` would merge the two; else the later one stands whole."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return False
    kinds = [node.entries.get("kind") for node in (before, after)]
    texts = [kind.value for kind in kinds if isinstance(kind, Scalar)]
    same = len(texts) < 2 or texts[0] == texts[1]
    return same and not is_marked(before) and not is_marked(after)


def lines_of(changed: Changed, depth: int) -> Iterator[str]:
    """Write keys and values as lines of YAML."""
    for key, value in changed.items():
        start = f"{'  ' * depth}{_key(key, value)}:"
        if value is None:
            yield f"{start} ~"
        elif isinstance(value, Entries):
            yield start
            yield from lines_of(value, depth + 1)
        elif isinstance(value, Mapping) and value.entries and depth < BLOCK_DEPTH and not is_marked(value):
            yield start
            yield from lines_of(value.entries, depth + 1)
        else:
            yield f"{start} {flow(value)}"


def _key(key: str, value: object) -> str:
    """Return a key as it is written; a request log stays where it is, and what it said is taken along."""
    return "weights" if isinstance(value, WeightsOfLog) else quoted(key)


def flow(node: Node) -> str:
    """Write a value on one line, as YAML reads it."""
    if isinstance(node, Scalar):
        return "~" if node.value is None else quoted(node.value)
    if isinstance(node, Mapping):
        return f"{{{', '.join(f'{_key(key, value)}: {flow(value)}' for key, value in node.entries.items())}}}"
    return f"[{_joined(node.items)}]"


def _joined(nodes: Sequence[Node]) -> str:
    return ", ".join(flow(node) for node in nodes)


def quoted(text: str) -> str:
    """Write a text as YAML reads it, in quotes where it needs them."""
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in {"null", "~"} and "--" not in text
    return text if is_plain else json.dumps(text, ensure_ascii=False)
