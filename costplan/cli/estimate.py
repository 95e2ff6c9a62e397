"""`costplan estimate`."""

from __future__ import annotations

from costplan.cli import options


def estimate(
    scenario: options.ScenarioArgument,
    form: options.FormatOption = "table",
    output: options.OutputOption = None,
    force: options.ForceOption = False,
    currency: options.CurrencyOption = None,
    as_of: options.AsOfOption = None,
    variant: options.VariantOption = None,
    changes: options.SetOption = None,
    requests: options.RequestsOption = None,
    strict: options.StrictOption = False,
    catalog: options.CatalogOption = None,
    overlay: options.OverlayOption = None,
) -> int | None:
    """The month's bill, line by line, beside its budget.

    [dim]costplan estimate stage2[/dim]
    [dim]costplan estimate stage2 --variant preemptible --currency USD[/dim]
    [dim]costplan estimate mine.yaml --set resources.api.vcpu=4 --requests 20M --format json[/dim]
    """
    from costplan.cli.inputs import estimates
    from costplan.cli.output import show
    from costplan.errors import ExitCode

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
    show(found, form, output, force=force)
    return ExitCode.NO if strict and found.unpriced else None
