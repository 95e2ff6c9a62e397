"""Scenarios by their names, with the prices and the changes that were asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from costplan.catalog.store import Catalog
from costplan.inputs.bundles import Changes, Layers, Prices
from costplan.inputs.values import currency_of, day_of
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.load import load_scenario
from costplan.scenario.load_many import side_by_side
from costplan.scenario.loaded import LoadedScenario


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
        workload=changes.workload,
    )
    return side_by_side(references, load)
