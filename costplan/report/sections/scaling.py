"""5. Cost against load: which design is the cheapest where, why, and where requirements are not met."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.analysis.curve.documents import Curve
from costplan.graphics.pictures.forecast import scaling_picture
from costplan.language.reasons import lacks
from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text
from costplan.output.views.curve import crossover_table, limit_table
from costplan.report.blocks import Block, Bullets, Note, Paragraph, Section, Table, charted
from costplan.report.language.feasibility_notes import caveats_text, reservations
from costplan.report.language.slos import slo_sentence, slo_text, slo_warning
from costplan.report.loads import takeovers
from costplan.report.report_data import NoPlan, ReportData
from costplan.report.tables.scaling import MOST_ROWS, range_table, step_table, takeover_table
from costplan.report.tables.viewed import viewed


def section(report_data: ReportData, words: Translator) -> Section:
    """Write the chapter."""
    title = words("Scaling")
    curve = report_data.curve
    if curve is None:
        said = words.spans(
            "Cost against load is not drawn for these designs; {command} says why.",
            command=Span("costplan curve", "code"),
        )
        blocks: list[Block] = [Note(said, "warn")]
    else:
        blocks = list(_blocks(curve, report_data, words))
    if report_data.timeline is None:
        blocks.append(Paragraph(_no_plan(report_data.no_timeline, words)))
    return Section("scaling", title, blocks)


def _no_plan(why: NoPlan, words: Translator) -> Text:
    """Say why no months are planned."""
    if why == "growth":
        return words.spans(
            "No growth is stated ({key}), so no months are planned.", key=Span("workload.growth", "code")
        )
    return words.spans(
        "No months are planned: these scenarios lack what a plan needs; {command} says what.",
        command=Span("costplan timeline", "code"),
    )


def _blocks(curve: Curve, report_data: ReportData, words: Translator) -> Iterator[Block]:
    yield Paragraph(_lead(curve, words))
    yield Paragraph(slo_sentence([line.slo for line in curve.scenarios], words))
    if (warning := slo_warning(report_data, words, lists=True)) is not None:
        yield warning
    yield charted(scaling_picture(curve, words), range_table(curve, words))
    changes = takeovers(curve)
    if changes:
        yield takeover_table(changes, curve, words)
    elif len(curve.scenarios) > 1:
        yield Paragraph(words("Over all these loads it stays so: no other design becomes the cheapest."))
    if report_data.common_curve is not None:
        yield from _at_one_slo(report_data.common_curve, words)
    yield from _infeasible(curve, words)
    if curve.crossovers:
        yield _crossovers(curve, words)
    if any(len(line.segments) > 1 for line in curve.scenarios):
        yield step_table(curve, words)
    doubts = list(_doubts(curve, words))
    if doubts:
        yield Bullets(doubts)


def _crossovers(curve: Curve, words: Translator) -> Table:
    caption = words.many(
        "{count} crossover of the costs of any two designs, met requirements or not",
        "{count} crossovers of the costs of any two designs, met requirements or not",
        len(curve.crossovers) + curve.crossovers_left_out,
    )
    return viewed(crossover_table(curve, words, MOST_ROWS), words, caption, is_collapsed=True)


def _lead(curve: Curve, words: Translator) -> Text:
    said = words(
        "Every load from {first} to {last} requests a month was looked at, exact to the request. A design "
        "counts as the cheapest only where it meets its requirements.",
        first=words.requests(Decimal(curve.start)),
        last=words.requests(Decimal(curve.end)),
    )
    if len(curve.scenarios) > 1:
        return said
    return words(
        "Every load from {first} to {last} requests a month was looked at, exact to the request.",
        first=words.requests(Decimal(curve.start)),
        last=words.requests(Decimal(curve.end)),
    )


def _at_one_slo(curve: Curve, words: Translator) -> Iterator[Block]:
    """Say who is the cheapest where all designs are held to the strictest of their SLOs."""
    slo = slo_text(curve.scenarios[0].slo, words)
    yield Paragraph(
        words(
            "With all designs held to one SLO, the strictest of theirs ({slo}), the cheapest are these:",
            slo=slo,
        )
    )
    yield range_table(curve, words, words("The cheapest design at one common SLO: {slo}", slo=slo))


def _infeasible(curve: Curve, words: Translator) -> Iterator[Block]:
    unknown = [line for line in curve.scenarios if line.unknowns]
    if any(line.infeasible for line in curve.scenarios):
        limits = limit_table(curve, words, MOST_ROWS)
        yield viewed(limits, words, words("Where requirements are not met"))
    if unknown:
        why = "; ".join(f"{line.scenario}: {caveats_text(line.unknowns, words)}" for line in unknown)
        yield Paragraph(words("Up to which load these work is not known: {why}.", why=why))
    elif any(line.infeasible for line in curve.scenarios):
        return
    elif len(curve.scenarios) > 1:
        yield Paragraph(words("Every design meets its requirements at all of these loads."))
    else:
        yield Paragraph(words("The design meets its requirements at all of these loads."))


def _doubts(curve: Curve, words: Translator) -> Iterator[Text]:
    for line in curve.scenarios:
        name = Span(line.scenario, "strong")
        if line.unpriced:
            message = "{stage} has parts without a price: its cost is a lower bound at every load."
            yield words.spans(message, stage=name)
        if caveats := reservations(line.caveats):
            yield words.spans(
                "Every verdict on {stage} has this reservation: {why}.",
                stage=name,
                why=Span(caveats_text(caveats, words), "warn"),
            )
        for raised in line.quota_raises_that_help():
            message = (
                "At every load, {stage} is above a quota: {why}."
                if raised.start <= curve.start and raised.end >= curve.end
                else "From about {load} requests a month on {stage} is above a quota: {why}."
            )
            yield words.spans(
                message,
                stage=name,
                load=words.about(Decimal(raised.start)),
                why=lacks(raised.obstacle.resource, raised.obstacle.reason, words),
            )
