"""What keeps a budget that a design breaks, in a sentence: the answer of `costplan plan`, named as such."""

from __future__ import annotations

from costplan.analysis.plan.within_budget import Cure
from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text, spans_of
from costplan.pricing.engine import price_scenario
from costplan.report.language.feasibility_notes import new_caveats, reservation
from costplan.report.report_data import Stage


def cure_sentence(stage: Stage, words: Translator) -> Text:
    """Name the cheapest design that meets SLO and budget; where nobody looked, the command that looks."""
    if stage.is_account:
        return ""  # a plan is for one design
    search = stage.cure
    if search is None:
        return ""
    command = Span(stage.plan_command, "code")
    if search.cure is not None:
        return _named(search.cure, stage, command, words)
    slo = stage.scenario.model.workload.slo
    message = (
        "{command} looks for a design within it."
        if not search.is_whole
        else "No variant or choice of it keeps SLO and budget ({command})."
        if slo is not None
        else "No variant or choice of it keeps the budget ({command})."
    )
    return words.spans(message, command=command)


def _named(cure: Cure, stage: Stage, command: Span, words: Translator) -> Text:
    budget, bill = stage.estimate.budget, price_scenario(cure.scenario)
    assert budget is not None
    has_slo = stage.scenario.model.workload.slo is not None
    is_part_over = bill.budget is not None and not all(line.within for line in bill.budget.lines)
    message = (
        "The cheapest design that keeps SLO and budget is {design}, {cost} ({command})"
        if has_slo and not is_part_over
        else "The cheapest that keeps SLO and the total budget is {design}, {cost} ({command})"
        if has_slo
        else "The cheapest design that keeps the budget is {design}, {cost} ({command})"
        if not is_part_over
        else "The cheapest that keeps the total budget is {design}, {cost} ({command})"
    )
    said = words.spans(
        message,
        design=Span(cure.name, "code"),
        cost=Span(words.money(cure.cost, budget.currency), "strong"),
        command=command,
    )
    titles = [title for texts in cure.titles if (title := words.title(texts))]
    spans = (*spans_of(said), Span(f": {'; '.join(titles)}." if titles else "."))
    caveats = new_caveats(bill, stage.estimate)
    if not caveats:
        return spans
    return (*spans, Span(" "), Span(reservation(caveats, words), "warn"))
