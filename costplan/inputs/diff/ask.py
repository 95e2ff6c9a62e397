"""Compare what a diff is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from costplan.analysis.diff.diff import diff_estimates
from costplan.analysis.diff.documents import Diff
from costplan.inputs.bundles import Changes, Layers
from costplan.inputs.diff.planned import sides_of_plan
from costplan.inputs.diff.request import Days, DiffRequest, check_count, days_of
from costplan.inputs.diff.sides import Side, priced_sides, read_sides
from costplan.pricing.estimate import Estimate
from costplan.scenario.planned_change import names_plan


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sides with their bills."""

    sides: tuple[Side, Side]
    bills: tuple[Estimate, Estimate]
    days: Days
    moves: Mapping[str, str] = field(default_factory=dict)
    """Address after -> address before, where a plan of Terraform states moves."""
    notes: tuple[str, ...] = ()

    def diff(self) -> Diff:
        """Compare them."""
        sources = _sources(self.sides, self.days)
        return diff_estimates(*self.bills, sources=sources, moves=self.moves, notes=self.notes)


def diff_of(request: DiffRequest, layers: Layers, changes: Changes) -> Diff:
    """Read two sides, price them, and compare their bills.

    Raises:
        InputError: Something that is asked for is wrong.
    """
    with priced_pair(request, layers, changes) as pair:
        return pair.diff()


@contextmanager
def priced_pair(request: DiffRequest, layers: Layers, changes: Changes) -> Iterator[Pair]:
    """Read two sides and price them; what lies at a revision of git can be priced anew until the end only.

    Raises:
        InputError: Something that is asked for is wrong.
    """
    days = days_of(request.days)
    if _is_plan_alone(request, days):
        sides, moves = sides_of_plan(request.references[0], layers, changes)
        yield Pair(sides, priced_sides(sides, request.currency, days), days, moves)
        return
    check_count(request, days)
    if request.revision is not None:
        from costplan.inputs.diff.revision import sides_of_revision  # most diffs ask nothing of git

        with sides_of_revision(request.revision, request.references[0], layers, changes) as found:
            bills = priced_sides(found.sides, request.currency, days)
            yield Pair(found.sides, bills, days, notes=found.notes)
        return
    sides = read_sides(request.references, layers, changes)
    yield Pair(sides, priced_sides(sides, request.currency, days), days)


def _is_plan_alone(request: DiffRequest, days: Days) -> bool:
    """Say whether there is one plan of Terraform, which holds both sides."""
    is_alone = len(request.references) == 1 and request.revision is None and days[0] == days[1]
    return is_alone and names_plan(request.references[0])


def _sources(sides: tuple[Side, Side], days: Days) -> tuple[str, str]:
    """Return what the two are called, with their days where these differ."""
    if days[0] == days[1]:
        return sides[0].source, sides[1].source
    old, new = (f"{side.source} ({day})" for side, day in zip(sides, days, strict=True))
    return old, new
