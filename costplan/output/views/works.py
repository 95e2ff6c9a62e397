"""Whether a design works, in notes: what breaks it, what must be raised, what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from costplan.output.views.view import Cell
from costplan.pricing.feasibility import SERVICE, Caveat, Unmet
from costplan.pricing.not_billed import NotBilled


def works_notes(
    unmet: Iterable[object],
    quota_raises: Sequence[Unmet],
    unknowns: Sequence[Caveat],
    caveats: Sequence[Caveat],
    name: str = "",
) -> Iterator[Cell]:
    """Give a note for each, the worst first.

    Args:
        name: Of the design, where there are several.
    """
    who = f"{name}: " if name else ""
    for one in unmet:
        yield Cell(f"{who}not enough at this load: {one}", "bad")
    for raised in quota_raises:
        yield Cell(f"{who}{raised}", "warn")
    for unknown in unknowns:
        yield Cell(f"{who}not known: {unknown}", "warn")
    for caveat in caveats:
        yield Cell(f"{who}{caveat}", "warn")


def chance_kept(chance: str, unknowns: Sequence[Caveat], caveats: Sequence[Caveat]) -> str:
    """Say how probable it is that a design works; what no draw knows of takes the figure's edge away."""
    if unknowns:
        return "not known"
    return f"{chance}, while it runs" if any(one.what in SERVICE for one in caveats) else chance


def not_billed_column(left_out: Iterable[NotBilled]) -> dict[str, str]:
    """Give a column for a spreadsheet that says what costs leave out; none where they leave out nothing."""
    said = "; ".join(dict.fromkeys(map(str, left_out)))
    return {"not_billed": said} if said else {}
