"""Whether a design works: the one place that decides it, for every command.

A design is `kept` where everything that must be enough is enough; `broken` where replicas, response times or
a limit of the provider are not; `unknown` where nothing says. A quota can be raised, so it breaks nothing: it
is said with its id. What no number decides (machines that may be stopped, a capacity of another machine) goes
with the verdict as a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from costplan.checked.records import dataclass
from costplan.messages.reason import Reason
from costplan.pricing.not_billed import not_billed
from costplan.pricing.request_path import path_constraints
from costplan.quantities.money import quantized
from costplan.resources.contract import Constraint, ConstraintKind, Finding, FindingKind, QuotaUse
from costplan.resources.sizing.quota_uses import amount, quota_need
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.resource_errors import alike, answers, locating_errors

Verdict = Literal["kept", "broken", "unknown"]
"""`unknown` is neither: no SLO is stated, or nothing says how much a resource serves."""


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that is not enough at this load: the design does not work so."""

    resource: str
    """Empty where it is the account's."""
    what: ConstraintKind
    reason: Reason
    needed: Decimal
    available: Decimal
    code: str = ""
    """Of a limit or quota: its code in the catalog."""

    def __str__(self) -> str:
        return with_resource(self.resource, self.reason)


@dataclass(frozen=True, slots=True)
class Caveat:
    """What a verdict must not leave out."""

    resource: str
    """Empty where it is the whole scenario's."""
    what: FindingKind
    reason: Reason

    def __str__(self) -> str:
        return with_resource(self.resource, self.reason)


@dataclass(frozen=True, slots=True)
class Feasibility:
    """The verdict on a design at its load, with all that it rests on."""

    verdict: Verdict
    unmet: tuple[Violation, ...] = ()
    """What breaks it."""
    quota_raises: tuple[Violation, ...] = ()
    """Quotas that must be raised first, from what is available to what is needed."""
    unknowns: tuple[Caveat, ...] = ()
    """What nobody said, so that it is not known whether the design works."""
    caveats: tuple[Caveat, ...] = ()
    """What goes with the design though nothing of it is broken."""


SERVICE: Final = frozenset({"preemptible", "hours"})
"""Findings that are another level of service: requests fail at times, and no number says how often."""
NO_SLO = Reason("no SLO is stated (workload.slo): nothing says how fast answers must be")


def with_resource(resource: str, reason: str) -> str:
    """Put the resource before a reason about it: `database: needs more than 1 such cluster`."""
    return Reason("{resource}: {reason}", resource=resource, reason=reason) if resource else reason


def feasibility(scenario: LoadedScenario) -> Feasibility:
    """Decide whether a design works at its own load.

    Raises:
        InputError: A resource needs a number that is not there, or does not go with the others.
    """
    missed = [unmet_by(name, constraint) for name, constraint in constraints(scenario) if not constraint.met]
    unmet = tuple(found for found in missed if found.what != "quota")
    unknowns, caveats = findings(scenario)
    return Feasibility(
        verdict_of(unmet, unknowns),
        unmet,
        tuple(found for found in missed if found.what == "quota"),
        unknowns,
        caveats,
    )


def verdict_of(unmet: Sequence[object], unknowns: Sequence[object]) -> Verdict:
    """Return the verdict: what is broken stays so whatever is not known."""
    return "broken" if unmet else "unknown" if unknowns else "kept"


def constraints(scenario: LoadedScenario) -> Iterator[tuple[str, Constraint]]:
    """Give all that must be enough, with the resource; an empty name is the account's.

    Raises:
        InputError: A resource needs a number that is not there, or does not go with the others.
    """
    context = scenario.context
    for name, own in answers(scenario, lambda one: list(one.constraints(context))):
        for constraint in own:
            yield name, constraint
    yield from path_constraints(scenario)
    for use in account_uses(scenario):
        for constraint in quota_need(context, use.quota, use.quantity):
            yield "", constraint


def account_uses(scenario: LoadedScenario) -> Iterable[QuotaUse]:
    """Return what all resources take together of each quota of the account."""
    context = scenario.context
    uses: list[QuotaUse] = []
    for resource, names in alike(scenario.resources):
        with locating_errors(scenario, names[0]):
            taken = list(resource.quota_uses(context))
        uses += taken if len(names) == 1 else [QuotaUse(u.quota, u.quantity * len(names)) for u in taken]
    return pool_uses(uses)


def pool_uses(uses: Iterable[QuotaUse]) -> Iterable[QuotaUse]:
    """Add up the uses of each quota; several rows of the catalog with one id are one pool."""
    found: dict[str, QuotaUse] = {}
    for use in uses:
        before = found.get(use.quota.key)
        quantity = before.quantity + use.quantity if before is not None else use.quantity
        found[use.quota.key] = QuotaUse(use.quota, quantity)
    return found.values()


def findings(scenario: LoadedScenario) -> tuple[tuple[Caveat, ...], tuple[Caveat, ...]]:
    """Return what leaves open whether the design works, and what goes with it besides."""
    context = scenario.context
    asked = answers(scenario, lambda one: list(one.findings(context)))
    found = [(name, finding) for name, findings in asked for finding in findings]
    if scenario.model.workload.slo is None:
        found.insert(0, ("", Finding("no-slo", NO_SLO, True)))
    found += [("", Finding("not-billed", one.reason, False)) for one in not_billed(scenario)]
    unknowns = tuple(Caveat(name, f.what, f.reason) for name, f in found if f.is_unknown)
    caveats = tuple(Caveat(name, f.what, f.reason) for name, f in found if not f.is_unknown)
    return unknowns, caveats


def unmet_by(name: str, constraint: Constraint) -> Violation:
    """Say what is not enough."""
    if constraint.what == "quota":
        return raise_of(
            name, constraint.code, constraint.unit, constraint.needed.value, constraint.available.value
        )
    needed, available = quantized(constraint.needed.value), quantized(constraint.available.value)
    return Violation(name, constraint.what, constraint.reason, needed, available, constraint.code)


def raise_of(name: str, key: str, unit: str, needed: Fraction, available: Fraction) -> Violation:
    """Say which quota must be raised from what to what, in whole units as requests to raise one have it."""
    whole = Fraction(-(-needed // 1))
    values = {"quota": key, "available": amount(available, unit), "needed": amount(whole, unit)}
    reason = Reason("needs a raised quota {quota} from {available} to {needed}", **values)
    return Violation(name, "quota", reason, quantized(whole), quantized(available), key)


def preference(verdict: Verdict, unpriced: int) -> int | None:
    """Return the rank in which designs may win over each other, the lowest first; None for never.

    What is known wins over what is not: a price that is missing hides a cost, so it weighs more than a
    capacity or an SLO that nobody stated.
    """
    if verdict == "broken":
        return None
    return 2 * (unpriced > 0) + (verdict == "unknown")
