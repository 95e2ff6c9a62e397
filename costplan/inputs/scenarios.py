"""Scenarios by their names, with the prices and the changes that were asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from costplan.catalog.store import Catalog
from costplan.inputs.bundles import Changes, Layers, Prices
from costplan.inputs.values import currency_of, day_of
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.document.variants import split_reference
from costplan.scenario.load import load_scenario
from costplan.scenario.load_design import load_design, refuse_changes
from costplan.scenario.load_many import L, side_by_side
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.variant_faults import why_left_out

if TYPE_CHECKING:
    from costplan.scenario.account.loaded import LoadedAccount
    from costplan.scenario.document.files import Document
    from costplan.source.reader import Mapping


def catalog_opener(catalog: Path | None, overlays: Sequence[Path] | None) -> Callable[[str], Catalog]:
    """Return how to open the catalog that a scenario names; each is opened once."""
    opened: dict[str, Catalog] = {}
    for folder in (*([catalog] if catalog else []), *(overlays or ())):
        if not _is_folder(folder):
            raise InputError(Reason("`{path}` is not a folder", path=visible(str(folder))))

    def open_catalog(name: str) -> Catalog:
        if name not in opened:
            layers = tuple(overlays or ())
            opened[name] = Catalog([catalog, *layers]) if catalog else Catalog.shipped(name, *layers)
            _check_layers(opened[name], catalog)
        return opened[name]

    return open_catalog


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that is too long for a file system
        return False


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
    """Load and price scenarios, and accounts of several, with one set of options."""
    day = day_of(prices.as_of)
    loaded = loaded_designs(references, layers, changes, variants)
    return [
        price_design(one, currency=currency_of(prices.currency, one.catalog), as_of=day) for one in loaded
    ]


def price_design(
    one: LoadedScenario | LoadedAccount, *, currency: str | None = None, as_of: date | None = None
) -> Estimate:
    """Price a scenario, or an account of several."""
    if isinstance(one, LoadedScenario):
        return price_scenario(one, currency=currency, as_of=as_of)
    from costplan.pricing.account import price_account  # most designs are no account

    return price_account(one, currency=currency, as_of=as_of)


def account_of(
    document: Document,
    whole: Mapping,
    open_catalog: Callable[[str], Catalog],
    variants: Sequence[str],
    changes: Changes,
) -> LoadedAccount:
    """Load an account whose document was read already."""
    from costplan.scenario.account.load import load_account

    refuse_changes(whole, variants, changes.requests, changes.workload)
    sets, quotas = changes.changes or (), changes.quotas or ()
    return load_account(whole, open_catalog, path=document.path, sets=sets, quotas=quotas)


def standing_variants(
    references: Sequence[str], layers: Layers, changes: Changes
) -> tuple[list[str], list[tuple[str, Reason]]]:
    """Tell variants that can stand alone from those that cannot, each with the reason.

    Raises:
        InputError: A scenario itself is wrong.
    """
    load = _loading(load_design, references, layers, changes, None)
    standing: list[str] = []
    left_out: list[tuple[str, Reason]] = []
    for reference in references:
        try:
            load(reference)
        except InputError as error:
            if not split_reference(reference)[1]:
                raise
            left_out.append((reference, why_left_out(error)))
        else:
            standing.append(reference)
    return standing, left_out


def loaded_scenarios(
    references: Sequence[str], layers: Layers, changes: Changes, variants: Sequence[str] | None = None
) -> list[LoadedScenario]:
    """Load scenarios with one set of options; an account is refused."""
    return side_by_side(references, _loading(load_scenario, references, layers, changes, variants))


def loaded_designs(
    references: Sequence[str], layers: Layers, changes: Changes, variants: Sequence[str] | None = None
) -> list[LoadedScenario | LoadedAccount]:
    """Load scenarios, and accounts of several, with one set of options."""
    return side_by_side(references, _loading(load_design, references, layers, changes, variants))


def _loading(
    load: Callable[..., L],
    references: Sequence[str],
    layers: Layers,
    changes: Changes,
    variants: Sequence[str] | None,
) -> Callable[[str], L]:
    """Return what loads one of the references with the options."""
    if sum(reference.partition(":")[0] == "-" for reference in references) > 1:
        raise InputError("standard input (`-`) can be read once only", hint="save it to a file")
    return partial(
        load,
        open_catalog=catalog_opener(*layers),
        variants=variants or (),
        sets=changes.changes or (),
        requests=changes.requests,
        quotas=changes.quotas or (),
        workload=changes.workload,
    )
