"""The library's face: what the commands answer, as frozen values.

A scenario is a name or a path, as on the command line, or what `load_scenario` returned. Amounts of answers
are exact `Decimal`s; notes and warnings are fields. Every function raises `InputError`, with all faults that
were found, when an input is wrong; a fault names the option of the command line that says the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from costplan.inputs.bundles import STAGES, Changes, Layers, Prices
from costplan.inputs.scenarios import loaded_scenarios
from costplan.inputs.values import currency_of, day_of
from costplan.messages.errors import InputError
from costplan.scenario.loaded import LoadedScenario

if TYPE_CHECKING:
    from costplan.analysis.bill.documents import Comparison
    from costplan.analysis.curve.documents import Curve
    from costplan.analysis.plan.documents import Plan
    from costplan.analysis.timeline.documents import Timeline
    from costplan.pricing.estimate import Estimate

Reference = str | os.PathLike[str] | LoadedScenario
"""A shipped scenario's name or a path, with variants (`stage2:preemptible`), or a loaded scenario."""
Number = str | int | Decimal
"""A number, or its text as the command line takes it: `5M`, `10%`, `150000RUB`."""

Progress = Callable[[str, int, int], None]
"""Called with what is done, how many of it are, and how many there are."""


def load_scenario(
    scenario: str | os.PathLike[str],
    *,
    variants: str | Iterable[str] = (),
    set: Mapping[str, object] | None = None,
    requests: Number | None = None,
    quotas: Iterable[str | os.PathLike[str]] = (),
    catalog: str | os.PathLike[str] | None = None,
    overlays: Iterable[str | os.PathLike[str]] = (),
) -> LoadedScenario:
    """Read a scenario and check all of it.

    Args:
        scenario: A shipped scenario's name or a path; `stage2:preemptible` applies a variant.
        variants: Names of variants to apply.
        set: Changes by their paths: `{"resources.api.vcpu": 4}`.
        requests: Another number of requests a month: `5_000_000`, `"5M"`.
        quotas: Files with the quotas of the account, as the provider's CLI exports them.
        catalog: A folder of prices instead of the shipped ones.
        overlays: Folders of prices that are laid over them, the last on top.
    """
    changes = Changes(
        [f"{path}={_text(value)}" for path, value in (set or {}).items()],
        _text_or_none(requests),
        [Path(file) for file in quotas],
    )
    layers = Layers(None if catalog is None else Path(catalog), [Path(folder) for folder in overlays])
    chosen = [variants] if isinstance(variants, str) else list(variants)
    [loaded] = loaded_scenarios([os.fspath(scenario)], layers, changes, chosen)
    return loaded


def estimate(
    scenario: Reference, *, currency: str | None = None, as_of: str | date | None = None
) -> Estimate:
    """Price a scenario: the month's bill, line by line, beside its budget.

    Args:
        scenario: What to price.
        currency: Code of the currency; the scenario's own if left out.
        as_of: Day whose prices hold; the scenario's, or the catalog's, own if left out.
    """
    from costplan.pricing.engine import price_scenario

    [loaded] = _scenarios([scenario])
    return price_scenario(loaded, currency=currency_of(currency, loaded.catalog), as_of=_day(as_of))


def compare(
    scenarios: Iterable[Reference] = STAGES, *, currency: str | None = None, as_of: str | date | None = None
) -> Comparison:
    """Set scenarios side by side by role; the arguments are those of `estimate`."""
    from costplan.analysis.bill.compare import compare as compare_bills

    return compare_bills([estimate(one, currency=currency, as_of=as_of) for one in _scenarios(scenarios)])


def curve(
    scenarios: Iterable[Reference] = STAGES,
    *,
    first: int = 1_000,
    last: int = 1_000_000_000,
    currency: str | None = None,
    as_of: str | date | None = None,
) -> Curve:
    """Set the cost of scenarios against the load, from `first` to `last` requests a month."""
    from costplan.analysis.curve.curve import curve as curve_of

    found = _scenarios(scenarios)
    money = currency_of(currency, found[0].catalog)
    return curve_of(found, first, last, currency=money, as_of=_day(as_of))


