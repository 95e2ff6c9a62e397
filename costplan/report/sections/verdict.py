"""1. What the reader must know, on one screen; every sentence is made from numbers, with its conditions."""

from __future__ import annotations

from decimal import Decimal

from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text, spans_of
from costplan.output.views.price_notes import price_notes
from costplan.pricing.estimate import BudgetReport
from costplan.quantities.money import EXACT
from costplan.report.blocks import Block, Bullets, Figure, Figures, Note, Paragraph, Section
from costplan.report.findings import (
    Overrun,
    assumed_cost,
    largest_overruns,
    most_expensive_line,
    waiting_share,
)
from costplan.report.inputs import mover_sentences
from costplan.report.language.amounts import cost_text
from costplan.report.language.cures import cure_sentence
from costplan.report.language.differences import ON_A_CARD, difference_text
from costplan.report.language.feasibility_notes import caveat_sentences, works_span
from costplan.report.language.left_out import left_out_notes
from costplan.report.language.slos import slo_text, slo_warning
from costplan.report.language.steps import step_sentences
from costplan.report.report_data import ReportData, Stage

MOST_FACTS = 3
LARGE_SHARE = Decimal("0.5")
"""From this share of a bill on, one line or what was assumed is worth a sentence."""


def section(report_data: ReportData, words: Translator, *, is_brief: bool = False) -> Section:
    """Write the verdict."""
    blocks: list[Block] = [Paragraph(_lead(report_data, words), is_lead=True)]
    blocks.append(Figures([_figure(stage, words) for stage in report_data.stages]))
    if (warning := slo_warning(report_data, words)) is not None:
        blocks.append(warning)
    sentences = list(caveat_sentences([(stage.name, stage.estimate) for stage in report_data.stages], words))
    sentences += [found for stage in report_data.stages if (found := _budget_sentence(stage, words))]
    sentences += step_sentences(report_data, words, is_brief=is_brief)
    if sentences:
        blocks.append(Bullets(sentences))
    facts = _facts(report_data, words)
    if facts and not is_brief:
        blocks += [Paragraph((Span(words("What matters most"), "strong"),)), Bullets(facts)]
    movers = list(mover_sentences(report_data, words))
    if movers and not is_brief:
        heading = words("Inputs not stated that the bills depend on most")
        blocks += [Paragraph((Span(heading, "strong"),)), Bullets(movers)]
    missing = sum(len(stage.estimate.unpriced) for stage in report_data.stages)
    if missing:
        blocks.append(Note(_missing(missing, words), "bad"))
    blocks += [
        Note(note.text, "bad" if note.tone == "bad" else "warn")
        for note in price_notes(report_data.comparison.catalog, report_data.currency, words)
    ]
    blocks += left_out_notes(report_data, words)
    if report_data.has_account and not is_brief:
        message = "An account has a load for each design; chapters about one load are left out."
        blocks.append(Note(words(message)))
    return Section("verdict", words("Verdict"), blocks)


def _lead(report_data: ReportData, words: Translator) -> Text:
    """Name the span of costs and how many budgets hold."""
    stages = report_data.stages
    costs = sorted(stage.estimate.total.monthly_cost for stage in stages)
    currency = report_data.currency
    if len(stages) == 1:
        shown = cost_text(words.round_money(costs[0], currency), stages[0].estimate.unpriced, words)
        cost = Span(shown, "strong")
        designs = len(stages[0].estimate.designs)
        if designs:
            message = "This account costs {cost} a month; its {designs} designs get {requests} requests."
            requests = words.requests(stages[0].monthly_requests)
            return words.spans(message, cost=cost, designs=words.number(Decimal(designs)), requests=requests)
        return words.spans(
            "This design costs {cost} a month at {requests} requests.",
            cost=cost,
            requests=words.requests(stages[0].monthly_requests),
        )
    least, most = (Span(words.round_money(cost, currency), "strong") for cost in (costs[0], costs[-1]))
    message = (
        "All at one load, the designs cost from {least} to {most} a month."
        if report_data.comparison.same_load
        else "Each at its own load, the designs cost from {least} to {most} a month."
    )
    said: Text = words.spans(message, least=least, most=most)
    if bounds := _bounds(report_data, words):
        said = (*spans_of(said), Span(" "), *spans_of(bounds))
    held = _budgets_held([stage.estimate.budget for stage in stages if stage.estimate.budget], words)
    return (*spans_of(said), Span(f" {held}")) if held else said


