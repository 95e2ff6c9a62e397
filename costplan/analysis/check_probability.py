"""Check that budgets hold with a probability, not only at the stated values."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from costplan.analysis.check import check
from costplan.analysis.documents import Check, Checks
from costplan.analysis.uncertainty_documents import BudgetChance, UncertainEstimate
from costplan.money import plain, rounded


def check_probability(
    document: UncertainEstimate,
    least: Decimal,
    *,
    parts: bool = False,
    allow_unpriced: bool = False,
    allow_ending: bool = False,
) -> Checks:
    """Check the same rules as `check`; costs must stay within their limits in so many of the draws.

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
    return replace(verdict, checks=checks, passed=all(one.passed for one in checks))


def _check(rule: str, chance: BudgetChance, least: Decimal) -> Check:
    wanted, found = plain(least * 100), plain(rounded(chance.probability.value * 100, 2))
    detail = f"at most {rounded(chance.budget):,} {chance.currency} in {found}% of the draws"
    if chance.unpriced:
        detail += f"; of a lower bound: {chance.unpriced} without a price"
    return Check(f"{rule}, in {wanted}%", chance.probability.value >= least, detail)
