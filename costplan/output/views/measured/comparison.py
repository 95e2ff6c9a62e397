"""The view of measurements side by side: the sentence first, then figures with ratios, costs, differences."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.analysis.measured.documents import (
    AnswerDifference,
    BenchComparison,
    ComparedCost,
    ComparedMachine,
    ComparedResult,
    Conclusion,
    Figure,
    Ratio,
)
from costplan.language.measured import measured_reason
from costplan.language.terms import COST_BASES, MEASUREMENT_VERDICTS
from costplan.language.translator import Translator
from costplan.output.views.view import Cell, Column, Row, Table, Tone, View, row_of
from costplan.quantities.money import shortest
from costplan.quantities.shown import significant

_GRAVE = frozenset({"INVALID", "UNSTABLE"})
_DIGITS = 3
"""Of a ratio: no comparison of runs is surer than that."""


def bench_comparison_view(found: BenchComparison, words: Translator) -> View:
    """Which is cheaper and how sure that is, then what it rests on."""
    tables = [_results_table(found, words)]
    if any(cost.cost_per_million_requests is not None for one in found.machines for cost in one.costs):
        tables.append(_machines_table(found, words))
    return View(conclusion_text(found, words), list(_facts(found, words)), tables, list(_notes(found, words)))


def conclusion_text(found: BenchComparison, words: Translator) -> str:
    """Say in one sentence which is cheaper under the SLO and how sure that is."""
    said = _conclusion(found, words)
    is_other_work = any(one.kind == "inputs" for result in found.results for one in result.differences)
    if is_other_work and found.conclusion.ratio is not None:
        return words("{sentence}; but a request is not the same work", sentence=said)
    return said


def _conclusion(found: BenchComparison, words: Translator) -> str:
    conclusion, slo = found.conclusion, found.results[0].slo
    if conclusion.outcome == "not-comparable":
        why = (one.said for result in found.results for one in result.differences if one.breaks)
        return words("not comparable: {why}", why="; ".join(words.reason(one) for one in dict.fromkeys(why)))
    if conclusion.outcome == "one-keeps-slo":
        return words("only {name} keeps {slo}", name=conclusion.cheaper, slo=slo)
    if conclusion.outcome == "none-keeps-slo":
        return words("none keeps {slo}", slo=slo)
    if conclusion.outcome == "no-capacity":
        return words("no capacity of {name} is known: nothing can be told about costs", name=conclusion.than)
    if conclusion.outcome == "no-price":
        return words("no machine is priced for all of them")
    return _cheaper(conclusion, slo, words)


def _cheaper(conclusion: Conclusion, slo: str, words: Translator) -> str:
    ratio, where = conclusion.ratio, conclusion.instance
    if conclusion.other_instance != conclusion.instance:
        where = words("{machine} than on {other}", machine=where, other=conclusion.other_instance)
    names = {"name": conclusion.cheaper, "other": conclusion.than, "machine": where, "slo": slo}
    mark = "" if conclusion.is_claim else "~"
    if ratio is None or ratio.low is None:
        return words(
            "{name} costs less than {other} on {machine} at {slo}: {times}, but with no lower bound: may be "
            "chance",
            **names,
            times="-" if ratio is None else mark + _times(ratio.value, words),
        )
    if conclusion.outcome == "no-difference":
        return words(
            "no difference in cost can be told between {name} and {other} on {machine} at {slo}: {span}",
            **names,
            span=mark + _span(ratio, words),
        )
    if ratio.high is None:
        low = mark + _times(ratio.low, words)
        return words(
            "{name} is cheaper than {other} on {machine} at {slo}: at least {times}", **names, times=low
        )
    return words(
        "{name} is cheaper than {other} on {machine} at {slo}: {span} times",
        **names,
        span=mark + _span(ratio, words),
    )


def _facts(found: BenchComparison, words: Translator) -> Iterator[str]:
    if found.method == "interleaved":
        yield words(
            "{rounds} of {planned} rounds, in turns on this machine; intervals are 95 % over rounds",
            rounds=found.rounds,
            planned=found.planned_rounds,
        )
        ratio = found.conclusion.ratio
        if ratio is not None and 0 < ratio.rounds < found.rounds:
            yield words("{count} of the rounds found a capacity of both", count=ratio.rounds)
    else:
        yield words(
            "from saved results: ratios are bounded by the ends of both intervals where these are kept"
        )
    for one in found.results:
        if one.settings:
            said = ", ".join(f"{name} {value}" for name, value in one.settings.items())
            yield words("{name}: {settings}", name=one.name, settings=said)
    for one in found.results:
        if one.answers is not None:
            yield _answers(one.name, one.answers, words)


def _answers(name: str, found: AnswerDifference, words: Translator) -> str:
    said = words(
        "answers of {name}: at most {largest} from the original's, {mean} in the mean; those are {scale} "
        "in the mean; {count} inputs",
        name=name,
        largest=words.figure(f"{found.largest:.3g}"),
        mean=words.figure(f"{found.mean:.3g}"),
        scale=words.figure(f"{found.scale:.3g}"),
        count=found.inputs,
    )
    if found.seed is not None:
        said = words("{said} made up with seed {seed}", said=said, seed=found.seed)
    if found.same_first_choice is not None:
        share = words.percent(shortest(found.same_first_choice))
        said = words("{said}; same first choice: {share}", said=said, share=share)
    return said


def _results_table(found: BenchComparison, words: Translator) -> Table:
    percentiles = {one.single_percentile for one in found.results[1:]} or {50.0}
    percentile = f"p{percentiles.pop():g}" if len(percentiles) == 1 else words("see JSON")
    has_capacity = any(one.capacity_requests_per_second for one in found.results)
    rate = words("Requests/s at the SLO") if has_capacity else words("Peak requests/s")
    columns = [
        Column(words("Result")),
        Column(words("One request, {percentile}", percentile=percentile), right=True),
        Column(words("Faster")),
        Column(rate, right=True),
        Column(words("More")),
        Column(words("Verdict")),
    ]
    rows = [_result_row(one, words, has_capacity=has_capacity) for one in found.results]
    return Table(columns, rows, words("Against {name}", name=found.results[0].name))


def _result_row(one: ComparedResult, words: Translator, *, has_capacity: bool) -> Row:
    rate = one.capacity_requests_per_second if has_capacity else one.peak_requests_per_second
    more = one.more_capacity if has_capacity else one.more_throughput
    tone: Tone = "good" if one.verdict == "VALID" else "bad" if one.verdict in _GRAVE else "warn"
    return row_of(
        Cell(one.name, "strong"),
        "-" if one.single_ms is None else words.milliseconds(one.single_ms.value),
        ratio_text(one.faster, words),
        _rate(rate, words),
        ratio_text(more, words),
        Cell(words.term(one.verdict, MEASUREMENT_VERDICTS), tone),
    )


def _rate(figure: Figure | None, words: Translator) -> str:
    return "-" if figure is None else words.rate(figure.value)


def ratio_text(ratio: Ratio | None, words: Translator) -> str:
    """Write a ratio with its interval: `1.8x, 1.6 to 2.0`."""
    if ratio is None:
        return "-"
    value = _times(ratio.value, words)
    if ratio.has_interval:
        return words("{value}, {span}", value=value, span=_span(ratio, words))
    if ratio.low is not None:
        return words("{value}, {low} or more", value=value, low=_number(ratio.low, words))
    if ratio.high is not None:
        return words("{value}, {high} or less", value=value, high=_number(ratio.high, words))
    return words("{value}, no interval", value=value)


def _span(ratio: Ratio, words: Translator) -> str:
    ends = (_number(end, words) for end in (ratio.low or 0.0, ratio.high or ratio.value))
    return words("{low} to {high}", **dict(zip(("low", "high"), ends, strict=True)))


def _times(value: float, words: Translator) -> str:
    return f"{_number(value, words)}x"


def _number(value: float, words: Translator) -> str:
    return words.figure(significant(shortest(value), _DIGITS))


def _machines_table(found: BenchComparison, words: Translator) -> Table:
    columns = [Column(words("Machine")), Column(words("Basis"))]
    columns += [Column(one.name, right=True) for one in found.results]
    others = found.results[1:]
    heading = words("Cheaper")
    columns += [Column(heading if len(others) == 1 else f"{heading}: {one.name}") for one in others]
    rows = [_machine_row(one, words) for one in found.machines]
    return Table(columns, rows, words("Cost per million good answers, {currency}", currency=found.currency))


def _machine_row(machine: ComparedMachine, words: Translator) -> Row:
    bases = dict.fromkeys(cost.basis for cost in machine.costs)
    said = ", ".join(words.term(basis, COST_BASES) if basis else words("none") for basis in bases)
    costs = [_cost(cost, words) for cost in machine.costs]
    ratios = [ratio_text(cost.cheaper, words) for cost in machine.costs[1:]]
    return row_of(machine.instance, said, *costs, *ratios)


def _cost(cost: ComparedCost, words: Translator) -> str:
    if cost.cost_per_million_requests is None:
        return "-"
    mark = "" if cost.is_claim else "~"
    return mark + words.figure(significant(Decimal(cost.cost_per_million_requests), _DIGITS))


def _notes(found: BenchComparison, words: Translator) -> Iterator[Cell]:
    if not found.is_complete:
        yield Cell(words("the runs were interrupted: these are the rounds that there are"), "bad")
    for result in found.results:
        if result.reasons:
            verdict = words.term(result.verdict, MEASUREMENT_VERDICTS)
            why = words.reason(measured_reason(result.reasons[0]))
            said = words("{name}: {verdict}: {why}", name=result.name, verdict=verdict, why=why)
            yield Cell(said, "warn")
    for result in found.results[1:]:
        for one in result.differences:
            said = words("{name}: {why}", name=result.name, why=words.reason(one.said))
            yield Cell(said, "bad" if one.breaks else "warn")
    if any(cost.basis and not cost.is_claim for one in found.machines for cost in one.costs):
        yield Cell(
            words("~ is not a claim: the machine was taken to be as fast as the one that measured"), "warn"
        )
    if found.prices is not None:
        yield Cell(
            words(
                "prices of {name} as of {day}, catalog {sha256}",
                name=found.prices.catalog,
                day=found.prices.as_of,
                sha256=found.prices.sha256[:12],
            ),
            "faint",
        )
