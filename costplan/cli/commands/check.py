"""`costplan check`."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from costplan.cli import completions, options
from costplan.cli.parameters import Argument, Option

if TYPE_CHECKING:
    from costplan.analysis.bill.documents import CheckList, Checks
    from costplan.analysis.policy.check_many import Asked
    from costplan.inputs.subjects import Before


class How(NamedTuple):
    """How scenarios are read and priced."""

    prices: options.Prices
    layers: options.Layers
    changes: options.Changes
    variant: list[str] | None


def check(
    scenarios: Annotated[
        list[str],
        Argument(
            metavar="SCENARIO...",
            help="Shipped scenarios, files, or - for stdin; [b]stage2:preemptible[/b] applies a variant.",
            completes=completions.scenarios,
        ),
    ],
    answer: options.Answer,
    artefacts: options.Artefacts,
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
    policy: Annotated[
        list[Path] | None,
        Option(("--policy",), metavar="FILE", help="Rules of this policy must hold too. Repeatable."),
    ] = None,
    base: Annotated[
        list[str] | None,
        Option(
            ("--base",),
            metavar="SCENARIO",
            help="The design before, for rules about an increase. Repeatable: each goes by its name.",
        ),
    ] = None,
    start: Annotated[
        str | None,
        Option(
            ("--from",),
            metavar="REVISION",
            help="The design before is that of this branch, tag or commit of git.",
        ),
    ] = None,
) -> int | None:
    """Do budgets, rules and policies hold? Exit code 1 when they do not: a gate for a pipeline.

    [dim]costplan check stage2[/dim]
    [dim]costplan check stage3 --probability 90%[/dim]
    [dim]costplan check mine.yaml --max 60000 --parts[/dim]
    [dim]costplan check mine.yaml plan.json --policy rules.yaml[/dim]
    """
    from costplan.analysis.policy.check_many import Asked
    from costplan.cli.output import check_places, show
    from costplan.inputs.subjects import Before
    from costplan.messages.errors import ExitCode

    check_places(answer.form, answer.path, force=answer.force)
    if any(artefacts):
        from costplan.cli.review.artefacts import check_artefacts

        check_artefacts(artefacts, answer.path, force=answer.force)
    limit, prices = _limit(most, prices)
    asked = Asked(parts, limit, allow_unpriced, allow_ending)
    how = How(prices, layers, changes, variant)
    if probability is not None:
        found: Checks | CheckList = _in_draws(
            scenarios, probability, draws, how, asked, is_plain=not (policy or base or start)
        )
    else:
        found = _checked(scenarios, draws, how, asked, policy or [], Before(base or (), start))
    if any(artefacts):
        from costplan.cli.language import translator
        from costplan.cli.review.artefacts import with_artefacts
        from costplan.output.artefacts.reported import reported

        with with_artefacts(artefacts, reported(found, translator())):
            show(found, *answer)
    else:
        show(found, *answer)
    return ExitCode.NO if not found.passed else None


def _checked(
    scenarios: list[str],
    draws: options.Draws,
    how: How,
    asked: Asked,
    policy: list[Path],
    before: Before,
) -> Checks | CheckList:
    """Check one scenario, or several at once."""
    from costplan.analysis.policy.check_many import check_many, check_one
    from costplan.cli.clock import today
    from costplan.cli.review.policies import policies_of
    from costplan.inputs.subjects import Reading, subjects_of
    from costplan.messages.errors import InputError

    if any(draws):
        raise InputError("--seed and --draws are for --probability", hint="add --probability 90%")
    policies = policies_of(policy)
    wants_base = any(rule.max_increase is not None for one in policies for rule in one.policy.rules)
    _check_before(before, wants_base=wants_base)
    reading = Reading(how.prices, how.layers, how.changes)
    with subjects_of(scenarios, reading, before._replace(in_plans=wants_base), how.variant) as subjects:
        if len(subjects) == 1:
            return check_one(subjects[0], policies, asked, today())
        return check_many(subjects, policies, asked, today())


def _check_before(before: Before, *, wants_base: bool) -> None:
    """Refuse what would do nothing."""
    from costplan.messages.errors import InputError
    from costplan.messages.reason import Reason

    if before.bases and before.revision is not None:
        raise InputError("--base and --from contradict each other", hint="name the designs before once")
    option = "--base" if before.bases else "--from" if before.revision is not None else ""
    if option and not wants_base:
        raise InputError(
            Reason("{option} is for rules about an increase, and no policy has one", option),
            hint="name a policy with `max_increase`: --policy platform.yaml",
        )


def _in_draws(
    scenarios: list[str],
    probability: str,
    draws: options.Draws,
    how: How,
    asked: Asked,
    *,
    is_plain: bool,
) -> Checks:
    """Check one scenario in many draws of its uncertain inputs."""
    from costplan.analysis.uncertainty.check import check_probability
    from costplan.cli.uncertainty import share_of, uncertain_estimate_of
    from costplan.messages.errors import InputError

    if len(scenarios) > 1 or not is_plain:
        raise InputError(
            "--probability is for one scenario, without --policy, --base and --from",
            hint="check the policies in a line of its own",
        )
    least = share_of("--probability", probability)
    sure = uncertain_estimate_of(scenarios[0], *how, draws, asked.limit)
    found = check_probability(
        sure,
        least,
        parts=asked.parts,
        allow_unpriced=asked.allow_unpriced,
        allow_ending=asked.allow_ending,
    )
    return _with_places(found, scenarios[0], how)


def _with_places(found: Checks, scenario: str, how: How) -> Checks:
    """Say where the scenario says what rules are about; standard input was read already, and has none."""
    from dataclasses import replace

    from costplan.analysis.policy.check_many import placed
    from costplan.inputs.subjects import Before, Reading, subjects_of

    if scenario.partition(":")[0] == "-":
        return found
    reading = Reading(how.prices, how.layers, how.changes)
    with subjects_of([scenario], reading, Before(), how.variant) as [subject]:
        return replace(found, checks=tuple(placed(subject, found.checks)))


def _limit(text: str | None, prices: options.Prices) -> tuple[Decimal | None, options.Prices]:
    """Read --max; what is checked is priced in the currency that it names, and in its own otherwise."""
    from costplan.inputs.values import amount_in, money_of

    if text is None:
        return None, prices
    named = prices.currency.upper() if prices.currency else money_of("--max", text, "").currency
    return amount_in(named, "--max", text), prices._replace(currency=named or None)
