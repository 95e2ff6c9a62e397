"""The tree of a YAML input: values that know their places."""

from __future__ import annotations

from dataclasses import dataclass

from costplan.messages.errors import SourceLocation
from costplan.source.guard import Place


@dataclass(slots=True, eq=False)
class Scalar:
    """A single value, as the text that was written."""

    value: str | None
    """The text; None only for an unquoted empty value, `~` or `null`."""

    place: Place
    """Where it stands; `mark` says it in the form that errors use."""

    @property
    def mark(self) -> SourceLocation:
        """Where the value stands."""
        return mark_of(self.place)


@dataclass(slots=True, eq=False)
class Sequence:
    """A list of values."""

    items: list[Node]
    """The values in file order; an alias shares the node it stands for, so change a copy."""

    place: Place
    """Where the first item, or the `[`, stands."""

    @property
    def mark(self) -> SourceLocation:
        """Where the list begins."""
        return mark_of(self.place)


@dataclass(slots=True, eq=False)
class Mapping:
    """Keys and their values."""

    entries: dict[str, Node]
    """The values by key in file order; an alias shares the node it stands for, so change a copy."""

    key_places: dict[str, Place]
    """Where each key stands; `key_mark` says it in the form that errors use."""

    place: Place
    """Where the first key, or the `{`, stands."""

    @property
    def mark(self) -> SourceLocation:
        """Where the mapping begins."""
        return mark_of(self.place)

    def key_mark(self, key: str) -> SourceLocation:
        """Where a key of the mapping stands."""
        return mark_of(self.key_places[key])

    @property
    def key_marks(self) -> dict[str, SourceLocation]:
        """Where each key stands."""
        return {key: mark_of(place) for key, place in self.key_places.items()}


Node = Scalar | Sequence | Mapping


def mark_of(place: Place) -> SourceLocation:
    """Make the mark of a place."""
    source, line, column, length = place
    return source.mark(line, column, length)
