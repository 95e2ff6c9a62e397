"""`costplan explain`."""

from __future__ import annotations

from typing import Annotated

from costplan.cli import options
from costplan.cli.parameters import Argument


def explain(
    scenario: options.ScenarioArgument,
    what: Annotated[
        str | None,
        Argument(metavar="[RESOURCE or SKU]", help="What to take apart; everything if left out."),
    ] = None,
    form: options.FormatOption = "table",
    output: options.OutputOption = None,
    force: options.ForceOption = False,
    currency: options.CurrencyOption = None,
    as_of: options.AsOfOption = None,
    variant: options.VariantOption = None,
    changes: options.SetOption = None,
    requests: options.RequestsOption = None,
    catalog: options.CatalogOption = None,
    overlay: options.OverlayOption = None,
) -> None:
    """One number taken apart: quantity, free part, tier slices, price, VAT, source.

    [dim]costplan explain stage2 inference[/dim]
    [dim]costplan explain stage3 network.egress.inet[/dim]
    """
    from costplan.analysis.explain import explain as explain_estimate
    from costplan.cli.inputs import estimates
    from costplan.cli.output import show

    found = estimates(
        [scenario],
        currency=currency,
        as_of=as_of,
        sets=changes,
        variants=variant,
        requests=requests,
        catalog=catalog,
        overlays=overlay,
    )[0]
    show(explain_estimate(found, what), form, output, force=force)
