"""The library's face: what the commands answer, as frozen values.

A scenario is a name or a path, as on the command line, or what `load_scenario` returned. Amounts of answers
are exact `Decimal`s; notes and warnings are fields. Every function raises `InputError`, with all faults that
were found, when an input is wrong; a fault names the option of the command line that says the same, or the
argument that is of a wrong type.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from costplan.inputs.arguments import (
    day,
    flag,
    items_of,
    number_of,
    pairs_of,
    path_of,
    paths_of,
    quoted,
    text_of,
    texts_of,
    values_of,
    whole,
    written,
    wrong,
)
from costplan.inputs.bundles import STAGES, Changes, Layers, Prices
from costplan.inputs.scenarios import loaded_designs, loaded_scenarios, price_design
from costplan.inputs.values import currency_of
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.scenario.loaded import LoadedScenario

if TYPE_CHECKING:
    from costplan.analysis.bill.documents import Comparison
    from costplan.analysis.curve.documents import Curve
    from costplan.analysis.plan.documents import Plan
    from costplan.analysis.timeline.documents import Timeline
    from costplan.pricing.estimate import Estimate
    from costplan.scenario.account.loaded import LoadedAccount

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
    workload: str | os.PathLike[str] | None = None,
) -> LoadedScenario:
    """Read a scenario and check all of it.

    Args:
        scenario: A shipped scenario's name, or the path of a scenario or of a plan of Terraform;
            `stage2:preemptible` applies a variant.
        variants: Names of variants to apply.
        set: Changes by their paths: `{"resources.api.vcpu": 4}`. A text stays that text: `"5M"` is read as
            the field reads it, `"a # b"` keeps all of it, `"[2, 4]"` is no list. A list is a list, a mapping
            a mapping, and `None` takes the key away.
        requests: Another number of requests a month: `5_000_000`, `"5M"`.
        quotas: Files with the quotas of the account, as the provider's CLI exports them.
        catalog: A folder of prices instead of the shipped ones.
        overlays: Folders of prices that are laid over them, the last on top.
        workload: Another scenario whose workload is taken, or a file of usage beside a plan of Terraform.
    """
    pairs = pairs_of("set", set, _SET)
    load = _number("requests", requests, '"5M"')
    changes = Changes(
        [f"{path}={written('set', value, _SET)}" for path, value in pairs],
        None if load is None else quoted(load),
        paths_of("quotas", quotas, '["quotas.json"]'),
        None if workload is None else path_of("workload", workload, '"usage.yaml"'),
    )
    layers = Layers(
        None if catalog is None else path_of("catalog", catalog, '"prices"'),
        paths_of("overlays", overlays, '["contract"]'),
    )
    chosen = texts_of("variants", variants, '["preemptible"]')
    [loaded] = loaded_scenarios(
        [_name("scenario", scenario, Reason("a scenario's name or a path"))], layers, changes, chosen
    )
    return loaded


def estimate(
    scenario: Reference, *, currency: str | None = None, as_of: str | date | None = None
) -> Estimate:
    """Price a scenario: the month's bill, line by line, beside its budget.

    Args:
        scenario: What to price; the path of an account prices all of its designs together.
        currency: Code of the currency; the scenario's own if left out.
        as_of: Day whose prices hold; the scenario's, or the catalog's, own if left out.
    """
    on, money = day("as_of", as_of), _text("currency", currency, '"USD"')
    [loaded] = _designs([scenario], "scenario", Reason("a scenario's name, a path or a loaded scenario"))
    return price_design(loaded, currency=currency_of(money, loaded.catalog), as_of=on)


def compare(
    scenarios: Iterable[Reference] = STAGES, *, currency: str | None = None, as_of: str | date | None = None
) -> Comparison:
    """Set scenarios side by side by role; the arguments are those of `estimate`."""
    from costplan.analysis.bill.compare import compare as compare_bills

    on, money = day("as_of", as_of), _text("currency", currency, '"USD"')
    found = _designs(_items(scenarios), "scenarios", NAMES)
    return compare_bills(
        [price_design(one, currency=currency_of(money, one.catalog), as_of=on) for one in found]
    )


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

    on, code = day("as_of", as_of), _text("currency", currency, '"USD"')
    start, end = whole("first", first, "1_000"), whole("last", last, "1_000_000")
    found = _scenarios(scenarios)
    return curve_of(found, start, end, currency=currency_of(code, found[0].catalog), as_of=on)


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
        over=tuple(
            f"{path}={values_of('over', values, _OVER)}" for path, values in pairs_of("over", over, _OVER)
        ),
        slo=_text("slo", slo, '"p99 <= 100 ms"'),
        budget=_text("budget", budget, '"235USD"'),
        zones=str(whole("zones", zones, "3")),
        quotas=tuple(
            f"{name}={number_of('quotas', most, _QUOTAS)}"
            for name, most in pairs_of("quotas", quotas, _QUOTAS)
        ),
        no_preemptible=flag("no_preemptible", no_preemptible),
        allow_preemptible=flag("allow_preemptible", allow_preemptible),
        allow_shorter_hours=flag("allow_shorter_hours", allow_shorter_hours),
        commit=_terms(texts_of("commit", commit, '["y1"]')),
        within_quotas=flag("within_quotas", within_quotas),
    )
    on = day("as_of", as_of)
    prices = Prices(_text("currency", currency, '"USD"'), None if on is None else on.isoformat())
    return plan_of(_scenarios(scenarios), request, prices, _progress(progress))[0]


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

    on, code = day("as_of", as_of), _text("currency", currency, '"USD"')
    found = _scenarios(scenarios)
    money = currency_of(code, found[0].catalog)
    horizon = horizon_of(
        money or found[0].currency,
        months=str(whole("months", months, "24")),
        start=_text("start", start, '"2027-01"'),
        growth=_number("growth", growth, '"10%"'),
        switching=_number("switching", switching, '"150000RUB"'),
        hold=str(whole("hold", hold, "3")),
        budget=_number("budget", budget, '"60000RUB"'),
        total_budget=_number("total_budget", total_budget, '"600000RUB"'),
    )
    return timeline_of(found, horizon, currency=money, as_of=on)


_STAGES = '["stage1", "stage2"]'
_SET = '{"resources.api.vcpu": 4}'
_OVER = '{"resources.api.vcpu": [2, 4]}'
_QUOTAS = '{"gpu": 2}'


NAMES = Reason("names of scenarios, paths or loaded scenarios")


def _items(given: object) -> list[object]:
    if isinstance(given, (str, os.PathLike, LoadedScenario)):
        given = [given]
    items = items_of("scenarios", given, Reason("a list of scenarios"), _STAGES)
    if not items:
        raise InputError("no scenario is named", hint='estimate("stage2")')
    return items


def _scenarios(given: object) -> list[LoadedScenario]:
    items = _items(given)
    names = _names(items, "scenarios", NAMES)
    read = iter(loaded_scenarios(names, Layers(), Changes()) if names else ())
    return [one if isinstance(one, LoadedScenario) else next(read) for one in items]


def _designs(items: list[object], argument: str, wanted: str) -> list[LoadedScenario | LoadedAccount]:
    """Return what is priced: scenarios, or accounts of several."""
    names = _names(items, argument, wanted)
    read = iter(loaded_designs(names, Layers(), Changes()) if names else ())
    return [one if isinstance(one, LoadedScenario) else next(read) for one in items]


def _names(items: list[object], argument: str, wanted: str) -> list[str]:
    return [_name(argument, one, wanted) for one in items if not isinstance(one, LoadedScenario)]


def _name(argument: str, value: object, wanted: str) -> str:
    name = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(name, str):
        raise wrong(argument, value, wanted, '"stage2"' if argument == "scenario" else _STAGES)
    return name


def _text(argument: str, value: object, example: str) -> str | None:
    return None if value is None else text_of(argument, value, example)


def _number(argument: str, value: object, example: str) -> str | None:
    return None if value is None else number_of(argument, value, example)


def _terms(terms: list[str]) -> str | None:
    """Join terms; none at all is left out, and an empty one is refused as it stands."""
    return ",".join(terms) if terms else None


def _progress(told: object) -> Progress:
    if told is None:
        return lambda what, done, whole: None
    if not callable(told):
        raise wrong("progress", told, Reason("a function"), "print")
    return told
