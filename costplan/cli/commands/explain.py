"""`costplan explain`."""

from __future__ import annotations

from typing import Annotated

from costplan.cli import options
from costplan.cli.parameters import Argument


def explain(
    scenario: options.ScenarioArgument,
    answer: options.Answer,
    changes: options.Changes,
    prices: options.Prices,
    layers: options.Layers,
    what: Annotated[
        str | None,
        Argument(metavar="[RESOURCE or SKU]", help="What to take apart; everything if left out."),
    ] = None,
    variant: options.VariantOption = None,
) -> None:
    """One number taken apart: quantity, free part, tier slices, price, VAT, source.

    [dim]costplan explain stage2 inference[/dim]
    [dim]costplan explain stage3 network.egress.inet[/dim]
    """
    from costplan.analysis.bill.explain import explain as explain_estimate
    from costplan.cli.inputs import estimates
    from costplan.cli.output import check_places, show

    check_places(answer.form, answer.path, force=answer.force)
    found = estimates([scenario], prices, layers, changes, variant)[0]
    show(explain_estimate(found, what), *answer)
