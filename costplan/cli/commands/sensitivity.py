"""`costplan sensitivity`."""

from __future__ import annotations

from typing import Annotated

from costplan.cli import options
from costplan.cli.parameters import Option
from costplan.messages.reason import Reason


def sensitivity(
    scenario: options.ScenarioArgument,
    answer: options.Answer,
    changes: options.Changes,
    prices: options.Prices,
    layers: options.Layers,
    draws: options.Draws,
    swing: Annotated[
        str | None,
        Option(("--swing",), metavar="SHARE", help="How far to move what has no range; 20% if left out."),
    ] = None,
    plot: options.PlotOption = None,
    variant: options.VariantOption = None,
) -> None:
    """What the bill depends on: each input moved by itself, and its share of the variance.

    [dim]costplan sensitivity stage3[/dim]
    [dim]costplan sensitivity stage1 --swing 50% --currency USD[/dim]
    [dim]costplan sensitivity mine.yaml --plot tornado.svg[/dim]
    """
    from costplan.cli.extras import needs_extra
    from costplan.cli.output import check_places, draw, show
    from costplan.cli.report.progress import ReportProgress
    from costplan.cli.uncertainty import draws_of, seed_of, swing_of
    from costplan.inputs.scenarios import loaded_scenarios
    from costplan.inputs.values import currency_of, day_of

    seed, count, part = seed_of(draws), draws_of(draws), swing_of(swing)
    day = day_of(prices.as_of)
    check_places(answer.form, answer.path, plot, force=answer.force)
    [loaded] = loaded_scenarios([scenario], layers, changes, variant)
    money = currency_of(prices.currency, loaded.catalog)
    with needs_extra("costplan sensitivity", "plan"), ReportProgress() as line:
        from costplan.analysis.uncertainty.sensitivity import sensitivity as sensitivity_of

        found = sensitivity_of(
            loaded, currency=money, as_of=day, swing=part, draws=count, seed=seed,
            progress=lambda done: line(Reason("drawing: {share}", f"{done:.0%}")),
        )  # fmt: skip
    draw(found, plot, force=answer.force)
    show(found, *answer)
