"""Published rows that a scenario names: `capacity: {published: NAME}` becomes their figures, marked as such.

The name stays beside the figures: the resource asks the row for what a verdict must not leave out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from costplan.messages.errors import Fault, InputError
from costplan.messages.reason import Reason, join_reasons
from costplan.quantities.money import plain, quantized
from costplan.scenario.document.stated_twice import MEASURED, MEASURED_FIGURES, PUBLISHED, beside, is_null
from costplan.source.reader import Mapping, Node, Scalar

if TYPE_CHECKING:
    from costplan.capacity.published_choice import PublishedChoice


class ResolvedName(Scalar):
    """The name of a row whose figures stand beside it."""

    __slots__ = ()


def names_row(capacity: Mapping) -> bool:
    """Say whether a capacity is a published one; `published: ~` takes an inherited one away."""
    name = capacity.entries.get(PUBLISHED)
    return name is not None and not is_null(name)


def published_capacity(node: Mapping, path: str) -> Mapping:
    """Put the figures of a published row beside its name; the same node where they are there.

    Raises:
        InputError: No row fits the name, or the figures are stated in another way too.
    """
    from costplan.capacity.published_choice import published_choice

    name = node.entries[PUBLISHED]
    if isinstance(name, ResolvedName):
        return node
    stated = [key for key in MEASURED_FIGURES if key in node.entries and not _is_published(node.entries[key])]
    faults = [fault for key in (MEASURED, *stated) for fault in beside(node, (PUBLISHED, key), path)]
    if faults:
        raise InputError(faults)
    if not isinstance(name, Scalar):
        raise InputError(Fault("must name a published row", name.mark, f"{path}.{PUBLISHED}"))
    try:
        choice = published_choice(name.value or "")
    except InputError as error:
        first = error.faults[0]
        at = name.mark if first.mark is None else first.mark
        raise InputError(Fault(first.message, at, f"{path}.{PUBLISHED}", first.hint)) from None
    figures = _figures(choice, name)
    kept = {key: value for key, value in node.entries.items() if key not in MEASURED_FIGURES}
    entries = {**kept, **figures, PUBLISHED: ResolvedName(name.value, name.place)}
    return Mapping(entries, {**dict.fromkeys(figures, node.place), **node.key_places}, node.place)


def _is_published(node: Node) -> bool:
    """Say whether a figure is a row's, written into a file with its name."""
    return isinstance(node, Mapping) and PUBLISHED in node.entries


def _figures(choice: PublishedChoice, name: Scalar) -> dict[str, Node]:
    from costplan.capacity.published_words import AT_BEST, said_of, spread_of

    row, alone = choice.row, choice.alone
    rate = plain(quantized(row.rate_per_card))
    figures: dict[str, Node] = {
        "requests_per_second": _marked(rate, join_reasons([said_of(row), spread_of(choice)]), name)
    }
    if alone is not None and alone.alone_seconds is not None:
        single = Reason("one request at a time, row {row}", row=alone.id)
        time = plain(quantized(alone.alone_seconds * 1000))
        figures["request_duration"] = _marked(
            f"{time} ms", join_reasons([said_of(alone, AT_BEST), single]), name
        )
    return figures


def _marked(value: str, why: str, name: Scalar) -> Mapping:
    entries: dict[str, Node] = {"value": Scalar(value, name.place), PUBLISHED: Scalar(why, name.place)}
    return Mapping(entries, dict.fromkeys(entries, name.place), name.place)
