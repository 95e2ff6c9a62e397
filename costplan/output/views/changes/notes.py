"""What a diff says besides amounts: what works or no longer does, what has no price, what is assumed."""

from __future__ import annotations

from collections.abc import Iterator

from costplan.analysis.diff.documents import Diff, FeasibilityChange, UnpricedChange
from costplan.language.translator import Translator
from costplan.output.views.view import Cell, Tone
from costplan.pricing.feasibility import with_resource

MOST = 8
"""Most notes of one sort; the document has all."""


def diff_notes(diff: Diff, words: Translator) -> Iterator[Cell]:
    """Give the notes, the worst first."""
    has_load = any(side.monthly_requests for side in (diff.old, diff.new))
    feasibility = [
        feasibility_note(one, words)
        for one in diff.feasibility
        if has_load or one.change in ("broken", "mended")  # of nothing to serve nobody asks how much
    ]
    yield from _first([one for one in feasibility if one.tone == "bad"], words)
    yield from _first([unpriced_note(one, words) for one in diff.unpriced if one.change != "removed"], words)
    yield from _priced_again([one for one in diff.unpriced if one.change == "removed"], words)
    yield from _first([one for one in feasibility if one.tone != "bad"], words)
    added = sum(1 for one in diff.assumptions if one.change == "added" and one.kind == "assumed")
    gone = sum(1 for one in diff.assumptions if one.change == "removed" and one.kind == "assumed")
    if added:
        yield Cell(words.many("{count} more assumed input", "{count} more assumed inputs", added), "warn")
    if gone:
        yield Cell(words.many("{count} fewer assumed input", "{count} fewer assumed inputs", gone), "faint")
    yield from (Cell(words.reason(one), "warn") for one in diff.notes)


def feasibility_note(one: FeasibilityChange, words: Translator) -> Cell:
    """Say what is no longer enough, or is again."""
    why = words.reason(with_resource(one.resource, one.reason))
    if one.change == "broken" and one.what == "quota":
        return Cell(why, "warn")
    said: dict[str, tuple[str, Tone]] = {
        "broken": (words("no longer enough: {why}", why=why), "bad"),
        "mended": (words("no longer a problem: {why}", why=why), "good"),
        "unknown": (words("not known any more: {why}", why=why), "warn"),
        "known": (words("no longer open: {why}", why=why), "good"),
    }
    return Cell(*said[one.change])


def unpriced_note(one: UnpricedChange, words: Translator) -> Cell:
    """Say what is in neither total."""
    values = {"resource": one.address or one.resource, "what": one.sku, "why": words.reason(one.reason)}
    if one.change == "removed":
        return Cell(words("{resource}: {what} was without a price and no longer is", **values), "good")
    if one.change == "changed":
        return Cell(words("{resource}: {what} changed, and is in neither total: {why}", **values), "bad")
    return Cell(words("{resource}: {what} is new and in no total: {why}", **values), "bad")


def _priced_again(gone: list[UnpricedChange], words: Translator) -> Iterator[Cell]:
    """Name what was without a price and no longer is; of several only how many: the rows above name them."""
    if len(gone) == 1:
        yield unpriced_note(gone[0], words)
    elif gone:
        said = words.many(
            "{count} cost component was without a price and no longer is",
            "{count} cost components were without a price and no longer are",
            len(gone),
        )
        yield Cell(said, "good")


def _first(notes: list[Cell], words: Translator) -> Iterator[Cell]:
    yield from notes[:MOST]
    more = len(notes) - MOST
    if more > 0:
        yield Cell(words.many("and {count} more", "and {count} more", more), notes[MOST].tone)
