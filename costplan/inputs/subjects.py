"""Designs that are held against policies, as they are named on a command line."""

from __future__ import annotations

from collections.abc import Sequence

from costplan.analysis.policy.subject import Subject
from costplan.inputs.bundles import Changes, Layers, Prices
from costplan.inputs.repository import in_repository
from costplan.inputs.scenarios import loaded_designs, price_design
from costplan.inputs.values import currency_of, day_of
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import listed


def subjects_of(
    references: Sequence[str],
    bases: Sequence[str],
    prices: Prices,
    layers: Layers,
    changes: Changes,
    variants: Sequence[str] | None = None,
) -> list[Subject]:
    """Load and price designs, each beside the one that it replaces where that is named.

    Args:
        references: Scenarios, each once.
        bases: The designs before, at the same load and without other changes; each goes with the scenario of
            its name, and one alone with the one scenario that there is.
        prices: Which are taken, for both.
        layers: Where they are read.
        changes: How the scenarios are changed.
        variants: Of the scenarios.

    Raises:
        InputError: One of them is wrong, or a base goes with none of them.
    """
    found = _priced(references, prices, layers, changes, variants)
    load = Changes(requests=changes.requests, workload=changes.workload)
    before = _priced(bases, prices, layers, load) if bases else []
    return _paired(found, before)


def _priced(
    references: Sequence[str],
    prices: Prices,
    layers: Layers,
    changes: Changes,
    variants: Sequence[str] | None = None,
) -> list[Subject]:
    day = day_of(prices.as_of)
    loaded = loaded_designs(list(dict.fromkeys(references)), layers, changes, variants)
    return [
        Subject(
            price_design(one, currency=currency_of(prices.currency, one.catalog), as_of=day),
            one,
            shown_path=in_repository,
        )
        for one in loaded
    ]


def _paired(subjects: list[Subject], bases: list[Subject]) -> list[Subject]:
    """Give each design the one before it: that of its name."""
    from dataclasses import replace

    if len(subjects) == len(bases) == 1:
        return [replace(subjects[0], base=bases[0])]
    by_name: dict[str, Subject] = {}
    for base in bases:
        name = base.names[0]
        if name in by_name:
            raise InputError(Reason("--base: two are called `{name}`", name))
        by_name[name] = base
    names = [one.names[0] for one in subjects]
    lost = [name for name in by_name if name not in names]
    if lost:
        raise InputError(
            Reason("--base: `{name}` is none of the scenarios: {names}", lost[0], listed(names)),
            hint="a scenario goes with the base of its own name",
        )
    return [replace(one, base=by_name.get(one.names[0])) for one in subjects]
