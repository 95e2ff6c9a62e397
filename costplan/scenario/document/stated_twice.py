"""Numbers that a document states twice, each time in another way: refused like a key that is there twice."""

from __future__ import annotations

from collections.abc import Iterator

from costplan.messages.errors import Fault, InputError, SourceLocation
from costplan.messages.reason import Reason
from costplan.source.reader import Mapping, Node, Scalar, mark_of

ARRIVALS = ("workload", "arrivals")
SHAPES = ("log", "weights", "profile")
CAPACITY, MEASURED, PUBLISHED, VALUE = "capacity", "measured", "published", "value"
MEASURED_FIGURES = ("requests_per_second", "request_duration")
"""What a result file says of a capacity, or a published row."""


def check_document(node: Node, path: str = "") -> None:
    """Check one document, before others are laid over it: there the later one holds.

    Raises:
        InputError: With every number that has two sources.
    """
    faults = list(_doubled(node, path))
    if faults:
        raise InputError(faults)


def _doubled(node: Node, path: str) -> Iterator[Fault]:
    if not isinstance(node, Mapping):
        return
    if path.endswith(".".join(ARRIVALS)):
        yield from beside(node, SHAPES, path)
    capacity = node.entries.get(CAPACITY)
    if "duration" in node.entries and isinstance(capacity, Mapping):
        for key in (MEASURED, "request_duration"):
            if key in capacity.entries:
                first = mark_of(node.key_places["duration"])
                yield _again(f"{path}.capacity.{key}", key, capacity.key_mark(key), "duration", first)
    for key, value in node.entries.items():
        if isinstance(value, Mapping):
            yield from _doubled(value, f"{path}.{key}" if path else key)


def beside(node: Mapping, keys: tuple[str, ...], path: str) -> Iterator[Fault]:
    """Find each key that says again what another one of them says."""
    stated = [key for key in node.entries if key in keys and not is_null(node.entries[key])]
    for key in stated[1:]:
        yield _again(f"{path}.{key}", key, node.key_mark(key), stated[0], node.key_mark(stated[0]))


def _again(path: str, key: str, mark: SourceLocation, other: str, first: SourceLocation) -> Fault:
    return Fault(
        Reason("`{key}` says what `{other}` says already, at {first}", key, other, first),
        mark,
        path,
        "keep one of them",
    )


def is_null(node: Node) -> bool:
    """Say whether a key takes something away: `published: ~`."""
    return isinstance(node, Scalar) and node.value is None
