"""A diff as it was written on the command line, and what of it goes together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from costplan.inputs.values import day_of
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason

Days = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """What is compared."""

    references: tuple[str, ...]
    days: tuple[str, ...] = ()
    """One for both sides, or one for each."""
    currency: str | None = None
    revision: str | None = None
    """Of git, at which the old side is read."""


def days_of(texts: Sequence[str]) -> Days:
    """Read the days of both sides.

    Raises:
        InputError: One is no day, or there are more than two.
    """
    if len(texts) > 2:
        message = Reason("--as-of: at most two days, not {count}", len(texts))
        raise InputError(message, hint="--as-of 2026-01-01 --as-of 2026-06-01")
    found = [day_of(text) for text in texts] or [None]
    return found[0], found[-1]


def check_count(request: DiffRequest, days: Days) -> None:
    """See that there are two sides.

    Raises:
        InputError: There are not, or three.
    """
    count = len(request.references)
    if request.revision is not None:
        if count != 1:
            message = Reason("--from: a revision is compared with one design, not with {count}", count)
            raise InputError(message, hint="costplan diff --from main shop.yaml")
        return
    if count == 2 or (count == 1 and days[0] != days[1]):
        return
    if count > 2:
        raise InputError(Reason("a diff is of two, not of {count}", count))
    raise InputError(
        "a diff needs two: name a second one, a revision of git, or two days",
        hint="costplan diff old.yaml new.yaml; costplan diff --from main shop.yaml",
    )
