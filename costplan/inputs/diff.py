"""What a diff is asked for: two bills by whatever names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from costplan.analysis.diff.diff import diff_estimates
from costplan.analysis.diff.documents import Diff
from costplan.inputs.bundles import Changes, Layers
from costplan.inputs.scenarios import loaded_scenarios
from costplan.inputs.values import currency_of, day_of
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.loaded import LoadedScenario


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """What is compared, as it was written."""

    references: tuple[str, ...]
    days: tuple[str, ...] = ()
    """One for both sides, or one for each."""
    currency: str | None = None


def diff_of(request: DiffRequest, layers: Layers, changes: Changes) -> Diff:
    """Load two designs, or one at two days, and compare their bills.

    Raises:
        InputError: Something that is asked for is wrong.
    """
    days = _days(request.days)
    _check_count(request, days)
    loaded = loaded_scenarios(request.references, layers, changes)
    pair = (loaded[0], loaded[-1])
    shown = [visible(one) for one in (request.references[0], request.references[-1])]
    if days[0] != days[1]:
        shown = [f"{one} ({day})" for one, day in zip(shown, days, strict=True)]
    old, new = _priced(pair, request.currency, days)
    return diff_estimates(old, new, sources=(shown[0], shown[1]))


def _days(texts: Sequence[str]) -> tuple[date | None, date | None]:
    if len(texts) > 2:
        raise InputError(
            Reason("--as-of: at most two days, not {count}", len(texts)),
            hint="--as-of 2026-01-01 --as-of 2026-06-01",
        )
    found = [day_of(text) for text in texts] or [None]
    return found[0], found[-1]


def _check_count(request: DiffRequest, days: tuple[date | None, date | None]) -> None:
    count = len(request.references)
    if count == 2 or (count == 1 and days[0] != days[1]):
        return
    if count > 2:
        raise InputError(Reason("a diff is of two, not of {count}", count))
    raise InputError(
        "a diff needs two: name a second one, or two days",
        hint="costplan diff old.yaml new.yaml; costplan diff shop.yaml --as-of 2026-01-01 --as-of 2026-06-01",
    )


def _priced(
    pair: tuple[LoadedScenario, LoadedScenario], currency: str | None, days: tuple[date | None, date | None]
) -> tuple[Estimate, Estimate]:
    """Price both in one currency: the one that is asked for, else the new one's own."""
    old, new = pair
    money = currency_of(currency, new.catalog) or new.currency
    return (
        price_scenario(old, currency=money, as_of=days[0]),
        price_scenario(new, currency=money, as_of=days[1]),
    )
