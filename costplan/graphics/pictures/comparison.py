"""The picture of measurements side by side: each ratio to the first, with its interval."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from costplan.analysis.measured.documents import BenchComparison, Ratio
from costplan.graphics.pictures.picture import Picture
from costplan.language.translator import Translator
from costplan.output.views.measured.comparison import conclusion_text, ratio_text

if TYPE_CHECKING:
    from costplan.graphics.charts.style import Drawing


def bench_comparison_picture(found: BenchComparison, words: Translator) -> Picture | None:
    """Show how many times as fast, as much and as cheap the others are; None where no ratio is known."""
    shown = list(_ratios(found, words))
    if not shown:
        return None
    description = words(
        "Against {name}: dots are ratios, bars their intervals; right of the line is better.",
        name=found.results[0].name,
    )
    title = conclusion_text(found, words)

    def draw() -> Drawing:
        from costplan.graphics.charts.ratios import ShownRatio, ratios
        from costplan.graphics.charts.style import Caption

        rows = [
            ShownRatio(name, ratio_text(ratio, words), ratio.value, ratio.low, ratio.high)
            for name, ratio in shown
        ]
        return ratios(rows, Caption(title, description), words)

    return Picture("bench-comparison", title, description, draw)


def _ratios(found: BenchComparison, words: Translator) -> Iterator[tuple[str, Ratio]]:
    for rank, one in enumerate(found.results[1:], 1):
        costs = {machine.instance: machine.costs[rank].cheaper for machine in found.machines}
        known = [
            (words("{name}: one request", name=one.name), one.faster),
            (words("{name}: peak", name=one.name), one.more_throughput),
            (words("{name}: at the SLO", name=one.name), one.more_capacity),
            (words("{name}: cost", name=one.name), costs.get(found.conclusion.instance)),
        ]
        yield from ((name, ratio) for name, ratio in known if ratio is not None)
