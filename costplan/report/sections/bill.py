"""3. The bill of each design: resources, every line with its price, the budget, what is not certain."""

from __future__ import annotations

from collections.abc import Iterator

from costplan.graphics.pictures.bill import bill_picture, budget_picture
from costplan.language.terms import QUANTITY_ORIGINS
from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text
from costplan.output.views.account.designs import designs_table, discount_notes, sharing_notes
from costplan.output.views.budget import budget_table
from costplan.output.views.estimate import resource_table, stand_in_mark
from costplan.output.views.terraform import classes_facts
from costplan.pricing.estimate import BudgetReport, CostSplit
from costplan.pricing.feasibility import Violation
from costplan.quantities.money import exact_sum
from costplan.report.blocks import (
    Block,
    Bullets,
    Column,
    Heading,
    Note,
    Paragraph,
    Section,
    Table,
    charted,
    row_of,
)
from costplan.report.inputs import value_of
from costplan.report.language.amounts import stand_in_legend
from costplan.report.report_data import ReportData, Stage
from costplan.report.source_book import SourceBook
from costplan.report.tables.bill import line_table
from costplan.report.tables.viewed import viewed


def section(report_data: ReportData, words: Translator) -> Section:
    """Write the bills."""
    book = SourceBook.of(report_data)
    blocks: list[Block] = []
    for stage in report_data.stages:
        blocks += _stage(stage, book, words)
    return Section("bill", words("The bill"), blocks)


def _stage(stage: Stage, book: SourceBook, words: Translator) -> Iterator[Block]:
    estimate = stage.estimate
    yield Heading(stage.heading(words.language), f"bill-{stage.slug}")
    yield Paragraph(
        " ".join([_conditions(stage, words), *(f"{said}." for said in classes_facts(estimate, words))])
    )
    yield _resources(stage, words)
    if estimate.designs:
        said = words("What each design has of the bill of {account}", account=estimate.scenario)
        yield viewed(designs_table(estimate, words), words, said)
        notes = [note.text for note in (*sharing_notes(estimate, words), *discount_notes(estimate, words))]
        yield from (Paragraph(note) for note in notes)
    if estimate.resources:
        yield line_table(stage, book, words)
    if estimate.total.monthly_cost and not estimate.unpriced:
        yield Paragraph(_purpose(estimate.split, words))
    if estimate.unmet:
        yield Bullets([_unmet(found, words) for found in estimate.unmet])
    if estimate.budget is not None:
        yield _budget(stage, estimate.budget, words)
    yield from _open_points(stage, words)


def _resources(stage: Stage, words: Translator) -> Block:
    caption = words("{scenario} by resource", scenario=stage.name)
    caption += stand_in_legend(words, is_used=bool(stand_in_mark(stage.estimate)))
    table = viewed(resource_table(stage.estimate, words), words, caption)
    return charted(bill_picture(stage.estimate, words), table)


def _budget(stage: Stage, budget: BudgetReport, words: Translator) -> Block:
    caption = words("{scenario} against its budget", scenario=stage.name)
    lines = [*budget.lines, budget.total]
    caption += stand_in_legend(words, is_used=any(line.assumed_cost for line in lines))
    table = viewed(budget_table(budget, words), words, caption)
    return charted(budget_picture(stage.name, budget, words), table)


def _conditions(stage: Stage, words: Translator) -> str:
    estimate = stage.estimate
    said = words(
        "{requests} requests a month; a month of {hours} hours.",
        requests=words.requests(stage.monthly_requests),
        hours=words.short(estimate.hours_per_month),
    )
    used_up = "" if estimate.free_tier else " " + words("The free volumes are taken to be used up.")
    return said + used_up


def _purpose(split: CostSplit, words: Translator) -> Text:
    """Say what the money is for."""
    parts = [split.useful, split.headroom, split.idle, split.overhead]
    useful, headroom, idle, overhead = words.shares(parts, exact_sum(parts))
    return words.spans(
        "Of this bill {useful} serves requests, {headroom} is room for peaks and spare replicas, {idle} "
        "waits for requests, and {overhead} is there whatever the load.",
        useful=Span(useful, "strong"),
        headroom=headroom,
        idle=idle,
        overhead=overhead,
    )


def _unmet(found: Violation, words: Translator) -> Text:
    return words.spans(
        "Not enough at this load: {resource} {why}.",
        resource=Span(found.resource, "strong"),
        why=Span(words.reason(found.reason), "bad"),
    )


def _open_points(stage: Stage, words: Translator) -> Iterator[Block]:
    """Call out what is unpriced, unverified and assumed."""
    estimate = stage.estimate
    if estimate.unpriced:
        names = list(dict.fromkeys(f"{part.sku} ({part.reason})" for part in estimate.unpriced))
        yield Note(words("Unpriced, and never counted as 0: {names}.", names="; ".join(names)), "bad")
    lines = [line for resource in estimate.resources for line in resource.line_items]
    unverified = sorted({line.name for line in lines if line.provenance == "unverified"})
    if unverified:
        yield Note(
            words(
                "Seen once, source not recorded; check before use: {names}.", names=words.listed(unverified)
            ),
            "warn",
        )
    if estimate.assumptions:
        yield _inputs_table(stage, words)


def _inputs_table(stage: Stage, words: Translator) -> Table:
    estimate = stage.estimate
    rows = [
        row_of(
            (Span(found.path, "code"),),
            value_of(stage.account or stage.scenario, found.path),
            words.term(found.kind, QUANTITY_ORIGINS),
            words.reason(found.reason),
        )
        for found in estimate.assumptions
    ]
    assumed = sum(1 for found in estimate.assumptions if found.kind == "assumed")
    if any(found.kind == "published" for found in estimate.assumptions):
        caption = words.many(
            "{scenario}: {count} assumption, and what was measured or published",
            "{scenario}: {count} assumptions, and what was measured or published",
            assumed,
            scenario=stage.name,
        )
    else:
        caption = words.many(
            "{scenario}: {count} assumption, and what was measured",
            "{scenario}: {count} assumptions, and what was measured",
            assumed,
            scenario=stage.name,
        )
    columns = [
        Column(words("Input")),
        Column(words("Value"), is_text=True),
        Column(words("How known")),
        Column(words("Why"), is_text=True),
    ]
    return Table(caption, columns, [rows], is_collapsed=True)
