"""The two sides of a diff: a saved estimate, or a design that is loaded and priced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from costplan.catalog.price import Currency
from costplan.inputs.bundles import Changes, Layers
from costplan.inputs.diff.request import Days
from costplan.inputs.diff.saved import is_saved, load_saved
from costplan.inputs.scenarios import loaded_designs, price_design
from costplan.inputs.values import currency_of
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.pricing.estimate import Estimate
from costplan.scenario.account.loaded import LoadedAccount
from costplan.scenario.loaded import LoadedScenario

Design = LoadedScenario | LoadedAccount


@dataclass(frozen=True, slots=True)
class Side:
    """One side, as far as it is known before it is priced."""

    source: str
    """As it is called."""
    found: Estimate | Design
    folder: str = ""
    """Beginning of the paths that are not shown: where the files of the past lie for a moment."""


def read_sides(references: Sequence[str], layers: Layers, changes: Changes) -> tuple[Side, Side]:
    """Read what is named, each in its own way; designs are loaded together, so that each has a name.

    Args:
        references: Two, or one that is both sides.
        layers: Where prices are read.
        changes: How designs are changed.

    Raises:
        InputError: One of them cannot be read, or a saved one is to be changed.
    """
    saved = {one: load_saved(Path(one), visible(one)) for one in references if is_saved(one)}
    if saved:
        _refuse_changes(next(iter(saved)), changes)
    designs = [one for one in references if one not in saved]
    loaded = iter(loaded_designs(designs, layers, changes) if designs else ())
    sides = [Side(_shown(one), saved[one] if one in saved else next(loaded)) for one in references]
    return sides[0], sides[-1]


def _shown(reference: str) -> str:
    return "<stdin>" if reference == "-" else visible(reference)


def _refuse_changes(saved: str, changes: Changes) -> None:
    """Refuse options that a saved estimate cannot follow: it holds lines, and nothing that they came from."""
    given = {
        "--set": changes.changes,
        "--requests": changes.requests,
        "--quotas": changes.quotas,
        "--workload": changes.workload,
    }
    for option, value in given.items():
        if value:
            raise InputError(
                Reason(
                    "{option}: `{file}` is a saved estimate and cannot be changed", option, visible(saved)
                ),
                hint="name the designs themselves, or save both with that option",
            )


def priced_sides(sides: tuple[Side, Side], currency: str | None, days: Days) -> tuple[Estimate, Estimate]:
    """Price both in one currency: the one that is asked for, else that of a saved one, else the new one's.

    Raises:
        InputError: A saved one is in another currency, or of another day than is asked for.
    """
    for side, day in zip(sides, days, strict=True):
        if isinstance(side.found, Estimate):
            _check_saved(side.source, side.found, currency, day)
    money = currency or _own_currency(sides)
    old, new = (_priced(side, money, day) for side, day in zip(sides, days, strict=True))
    return old, new


def _own_currency(sides: tuple[Side, Side]) -> str | None:
    saved = [side.found for side in sides if isinstance(side.found, Estimate)]
    if len({one.currency for one in saved}) > 1:
        raise InputError(
            Reason(
                "`{old}` is in {currency}, `{new}` in {other}: there is no exchange rate",
                sides[0].source, saved[0].currency, sides[1].source, saved[1].currency,
            ),
            hint="save both with one --currency",
        )  # fmt: skip
    return saved[0].currency if saved else sides[1].found.currency


def _check_saved(source: str, saved: Estimate, currency: str | None, day: date | None) -> None:
    if currency is not None and currency.upper() != saved.currency:
        raise InputError(
            Reason("--currency: `{file}` is saved in {currency}", source, saved.currency),
            hint=Reason("save it anew with --currency {asked}", visible(currency[:10])),
        )
    if day is not None and day != saved.catalog.as_of:
        raise InputError(
            Reason("--as-of: `{file}` is saved with the prices of {day}", source, saved.catalog.as_of),
            hint=Reason("save it anew with --as-of {asked}", day),
        )


def _priced(side: Side, currency: str | None, day: date | None) -> Estimate:
    if isinstance(side.found, Estimate):
        return side.found
    money: Currency | None = currency_of(currency, side.found.catalog)
    made = price_design(side.found, currency=money, as_of=day)
    if not side.folder:
        return made
    title = {language: text.replace(side.folder, "") for language, text in made.title.items()}
    return replace(made, title=title)
