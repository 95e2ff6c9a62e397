"""Put a scenario together from documents: `extends`, variants, `--set`. Nodes keep their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from costplan.errors import Fault, InputError, did_you_mean
from costplan.source import Mapping, Node, Scalar
from costplan.source import Sequence as ListNode

Path = tuple[str, ...]

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Override:
    """One change to a scenario."""

    path: Path
    value: Node
    origin: str
    """Who asks for it: `variant preemptible`, `--set`."""


def split_path(text: str) -> Path:
    """Split `resources.api.disks[0].size` into its steps.

    Raises:
        ValueError: Not such a path.
    """
    steps = tuple(name or number for name, number in _STEP.findall(text))
    rebuilt = "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in steps).lstrip(".")
    if not steps or rebuilt.replace("[", ".").replace("]", "") != text.replace("[", ".").replace("]", ""):
        raise ValueError("is not a path such as `resources.inference.preemptible`")
    return steps


def merged(base: Mapping, child: Mapping) -> Mapping:
    """Lay a document over the one it extends: mappings merge, all else is replaced, nothing (`~`) deletes.

    A resource whose `kind` changes is replaced whole: fields of another kind would not fit it.
    """
    entries = dict(base.entries)
    places = dict(base.key_places)
    for key, value in child.entries.items():
        below = entries.get(key)
        places[key] = child.key_places[key]
        if isinstance(value, Scalar) and value.value is None and key in base.entries:
            del entries[key], places[key]
        elif isinstance(below, Mapping) and isinstance(value, Mapping) and not _other_kind(below, value):
            entries[key] = merged(below, value)
        else:
            entries[key] = value
    return Mapping(entries, places, child.place)


def _other_kind(base: Mapping, child: Mapping) -> bool:
    kinds = [node.entries.get("kind") for node in (base, child)]
    texts = [kind.value for kind in kinds if isinstance(kind, Scalar)]
    return len(texts) == 2 and texts[0] != texts[1]


def with_overrides(document: Mapping, overrides: Sequence[Override]) -> Mapping:
    """Apply overrides that do not touch each other.

    Raises:
        InputError: Two set the same key, or one sets a key inside what another sets; or a path leads nowhere.
    """
    faults = list(_clashes(overrides))
    if faults:
        raise InputError(faults)
    result: Node = document
    for override in overrides:
        result = _replaced(result, override.path, override, ())
    assert isinstance(result, Mapping)
    return result


def _clashes(overrides: Sequence[Override]) -> Iterable[Fault]:
    for position, later in enumerate(overrides):
        for earlier in overrides[:position]:
            shorter = min(len(earlier.path), len(later.path))
            if earlier.path[:shorter] == later.path[:shorter]:
                first, second = dotted(earlier.path), dotted(later.path)
                what = "both set it" if first == second else f"the other sets `{first}`"
                yield Fault(
                    f"two overrides clash: {earlier.origin} and {later.origin}; {what}",
                    later.value.mark,
                    second,
                    f"the other is at {earlier.value.mark}; keep one of them",
                )


def dotted(path: Iterable[str]) -> str:
    """Write a path as people do: `resources.api.disks[0].size`."""
    return "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in path).lstrip(".")


def _replaced(node: Node, rest: Path, override: Override, walked: Path) -> Node:
    step, below = rest[0], rest[1:]
    here = dotted(walked)
    if isinstance(node, ListNode):
        if not step.isdigit() or int(step) >= len(node.items):
            raise _leads_nowhere(override, f"`{here}` is a list of {len(node.items)}; it has no `{step}`")
        items = list(node.items)
        items[int(step)] = (
            _replaced(items[int(step)], below, override, (*walked, step)) if below else override.value
        )
        return ListNode(items, node.place)
    if isinstance(node, Scalar):
        raise _leads_nowhere(override, f"`{here}` is a single value; it has no `{step}`")
    entries, places = dict(node.entries), dict(node.key_places)
    if below:
        if step not in entries:
            hint = did_you_mean(step, entries)
            raise _leads_nowhere(override, f"there is no `{dotted((*walked, step))}`", hint)
        entries[step] = _replaced(entries[step], below, override, (*walked, step))
    elif isinstance(override.value, Scalar) and override.value.value is None:
        entries.pop(step, None)
        places.pop(step, None)
    else:
        entries[step] = override.value
        places[step] = override.value.place
    return Mapping(entries, places, node.place)


def _leads_nowhere(override: Override, why: str, hint: str | None = None) -> InputError:
    return InputError(Fault(why, override.value.mark, dotted(override.path), hint))
