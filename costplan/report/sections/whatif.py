"""The same designs at other numbers: in the page while the reader moves them, elsewhere as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from json import dumps
from math import ceil, floor, log10
from typing import Any, Final

from costplan.catalog.price import Currency
from costplan.language.translator import Translator
from costplan.messages.text import visible
from costplan.pricing.bill_formula import LOAD, USUAL_LOAD
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.report.blocks import Cell, Choice, Column, Live, Row, Section, Slider, Table, cells
from costplan.report.language.amounts import cost_text
from costplan.report.report_data import ReportData, Stage
from costplan.report.whatif import (
    gpu_machines,
    is_preemptible,
    measured_capacities,
    stage_data,
    with_machines,
)
from costplan.scenario.loaded import LoadedScenario

AROUND: Final = 20
"""The load moves from a part of the smallest own load to as many times the largest."""
LEAST, MOST = 3, 12
"""Powers of ten that the load stays between."""
POSITIONS = 1000
"""Of the load's slider, whose steps are equal on a logarithmic scale."""


def section(report_data: ReportData, words: Translator) -> Section:
    """Write the chapter."""
    title = words("What if")
    live = Live(
        title=title,
        intro=words(
            "Move what you doubt: this page prices the designs anew, from the same quantities, prices and "
            "rules as everything else in it."
        ),
        controls=_controls(report_data, words),
        reset=words("Back to the designs' own numbers"),
        data=lambda: _json(_data(report_data, words)),
        table=_table(report_data, words),
    )
    return Section("what-if", title, [live])


# The table, which stands alone where no script runs


def _table(report_data: ReportData, words: Translator) -> Table:
    """Show each design as it is, and with one thing changed at a time."""
    columns = [Column(words("Design")), Column(words("As designed"), right=True)]
    rows = [cells(stage.name, _cost(stage.estimate, words)) for stage in report_data.stages]
    for heading, price in _changes(report_data, words):
        columns.append(Column(heading, right=True))
        for row, stage in zip(rows, report_data.stages, strict=True):
            row.append(price(stage))
    caption = words("Monthly cost with one thing changed")
    return Table(caption, columns, [[Row(row) for row in rows]])


def _changes(report_data: ReportData, words: Translator) -> Iterator[tuple[str, Callable[[Stage], Cell]]]:
    """Give a heading and how a stage is priced under it."""
    money = report_data.currency
    for other in _currencies(report_data):
        if other != money:
            yield words("In {currency}", currency=other), partial(_in_currency, other, words)
    if any(stage.scenario.model.free_tier for stage in report_data.stages):
        yield words("Free volumes used up"), partial(_without_free_tier, money, words)
    if any(gpu_machines(stage.scenario) for stage in report_data.stages):
        yield words("Preemptible GPUs"), partial(_preemptible, money, words)


def _in_currency(money: Currency, words: Translator, stage: Stage) -> Cell:
    return _cost(_priced(stage, stage.scenario, money), words)


def _without_free_tier(money: Currency, words: Translator, stage: Stage) -> Cell:
    return _cost(_priced(stage, stage.scenario.with_model(free_tier=False), money), words)


def _preemptible(money: Currency, words: Translator, stage: Stage) -> Cell:
    if not gpu_machines(stage.scenario):
        return Cell("–")
    return _cost(_priced(stage, with_machines(stage.scenario, "preemptible"), money), words)


def _priced(stage: Stage, scenario: LoadedScenario, money: Currency) -> Estimate:
    return price_scenario(scenario, currency=money, as_of=stage.estimate.catalog.as_of)


def _cost(estimate: Estimate, words: Translator) -> Cell:
    cost = estimate.total.monthly_cost
    return Cell(cost_text(words.money(cost, estimate.currency), estimate.unpriced, words), cost)


# What the reader moves


def _controls(report_data: ReportData, words: Translator) -> list[Slider | Choice]:
    scenarios = [stage.scenario for stage in report_data.stages]
    low, high = _loads(report_data)
    found: list[Slider | Choice] = [
        Slider("requests", words("Requests a month"), 10**low, 10**high, _start(report_data), has_field=True)
    ]
    if any(map(gpu_machines, scenarios)):
        month = int(max(scenario.model.hours_per_month for scenario in scenarios))
        found.append(Slider("hours", words("Hours of the GPU machines a month"), 1, month, month))
    if any(map(measured_capacities, scenarios)):
        found.append(Slider("capacity", words("Measured capacity, within its interval"), 0, 100, 0))
    found.append(Choice("currency", words("Currency"), [(c, c) for c in _currencies(report_data)]))
    if any(map(gpu_machines, scenarios)):
        ways = {is_preemptible(scenario, name) for scenario in scenarios for name in gpu_machines(scenario)}
        texts = {True: ("preemptible", words("preemptible")), False: ("regular", words("regular"))}
        found.append(Choice("machines", words("GPU machines"), _options(ways, texts, words)))
    frees = {scenario.model.free_tier for scenario in scenarios}
    texts = {True: ("yes", words("still there")), False: ("no", words("used up"))}
    found.append(Choice("free", words("Free volumes"), _options(frees, texts, words)))
    return found


