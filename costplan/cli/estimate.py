"""`costplan estimate`."""

from __future__ import annotations

from costplan.cli import options


def estimate(
    scenario: options.ScenarioArgument,
    answer: options.Answer,
    changes: options.Changes,
    prices: options.Prices,
    layers: options.Layers,
    variant: options.VariantOption = None,
    strict: options.StrictOption = False,
) -> int | None:
    """The month's bill, line by line, beside its budget.

    [dim]costplan estimate stage2[/dim]
    [dim]costplan estimate stage2 --variant preemptible --currency USD[/dim]
    [dim]costplan estimate mine.yaml --set resources.api.vcpu=4 --requests 20M --format json[/dim]
    """
    from costplan.cli.inputs import estimates
    from costplan.cli.output import show
    from costplan.errors import ExitCode

    found = estimates([scenario], prices, layers, changes, variant)[0]
    show(found, *answer)
    return ExitCode.NO if strict and found.unpriced else None
