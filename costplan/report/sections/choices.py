"""9. Why these choices: what each step buys and costs, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator

from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text
from costplan.pricing.estimate import Estimate
from costplan.quantities.money import EXACT
from costplan.report.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
    row_of,
)
from costplan.report.findings import cheapest_variant, new_kinds
from costplan.report.language.amounts import cost_text
from costplan.report.language.cures import cure_sentence
from costplan.report.language.feasibility_notes import caveats_text, new_caveats, reservation
from costplan.report.language.load_reasons import load_reasons
from costplan.report.report_data import ReportData, Stage


def section(report_data: ReportData, words: Translator) -> Section:
    """Write the reasons."""
    blocks: list[Block] = []
    for position, stage in enumerate(report_data.stages):
        blocks.append(Heading(stage.heading(words.language), f"choice-{stage.slug}"))
        reasons = list(_reasons(report_data, stage, position, words))
        if reasons:
            blocks.append(Bullets(reasons))
        blocks += _variants(stage, words)
        blocks += [
            Paragraph(
                words.spans(
                    "The variant {name} is left out: {why}", name=Span(name, "code"), why=words.reason(why)
                )
            )
            for name, why in stage.left_out
        ]
    return Section("choices", words("Why these choices"), blocks)


def _reasons(report_data: ReportData, stage: Stage, position: int, words: Translator) -> Iterator[Text]:
    estimate = stage.estimate
    before = report_data.stages[position - 1] if position else None
    if stage.at_rest is not None and estimate.total.monthly_cost:
        rest = stage.at_rest.total.monthly_cost
        shown = cost_text(words.round_money(rest, estimate.currency), stage.at_rest.unpriced, words)
        yield words.spans(
            "Without a single request it costs {rest} a month."
            if estimate.unpriced
            else "Without a single request it costs {rest} a month: {share} of its bill.",
            rest=Span(shown, "strong"),
            share=words.share(rest, estimate.total.monthly_cost),
        )
    if before is not None:
        yield from _against(stage, before, position, words)
    yield from load_reasons(report_data, stage, words)
    for resource in estimate.resources:
        if resource.note:
            name = words.title(resource.title, resource.name)
            yield (Span(f"{name}: ", "strong"), Span(words.title(resource.note)))
    if (fix := cure_sentence(stage, words)) != "":
        yield fix
    elif not estimate.unpriced and (cheapest := cheapest_variant(stage)) is not None:
        saved = EXACT.subtract(estimate.total.monthly_cost, cheapest.estimate.total.monthly_cost)
        yield words.spans(
            "The cheapest variant, {variant}, saves {saved} a month.",
            variant=Span(cheapest.name, "code"),
            saved=Span(words.round_money(saved, estimate.currency), "strong"),
        )
        if caveats := new_caveats(cheapest.estimate, estimate):
            yield reservation(caveats, words)


def _against(stage: Stage, before: Stage, position: int, words: Translator) -> Iterator[Text]:
    """Set a design beside the one before: software that is new, cost of a million requests, the same load."""
    new = new_kinds(stage, before)
    if new:
        yield words.spans("New compared with {before}: {parts}.", before=before.name, parts=words.listed(new))
    per_million = (stage.estimate.cost_per_million_requests, before.estimate.cost_per_million_requests)
    is_known = not stage.estimate.unpriced and not before.estimate.unpriced
    if is_known and per_million[0] is not None and per_million[1]:
        ratio = per_million[0] / per_million[1]
        message = (
            "A million requests cost {ratio} what they cost in {before}, each design at its own load: "
            "{here} and {there}."
        )
        yield words.spans(
            message,
            ratio=Span(words.ratio(ratio), "strong"),
            before=before.name,
            here=words.round_money(per_million[0], stage.estimate.currency),
            there=words.round_money(per_million[1], stage.estimate.currency),
        )
    if stage.at_loads and before.at_loads:
        yield from _same_load(stage, before.at_loads[position], before, words)


def _same_load(stage: Stage, then: Estimate, before: Stage, words: Translator) -> Iterator[Text]:
    if then.unpriced or stage.estimate.unpriced:
        return
    premium = EXACT.subtract(stage.estimate.total.monthly_cost, then.total.monthly_cost)
    if premium > 0:
        yield words.spans(
            "At {requests} requests a month it costs {premium} more than {before}: the choice is for what "
            "money does not show, such as steady latency, and not for the price.",
            requests=words.requests(stage.monthly_requests),
            premium=Span(words.round_money(premium, stage.estimate.currency), "strong"),
            before=before.name,
        )
    elif premium < 0:
        yield words.spans(
            "At {requests} requests a month it saves {saved} against {before}.",
            requests=words.requests(stage.monthly_requests),
            saved=Span(words.round_money(-premium, stage.estimate.currency), "strong"),
            before=before.name,
        )


def _variants(stage: Stage, words: Translator) -> Iterator[Block]:
    if not stage.variants:
        return
    base = stage.estimate
    ordered = sorted(stage.variants, key=lambda varied: varied.estimate.total.monthly_cost)
    rows = [
        row_of(
            (Span(varied.name, "code"),),
            words.title(varied.title, varied.name),
            _cost(varied.estimate, words),
            _change(varied.estimate, base, words),
            _verdict(varied.estimate, words),
            caveats_text(new_caveats(varied.estimate, base), words),
        )
        for varied in ordered
    ]
    columns = [
        Column(words("Variant")),
        Column(words("What it does"), is_text=True),
        Column(words("{currency} a month", currency=base.currency), right=True),
        Column(words("Change"), right=True),
        Column(words("Budget")),
        Column(words("Reservations"), is_text=True),
    ]
    yield Paragraph(words("What would change the choice:"))
    yield Table(words("Variants of {stage}", stage=stage.name), columns, [rows])


def _left_out(stage: Stage, words: Translator) -> Iterator[Block]:
    message = "The variant {name} is left out: {why}"
    for name, why in stage.left_out:
        yield Paragraph(words.spans(message, name=Span(name, "code"), why=words.reason(why)))


def _cost(estimate: Estimate, words: Translator) -> Cell:
    cost = cost_text(words.amount(estimate.total.monthly_cost), estimate.unpriced, words)
    return Cell(cost, estimate.total.monthly_cost)


def _change(estimate: Estimate, base: Estimate, words: Translator) -> Cell:
    if estimate.unpriced or base.unpriced:
        return Cell("–")  # less may only mean that prices are missing
    change = EXACT.subtract(estimate.total.monthly_cost, base.total.monthly_cost)
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return Cell(f"{sign}{words.amount(abs(change))}", change)


def _verdict(estimate: Estimate, words: Translator) -> Text:
    if estimate.budget is None:
        return "–"
    total = estimate.budget.total
    if not total.within:
        times = words.ratio(total.ratio) if total.ratio else ""
        return (Span(words("over, {times}", times=times) if times else words("over"), "bad"),)
    return (Span(words("open"), "warn"),) if total.unpriced else (Span(words("within"), "good"),)
