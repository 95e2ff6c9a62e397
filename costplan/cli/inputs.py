"""From options to checked inputs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from costplan.capacity.slo import Slo, parse_slo
from costplan.catalog.price import Currency
from costplan.catalog.store import Catalog
from costplan.cli.options import Changes, Layers, Prices
from costplan.messages.errors import InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.quantities.money import Money, parse_money
from costplan.scenario.calendar import LAST_YEAR
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.told_apart import side_by_side


def one_of(option: str, value: str, choices: Sequence[str]) -> str:
    """Check an option against its choices.

    Raises:
        InputError: It is none of them; the hint names the nearest.
    """
    if value not in choices:
        hint = did_you_mean(value, choices)
        raise InputError(
            Reason(
                "{option}: `{value}` is not one of {choices}",
                option=option,
                value=visible(value[:60]),
                choices=listed(choices),
            ),
            hint=hint,
        )
    return value


def currency_of(text: str | None, catalog: Catalog, option: str = "--currency") -> Currency | None:
    """Read an option that is one of the catalog's currencies; case does not matter."""
    return None if text is None else one_of(option, text.upper(), tuple(catalog.currencies))


def money_of(option: str, text: str, default: str | None = None) -> Money:
    """Read an option that is an amount: `2000USD`, `150000 RUB`; without a currency it is in the default.

    Raises:
        InputError: It is none.
    """
    try:
        money = parse_money(text, default)
    except ValueError as error:
        hint = f"write it like {option} 2000{default or 'USD'}"
        raise InputError(Reason("{option}: {why}", option=option, why=str(error)), hint=hint) from None
    return money


def amount_in(currency: str, option: str, text: str) -> Decimal:
    """Read an option that is an amount in a currency, named or not: `150000RUB`, `60000`.

    Raises:
        InputError: It is none, or in another currency: there is no exchange rate.
    """
    money = money_of(option, text, currency)
    if money.currency != currency:
        hint = f"there is no exchange rate; say it in {currency}, or add --currency {money.currency}"
        raise InputError(f"{option}: `{visible(text[:40])}` is not in {currency}", hint=hint)
    return money.amount


def slo_of(text: str) -> Slo:
    """Read --slo: `p99 <= 100 ms`, `p95:1.5s`.

    Raises:
        InputError: It is none.
    """
    try:
        return parse_slo(text)
    except ValueError as error:
        shown = f"--slo {visible(text[:60])}"
        raise InputError(
            Reason("{option}: {why}", option=shown, why=str(error)), hint="--slo 'p99 <= 100 ms'"
        ) from None


def day_of(text: str | None, option: str = "--as-of") -> date | None:
    """Read an option that is a day.

    Raises:
        InputError: Not a day written as 2026-05-01.
    """
    if text is None:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError(text)
        day = date.fromisoformat(text)
    except ValueError:
        raise InputError(
            Reason("{option}: `{value}` is not a date", option=option, value=visible(text[:40])),
            hint=Reason("write it like {example}", example=f"{option} 2026-05-01"),
        ) from None
    if day.year > LAST_YEAR:
        raise InputError(
            Reason(
                "{option}: must be at most in {year}, got {value}",
                option=option,
                year=str(LAST_YEAR),
                value=text,
            )
        )
    return day


def catalog_opener(catalog: Path | None, overlays: Sequence[Path] | None) -> Callable[[str], Catalog]:
    """Return how to open the catalog that a scenario names; each is opened once."""
    opened: dict[str, Catalog] = {}
    for folder in (*([catalog] if catalog else []), *(overlays or ())):
        if not folder.is_dir():
            raise InputError(Reason("`{path}` is not a folder", path=visible(str(folder))))

    def open_catalog(name: str) -> Catalog:
        if name not in opened:
            layers = tuple(overlays or ())
            opened[name] = Catalog([catalog, *layers]) if catalog else Catalog.shipped(name, *layers)
            _check_layers(opened[name], catalog)
        return opened[name]

    return open_catalog


def _check_layers(opened: Catalog, own: Path | None) -> None:
    """Refuse what a user's own folders hold and nothing would read; the shipped catalog costs nothing."""
    if own is not None or len(opened.folders) > 1:
        from costplan.catalog.overlay import check_files, check_overlays

        if own is not None:
            check_files(own)
        check_overlays(opened)


def estimates(
    references: Sequence[str],
    prices: Prices,
    layers: Layers,
    changes: Changes,
    variants: Sequence[str] | None = None,
) -> list[Estimate]:
    """Load and price scenarios with one set of options."""
    day = day_of(prices.as_of)
    loaded = loaded_scenarios(references, layers, changes, variants)
    return [
        price_scenario(one, currency=currency_of(prices.currency, one.catalog), as_of=day) for one in loaded
    ]


def loaded_scenarios(
    references: Sequence[str], layers: Layers, changes: Changes, variants: Sequence[str] | None = None
) -> list[LoadedScenario]:
    """Load scenarios with one set of options."""
    open_catalog = catalog_opener(*layers)
    if sum(reference.partition(":")[0] == "-" for reference in references) > 1:
        raise InputError("standard input (`-`) can be read once only", hint="save it to a file")
    load = partial(
        load_scenario,
        open_catalog=open_catalog,
        variants=variants or (),
        sets=changes.changes or (),
        requests=changes.requests,
        quotas=changes.quotas or (),
    )
    return side_by_side(references, load)
