"""`costplan estimate`."""

from __future__ import annotations

from typing import Annotated

from costplan.cli import options
from costplan.cli.parameters import Option


def estimate(
    scenario: options.ScenarioArgument,
    answer: options.Answer,
    changes: options.Changes,
    prices: options.Prices,
    layers: options.Layers,
    draws: options.Draws,
    variant: options.VariantOption = None,
    plot: options.PlotOption = None,
    strict: options.StrictOption = False,
    uncertain: Annotated[
        bool, Option(("--uncertain",), help="Say how sure the bill is: ranges of the scenario, simulated.")
    ] = False,
) -> int | None:
    """The month's bill, line by line, beside its budget.

    [dim]costplan estimate stage2[/dim]
    [dim]costplan estimate stage2 --variant preemptible --currency USD[/dim]
    [dim]costplan estimate stage3 --uncertain[/dim]
    [dim]costplan estimate stage3 --plot bill.svg[/dim]
    [dim]costplan estimate mine.yaml --set resources.api.vcpu=4 --requests 20M --format json[/dim]
    """
    from costplan.analysis.bill.compare import is_incomplete
    from costplan.cli.output import check_places, draw, show
    from costplan.inputs.scenarios import estimates
    from costplan.messages.errors import ExitCode, InputError

    check_places(answer.form, answer.path, plot, force=answer.force)
    if uncertain:
        from costplan.cli.uncertainty import uncertain_estimate_of

        sure = uncertain_estimate_of(scenario, prices, layers, changes, variant, draws)
        draw(sure, plot, force=answer.force)
        show(sure, *answer)
        return ExitCode.NO if strict and is_incomplete(sure) else None
    if any(draws):
        raise InputError("--seed and --draws are for --uncertain", hint="add --uncertain")
    found = estimates([scenario], prices, layers, changes, variant)[0]
    draw(found, plot, force=answer.force)
    show(found, *answer)
    return ExitCode.NO if strict and is_incomplete(found) else None
