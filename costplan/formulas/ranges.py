"""Ranges of whole numbers: where something holds, what several share, what lies between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

Range = tuple[int, int]
"""First and last whole number."""


def merge_ranges(ranges: Iterable[Range]) -> Iterator[Range]:
    """Join ranges that overlap or follow each other; they come by their starts."""
    held: Range | None = None
    for start, end in ranges:
        if held is not None and start <= held[1] + 1:
            held = (held[0], max(held[1], end))
            continue
        if held is not None:
            yield held
        held = (start, end)
    if held is not None:
        yield held


def intersect_ranges(one: Sequence[Range], other: Sequence[Range]) -> list[Range]:
    """Return what two ascending lists of ranges share."""
    found = []
    left = right = 0
    while left < len(one) and right < len(other):
        start, end = max(one[left][0], other[right][0]), min(one[left][1], other[right][1])
        if start <= end:
            found.append((start, end))
        if one[left][1] <= other[right][1]:
            left += 1
        else:
            right += 1
    return found


def between(ranges: Iterable[Range], first: int, last: int) -> Iterator[Range]:
    """Give what joined ranges leave out of the whole numbers from first to last."""
    begins = first
    for start, end in ranges:
        if begins < start:
            yield begins, start - 1
        begins = end + 1
    if begins <= last:
        yield begins, last
