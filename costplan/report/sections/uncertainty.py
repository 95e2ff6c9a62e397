"""8. How sure the bills are: what they may be, whether budgets hold, and what moves them most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from costplan.analysis.uncertainty.documents import Bar, Sensitivity, Simulated, UncertainNumber, Uncertainty
from costplan.graphics.pictures.uncertainty import (
    budget_chance_picture,
    short_end,
    spread_picture,
    tornado_picture,
)
from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text
from costplan.output.views.sensitivity import index_legend, tornado_table
from costplan.output.views.uncertainty import (
    assumed_ranges,
    bill_row,
    budget_rows,
    errors_text,
    inputs_table,
    spread_table,
)
from costplan.pricing.estimate import Estimate
from costplan.report.blocks import Block, Bullets, Heading, Note, Paragraph, Section, charted
from costplan.report.language.feasibility_notes import caveats_of, caveats_text, reservations
from costplan.report.report_data import ReportData, Stage
from costplan.report.tables.viewed import viewed

NARROW = Decimal("0.001")
"""Part of the median that the range of a bill must exceed to be worth a picture."""


def section(report_data: ReportData, words: Translator) -> Section | None:
    """Write the chapter; where nobody looked how sure the bills are there is none."""
    stages = [stage for stage in report_data.stages if stage.ranges is not None]
    if not stages:
        return None
    blocks: list[Block] = [Paragraph(_lead(stages, words))]
    if any(_lacks_library(stage) for stage in stages):
        said = words.spans(
            "Draws of these ranges need a library that is not there: {command} says how to install it.",
            command=Span("costplan doctor", "code"),
        )
        blocks.append(Note(said, "warn"))
    for stage in stages:
        blocks += _stage(stage, words)
    return Section("uncertainty", words("Uncertainty"), blocks)


def _lacks_library(stage: Stage) -> bool:
    return stage.ranges is not None and stage.ranges.move_the_bill and stage.uncertainty is None


def _lead(stages: Sequence[Stage], words: Translator) -> Text:
    drawn = [stage.uncertainty for stage in stages if stage.uncertainty is not None]
    if drawn:
        return words(
            "Inputs with a range are drawn {count} times, and each draw is priced with every tier and whole "
            "machine of the plain bill. What has no range is taken as stated, so a bill may be less sure "
            "than it looks here.",
            count=words.number(Decimal(drawn[0].draws)),
        )
    if any(stage.ranges and stage.ranges.inputs for stage in stages):
        return words("No bill depends on an input with a range.")
    return words.spans(
        "No input says how sure it is. A range beside a value does, {example}, and this chapter then says "
        "what the bill may be.",
        example=Span("{value: 20 ms, uncertain: {low: 10 ms, high: 40 ms}}", "code"),
    )


def _stage(stage: Stage, words: Translator) -> Iterator[Block]:
    found, ranges = stage.uncertainty, stage.ranges
    if (
        found is None
        and not (ranges and ranges.inputs)
        and not (stage.sensitivity and stage.sensitivity.bars)
    ):
        return
    yield Heading(stage.heading(words.language), f"uncertainty-{stage.slug}")
    if found is not None:
        yield Paragraph(_spread(stage, found, words))
        if not is_narrow(found):
            picture = spread_picture(stage.name, stage.estimate.currency, found, words)
            bill = spread_table([bill_row(stage.estimate.currency, found, words)], words)
            yield charted(picture, viewed(bill, words, words("What {stage} may cost", stage=stage.name)))
        if found.budget:
            picture = budget_chance_picture(stage.name, found.budget, words)
            caption = words("{stage}: how sure its budget is", stage=stage.name)
            parts = spread_table(list(budget_rows(found, words)), words)
            yield charted(picture, viewed(parts, words, caption))
    facts = list(_facts(stage, words))
    if facts:
        yield Bullets(facts)
    if stage.sensitivity is not None and stage.sensitivity.bars:
        yield from _tornado(stage, stage.sensitivity, words)
    if ranges is not None and ranges.inputs:
        yield from _inputs(stage, ranges.inputs, words)


def _inputs(stage: Stage, inputs: Sequence[UncertainNumber], words: Translator) -> Iterator[Block]:
    caption = words.many(
        "{stage}: {count} input with a range",
        "{stage}: {count} inputs with a range",
        len(inputs),
        stage=stage.name,
    )
    yield viewed(inputs_table(inputs, words), words, caption, is_collapsed=True)
    if assumed := list(assumed_ranges(inputs, words)):
        yield Bullets(assumed)


def is_narrow(found: Uncertainty) -> bool:
    """Say whether eight cases of ten are so near each other that a picture would show one bar."""
    return found.bill.p90.value - found.bill.p10.value <= NARROW * abs(found.bill.p50.value)


def _spread(stage: Stage, found: Uncertainty, words: Translator) -> Text:
    currency = stage.estimate.currency
    if is_narrow(found):
        return words.spans(
            "In 8 of 10 cases it costs {cost} a month: its ranges hardly move it.",
            cost=Span(words.round_money(found.bill.p50.value, currency), "strong"),
        )
    return words.spans(
        "In 8 of 10 cases it costs from {low} to {high} a month, {middle} in the median. With probability "
        "{share} it is above the bill of {stated} that the stated inputs make.",
        low=Span(words.round_money(found.bill.p10.value, currency), "strong"),
        high=Span(words.round_money(found.bill.p90.value, currency), "strong"),
        middle=words.round_money(found.bill.p50.value, currency),
        share=words.chance(found.above_stated.value),
        stated=words.round_money(stage.estimate.total.monthly_cost, currency),
    )


def _facts(stage: Stage, words: Translator) -> Iterator[Text]:
    """Say how probable it is that budget and requirements hold, and what the figures leave out."""
    found, ranges = stage.uncertainty, stage.ranges
    if found is not None:
        for one in found.budget:
            if one.name == "total":
                yield words.spans(
                    "The budget of {budget} holds with probability {share}.",
                    budget=words.money(one.budget, one.currency),
                    share=Span(words.chance(one.probability.value), "strong"),
                )
        if found.needs:
            yield _kept(stage.estimate, found.needs_met, words)
        yield errors_text(found, words)
        if found.unpriced:
            yield words("Parts without a price are in no draw: these are lower bounds.")
    elif ranges is not None and ranges.inputs and not ranges.move_the_bill:
        yield words("Its bill depends on none of its inputs with a range.")
        yield (
            words("At some end of these ranges its requirements are not met: {inputs}.",
                  inputs=words.listed(list(ranges.unmet)))
            if ranges.unmet
            else words("At both ends of each range its requirements are met, as far as is known.")
        )  # fmt: skip


def _kept(estimate: Estimate, chance: Simulated | None, words: Translator) -> Text:
    """Say how probable it is that requirements are met; nobody knows that of machines that are stopped."""
    if chance is None or estimate.unknowns:
        return words.spans(
            "How probable it is that its requirements are met cannot be said: {why}.",
            why=Span(caveats_text(reservations(caveats_of(estimate)), words), "warn"),
        )
    caveats = reservations(estimate.caveats)
    message = (
        "By these ranges its requirements are met with probability {share}, with a reservation: {why}."
        if caveats
        else "By these ranges its requirements are met with probability {share}."
    )
    return words.spans(
        message,
        share=Span(words.chance(chance.value), "strong"),
        why=Span(caveats_text(caveats, words), "warn"),
    )


def _tornado(stage: Stage, found: Sensitivity, words: Translator) -> Iterator[Block]:
    yield Paragraph(_widest(found.bars[0], found, words))
    caption = words("{stage}: one input moved at a time", stage=stage.name)
    table = viewed(tornado_table(found, words), words, caption, is_collapsed=True)
    yield charted(tornado_picture(found, words, stage.name), table)
    said: list[Text] = []
    if any(one.by == "swing" for one in found.bars):
        said.append(
            words(
                "Inputs without a range are moved by {share} down and up: that compares them, and says "
                "nothing of how sure they are.",
                share=words.percent(found.swing),
            )
        )
    if found.draws is not None:
        said.append(index_legend(words))
    if found.no_indices and any(one.by == "distribution" for one in found.bars):
        said.append(words("No shares of the variance: {why}.", why=words.reason(found.no_indices)))
    if found.not_moved:
        names = words.listed([one.path for one in found.not_moved])
        said.append(words("Not moved, as it is no quantity: {inputs}.", inputs=names))
    if said:
        yield Bullets(said)


def _widest(bar: Bar, found: Sensitivity, words: Translator) -> Text:
    low, high = sorted((bar.cost_at_low, bar.cost_at_high))
    return words.spans(
        "What moves it most is {path}: between {low} and {high} the bill goes from {least} to {most}.",
        path=Span(bar.path, "code"),
        low=short_end(bar.low),
        high=short_end(bar.high),
        least=Span(words.round_money(low, found.currency), "strong"),
        most=Span(words.round_money(high, found.currency), "strong"),
    )
