"""Units in which a catalog prices."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from costplan.checked.records import dataclass
from costplan.messages.reason import Reason
from costplan.messages.text import nearest, visible
from costplan.quantities.units import COUNT_SUFFIXES, HOURS_PER_MONTH, SECONDS_PER_HOUR

_TIMES = {"second": Fraction(1, SECONDS_PER_HOUR), "hour": Fraction(1), "month": Fraction(HOURS_PER_MONTH)}
"""To hours."""

BASES = frozenset(
    [
        "core",
        "GB",
        "gpu",
        "ip",
        "request",
        "invocation",
        "value",
        "RU",
        "version",
        "operation",
        "master",
        "balancer",
        "gateway",
        "alert",
        "zone",
        "query",
        "resource",
        "row",
        "event",
        "secret",
        "user",
        "scan",
        "token",
        "character",
        "email",
        "instance",
        "account",
    ]
)
"""Things that a catalog counts."""

_PRICING_UNIT = re.compile(
    r"(?:(?P<count>\d{1,12})(?P<suffix>[KM]?) )?(?P<base>[A-Za-z]+?)s?(?:\*(?P<time>[a-z]+?)s?)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class PricingUnit:
    """What one price is per: `core*hour`, `GB*month`, `1000 requests`, `month`."""

    count: int
    base: str
    """A word of `BASES`; empty for a bare time such as `month`."""
    hours: Fraction | None
    """Length of the time factor in hours; None when the unit has none."""

    def factor_from(self, other: PricingUnit) -> Fraction:
        """Return by what a quantity in `other` is multiplied to be in this unit.

        Raises:
            ValueError: The two measure different things.
        """
        if self.base != other.base or (self.hours is None) != (other.hours is None):
            raise ValueError("the units measure different things")
        factor = Fraction(other.count, self.count)
        if self.hours is not None and other.hours is not None:
            factor *= other.hours / self.hours
        return factor


@lru_cache(maxsize=256)
def pricing_unit(text: str) -> PricingUnit:
    """Read a pricing unit.

    Raises:
        ValueError: The unit is not known; the message names the nearest known word.
    """
    match = _PRICING_UNIT.fullmatch(text)
    if match is None:
        raise ValueError(
            Reason("is not a pricing unit: `{text}`; write it like `core*hour`", visible(text[:40]))
        )
    count = int(match["count"] or 1) * COUNT_SUFFIXES[match["suffix"] or ""]
    if count == 0:
        raise ValueError(
            Reason("counts by nothing: `{text}`; write it like `1000 requests`", visible(text[:40]))
        )
    base, time = _singular(match["base"]), match["time"]
    if time is None and base in _TIMES:
        return PricingUnit(count, "", _TIMES[base])
    if base not in BASES:
        raise ValueError(
            Reason("counts the unknown thing `{thing}`; known: {names}", visible(base), _known(base, BASES))
        )
    if time is not None and time not in _TIMES:
        raise ValueError(
            Reason("has the unknown time `{time}`; known: {names}", visible(time), _known(time, _TIMES))
        )
    return PricingUnit(count, base, _TIMES[time] if time else None)


def _singular(word: str) -> str:
    return {"querie": "query"}.get(word, word)


def _known(word: str, words: Iterable[str]) -> str:
    options = sorted(words)
    near = nearest(word, options)
    return f"{near}?" if near else ", ".join(options)
