"""What must be said with every published figure: of what it is, who says so, and what it does not mean."""

from __future__ import annotations

from decimal import Decimal

from costplan.capacity.published_choice import PublishedChoice
from costplan.capacity.published_rows import PublishedRow
from costplan.messages.reason import Reason, join_reasons
from costplan.quantities.money import plain, quantized, rounded

CEILING = Reason("a ceiling")
AT_BEST = Reason("at best")
"""Of a time, which is no less on another machine."""


def said_of(row: PublishedRow, bound: Reason = CEILING) -> Reason:
    """Say what a row is: `published for ..., by ...; a ceiling; without pre-processing; not measured ...`."""
    what = Reason(
        "published for {model}, {input}, {precision}, {runtime}, {hardware} by {source}, {date}",
        model=row.model,
        input=row.input or "-",
        precision=row.precision,
        runtime=row.runtime,
        hardware=row.hardware,
        source=short_source(row),
        date=row.date,
    )
    parts: list[str] = [what, bound, _preprocessing(row)]
    if (row.cards or 1) > 1:
        parts.append(Reason("the share of one of {count} cards", count=row.cards or 1))
    if row.strength == "D":
        parts.append(Reason("an indication only"))
    said = join_reasons([*parts, Reason("not measured on this machine")])
    assert isinstance(said, Reason)
    return said


def short_source(row: PublishedRow) -> str:
    """Name a source: a repository without the path in it, a page by its address."""
    return row.source if "://" in row.source else row.source.partition(":")[0].partition("@")[0]


def _preprocessing(row: PublishedRow) -> Reason:
    if row.preprocessing == "included":
        return Reason("with pre-processing")
    if row.preprocessing == "unclear":
        return Reason("pre-processing not told apart")
    return Reason("without pre-processing")


def spread_of(choice: PublishedChoice) -> Reason:
    """Say between which figures of the same kind the row stands."""
    weakest, strongest = choice.weakest, choice.strongest
    if weakest is strongest:
        return Reason("row {row}, the only one of its model, input, precision and card", row=choice.row.id)
    return Reason(
        "row {row}; {low} ({weakest}) to {high} ({strongest}) requests a second are published for this "
        "model, input, precision and card",
        row=choice.row.id,
        low=shown_rate(weakest),
        high=shown_rate(strongest),
        weakest=weakest.id,
        strongest=strongest.id,
    )


def shown_rate(row: PublishedRow) -> Decimal:
    """Return the rate of one card with two decimals at most."""
    return Decimal(plain(rounded(quantized(row.rate_per_card), 2)))
