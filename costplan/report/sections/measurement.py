"""7. What the capacities rest on: which machine answered how fast, how sure that is, what a million cost."""

from __future__ import annotations

from collections.abc import Iterator

from costplan.graphics.pictures.measurement import latency_picture
from costplan.language.measured import measured_reason
from costplan.language.terms import VERDICTS
from costplan.language.translator import Translator
from costplan.measurement.model import Measurement
from costplan.messages.spans import Span, Text
from costplan.output.views.bench import cost_notes, cost_table, points_table
from costplan.quantities.money import shortest
from costplan.report.blocks import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Section,
    Table,
    charted,
)
from costplan.report.report_data import ReportData
from costplan.report.tables.viewed import viewed


def section(report_data: ReportData, words: Translator) -> Section:
    """Write the measurements; where a report has none, say how to get one."""
    title = words("Measurement")
    if not report_data.measurements:
        advice = words.spans(
            "No figure of these designs was measured. {command} measures a model on a machine; a scenario "
            "that names its result takes times and capacities from there.",
            command=Span("costplan bench", "code"),
        )
        return Section("measurement", title, [Paragraph(advice)])
    blocks: list[Block] = [
        Paragraph(
            words(
                "Designs that name a measurement take times and capacities from it. On which machine it was "
                "made, and how sure it is, stands below; the provider's machines may be faster or slower."
            )
        )
    ]
    for name, measurement in report_data.measurements:
        blocks += _measurement(name, measurement, report_data, words)
    return Section("measurement", title, blocks)


def _measurement(
    name: str, found: Measurement, report_data: ReportData, words: Translator
) -> Iterator[Block]:
    slug = "".join(c if c.isascii() and c.isalnum() else "-" for c in name)
    yield Heading(name, f"measurement-{slug}")
    yield Paragraph(_capacity(found, words))
    users = [stage.name for stage in report_data.stages if name in stage.measurements]
    yield Bullets(list(_facts(found, users, words)))
    doubts = [words.reason(measured_reason(said)) for said in (*found.reasons, *found.warnings)]
    if doubts:
        yield Paragraph(words("What makes these figures doubtful, in the words of the harness:"))
        yield Bullets(doubts)
    if found.points:
        yield charted(latency_picture(name, found, words), _points(name, found, words))
    if found.cost:
        yield from _costs(name, found, words)


def _capacity(found: Measurement, words: Translator) -> Text:
    capacity, slo = found.capacity, found.claimed_slo
    bound = f"p{slo.percentile:g} ≤ {words.milliseconds(slo.latency_ms)}"
    verdict = words.term(found.verdict, VERDICTS)
    if capacity.requests_per_second is None:
        return words.spans(
            "No rate was found that keeps {slo}; verdict: {verdict}.",
            slo=Span(bound, "strong"),
            verdict=verdict,
        )
    message = (
        "It answers up to {rate} requests a second with {slo}: {low} passes, {high} fails; "
        "verdict: {verdict}."
        if capacity.high is not None
        else "It answers at least {rate} requests a second with {slo}; verdict: {verdict}."
    )
    return words.spans(
        message,
        rate=Span(words.rate(capacity.requests_per_second), "strong"),
        slo=bound,
        low=words.rate(capacity.low or 0.0),
        high=words.rate(capacity.high or 0.0),
        verdict=verdict,
    )


def _facts(found: Measurement, users: list[str], words: Translator) -> Iterator[Text]:
    environment = found.environment
    yield words(
        "Model {model} in {target} on {machine}, {cpus} processors, {memory} GB of memory, {gpus}.",
        model=found.model.name,
        target=found.target,
        machine=environment.processor.name,
        cpus=words.short(shortest(environment.usable_cpus)),
        memory=words.number(shortest(environment.memory_bytes / 2**30), 1),
        gpus=", ".join(gpu.name for gpu in environment.gpus) or words("no GPU"),
    )
    if found.measured_on is not None:
        yield words("Measured on {day}.", day=words.day(found.measured_on))
    if users:
        yield words("Figures from here are in: {stages}.", stages=words.listed(users))
    single = found.single()
    if single is not None and single.response_ms.p50 is not None:
        yield words(
            "One request at a time takes {time} in the median.",
            time=words.milliseconds(single.response_ms.p50),
        )
    if found.cold_start_ms is not None:
        yield words("From nothing to the first answer: {time}.", time=words.milliseconds(found.cold_start_ms))
    if found.is_co_located:
        yield words("Load generator and server shared the machine.")


def _points(name: str, found: Measurement, words: Translator) -> Table:
    caption = words.many(
        "{name}: {count} load point", "{name}: all {count} load points", len(found.points), name=name
    )
    return viewed(points_table(found, words), words, caption, is_collapsed=True)


def _costs(name: str, found: Measurement, words: Translator) -> Iterator[Block]:
    caption = words("{name}: what a million good answers cost", name=name)
    yield viewed(cost_table(found, words), words, caption)
    yield Bullets([note.text for note in cost_notes(found, words)])