def _budgets_held(budgets: list[BudgetReport], words: Translator) -> str:
    """Say how many budgets hold, and of how many nobody knows."""
    kept = sum(1 for budget in budgets if budget.total.within and not budget.total.unpriced)
    open_budgets = sum(1 for budget in budgets if budget.total.within and budget.total.unpriced)
    found: list[str] = []
    if budgets and kept == len(budgets):
        found.append(words("Every budget holds."))
    elif kept:
        found.append(
            words.many(
                "{count} of {all} budgets holds.", "{count} of {all} budgets hold.", kept, all=len(budgets)
            )
        )
    elif budgets and not open_budgets:
        found.append(words("None of the budgets holds."))
    if open_budgets:
        found.append(
            words.many(
                "Whether {count} budget holds is open: prices are missing.",
                "Whether {count} budgets hold is open: prices are missing.",
                open_budgets,
            )
        )
    return " ".join(found)


def _bounds(report_data: ReportData, words: Translator) -> Text:
    """Say which of the costs are lower bounds."""
    names = [stage.name for stage in report_data.stages if stage.estimate.unpriced]
    if not names:
        return ""
    if len(names) == len(report_data.stages):
        return words("Prices are missing: all costs are lower bounds.")
    return words("Prices are missing: the costs of {stages} are lower bounds.", stages=words.listed(names))


def _figure(stage: Stage, words: Translator) -> Figure:
    estimate = stage.estimate
    details: list[Text] = [
        words("{requests} requests a month", requests=words.requests(stage.monthly_requests))
    ]
    if estimate.cost_per_million_requests is not None:
        cost = words.round_money(estimate.cost_per_million_requests, estimate.currency)
        cost = cost_text(cost, estimate.unpriced, words)
        details.append(words("{cost} per million requests", cost=cost))
    details.append(words("SLO: {slo}", slo=slo_text(estimate.slo, words)))
    details.append((works_span(estimate, words),))
    budget = _budget_words(stage, words)
    if budget is not None:
        details.append((budget,))
    if estimate.differences:
        details.append(difference_text(estimate.scenario, estimate.differences, words, ON_A_CARD))
    shown = words.round_money(estimate.total.monthly_cost, estimate.currency)
    return Figure(stage.heading(words.language), cost_text(shown, estimate.unpriced, words), details)


def _budget_words(stage: Stage, words: Translator) -> Span | None:
    budget = stage.estimate.budget
    if budget is None:
        return None
    limit = words.money(budget.total.budget, budget.currency)
    if budget.total.within:
        if budget.total.unpriced:
            return Span(words("budget of {budget}: open, prices are missing", budget=limit), "warn")
        if any(line.within is False for line in budget.lines):
            return Span(
                words("within the total budget of {budget}, not within each of its parts", budget=limit),
                "warn",
            )
        return Span(words("within the budget of {budget}", budget=limit), "good")
    if budget.total.ratio is None:
        return Span(words("over the budget of {budget}", budget=limit), "bad")
    times = words.ratio(budget.total.ratio)
    return Span(words("{times} the budget of {budget}", times=times, budget=limit), "bad")


def _budget_sentence(stage: Stage, words: Translator) -> Text | None:
    """Say by how much a budget is broken, which part breaks it, and what would keep it."""
    estimate = stage.estimate
    budget = estimate.budget
    if budget is None or budget.total.within:
        return None
    excess = words.money(EXACT.subtract(budget.total.cost, budget.total.budget), budget.currency)
    missing = budget.total.unpriced
    said = words.spans(
        "{stage} was budgeted at {budget} a month and costs {cost}: {excess} over.",
        stage=Span(stage.name, "strong"),
        budget=words.money(budget.total.budget, budget.currency),
        cost=cost_text(words.money(budget.total.cost, budget.currency), missing, words),
        excess=Span(cost_text(excess, missing, words), "strong"),
    )
    fix = cure_sentence(stage, words)
    return (*spans_of(said), Span(" "), *spans_of(fix)) if fix else said


