"""2. What is built: each design as a diagram drawn from its scenario, with the monthly cost on every node."""

from __future__ import annotations

from collections.abc import Iterator

from costplan.graphics.diagram.layout import layout
from costplan.graphics.diagram.mermaid import mermaid
from costplan.graphics.diagram.svg import svg
from costplan.language.translator import Translator
from costplan.messages.spans import Span, spans_of
from costplan.report.blocks import Block, Diagram, Heading, Paragraph, Section
from costplan.report.language.differences import difference_text
from costplan.report.report_data import ReportData, Stage


def section(report_data: ReportData, words: Translator) -> Section:
    """Write the architectures."""
    blocks = [block for stage in report_data.stages for block in _stage(stage, words)]
    return Section("architecture", words("Architecture"), blocks)


def _stage(stage: Stage, words: Translator) -> Iterator[Block]:
    estimate = stage.estimate
    name = f"architecture-{stage.slug}"
    yield Heading(stage.heading(words.language), name)
    if estimate.differences:
        said = difference_text(estimate.scenario, estimate.differences, words)
        yield Paragraph((Span(f"{stage.name} "), *spans_of(said), Span(".")))
    if estimate.rationale:
        yield Paragraph(words.title(estimate.rationale))
    drawing = layout(estimate, words)
    yield Diagram(
        name=f"diagram-{stage.slug}",
        title=words("What {stage} is made of", stage=stage.name),
        description=words(
            "An arrow leads from what asks to what answers; the amounts are {currency} a month.",
            currency=estimate.currency,
        ),
        svg=lambda: svg(drawing, f"diagram-{stage.slug}"),
        mermaid=lambda: mermaid(drawing),
    )
