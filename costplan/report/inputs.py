"""Inputs of a scenario as it writes them, and which of them move the bills most."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from costplan.analysis.uncertainty.documents import Bar
from costplan.graphics.pictures.uncertainty import short_end
from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text
from costplan.quantities.money import EXACT
from costplan.report.report_data import ReportData, Stage
from costplan.scenario.document.overrides import split_path, value_at, written
from costplan.scenario.loaded import LoadedScenario

if TYPE_CHECKING:
    from costplan.scenario.account.loaded import LoadedAccount

MOST_MOVERS = 5
"""Inputs that the verdict names."""


def value_of(scenario: LoadedScenario | LoadedAccount, path: str) -> str:
    """Return the value of an input as the scenario writes it; a dash where it does not stand by itself.

    Args:
        scenario: That has it; in an account, paths begin with the design.
        path: Of the input.
    """
    if not isinstance(scenario, LoadedScenario):
        design, _, rest = path.partition(".")
        return value_of(scenario.designs[design], rest)
    node = value_at(scenario.node, split_path(path))
    return "–" if node is None else written(node)


def largest_movers(report_data: ReportData) -> list[tuple[Stage, Bar]]:
    """Return the inputs that are not stated and that move the bills most, the largest effect first."""
    found = [
        (stage, bar)
        for stage in report_data.stages
        if stage.sensitivity is not None
        for bar in stage.sensitivity.bars
        if bar.kind != "stated" and _reach(bar)
    ]
    return sorted(found, key=lambda one: -_reach(one[1]))[:MOST_MOVERS]


def mover_sentences(report_data: ReportData, words: Translator) -> Iterator[Text]:
    """Say what each of them is, and by how much it moves its bill."""
    for stage, bar in largest_movers(report_data):
        message = (
            "{stage}: {path} is measured: {value}. Between {low} and {high} the bill moves by about {change}."
            if bar.kind == "measured"
            else "{stage}: {path} is published: {value}. "
            "Between {low} and {high} the bill moves by about {change}."
            if bar.kind == "published"
            else "{stage}: {path} is assumed: {value}. "
            "Between {low} and {high} the bill moves by about {change}."
        )
        yield words.spans(
            message,
            stage=Span(stage.name, "strong"),
            path=Span(bar.path, "code"),
            value=value_of(stage.scenario, bar.path),
            low=short_end(bar.low),
            high=short_end(bar.high),
            change=words.rough_money(_reach(bar), report_data.currency),
        )


def _reach(bar: Bar) -> Decimal:
    return abs(EXACT.subtract(bar.cost_at_high, bar.cost_at_low))
