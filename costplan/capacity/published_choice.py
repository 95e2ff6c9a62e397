"""Which published row a name means: one row by its id, or the weakest row of a family.

A family is written like an id with parts left out: `resnet50-t4-triton-fp16`. It must leave one model, input
size, precision and card. What has no row is refused: nothing is scaled, and no card's figures are another's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from costplan.capacity.published_rows import PublishedRow, published_rows
from costplan.checked.records import dataclass
from costplan.messages.errors import InputError, did_you_mean
from costplan.messages.reason import Reason, join_reasons
from costplan.messages.text import listed, nearest, visible

WAY_OUT: Final = Reason("`costplan catalog capacities` lists all; `costplan bench` measures yours")
_SIZE = re.compile(r"\d+x\d+|seq\d+|\d+tokens", re.ASCII)
_CARD = re.compile(r"[a-z]\d+[a-z]?|gen\d+|rtx\d*|gpu", re.ASCII)
DYNAMIC: Final = ", dynamic batching"
"""Ends the name of a runtime that makes batches itself; without it, it is the same runtime."""


@dataclass(frozen=True, slots=True)
class PublishedChoice:
    """A row, with those that it stands among."""

    row: PublishedRow
    """Whose rate is taken."""
    weakest: PublishedRow
    """Of the same model, input size, precision and card."""
    strongest: PublishedRow
    alone: PublishedRow | None
    """Of one request at a time, by the same runtime if there is one; None where nothing says."""
    formed: tuple[PublishedRow, ...]
    """By the same runtime, of requests that come one by one."""

    def rate_with(self, in_flight: int) -> PublishedRow:
        """Return the row whose rate is reached with no more requests in flight: the strongest of them."""
        reached = [one for one in self.formed if (one.in_flight or 0) <= in_flight]
        return max(reached, key=_rate) if reached else self.weakest


def published_choice(name: str, rows: Sequence[PublishedRow] | None = None) -> PublishedChoice:
    """Find what a scenario means by a name.

    Args:
        name: An id, or a family.
        rows: All rows; those that come with costplan when left out.

    Raises:
        InputError: Nothing fits, or several things do; the message names the nearest.
    """
    known = rows if rows is not None else published_rows()
    row = next((one for one in known if one.id == name), None) or min(_family(name, known), key=_rate)
    if row.unit != "requests":
        message = "`{row}` counts tokens, not requests"
        if row.unit != "tokens":
            message = "`{row}` counts seconds of audio, not requests"
        raise InputError(Reason(message, row=row.id), hint=WAY_OUT)
    same = [one for one in known if _basis(one) == _basis(row)]
    by_runtime = [one for one in same if _runtime(one) == _runtime(row)]
    alone = [one for one in by_runtime if one.alone_seconds] or [one for one in same if one.alone_seconds]
    return PublishedChoice(
        row,
        min(same, key=_rate),
        max(same, key=_rate),
        max(alone, key=lambda one: one.alone_seconds or 0, default=None),
        tuple(one for one in by_runtime if one.in_flight and (one.batches_on_server or one.batch == 1)),
    )


def _rate(row: PublishedRow) -> tuple[object, str]:
    return row.rate_per_card, row.id


def _basis(row: PublishedRow) -> tuple[str, ...]:
    return row.key, row.input, row.precision, row.card, row.unit


def _runtime(row: PublishedRow) -> str:
    return row.runtime.removesuffix(DYNAMIC)


def _parts(row: PublishedRow) -> set[str]:
    """Return what a family may say of a row after its model."""
    return {*row.id.removeprefix(f"{row.key}-").split("-"), _size(row)}


def _size(row: PublishedRow) -> str:
    """Return an input size as a family writes it; of one that takes more words, the part of the id."""
    size = row.input.casefold().replace("seq ", "seq")
    return size if size and " " not in size else row.id.removeprefix(f"{row.key}-").partition("-")[0]


def _family(name: str, known: Sequence[PublishedRow]) -> list[PublishedRow]:
    keys = {one.key for one in known}
    key = max((one for one in keys if name == one or name.startswith(f"{one}-")), key=len, default=None)
    if key is None:
        raise _unknown_model(name, keys)
    found = [one for one in known if one.key == key]
    for part in filter(None, name.removeprefix(key).split("-")):
        fitting = [one for one in found if part in _parts(one)]
        if not fitting:
            raise _no_row(part, found, known)
        found = fitting
    for what, of in _MUST_BE_ONE.items():
        if len({of(one) for one in found}) > 1:
            message = Reason("`{name}` names rows of several {what}", name=visible(name[:80]), what=what)
            raise InputError(
                message, hint=_with_way_out(Reason("add one of {parts}", listed(_telling(found, of))))
            )
    return found


_MUST_BE_ONE: Final[dict[Reason, Callable[[PublishedRow], str]]] = {
    Reason("input sizes"): lambda row: row.input,
    Reason("cards"): lambda row: row.card,
    Reason("precisions"): lambda row: row.precision,
}


def _telling(found: Sequence[PublishedRow], of: Callable[[PublishedRow], str]) -> list[str]:
    """Return for each value the part of a name that only its rows have."""
    telling = []
    for value in sorted({of(one) for one in found}):
        own = set.intersection(*(_parts(one) for one in found if of(one) == value))
        others = set().union(*(_parts(one) for one in found if of(one) != value))
        telling += sorted(own - others)[:1]
    return telling


def _unknown_model(name: str, keys: set[str]) -> InputError:
    """Refuse a model without a row; what is meant may be the beginning of the name."""
    steps = name.split("-")
    heads = ["-".join(steps[:count]) for count in range(len(steps), 0, -1)]
    near = next((found for head in heads if (found := nearest(head, keys))), None)
    hint = did_you_mean(near, keys) if near else None
    hint = hint or Reason("models: {names}", listed(sorted(keys), 40))
    message = Reason("no published row fits `{name}`: its model has none", name=visible(name[:80]))
    return InputError(message, hint=_with_way_out(hint))


def _no_row(part: str, found: Sequence[PublishedRow], known: Sequence[PublishedRow]) -> InputError:
    """Refuse a part that no row has, with what there is in its place."""
    model, shown = found[0].model, visible(part[:40])
    cards = {one.card.casefold() for one in known}
    if _SIZE.fullmatch(part):
        message = Reason(
            "nothing is published for {model} at {size}, and no row is scaled to another input size",
            model=model,
            size=shown,
        )
        return _refusal(message, sorted({_size(one) for one in found}))
    if part in cards or _CARD.fullmatch(part):
        message = Reason(
            "nothing is published for {model} on {card}, and no other card's figures are taken for it",
            model=model,
            card=shown,
        )
        return _refusal(message, sorted({one.card.casefold() for one in found}))
    others = sorted({other for one in found for other in _parts(one)})
    message = Reason("no published row of {model} has `{part}` in its name", model=model, part=shown)
    near = did_you_mean(part, others)
    return InputError(message, hint=_with_way_out(near)) if near else _refusal(message, others)


def _refusal(message: Reason, there_are: Sequence[str]) -> InputError:
    return InputError(message, hint=_with_way_out(Reason("published: {names}", listed(there_are, 20))))


def _with_way_out(hint: str) -> str:
    return join_reasons([hint, WAY_OUT])