def _facts(report_data: ReportData, words: Translator) -> list[Text]:
    """Choose the facts that matter most: where money goes, what was assumed."""
    found = [_overrun(one, words) for one in largest_overruns(report_data)]
    found += [fact for fact in [_waiting_fact(report_data, words)] if fact]
    found += [fact for stage in _dearest_first(report_data) if (fact := _line_fact(stage, words))][:1]
    found += [fact for fact in [_assumed_fact(report_data, words)] if fact]
    return found[:MOST_FACTS]


def _waiting_fact(report_data: ReportData, words: Translator) -> Text | None:
    """Name the design whose money waits most: idle hours and room that no request uses."""
    stage = max(_priced_whole(report_data), key=waiting_share, default=None)
    if stage is None or waiting_share(stage) < LARGE_SHARE:
        return None
    split = stage.estimate.split
    parts = [split.useful, split.headroom, split.idle, split.overhead]
    useful, headroom, idle, _ = words.shares(parts, stage.estimate.total.monthly_cost)
    return words.spans(
        "{useful} of the bill of {stage} serves requests; {idle} waits for them, and {headroom} is room for "
        "peaks and spare replicas.",
        useful=Span(useful, "strong"),
        stage=stage.name,
        idle=Span(idle, "strong"),
        headroom=headroom,
    )


def _priced_whole(report_data: ReportData) -> list[Stage]:
    """Return the stages whose bill can be shared out: shares of a lower bound are none of the bill."""
    return [stage for stage in report_data.stages if not stage.estimate.unpriced]


def _dearest_first(report_data: ReportData) -> list[Stage]:
    return sorted(_priced_whole(report_data), key=lambda stage: -stage.estimate.total.monthly_cost)


def _overrun(found: Overrun, words: Translator) -> Text:
    excess = cost_text(words.money(found.excess, found.currency), found.line.unpriced, words)
    return words.spans(
        "Most over budget: {part} of {stage}, {excess} above {budget}.",
        part=Span(found.line.name, "strong"),
        stage=found.stage.name,
        excess=Span(excess, "strong"),
        budget=words.money(found.line.budget, found.currency),
    )


def _line_fact(stage: Stage, words: Translator) -> Text | None:
    found = most_expensive_line(stage.estimate)
    total = stage.estimate.total.monthly_cost
    if found is None or found[1].monthly_cost < LARGE_SHARE * total:
        return None
    resource, line = found
    return words.spans(
        "One line makes {share} of the bill of {stage}: {line} ({resource}), {cost} a month.",
        share=Span(words.share(line.monthly_cost, total), "strong"),
        stage=stage.name,
        line=line.name,
        resource=words.title(resource.title, resource.name),
        cost=words.round_money(line.monthly_cost, stage.estimate.currency),
    )


def _assumed_fact(report_data: ReportData, words: Translator) -> Text | None:
    shares = [
        (assumed_cost(stage.estimate) / total, stage)
        for stage in _priced_whole(report_data)
        if (total := stage.estimate.total.monthly_cost)
    ]
    share, stage = max(shares, key=lambda pair: pair[0], default=(Decimal(0), None))
    if stage is None or share < LARGE_SHARE:
        return None
    return words.spans(
        "{share} of the bill of {stage} rests on inputs that are not stated: they were assumed.",
        share=Span(words.share(share, Decimal(1)), "strong"),
        stage=stage.name,
    )


def _missing(count: int, words: Translator) -> str:
    return words.many(
        "{count} cost component has no known price: the totals that it belongs to are lower bounds.",
        "{count} cost components have no known price: the totals that they belong to are lower bounds.",
        count,
    )
