"""Whether the designs of an account work: each at its own load, all within the quotas of one account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from costplan.pricing.estimate import Estimate
from costplan.pricing.feasibility import (
    Caveat,
    Feasibility,
    Violation,
    account_uses,
    pool_uses,
    unmet_by,
    verdict_of,
)
from costplan.resources.contract import QuotaUse
from costplan.resources.sizing.quota_uses import quota_need
from costplan.scenario.account.loaded import LoadedAccount

F = TypeVar("F", Violation, Caveat)


def account_feasibility(account: LoadedAccount, works: Mapping[str, Estimate]) -> Feasibility:
    """Decide whether all designs work.

    Args:
        account: With its designs.
        works: The bill of each design alone, which says whether it works at its own load.
    """
    missed = tuple(_of(name, one) for name, found in works.items() for one in found.unmet)
    unknowns = tuple(_of(name, one) for name, found in works.items() for one in found.unknowns)
    own = [_of(name, one) for name, found in works.items() for one in found.quota_raises if one.resource]
    return Feasibility(
        verdict_of(missed, unknowns),
        missed,
        (*own, *_pooled(account)),
        unknowns,
        tuple(_of(name, one) for name, found in works.items() for one in found.caveats),
    )


def _of(name: str, found: F) -> F:
    resource = f"{name}.{found.resource}" if found.resource else name
    return replace(found, resource=resource)


def _pooled(account: LoadedAccount) -> Iterator[Violation]:
    """Give the quotas that all designs together exceed."""
    uses: Iterable[QuotaUse] = [use for one in account.designs.values() for use in account_uses(one)]
    context = account.first.context
    for use in pool_uses(uses):
        for constraint in quota_need(context, use.quota, use.quantity):
            if not constraint.met:
                yield unmet_by("", constraint)
