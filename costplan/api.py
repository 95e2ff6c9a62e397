"""The library's face: what the commands answer, as frozen values.

A scenario is a name or a path, as on the command line, or what `load_scenario` returned. Amounts of answers
are exact `Decimal`s; notes and warnings are fields. Every function raises `InputError`, with all faults that
were found, when an input is wrong; a fault names the option of the command line that says the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from costplan.cli.inputs import currency_of, day_of, loaded_scenarios
from costplan.cli.options import Changes, Layers, Prices
from costplan.scenario.loaded import LoadedScenario

if TYPE_CHECKING:
    from costplan.analysis.bill.documents import Comparison
    from costplan.analysis.curve.document import Curve
    from costplan.analysis.plan.documents import Plan
    from costplan.analysis.timeline.document import Timeline
    from costplan.pricing.estimate import Estimate

Reference = str | os.PathLike[str] | LoadedScenario
"""A shipped scenario's name or a path, with variants (`stage2:preemptible`), or a loaded scenario."""
Number = str | int | Decimal
"""A number, or its text as the command line takes it: `5M`, `10%`, `150000RUB`."""
STAGES = ("stage1", "stage2", "stage3")


def load_scenario(
    scenario: str | os.PathLike[str],
    *,
    variants: str | Iterable[str] = (),
    set: Mapping[str, object] | None = None,
    requests: Number | None = None,
    catalog: str | os.PathLike[str] | None = None,
    overlays: Iterable[str | os.PathLike[str]] = (),
) -> LoadedScenario:
    """Read a scenario and check all of it.

    Args:
        scenario: A shipped scenario's name or a path; `stage2:preemptible` applies a variant.
        variants: Names of variants to apply.
        set: Changes by their paths: `{"resources.api.vcpu": 4}`.
        requests: Another number of requests a month: `5_000_000`, `"5M"`.
        catalog: A folder of prices instead of the shipped ones.
        overlays: Folders of prices that are laid over them, the last on top.
    """
    changes = Changes(
        [f"{path}={_text(value)}" for path, value in (set or {}).items()], _text_or_none(requests)
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
    money = currency_of(currency, found[0].catalog) if found else None
    return curve_of(found, first, last, currency=money, as_of=_day(as_of))


def plan(
    scenarios: Iterable[Reference] = STAGES,
    *,
    over: Mapping[str, Iterable[object]] | None = None,
    slo: str | None = None,
    budget: str | None = None,
    zones: int = 1,
    currency: str | None = None,
    as_of: str | date | None = None,
) -> Plan:
    """Search the cheapest design that keeps its promise.

    Args:
        scenarios: Where designs start from.
        over: What is left open: `{"resources.api.vcpu": [2, 4]}`.
        slo: Promise to keep: `p99 <= 100 ms`.
        budget: Most per month, with its currency: `235USD`.
        zones: Zones that everything which serves must stand in.
        currency: As for `estimate`.
        as_of: As for `estimate`.
    """
    from costplan.cli.plan.request import PlanRequest
    from costplan.cli.plan.run import plan_of

    left_open = tuple(f"{path}={','.join(map(_text, values))}" for path, values in (over or {}).items())
    asked = PlanRequest(left_open, slo, budget, str(zones))
    day = _text_or_none(as_of)
    return plan_of(_scenarios(scenarios), asked, Prices(currency, day), lambda what, done, whole: None)[0]


def timeline(
    scenarios: Iterable[Reference] = STAGES,
    *,
    months: int = 24,
    growth: Number | None = None,
    start: str | None = None,
    hold: int = 1,
    currency: str | None = None,
    as_of: str | date | None = None,
) -> Timeline:
    """Plan which design serves in which of the months ahead.

    Args:
        scenarios: Designs; the load is the first's.
        months: How many months.
        growth: Of the load: `10%` a month, `2x/year`; the first scenario's own if left out.
        start: First month: `2027-01`; that after the prices' day if left out.
        hold: Fewest months on a design.
        currency: As for `estimate`.
        as_of: As for `estimate`.
    """
    from costplan.analysis.timeline.timeline import Horizon
    from costplan.analysis.timeline.timeline import timeline as timeline_of
    from costplan.cli.commands.timeline import MOST_MONTHS, growth_of, month_of, whole

    found = _scenarios(scenarios)
    horizon = Horizon(
        months=whole("--months", str(months), MOST_MONTHS),
        start=month_of("--start", start),
        growth=growth_of(_text_or_none(growth)),
        hold=whole("--hold", str(hold), MOST_MONTHS),
    )
    money = currency_of(currency, found[0].catalog) if found else None
    return timeline_of(found, horizon, currency=money, as_of=_day(as_of))


def _scenarios(given: Iterable[Reference]) -> list[LoadedScenario]:
    items = [given] if isinstance(given, str) else list(given)
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
