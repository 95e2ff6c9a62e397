"""`costplan explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from costplan.cli import completions, options
from costplan.cli.parameters import Argument

if TYPE_CHECKING:
    pass


def explain(
    scenario: options.ScenarioArgument,
    answer: options.Answer,
    changes: options.Changes,
    prices: options.Prices,
    layers: options.Layers,
    what: Annotated[
        str | None,
        Argument(
            metavar="[RESOURCE or SKU]",
            help="What to take apart; everything if left out.",
            completes=completions.resources,
        ),
    ] = None,
    variant: options.VariantOption = None,
) -> None:
    """One number taken apart: quantity, free part, tier slices, price, VAT, source.

    [dim]costplan explain stage2 inference[/dim]
    [dim]costplan explain stage3 network.egress.inet[/dim]
    """
    from costplan.analysis.bill.arithmetic import arithmetic_of
    from costplan.analysis.bill.explain import explain as explain_estimate
    from costplan.cli.output import check_places, show
    from costplan.inputs.scenarios import loaded_designs, price_design
    from costplan.inputs.values import currency_of, day_of

    check_places(answer.form, answer.path, force=answer.force)
    day = day_of(prices.as_of)
    [loaded] = loaded_designs([scenario], layers, changes, variant)
    money = currency_of(prices.currency, loaded.catalog)
    found = price_design(loaded, currency=money, as_of=day)
    how = arithmetic_of(loaded, found.currency, found.catalog.as_of)
    show(explain_estimate(found, what, how), *answer)
