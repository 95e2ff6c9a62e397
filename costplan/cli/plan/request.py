"""What `costplan plan` is asked for, read from its options."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from costplan.analysis.plan.demands import QUOTAS
from costplan.catalog.price import Currency
from costplan.cli.inputs import money_of, one_of, slo_of
from costplan.messages.errors import InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible
from costplan.quantities.money import parse_decimal
from costplan.quantities.units import BYTES_PER_GB, parse_size
from costplan.scenario.choices import TERMS
from costplan.scenario.document.overrides import Override
from costplan.source.reader import scalar_from_text

MAX_ZONES = 10


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """The options as they were written."""

    over: tuple[str, ...] = ()
    slo: str | None = None
    budget: str | None = None
    zones: str | None = None
    quotas: tuple[str, ...] = ()
    no_preemptible: bool = False
    allow_preemptible: bool = False
    allow_shorter_hours: bool = False
    commit: str | None = None
    variants: tuple[str, ...] = ()
    within_quotas: bool = False


def budget_of(text: str | None) -> tuple[Decimal, Currency] | None:
    """Read `235USD`.

    Raises:
        InputError: It is no amount with one of the catalog's currencies.
    """
    if text is None:
        return None
    money = money_of("--budget", text)
    return money.amount, money.currency


def slo_override(text: str | None) -> list[Override]:
    """Read `p99 <= 100 ms` as a change to the workload.

    Raises:
        InputError: It is no promise.
    """
    if text is None:
        return []
    slo_of(text)
    return [
        Override(("workload", "slo"), scalar_from_text(f'"{text}"', f"--slo {visible(text[:60])}"), "--slo")
    ]


def zones_of(text: str | None) -> int:
    """Read a number of zones.

    Raises:
        InputError: It is not from 1 to `MAX_ZONES`.
    """
    if text is None:
        return 1
    if not re.fullmatch(r"\d{1,2}", text, re.ASCII) or not 1 <= int(text) <= MAX_ZONES:
        shown = visible(text[:40])
        raise InputError(f"--zones: must be from 1 to {MAX_ZONES}, got `{shown}`", hint="--zones 3")
    return int(text)


def quotas_of(texts: Sequence[str]) -> dict[str, Fraction]:
    """Read what no design may exceed; the quotas of the account are another matter.

    Raises:
        InputError: There is no such quota, or its value is no number.
    """
    found: dict[str, Fraction] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        shown = f"--quota {visible(text[:60])}"
        if not equals:
            raise InputError(f"{shown}: must be name=most", hint="--quota gpu=2")
        if name not in QUOTAS:
            hint = did_you_mean(name, QUOTAS) or f"known: {listed(QUOTAS)}"
            raise InputError(f"{shown}: there is no quota `{visible(name[:40])}`", hint=hint)
        read: Callable[[str], Fraction] = _memory if name == "memory" else _count
        try:
            found[name] = read(value)
        except ValueError as error:
            raise InputError(Reason("{option}: {why}", option=shown, why=str(error))) from None
    return found


def _count(text: str) -> Fraction:
    return Fraction(parse_decimal(text))


def _memory(text: str) -> Fraction:
    return parse_size(text) / BYTES_PER_GB


def terms_of(text: str | None) -> tuple[str, ...]:
    """Read `y1`, `m6,y1` or `none`.

    Raises:
        InputError: It is none of them.
    """
    words = [word.strip() for word in (text or "none").split(",")]
    known = ("none", *TERMS)
    found = [one_of("--commit", word, known) for word in words]
    return tuple(term for term in TERMS if term in found)
