"""`costplan compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from costplan.cli import options
from costplan.cli.parameters import Option
from costplan.inputs.bundles import STAGES

if TYPE_CHECKING:
    from costplan.analysis.bill.documents import Comparison
    from costplan.analysis.uncertainty.documents import UncertainComparison


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
    from costplan.analysis.bill.compare import is_incomplete
    from costplan.cli.output import check_places, draw, show
    from costplan.messages.errors import ExitCode, InputError

    check_places(answer.form, answer.path, plot, force=answer.force)
    if any(draws) and not uncertain:
        raise InputError("--seed and --draws are for --uncertain", hint="add --uncertain")

    def compared(references: list[str]) -> Comparison | UncertainComparison:
        if uncertain:
            from costplan.cli.uncertainty import uncertain_comparison_of

            return uncertain_comparison_of(references, prices, layers, changes, draws)
        from costplan.analysis.bill.compare import compare as compare_estimates
        from costplan.inputs.scenarios import estimates

        return compare_estimates(estimates(references, prices, layers, changes))

    references = list(scenarios or STAGES)
    if all_variants:
        from costplan.scenario.document.variants import with_variants

        references = [found for reference in references for found in with_variants(reference)]
    try:
        found = compared(references)
    except InputError:
        standing = _without_broken(references, layers, changes) if all_variants else references
        if len(standing) == len(references):
            raise
        found = compared(standing)
    draw(found, plot, force=answer.force)
    show(found, *answer)
    return ExitCode.NO if strict and any(map(is_incomplete, found.scenarios)) else None


def _without_broken(references: list[str], layers: options.Layers, changes: options.Changes) -> list[str]:
    """Leave out the variants that cannot stand alone, and say so."""
    from costplan.cli.language import translator
    from costplan.cli.streams import say
    from costplan.inputs.scenarios import standing_variants
    from costplan.messages.text import visible

    standing, left_out = standing_variants(references, layers, changes)
    words = translator()
    for reference, why in left_out:
        name = visible(reference.rpartition(":")[2][:80])
        say(words("The variant {name} is left out: {why}", name=f"`{name}`", why=words.reason(why)) + "\n")
    return standing
