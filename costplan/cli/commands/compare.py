"""`costplan compare`."""

from __future__ import annotations

from typing import Annotated

from costplan.cli import options
from costplan.cli.parameters import Option
from costplan.inputs.bundles import STAGES


def compare(
    answer: options.Answer,
    changes: options.Changes,
    prices: options.Prices,
    layers: options.Layers,
    draws: options.Draws,
    scenarios: options.ScenariosArgument = None,
    all_variants: Annotated[
        bool, Option(("--variants",), help="Show each scenario beside all of its variants.")
    ] = False,
    plot: options.PlotOption = None,
    strict: options.StrictOption = False,
    uncertain: Annotated[
        bool, Option(("--uncertain",), help="Say how sure the bills are, and where they cross.")
    ] = False,
) -> int | None:
    """Scenarios side by side by role, with their budgets.

    [dim]costplan compare[/dim]
    [dim]costplan compare stage2 --variants[/dim]
    [dim]costplan compare --plot steps.png[/dim]
    [dim]costplan compare stage2 stage3 --uncertain[/dim]
    [dim]costplan compare stage1 stage2:preemptible --requests 5M --currency USD[/dim]
    """
    from costplan.analysis.bill.compare import compare as compare_estimates
    from costplan.analysis.bill.compare import is_incomplete
    from costplan.cli.output import check_places, draw, show
    from costplan.inputs.scenarios import estimates
    from costplan.messages.errors import ExitCode, InputError

    check_places(answer.form, answer.path, plot, force=answer.force)
    references = list(scenarios or STAGES)
    if all_variants:
        from costplan.scenario.document.variants import with_variants

        references = [found for reference in references for found in with_variants(reference)]
    if uncertain:
        from costplan.cli.uncertainty import uncertain_comparison_of

        sure = uncertain_comparison_of(references, prices, layers, changes, draws)
        draw(sure, plot, force=answer.force)
        show(sure, *answer)
        return ExitCode.NO if strict and any(map(is_incomplete, sure.scenarios)) else None
    if any(draws):
        raise InputError("--seed and --draws are for --uncertain", hint="add --uncertain")
    found = compare_estimates(estimates(references, prices, layers, changes))
    draw(found, plot, force=answer.force)
    show(found, *answer)
    return ExitCode.NO if strict and any(map(is_incomplete, found.scenarios)) else None
