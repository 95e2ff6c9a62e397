"""Check that budgets hold, and designs work, with a probability, not only at the stated values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from costplan.analysis.bill.check import check
from costplan.analysis.bill.documents import Check, Checks
from costplan.analysis.uncertainty.documents import BudgetChance, UncertainEstimate, Uncertainty
from costplan.messages.reason import Reason
from costplan.pricing.feasibility import with_resource
from costplan.quantities.money import plain, rounded


def check_probability(
    document: UncertainEstimate,
    least: Decimal,
    *,
    parts: bool = False,
    allow_unpriced: bool = False,
    allow_ending: bool = False,
) -> Checks:
    """Check the same rules as `check`; in so many of the draws costs must stay within their limits, and what
    is needed must be enough.

    Args:
        document: With the limit of its simulation, where there is one.
        least: Lowest probability that passes, above 0 and at most 1.
        parts: Whether each part of the budget must hold too.
        allow_unpriced: Whether missing prices pass.
        allow_ending: Whether services that their provider closes pass.

    Raises:
        InputError: There is nothing to check.
    """
    found = document.uncertainty
    limit = found.limit.budget if found.limit is not None else None
    verdict = check(
        document, parts=parts, limit=limit, allow_unpriced=allow_unpriced, allow_ending=allow_ending
    )
    # The total is a part of its own, and the last one: a part may be called `total` as well.
    chances = {f"budget: {chance.name}": chance for chance in found.budget[:-1]}
    if found.budget:
        chances["budget total"] = found.budget[-1]
    if found.limit is not None:
        chances["monthly cost"] = found.limit
    checks = tuple(
        _check(one.rule, chances[one.rule], least) if one.rule in chances else one for one in verdict.checks
    )
    checks += tuple(_works(found, least))
    return replace(verdict, checks=checks, passed=all(one.passed for one in checks))


def _works(found: Uncertainty, least: Decimal) -> Iterator[Check]:
    """Say in how many of the draws everything is enough; nothing where no draw can change that.

    Where machines may be stopped there is no such figure; what is short in too many draws fails there too.
    """
    if not found.needs:
        return
    worst = min(found.needs, key=lambda need: need.probability.value)
    is_always = worst.probability.value >= 1
    if found.needs_met is None and is_always:
        return
    chance = (found.needs_met or worst.probability).value
    detail = Reason("enough in {chance} of the draws", _percent(chance))
    if found.needs_met is None:
        detail = Reason("{said}, while it runs", detail)
    if not is_always:
        detail = Reason("{said}; else {why}", detail, with_resource(worst.resource, worst.reason))
    yield Check(Reason("works, in {percent}%", plain(least * 100)), chance >= least, detail)


def _check(rule: str, chance: BudgetChance, least: Decimal) -> Check:
    wanted, found = plain(least * 100), _percent(chance.probability.value)
    detail = Reason(
        "at most {budget} {currency} in {found} of the draws", rounded(chance.budget), chance.currency, found
    )
    if chance.unpriced:
        detail = Reason("{said}; of a lower bound: {count} without a price", detail, str(chance.unpriced))
    passed = chance.probability.value >= least
    return Check(
        Reason("{rule}, in {percent}%", rule, wanted),
        passed,
        detail,
        is_warning=passed and bool(chance.unpriced),
    )


def _percent(share: Decimal) -> str:
    return f"{plain(rounded(share * 100, 2))}%"
