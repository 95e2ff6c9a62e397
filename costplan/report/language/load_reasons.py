"""At which loads a design is the right one: where it is the cheapest, and where it meets its requirements."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.analysis.curve.documents import CheapestRange, Curve, ScenarioCurve
from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text
from costplan.report.language.feasibility_notes import caveats_text
from costplan.report.report_data import ReportData, Stage

MOST_RANGES = 4
"""Ranges that a sentence names; the chapter on scaling lists all."""


def load_reasons(report_data: ReportData, stage: Stage, words: Translator) -> Iterator[Text]:
    """Say which loads would change the choice."""
    curve = report_data.curve
    if curve is None:
        return
    line = next((line for line in curve.scenarios if line.scenario == stage.name), None)
    if line is None:
        return
    if line.unknowns:
        yield words("Up to which load it works is not known: {why}.", why=caveats_text(line.unknowns, words))
        return
    if len(curve.scenarios) > 1:
        yield from _ranges(curve, stage, words)
    yield _reach(line, curve, words)


def _ranges(curve: Curve, stage: Stage, words: Translator) -> Iterator[Text]:
    won = [one for one in curve.cheapest if one.scenario == stage.name]
    if won:
        ranges = words.listed([_range(one, curve, words) for one in won[:MOST_RANGES]])
        yield words.spans(
            "It is the cheapest of those that meet their requirements at about these requests a month: "
            "{ranges}.",
            ranges=Span(ranges, "strong"),
        )
    else:
        yield words("At no load is it the cheapest of those that meet their requirements.")


def _range(one: CheapestRange, curve: Curve, words: Translator) -> str:
    first, last = (words.about(Decimal(load)) for load in (one.start, one.end))
    if one.end == curve.end:
        return words("from {first} on", first=first)
    return words("up to {last}", last=last) if one.start == curve.start else f"{first} – {last}"


def _reach(line: ScenarioCurve, curve: Curve, words: Translator) -> Text:
    if not line.infeasible:
        return words.spans(
            "It meets its requirements from {first} to {last} requests a month.",
            first=words.requests(Decimal(curve.start)),
            last=Span(words.requests(Decimal(curve.end)), "strong"),
        )
    broken = line.infeasible[0]
    message = (
        "It no longer meets its requirements from about {load} requests a month on: {resource} {why}."
        if broken.start > curve.start
        else "It does not meet its requirements below about {end} requests a month: {resource} {why}."
    )
    return words.spans(
        message,
        load=Span(words.about(Decimal(broken.start)), "strong"),
        end=Span(words.about(Decimal(broken.end + 1)), "strong"),
        resource=broken.obstacle.resource,
        why=words.reason(broken.obstacle.reason),
    )
