"""`costplan curve`."""

from __future__ import annotations

from typing import Annotated

from costplan.cli import options
from costplan.cli.parameters import Option
from costplan.inputs.bundles import STAGES
from costplan.messages.reason import Reason


def curve(
    answer: options.Answer,
    prices: options.Prices,
    layers: options.Layers,
    scenarios: options.ScenariosArgument = None,
    first: Annotated[
        str, Option(("--from",), metavar="COUNT", help="Lowest load in requests a month: 1K.")
    ] = "1K",
    last: Annotated[
        str, Option(("--to",), metavar="COUNT", help="Highest load in requests a month: 1B.")
    ] = "1B",
    points: Annotated[
        str | None,
        Option(("--points",), metavar="NUMBER", help="Loads to sample for csv and json; steps are added."),
    ] = None,
    per_million: Annotated[
        bool, Option(("--per-million",), help="Chart the cost of a million requests.")
    ] = False,
    slo: Annotated[
        str | None,
        Option(("--slo",), metavar="SLO", help="Hold all designs to one SLO: 'p99 <= 100 ms'."),
    ] = None,
    plot: options.PlotOption = None,
    changes: options.SetOption = None,
    quotas: options.QuotasOption = None,
    workload: options.WorkloadOption = None,
    strict: options.StrictOption = False,
) -> int | None:
    """Cost against load: where each design is the cheapest that meets its requirements.

    Steps and crossovers are exact to the request; a design that does not meet its requirements never wins.

    [dim]costplan curve[/dim]
    [dim]costplan curve stage1 stage2:preemptible --from 100K --to 50M --currency USD[/dim]
    [dim]costplan curve stage3 --per-million --format csv[/dim]
    [dim]costplan curve --slo 'p99 <= 100 ms'[/dim]
    [dim]costplan curve --plot curve.svg[/dim]
    """
    from dataclasses import replace

    from costplan.analysis.curve.curve import USUAL_POINTS
    from costplan.analysis.curve.curve import curve as curve_of
    from costplan.cli.output import check_places, draw, show
    from costplan.inputs.scenarios import loaded_scenarios
    from costplan.inputs.values import currency_of, day_of
    from costplan.messages.errors import ExitCode

    check_places(answer.form, answer.path, plot, force=answer.force)
    sampled = USUAL_POINTS if points is None else _whole("--points", points)
    low, high = _whole("--from", first), _whole("--to", last)
    day = day_of(prices.as_of)
    said = options.Changes([*(changes or ()), *_slo(slo)], quotas=quotas, workload=workload)
    loaded = loaded_scenarios(scenarios or STAGES, layers, said)
    money = currency_of(prices.currency, loaded[0].catalog)
    found = curve_of(loaded, low, high, points=sampled, currency=money, as_of=day)
    if per_million:
        found = replace(found, charted="cost_per_million_requests")
    draw(found, plot, force=answer.force)
    show(found, *answer)
    return ExitCode.NO if strict and any(one.unpriced or one.not_billed for one in found.scenarios) else None


def _slo(text: str | None) -> list[str]:
    """Read the SLO that all designs are held to, as a change of each.

    Raises:
        InputError: It is none.
    """
    from costplan.inputs.plan import slo_override

    return [f'workload.slo="{text}"' for _ in slo_override(text)]


def _whole(option: str, text: str) -> int:
    """Read a whole number: `1500`, `5M`.

    Raises:
        InputError: It is none.
    """
    from costplan.messages.errors import InputError
    from costplan.messages.text import visible
    from costplan.quantities.units import parse_count

    try:
        count = parse_count(text)
    except ValueError as error:
        raise InputError(
            Reason("{option}: {why}", option=option, why=error),
            hint=Reason("write it like {option} 5M", option),
        ) from None
    if count.denominator != 1:
        raise InputError(Reason("{option}: must be a whole number, got {text}", option, visible(text[:40])))
    return int(count)
