"""Which resources of two bills are the same: by address, by name, by a move that is stated, by content."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from costplan.analysis.diff.lines import Line, lines_of
from costplan.pricing.estimate import Estimate, ResourceEstimate


@dataclass(frozen=True, slots=True)
class Member:
    """A resource of one bill."""

    resource: ResourceEstimate
    address: str
    """In Terraform; empty where it was not read from there."""
    part: int
    """Which of several resources of that address it is."""
    lines: tuple[Line, ...]
    unpriced: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """Its name in the bill."""
        return self.resource.name

    @property
    def content(self) -> tuple[object, ...]:
        """What it uses of what: two that have the same are one thing under two names."""
        used = tuple(sorted((line.content for line in self.lines), key=repr))
        return self.resource.kind, self.resource.role, used, self.unpriced


ResourcePair = tuple[Member | None, Member | None]


def addresses_of(estimate: Estimate) -> dict[str, tuple[str, int]]:
    """Return the address of each resource that was made of Terraform, and which of several there it is."""
    return {
        name: (row.address, part)
        for row in (estimate.terraform.resources if estimate.terraform is not None else ())
        for part, name in enumerate(row.resources)
    }


def members_of(estimate: Estimate) -> list[Member]:
    """Return the resources of a bill."""
    addresses = addresses_of(estimate)
    unpriced: dict[str, list[tuple[str, str]]] = {}
    for one in estimate.unpriced:
        unpriced.setdefault(one.resource, []).append((one.sku, str(one.quantity)))
    return [
        Member(
            resource,
            *addresses.get(resource.name, ("", 0)),
            tuple(lines_of(resource.line_items)),
            tuple(unpriced.get(resource.name, ())),
        )
        for resource in estimate.resources
    ]


def resource_pairs(old: Estimate, new: Estimate, moves: Mapping[str, str]) -> Iterator[ResourcePair]:
    """Give the resources that belong together, and those that have no other.

    Args:
        old: The bill before.
        new: The bill after.
        moves: Address after -> address before, as a plan of Terraform states it.
    """
    left, right = members_of(old), members_of(new)
    ways: list[tuple[Callable[[Member], object], Callable[[Member], object]]] = [
        (_address, lambda one: (moves.get(one.address, one.address), one.part) if one.address else None),
        (_name, _name),
        (_content, _content),
    ]
    for mine, theirs in ways:
        pairs = _paired(left, right, mine, theirs)
        yield from pairs
        taken = {id(member) for pair in pairs for member in pair}
        left = [one for one in left if id(one) not in taken]
        right = [one for one in right if id(one) not in taken]
    yield from ((one, None) for one in left)
    yield from ((None, one) for one in right)


def _paired(
    left: Sequence[Member],
    right: Sequence[Member],
    mine: Callable[[Member], object],
    theirs: Callable[[Member], object],
) -> list[tuple[Member, Member]]:
    """Pair what has the same key, in the order of the bills; a key of None has no other."""
    waiting: dict[object, list[Member]] = {}
    for one in reversed(left):
        waiting.setdefault(mine(one), []).append(one)
    waiting.pop(None, None)
    return [(found.pop(), one) for one in right if (found := waiting.get(theirs(one)))]


def _address(one: Member) -> object:
    return (one.address, one.part) if one.address else None


def _name(one: Member) -> object:
    return one.name


def _content(one: Member) -> object:
    return one.content if one.lines or one.unpriced else None