def plan(
    scenarios: Iterable[Reference] = STAGES,
    *,
    over: Mapping[str, Iterable[object]] | None = None,
    slo: str | None = None,
    budget: str | None = None,
    zones: int = 1,
    quotas: Mapping[str, object] | None = None,
    commit: Iterable[str] = (),
    within_quotas: bool = False,
    allow_preemptible: bool = False,
    no_preemptible: bool = False,
    allow_shorter_hours: bool = False,
    currency: str | None = None,
    as_of: str | date | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Search the cheapest design that meets its requirements.

    Args:
        scenarios: Where designs start from.
        over: What is left open: `{"resources.api.vcpu": [2, 4]}`.
        slo: Latency to keep: `p99 <= 100 ms`.
        budget: Most per month, with its currency: `235USD`.
        zones: Zones that everything which serves must stand in.
        quotas: What no design may exceed: `{"gpu": 2, "memory": "64 GB"}`.
        commit: Terms of commitments that are counted: `["y1"]`.
        within_quotas: Take no design that needs a quota of the account raised.
        allow_preemptible: Take machines that the provider may stop in several zones too.
        no_preemptible: Take none of them.
        allow_shorter_hours: Take variants that serve fewer hours.
        currency: As for `estimate`.
        as_of: As for `estimate`.
        progress: Called with what is done, how many of it are, and how many there are.
    """
    from costplan.inputs.plan import PlanRequest, plan_of

    request = PlanRequest(
        over=tuple(f"{path}={','.join(map(_text, values))}" for path, values in (over or {}).items()),
        slo=slo,
        budget=budget,
        zones=str(zones),
        quotas=tuple(f"{name}={_text(most)}" for name, most in (quotas or {}).items()),
        no_preemptible=no_preemptible,
        allow_preemptible=allow_preemptible,
        allow_shorter_hours=allow_shorter_hours,
        commit=",".join(commit) or None,
        within_quotas=within_quotas,
    )
    prices = Prices(currency, _text_or_none(as_of))
    return plan_of(_scenarios(scenarios), request, prices, progress or (lambda what, done, whole: None))[0]


def timeline(
    scenarios: Iterable[Reference] = STAGES,
    *,
    months: int = 24,
    growth: Number | None = None,
    start: str | None = None,
    switching: Number | None = None,
    hold: int = 1,
    budget: Number | None = None,
    total_budget: Number | None = None,
    currency: str | None = None,
    as_of: str | date | None = None,
) -> Timeline:
    """Plan which design serves in which of the months ahead.

    Args:
        scenarios: Designs; the load is the first's.
        months: How many months.
        growth: Of the load: `10%` a month, `2x/year`; the first scenario's own if left out.
        start: First month: `2027-01`; that after the prices' day if left out.
        switching: What each move costs: `150000RUB`.
        hold: Fewest months on a design.
        budget: Highest spend in a month, moves included.
        total_budget: Highest spend in all months.
        currency: As for `estimate`.
        as_of: As for `estimate`.
    """
    from costplan.analysis.timeline.timeline import timeline as timeline_of
    from costplan.inputs.timeline import horizon_of

    found = _scenarios(scenarios)
    money = currency_of(currency, found[0].catalog)
    horizon = horizon_of(
        money or found[0].currency,
        months=str(months),
        start=start,
        growth=_text_or_none(growth),
        switching=_text_or_none(switching),
        hold=str(hold),
        budget=_text_or_none(budget),
        total_budget=_text_or_none(total_budget),
    )
    return timeline_of(found, horizon, currency=money, as_of=_day(as_of))


def _scenarios(given: Iterable[Reference]) -> list[LoadedScenario]:
    items = [given] if isinstance(given, str) else list(given)
    if not items:
        raise InputError("no scenario is named", hint='estimate("stage2")')
    names = [os.fspath(one) for one in items if not isinstance(one, LoadedScenario)]
    read = iter(loaded_scenarios(names, Layers(), Changes()) if names else ())
    return [one if isinstance(one, LoadedScenario) else next(read) for one in items]


def _day(day: str | date | None) -> date | None:
    return day_of(day) if day is None or isinstance(day, str) else day


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _text(value: object) -> str:
    """Write a value as it stands behind `--set path=`."""
    if value is None:
        return "~"
    return str(value).lower() if isinstance(value, bool) else str(value)
