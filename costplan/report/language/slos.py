"""SLOs in words: what each design is held to, and what it means where designs are held to different ones."""

from __future__ import annotations

from collections.abc import Sequence

from costplan.language.translator import Translator
from costplan.messages.spans import Span
from costplan.pricing.stated_slo import StatedSlo, differ
from costplan.report.blocks import Note
from costplan.report.report_data import ReportData


def slo_text(slo: StatedSlo | None, words: Translator) -> str:
    """Write an SLO: `99% of answers within 100 ms`."""
    if slo is None:
        return words("none stated")
    return words(
        "{share} of answers within {time}",
        share=words.exact_percent(slo.percentile),
        time=words.seconds(slo.latency),
    )


def slos_differ(report_data: ReportData) -> bool:
    """Say whether the designs are held to different SLOs."""
    return differ(stage.estimate.slo for stage in report_data.stages)


def slo_warning(report_data: ReportData, words: Translator, *, lists: bool = False) -> Note | None:
    """Warn where the designs are held to different SLOs: a cheaper one may only be allowed to be slower.

    Args:
        lists: Whether to say each design's SLO, where no table nearby does.
    """
    if not slos_differ(report_data):
        return None
    if not lists:
        message = "The designs have different SLOs, so the cheaper one may only be allowed to be slower."
        return Note((Span(words(message)),), "warn")
    held = [f"{stage.name}: {slo_text(stage.estimate.slo, words)}" for stage in report_data.stages]
    said = words(
        "The designs have different SLOs, so the cheaper one may only be allowed to be slower: {slos}.",
        slos="; ".join(held),
    )
    return Note((Span(said),), "warn")


def slo_sentence(slos: Sequence[StatedSlo | None], words: Translator) -> str:
    """Say once what meeting requirements means: what `pricing/feasibility.py` decides."""
    shared = slos[0] if slos and not differ(slos) else None
    if shared is not None:
        return words(
            "A design meets its requirements where it keeps its SLO ({slo}), its replicas are enough for the "
            "load, and it stays within the provider's limits.",
            slo=slo_text(shared, words),
        )
    if not any(slos):
        return words(
            "A design meets its requirements where its replicas are enough for the load and it stays within "
            "the provider's limits. No SLO is stated, so nothing says how fast answers must come."
        )
    return words(
        "A design meets its requirements where it keeps its own SLO, its replicas are enough for the load, "
        "and it stays within the provider's limits."
    )
