"""`costplan timeline`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from costplan.cli import completions, options
from costplan.cli.parameters import Argument, Option
from costplan.inputs.bundles import STAGES

if TYPE_CHECKING:
    from costplan.analysis.timeline.documents import Timeline


class TimelineOptions(NamedTuple):
    """Which months are planned, and how the load goes on in them."""

    months: Annotated[str, Option(("--months",), metavar="COUNT", help="How many months: 24.")] = "24"
    start: Annotated[
        str | None,
        Option(("--start",), metavar="MONTH", help="First month: 2027-01. Else that after the prices."),
    ] = None
    growth: Annotated[
        str | None,
        Option(("--growth",), metavar="SHARE", help="Growth a month: 10%, or 2x/year. Else the scenario's."),
    ] = None


class Moves(NamedTuple):
    """What a move costs, and how seldom it may come."""

    switching: Annotated[
        str | None,
        Option(("--switching", "--migration"), metavar="AMOUNT", help="What each move costs: 150000RUB."),
    ] = None
    hold: Annotated[str, Option(("--hold",), metavar="MONTHS", help="Minimum months on a design: 3.")] = "1"


class TimelineBudgets(NamedTuple):
    """Most that may be spent."""

    budget: Annotated[
        str | None, Option(("--budget",), metavar="AMOUNT", help="Highest spend in a month, moves included.")
    ] = None
    total_budget: Annotated[
        str | None, Option(("--total-budget",), metavar="AMOUNT", help="Highest spend in all months.")
    ] = None


def timeline(
    answer: options.Answer,
    changes: options.Changes,
    prices: options.Prices,
    layers: options.Layers,
    plan_options: TimelineOptions,
    moves: Moves,
    budgets: TimelineBudgets,
    scenarios: Annotated[
        list[str] | None,
        Argument(
            metavar="[SCENARIO]...",
            help="Designs; the three stages if left out. Load is the first's.",
            completes=completions.scenarios,
        ),
    ] = None,
    plot: options.PlotOption = None,
    strict: Annotated[
        bool,
        Option(
            ("--strict",),
            help="Exit with 1: a month without a design, over a budget, something unpriced or not billed.",
        ),
    ] = False,
) -> int | None:
    """Which design in which month, what it costs, when the budget is exceeded and the cash runs out.

    The cheapest sequence of designs that meet their requirements under the growing load, moves included.

    [dim]costplan timeline --growth 15% --switching 150000RUB[/dim]
    [dim]costplan timeline stage2 stage2:preemptible --months 12 --growth 10% --hold 3[/dim]
    [dim]costplan timeline --start 2027-01 --growth 2x/year --budget 60000[/dim]
    """
    from costplan.analysis.timeline.timeline import timeline as plan
    from costplan.cli.output import check_places, draw, show
    from costplan.inputs.scenarios import loaded_scenarios
    from costplan.inputs.timeline import horizon_of
    from costplan.inputs.values import currency_of, day_of
    from costplan.messages.errors import ExitCode

    check_places(answer.form, answer.path, plot, force=answer.force)
    found = loaded_scenarios(list(scenarios or STAGES), layers, changes)
    money = currency_of(prices.currency, found[0].catalog)
    horizon = horizon_of(
        money or found[0].currency,
        **plan_options._asdict(),
        **moves._asdict(),
        **budgets._asdict(),
        requests_stated=changes.requests is not None,
    )
    planned = plan(found, horizon, currency=money, as_of=day_of(prices.as_of))
    draw(planned, plot, force=answer.force)
    show(planned, *answer)
    return ExitCode.NO if strict and _is_no(planned) else None


def _is_no(planned: Timeline) -> bool:
    broken = any(one.month is not None for one in planned.budgets)
    forgotten = any(one.not_billed for one in planned.designs)
    return broken or forgotten or any(row.stage is None or row.lower_bound for row in planned.months)
