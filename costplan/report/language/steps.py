"""What each step to the next design is made for, and from which load and month it is the cheapest."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.analysis.curve.documents import Curve
from costplan.language.reasons import lacks
from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text, spans_of
from costplan.pricing.estimate import Estimate
from costplan.report.loads import first_win
from costplan.report.months import day_of, month_of_load
from costplan.report.report_data import ReportData, Stage


def step_sentences(report_data: ReportData, words: Translator, *, is_brief: bool = False) -> Iterator[Text]:
    """Say of each design but the first what the one before would cost at its load, and where it wins.

    Args:
        is_brief: Leave out that one wins nowhere.
    """
    for position, stage in enumerate(report_data.stages):
        if not position:
            continue
        won = [*_win(report_data, stage, words)]
        is_beaten = _is_beaten(report_data, stage)
        said = [*_same_load(report_data, position, words), *(() if is_beaten else won)]
        if said:
            pieces = [piece for text in said for piece in (Span(" "), *spans_of(text))]
            yield tuple(pieces[1:])
        if is_beaten and not is_brief:
            yield from won


def _is_beaten(report_data: ReportData, stage: Stage) -> bool:
    """Say whether another design is always cheaper."""
    return report_data.curve is not None and first_win(report_data.curve, stage.name) is None


def _same_load(report_data: ReportData, position: int, words: Translator) -> Iterator[Text]:
    """Set a design beside the one before at its own load: the money may buy else than a lower price."""
    stage, before = report_data.stages[position], report_data.stages[position - 1]
    if report_data.comparison.same_load or not stage.at_loads or stage.monthly_requests == 0:
        return  # the big numbers say it
    bill = before.at_loads[position]
    then, here = bill.total.monthly_cost, stage.estimate.total.monthly_cost
    if then == here or bill.unpriced or stage.estimate.unpriced:
        return  # of two lower bounds, neither is known to be the lower
    message = (
        "At {requests} requests a month {before} would cost {then} and {stage} costs {cost}: here the step "
        "saves money."
        if then > here
        else "At {requests} requests a month {before} would cost {then} and {stage} costs {cost}: the step "
        "is not made for the price."
        if not bill.unmet
        else "At {requests} requests a month {before} would cost {then}, but not meet its requirements: "
        "{why}. {stage} costs {cost}."
    )
    yield words.spans(
        message,
        requests=words.requests(stage.monthly_requests),
        stage=Span(stage.name, "strong"),
        cost=words.round_money(here, report_data.currency),
        before=Span(before.name, "strong"),
        then=words.round_money(then, report_data.currency),
        why=_why(bill, words),
    )


def _why(bill: Estimate, words: Translator) -> str:
    return "; ".join(lacks(found.resource, found.reason, words) for found in bill.unmet)


def _win(report_data: ReportData, stage: Stage, words: Translator) -> Iterator[Text]:
    """Say from which load and month a design is the cheapest that meets its requirements."""
    curve = report_data.curve
    if curve is None or stage.estimate.unpriced:
        return
    if stage.estimate.verdict == "unknown":
        return  # the verdict says what is not known
    load = first_win(curve, stage.name)
    if load is None:
        yield _never(curve, stage, words)
    elif load == curve.start:
        yield words.spans(
            "{stage} is the cheapest that meets its requirements from the lowest load on.",
            stage=Span(stage.name, "strong"),
        )
    else:
        yield _from(report_data, stage, load, words)


def _never(curve: Curve, stage: Stage, words: Translator) -> Text:
    return words.spans(
        "{stage} is not the cheapest that meets its requirements at any load from {first} to {last}.",
        first=words.requests(Decimal(curve.start)),
        last=words.requests(Decimal(curve.end)),
        stage=Span(stage.name, "strong"),
    )


def _from(report_data: ReportData, stage: Stage, load: int, words: Translator) -> Text:
    plan = report_data.timeline
    name, requests = Span(stage.name, "strong"), Span(words.about(Decimal(load)), "strong")
    if plan is None:
        return words.spans(
            "{stage} is the cheapest that meets its requirements only from about {load} requests a month on.",
            stage=name,
            load=requests,
        )
    reached = month_of_load(plan, load)
    if reached is None:
        return words.spans(
            "{stage} is the cheapest that meets its requirements only from about {load} requests a month on, "
            "which the load of {first} does not reach by {month}.",
            stage=name,
            load=requests,
            first=plan.designs[0].scenario,
            month=words.month(day_of(plan.months[-1].month)),
        )
    return words.spans(
        "{stage} is the cheapest that meets its requirements only from about {load} requests a month on; the "
        "load of {first}, growing by {growth} a month, gets there in about {month}.",
        stage=name,
        load=requests,
        first=plan.designs[0].scenario,
        growth=words.growth(plan.growth),
        month=Span(words.month(day_of(reached.month)), "strong"),
    )
