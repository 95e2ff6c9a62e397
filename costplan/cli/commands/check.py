"""`costplan check`."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from costplan.cli import options
from costplan.cli.parameters import Option


def check(
    scenario: options.ScenarioArgument,
    answer: options.Answer,
    changes: options.Changes,
    prices: options.Prices,
    layers: options.Layers,
    draws: options.Draws,
    parts: Annotated[
        bool, Option(("--parts",), help="Each part of the budget must hold, not only the total.")
    ] = False,
    most: Annotated[
        str | None,
        Option(
            ("--max",),
            metavar="AMOUNT",
            help="Highest cost per month: 2000USD, or in the estimate's currency.",
        ),
    ] = None,
    allow_unpriced: Annotated[
        bool, Option(("--allow-unpriced",), help="Accept missing prices, and sizes that nothing bills.")
    ] = False,
    allow_ending: Annotated[
        bool, Option(("--allow-ending",), help="Accept services that their provider is closing.")
    ] = False,
    variant: options.VariantOption = None,
    probability: Annotated[
        str | None,
        Option(("--probability",), metavar="SHARE", help="Share of the draws in which costs must hold: 90%."),
    ] = None,
) -> int | None:
    """Do budgets and rules hold? Exit code 1 when they do not: a gate for a pipeline.

    [dim]costplan check stage2[/dim]
    [dim]costplan check stage3 --probability 90%[/dim]
    [dim]costplan check mine.yaml --max 60000 --parts[/dim]
    """
    from costplan.analysis.bill.check import check as check_estimate
    from costplan.cli.output import check_places, show
    from costplan.inputs.scenarios import estimates
    from costplan.messages.errors import ExitCode, InputError

    check_places(answer.form, answer.path, force=answer.force)
    limit, prices = _limit(most, prices)
    if probability is not None:
        from costplan.cli.uncertainty import share_of, uncertain_estimate_of

        least = share_of("--probability", probability)
        sure = uncertain_estimate_of(scenario, prices, layers, changes, variant, draws, limit)
        from costplan.analysis.uncertainty.check import check_probability

        verdict = check_probability(
            sure, least, parts=parts, allow_unpriced=allow_unpriced, allow_ending=allow_ending
        )
    elif any(draws):
        raise InputError("--seed and --draws are for --probability", hint="add --probability 90%")
    else:
        found = estimates([scenario], prices, layers, changes, variant)[0]
        verdict = check_estimate(
            found, parts=parts, limit=limit, allow_unpriced=allow_unpriced, allow_ending=allow_ending
        )
    show(verdict, *answer)
    return ExitCode.NO if not verdict.passed else None


def _limit(text: str | None, prices: options.Prices) -> tuple[Decimal | None, options.Prices]:
    """Read --max; what is checked is priced in the currency that it names, and in its own otherwise."""
    from costplan.inputs.values import amount_in, money_of

    if text is None:
        return None, prices
    named = prices.currency.upper() if prices.currency else money_of("--max", text, "").currency
    return amount_in(named, "--max", text), prices._replace(currency=named or None)