def _options(own: set[bool], texts: dict[bool, tuple[str, str]], words: Translator) -> list[tuple[str, str]]:
    """Offer both; where all designs agree, theirs is the first, else there is a third: each as designed."""
    if len(own) == 1:
        [first] = own
        return [("own", texts[first][1]), texts[not first]]
    return [("own", words("as designed")), texts[True], texts[False]]


def _currencies(report_data: ReportData) -> list[str]:
    """Return the report's currency first, then the others that every design has prices in."""
    first, *others = (stage.scenario.catalog.currencies for stage in report_data.stages)
    shared = [money for money in first if all(money in other for other in others)]
    return list(dict.fromkeys([report_data.currency, *shared]))


def _own_loads(report_data: ReportData) -> list[float]:
    return [float(stage.monthly_requests or USUAL_LOAD) for stage in report_data.stages]


def _loads(report_data: ReportData) -> tuple[int, int]:
    """Return the powers of ten that the load moves between."""
    loads = _own_loads(report_data)
    low = max(LEAST, min(floor(log10(min(loads) / AROUND)), MOST - 1))
    return low, max(low + 1, min(ceil(log10(max(loads) * AROUND)), MOST))


def _start(report_data: ReportData) -> int:
    """Return where the load's slider stands first: in the middle of the designs' own loads."""
    low, high = _loads(report_data)
    logs = [log10(load) for load in _own_loads(report_data)]
    return round(POSITIONS * (sum(logs) / len(logs) - low) / (high - low))


# What the script computes from


def _data(report_data: ReportData, words: Translator) -> dict[str, Any]:
    def title(texts: Any, otherwise: str) -> str:
        return visible(words.title(texts, otherwise))

    def said(text: str) -> str:
        return _reason(text, words)

    stages = [stage_data(stage, title, said) for stage in report_data.stages]
    low, high = _loads(report_data)
    return {
        "load": LOAD,
        "range": [low, high],
        "money": {money: _pattern(money, words) for money in _currencies(report_data)},
        "captions": {money: _caption(report_data, money, words) for money in _currencies(report_data)},
        "texts": _texts(words),
        "stages": stages,
    }


def _pattern(money: str, words: Translator) -> str:
    """Return how an amount is written with its currency."""
    return words.money(Decimal(1), money).replace(words.amount(Decimal(1)), "{amount}")


def _caption(report_data: ReportData, money: str, words: Translator) -> str:
    vat = report_data.stages[0].scenario.catalog.currencies[money].vat
    return (
        words("Monthly cost in {currency}, VAT included", currency=money)
        if vat == "included"
        else words("Monthly cost in {currency}, VAT excluded", currency=money)
    )


def _reason(said: str, words: Translator) -> str:
    """Say what is not enough."""
    return visible(words.reason(said))


def _texts(words: Translator) -> dict[str, str]:
    return {
        "own": words("each design's own"),
        "wrong": words("Write a number from {least} to {most}, such as 5M or 5 000 000."),
        "hours": words("{hours} h"),
        "rates": words("{rates} requests/s"),
        "stage": words("Design"),
        "requests": words("Requests a month"),
        "cost": words("Cost a month"),
        "million": words("Per million requests"),
        "budget": words("Budget"),
        "enough": words("Is it enough?"),
        "resource": words("Resource"),
        "total": words("Total"),
        "rounding": words("rounding"),
        "bill": words("Bill of {stage}"),
        "least": words("at least {cost}"),
        "within": words("within the budget of {budget}"),
        "over": words("{times} the budget of {budget}"),
        "overNone": words("over the budget of {budget}"),
        "parts": words("exceeded: {parts}"),
        "open": words("budget of {budget}: open, prices are missing"),
        "yes": words("yes"),
        "no": words("no: {reasons}"),
        "unknown": words("not computed here"),
        "notKnown": words("not known: {reasons}"),
        "while": words("only while its machines run: {reasons}"),
        "rests": words("yes, with a reservation: {reasons}"),
        "rest": words("runs {hours} of {month} h: nothing answers at other times"),
        "goes": words("Every verdict on {stage} has this reservation: {why}."),
        "notSaid": words("Whether these work is not known: {stages}."),
        "cheapest": words("At {requests} requests a month {stage} is the cheapest that is enough: {cost}."),
        "cheapestOwn": words("Each at its own load, {stage} is the cheapest that is enough: {cost} a month."),
        "none": words("At {requests} requests a month none of the designs is enough."),
        "noneOwn": words("None of the designs is enough for its own load."),
        "lacking": words("Not enough: {stages}."),
        "incomplete": words("Not compared, as prices are missing: {stages}."),
        "chart": words("Monthly cost against load"),
        "chartSaid": words("Both scales are logarithmic. Dashed: something is not enough at that load."),
    }


def _json(data: dict[str, Any]) -> str:
    """Write JSON that no page takes for markup, wherever it stands."""
    text = dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
