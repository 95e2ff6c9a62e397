"""Message descriptors held against published ones."""

from __future__ import annotations

from typing import Any


def compare(ours: Any, theirs: Any, seen: set[str]) -> None:
    """Check that each field of ours has the number, kind and repetition of theirs, down the tree."""
    if ours.full_name in seen:
        return
    seen.add(ours.full_name)
    for field in ours.fields:
        other = theirs.fields_by_name.get(field.name)
        assert other is not None, f"{ours.full_name}.{field.name} is not published"
        kind = other.TYPE_INT32 if other.type == other.TYPE_ENUM else other.type
        assert (field.number, field.is_repeated, field.type) == (other.number, other.is_repeated, kind), (
            field.name
        )
        if field.message_type is not None:
            compare(field.message_type, other.message_type, seen)
