"""`costplan plan`."""

from __future__ import annotations

from typing import Annotated

from costplan.cli import options
from costplan.cli.parameters import Option


def plan(
    answer: options.Answer,
    changes: options.Changes,
    prices: options.Prices,
    layers: options.Layers,
    scenarios: options.ScenariosArgument = None,
    over: Annotated[
        list[str] | None,
        Option(("--over",), metavar="PATH=VALUES", help="Leave it open: resources.api.vcpu=2,4. Repeatable."),
    ] = None,
    slo: Annotated[
        str | None, Option(("--slo",), metavar="SLO", help="SLO to keep: 'p99 <= 100 ms'.")
    ] = None,
    budget: Annotated[
        str | None,
        Option(("--budget",), metavar="AMOUNT", help="Highest cost per month, with currency: 235USD."),
    ] = None,
    zones: Annotated[
        str | None, Option(("--zones",), metavar="COUNT", help="One of all that serves in each zone.")
    ] = None,
    quota: Annotated[
        list[str] | None,
        Option(("--quota",), metavar="NAME=MOST", help="vcpu, gpu, memory or machines. Repeatable."),
    ] = None,
    within_quotas: Annotated[
        bool, Option(("--within-quotas",), help="No design that needs a quota of the account raised.")
    ] = False,
    no_preemptible: Annotated[
        bool, Option(("--no-preemptible",), help="No machines that the provider may stop.")
    ] = False,
    allow_preemptible: Annotated[
        bool, Option(("--allow-preemptible",), help="Take them with --zones too.")
    ] = False,
    allow_shorter_hours: Annotated[
        bool, Option(("--allow-shorter-hours",), help="Take variants that serve fewer hours.")
    ] = False,
    commit: Annotated[
        str | None,
        Option(("--commit",), metavar="TERM", help="Count commitments: m6, y1, m6,y1 or none."),
    ] = None,
    variant: options.VariantOption = None,
) -> int | None:
    """The cheapest design that meets its requirements, why the others lose, and what more money buys.

    Designs are the scenario with its variants and what its `choose` sections, or --over, leave open.
    -o design.yaml writes the chosen design as a scenario; .json, .csv, .md and .txt take the answer itself.

    [dim]costplan plan stage2 --budget 235USD[/dim]
    [dim]costplan plan --requests 5M[/dim]
    [dim]costplan plan stage2 --over resources.inference.preemptible=true,false --no-preemptible[/dim]
    [dim]costplan plan mine.yaml --slo 'p99 <= 100 ms' --zones 3 --quota gpu=2 -o design.yaml[/dim]
    """
    from costplan.cli.plan import run
    from costplan.inputs.plan import PlanRequest
    from costplan.messages.errors import InputError

    if no_preemptible and allow_preemptible:
        raise InputError(
            "--no-preemptible and --allow-preemptible contradict each other", hint="leave one out"
        )
    request = PlanRequest(
        tuple(over or ()),
        slo,
        budget,
        zones,
        tuple(quota or ()),
        no_preemptible,
        allow_preemptible,
        allow_shorter_hours,
        commit,
        tuple(variant or ()),
        within_quotas,
    )
    return run.run(scenarios or (), request, answer, changes, prices, layers)
