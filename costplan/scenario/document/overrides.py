"""Put a scenario together from documents: `extends`, variants, `--set`. Nodes keep their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from costplan.checked.records import dataclass
from costplan.messages.errors import Fault, InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.scenario.document.stated_twice import (
    ARRIVALS,
    CAPACITY,
    MEASURED,
    MEASURED_FIGURES,
    PUBLISHED,
    SHAPES,
)
from costplan.source.reader import Mapping, Node, Place, Scalar
from costplan.source.reader import Sequence as ListNode

Path = tuple[str, ...]

_PATH = re.compile(r"[^.\[\]]+(?:\.[^.\[\]]+|\[(?:0|[1-9]\d{0,5})\])*", re.ASCII)
_STEP = re.compile(r"[^.\[\]]+")
_INDEX = re.compile(r"0|[1-9]\d{0,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Override:
    """One change to a scenario."""

    path: Path
    value: Node
    origin: str
    """Who asks for it: `variant preemptible`, `--set`."""


OPTION = "--set"
"""Origin of what the command line sets, after all variants."""


MAX_PATH = 1_000
"""Characters of a path: far more than the longest of any scenario; a longer one is not looked through."""


def split_path(text: str) -> Path:
    """Split `resources.api.disks[0].size` into its steps.

    Raises:
        ValueError: Not such a path.
    """
    if len(text) > MAX_PATH or not _PATH.fullmatch(text):
        raise ValueError("is not a path such as `resources.inference.preemptible`")
    return tuple(_STEP.findall(text))


def merged(base: Mapping, child: Mapping, at: Path = ()) -> Mapping:
    """Lay a document over the one it extends: mappings merge, all else is replaced, nothing (`~`) deletes.

    A resource whose `kind` changes is replaced whole: fields of another kind would not fit it. So is a value
    with its reason: `{value: 2M, measured: ...}` takes nothing over from `{value: 1M, assumed: ...}`. A key
    that says in another way what one below it says replaces that one: a request log, a profile.
    """
    entries = dict(base.entries)
    places = dict(base.key_places)
    for key in child.entries:
        _make_way(entries, places, (*at, key), child.entries[key])
    for key, value in child.entries.items():
        below = entries.get(key)
        places[key] = child.key_places[key]
        if _is_null(value) and key in base.entries:
            entries.pop(key, None)
            del places[key]
        elif isinstance(below, Mapping) and isinstance(value, Mapping) and _fits_over(value, below):
            entries[key] = merged(below, value, (*at, key))
        else:
            entries[key] = value
    return Mapping(entries, places, child.place)


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _make_way(entries: dict[str, Node], places: dict[str, Place], path: Path, value: Node) -> None:
    """Take away what a value replaces beside itself; with a row's name go the row's figures."""
    replaced = _replaced_by(path)
    if _is_null(value):
        is_row = path[-2:] == (CAPACITY, PUBLISHED)
        replaced = tuple(key for key in MEASURED_FIGURES if is_row and _is_published(entries.get(key)))
    for other in replaced:
        entries.pop(other, None)
        places.pop(other, None)


def _is_published(figure: Node | None) -> bool:
    return isinstance(figure, Mapping) and PUBLISHED in figure.entries


def _replaced_by(path: Path) -> tuple[str, ...]:
    """Return the keys beside a path that say the same thing in another way."""
    parent, key = path[:-1], path[-1]
    if parent == ARRIVALS and key in SHAPES:
        return tuple(shape for shape in SHAPES if shape != key)
    if parent[-1:] != (CAPACITY,):
        return ()
    if key == MEASURED_FIGURES[0]:
        return (PUBLISHED,)  # a rate that is stated is no published one any more
    others = {MEASURED: PUBLISHED, PUBLISHED: MEASURED}
    return (*MEASURED_FIGURES, others[key]) if key in others else ()


def _fits_over(child: Mapping, base: Mapping) -> bool:
    if is_marked(child) or is_marked(base):
        return False
    kinds = [node.entries.get("kind") for node in (base, child)]
    texts = [kind.value for kind in kinds if isinstance(kind, Scalar)]
    return len(texts) < 2 or texts[0] == texts[1]


LONGEST_WRITTEN = 60
"""Letters of a mapping that is written out in a line."""
MARKS = ("assumed", "measured", "published")
"""Keys that stand beside `value` and say why it is what it is."""
UNCERTAIN = "uncertain"
"""Key that stands beside `value` and says how sure it is."""


def is_marked(node: Mapping) -> bool:
    """Say whether a mapping is a value with its reason, and not resources called `value` and `assumed`."""
    pair = [node.entries.get(key) for key in ("value", *MARKS, UNCERTAIN)]
    found = [entry for entry in pair if entry is not None]
    return pair[0] is not None and len(found) > 1 and not all(isinstance(entry, Mapping) for entry in found)


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
    owners: dict[Path, Override] = {}
    inside: dict[Path, Override] = {}
    """First override below each path."""
    for later in overrides:
        prefixes = [later.path[:length] for length in range(1, len(later.path) + 1)]
        earlier = next((owners[prefix] for prefix in prefixes if prefix in owners), inside.get(later.path))
        earlier = earlier or next((one for one in _beside(later, owners) if _are_equals(one, later)), None)
        if earlier is not None:
            yield _clash(earlier, later)
        owners.setdefault(later.path, later)
        for prefix in prefixes[:-1]:
            inside.setdefault(prefix, later)


def _beside(override: Override, owners: dict[Path, Override]) -> Iterable[Override]:
    """Give what says the same thing in another way."""
    if not _is_null(override.value):
        found = (owners.get((*override.path[:-1], other)) for other in _replaced_by(override.path))
        yield from (one for one in found if one is not None and not _is_null(one.value))


def _are_equals(one: Override, other: Override) -> bool:
    """Say whether neither is stated after the other: two variants, two options."""
    return (one.origin == OPTION) == (other.origin == OPTION)


def _clash(earlier: Override, later: Override) -> Fault:
    first, second = dotted(earlier.path), dotted(later.path)
    what = Reason("both set it") if first == second else Reason("the other sets `{first}`", first)
    return Fault(
        Reason("two overrides clash: {first} and {second}; {what}", earlier.origin, later.origin, what),
        later.value.mark,
        second,
        Reason("the other is at {mark}; keep one of them", earlier.value.mark.named),
    )


def dotted(path: Iterable[str]) -> str:
    """Write a path as people do: `resources.api.disks[0].size`."""
    return "".join(f"[{step}]" if _INDEX.fullmatch(step) else f".{step}" for step in path).lstrip(".")


def shown_value(node: Node) -> str:
    """Write a value in a line: `true`, `{...}`."""
    if isinstance(node, Scalar):
        return node.value if node.value is not None else "~"
    if isinstance(node, Mapping) and "value" in node.entries:
        return shown_value(node.entries["value"])
    return "{...}" if isinstance(node, Mapping) else f"[{', '.join(map(shown_value, node.items))}]"


def value_at(node: Node, path: Sequence[str]) -> Node | None:
    """Return what stands at a path; None where nothing does."""
    for step in path:
        if isinstance(node, Mapping):
            if step not in node.entries:
                return None
            node = node.entries[step]
        elif not isinstance(node, Scalar) and int(step) < len(node.items):
            node = node.items[int(step)]
        else:
            return None
    return node


def written(node: Node) -> str:
    """Write a value in a line, with what is in it where that is short: `{RUB: 1}`."""
    if not isinstance(node, Mapping) or is_marked(node):
        return shown_value(node)
    text = ", ".join(f"{key}: {shown_value(value)}" for key, value in node.entries.items())
    return f"{{{text}}}" if len(text) <= LONGEST_WRITTEN else "{...}"


def _replaced(node: Node, rest: Path, override: Override, walked: Path) -> Node:
    step, below = rest[0], rest[1:]
    here = dotted(walked)
    if isinstance(node, ListNode):
        if not _INDEX.fullmatch(step) or int(step) >= len(node.items):
            raise _leads_nowhere(
                override,
                Reason("`{here}` is a list of {count}; it has no `{step}`", here, str(len(node.items)), step),
            )
        items = list(node.items)
        items[int(step)] = (
            _replaced(items[int(step)], below, override, (*walked, step)) if below else override.value
        )
        return ListNode(items, node.place)
    if isinstance(node, Scalar):
        raise _leads_nowhere(override, Reason("`{here}` is a single value; it has no `{step}`", here, step))
    entries, places = dict(node.entries), dict(node.key_places)
    if below:
        if step not in entries:
            hint = did_you_mean(step, entries)
            raise _leads_nowhere(override, Reason("there is no `{path}`", dotted((*walked, step))), hint)
        entries[step] = _replaced(entries[step], below, override, (*walked, step))
    elif _is_null(override.value):
        _make_way(entries, places, override.path, override.value)
        entries.pop(step, None)
        places.pop(step, None)
    else:
        _make_way(entries, places, override.path, override.value)
        entries[step] = override.value
        places[step] = override.value.place
    return Mapping(entries, places, node.place)


def _leads_nowhere(override: Override, why: str, hint: str | None = None) -> InputError:
    return InputError(Fault(why, override.value.mark, dotted(override.path), hint))
