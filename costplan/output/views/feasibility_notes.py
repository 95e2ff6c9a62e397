"""Whether a design works, in notes: what breaks it, what must be raised, what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from costplan.language.lists import enumerated
from costplan.language.translator import Translator
from costplan.messages.reason import Reason
from costplan.output.views.view import Cell
from costplan.pricing.feasibility import SERVICE, Caveat, Violation, with_resource
from costplan.pricing.not_billed import NotBilled


def works_notes(
    unmet: Iterable[Violation | str],
    quota_raises: Sequence[Violation],
    unknowns: Sequence[Caveat],
    caveats: Sequence[Caveat],
    words: Translator,
    name: str = "",
) -> Iterator[Cell]:
    """Give a note for each, the worst first.

    Args:
        words: The language.
        name: Of the design, where there are several.
    """
    who = f"{name}: " if name else ""
    for one in unmet:
        said = words("not enough at this load: {why}", why=reason_of(one, words))
        yield Cell(f"{who}{said}", "bad")
    for raised in quota_raises:
        yield Cell(f"{who}{reason_of(raised, words)}", "warn")
    for why in _reasons(unknowns, words):
        said = words("not known: {why}", why=why)
        yield Cell(f"{who}{said}", "warn")
    for why in _reasons(caveats, words):
        yield Cell(f"{who}{why}", "warn")


def _reasons(found: Iterable[Caveat], words: Translator) -> Iterator[str]:
    """Say each reason once, with all resources of which it holds."""
    by_reason: dict[Reason, list[str]] = {}
    for one in found:
        by_reason.setdefault(one.reason, []).append(one.resource)
    for reason, resources in by_reason.items():
        if len(resources) == 1:
            yield words.reason(with_resource(resources[0], reason))
        else:
            named = enumerated(resources, words)
            yield words("each of {resources}: {reason}", resources=named, reason=words.reason(reason))


def reason_of(found: Violation | Caveat | str, words: Translator) -> str:
    """Say why, after the resource that it is about: `database: needs more than 1 such cluster`."""
    return words.reason(str(found))


def chance_kept(chance: str, unknowns: Sequence[Caveat], caveats: Sequence[Caveat], words: Translator) -> str:
    """Say how probable it is that a design works; what no draw knows of takes the figure's edge away."""
    if unknowns:
        return words("not known")
    return (
        words("{chance}, while it runs", chance=chance)
        if any(one.what in SERVICE for one in caveats)
        else chance
    )


def not_billed_column(left_out: Iterable[NotBilled]) -> dict[str, str]:
    """Give a column for a spreadsheet that says what costs leave out; none where they leave out nothing."""
    said = "; ".join(dict.fromkeys(map(str, left_out)))
    return {"not_billed": said} if said else {}
