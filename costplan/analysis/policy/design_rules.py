"""Rules about the design: machines that may be stopped, zones, backups, roles, whether it works."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from costplan.analysis.bill.check import KEPT, OPEN, RULES, ending_text, works
from costplan.analysis.policy.outcome import Outcome
from costplan.analysis.policy.subject import Question
from costplan.messages.reason import Reason, join_reasons
from costplan.messages.text import listed
from costplan.resources.contract import SERVING_ROLES, Resource
from costplan.scenario.loaded import LoadedScenario

MOST_NAMED = 8
"""Most causes that a result says; its places name all."""
SAVED = Reason("a saved bill does not say: check the scenario itself")


def preemptible(asked: Question) -> Outcome:
    """Refuse machines that the provider may stop."""
    if asked.subject.design is None:
        return Outcome("unknown", SAVED)
    found = [name for name, one, of in covered(asked) if one.deployment(of.catalog).preemptible]
    if not found:
        return Outcome("kept", Reason("the provider may stop none of its machines"))
    reason = Reason("the provider may stop the machines of {names}", listed(found))
    return Outcome("broken", reason, resources=tuple(found))


def min_zones(asked: Question) -> Outcome:
    """Ask for one of everything that serves requests, or of what the rule names, in each zone."""
    zones = asked.rule.min_zones
    assert zones is not None
    if asked.subject.design is None:
        return Outcome("unknown", SAVED, Decimal(zones), None, "zones")
    found = {
        name: why
        for name, one, of in covered(asked)
        if asked.rule.is_about_parts or one.role in SERVING_ROLES
        if (why := _zone_lack(one, zones, of)) is not None
    }
    if not found:
        reason: str = Reason("enough for {zones} zones", zones)
        return Outcome("kept", reason, Decimal(zones), None, "zones")
    reason = listed([Reason("{resource}: {reason}", name, why) for name, why in found.items()], MOST_NAMED)
    return Outcome("broken", reason, Decimal(zones), None, "zones", "", tuple(found))


def _zone_lack(resource: Resource, zones: int, scenario: LoadedScenario) -> str | None:
    obstacle = resource.zone_obstacle() if zones > 1 else None
    if obstacle is not None:
        return obstacle
    replicas = resource.deployment(scenario.catalog).replicas
    if replicas is not None and replicas.least.value < zones:
        return Reason("{count} for {zones} zones", int(replicas.least.value), zones)
    if any(resource.zone_changes(zones, scenario.catalog)):
        return Reason("not enough for {zones} zones", zones)
    return None


def backups(asked: Question) -> Outcome:
    """Ask databases, or what the rule names, for the backups that are kept."""
    if asked.subject.design is None:
        return Outcome("unknown", SAVED)
    wanted = [
        (name, one)
        for name, one, _ in covered(asked)
        if (asked.rule.is_about_parts or one.role == "database") and _sells_backups(one)
    ]
    none = [name for name, one in wanted if hasattr(one, "backup_size") and not _has_backups(one)]
    other = [name for name, one in wanted if not hasattr(one, "backup_size")]
    if none:
        reason = Reason("no `backup_size` is stated of {names}", listed(none))
        return Outcome("broken", reason, resources=tuple(none))
    if other:
        reason = Reason("nothing says whether {names} is backed up", listed(other))
        return Outcome("unknown", reason, resources=tuple(other))
    return Outcome("kept", Reason("all databases state their backups"))


def _sells_backups(resource: Resource) -> bool:
    """Say no only of a service that is known to sell none."""
    sells = getattr(resource, "sells_backups", None)
    return sells is None or bool(sells())


def _has_backups(resource: Resource) -> bool:
    size = getattr(resource, "backup_size", None)
    return size is not None and size.value > 0


def required_roles(asked: Question) -> Outcome:
    """Ask for a resource of each role."""
    wanted = asked.rule.required_roles or ()
    there = {one.role for one in asked.subject.estimate.resources}
    missing = [role for role in wanted if role not in there]
    if not missing:
        return Outcome("kept", Reason("there is a resource of each role"))
    return Outcome("broken", Reason("there is no resource of the role {roles}", listed(missing)))


def ending_services(asked: Question) -> Outcome:
    """Refuse services that their provider closes."""
    ending = asked.subject.estimate.catalog.ending
    if not ending:
        return Outcome("kept", Reason("the provider closes none of its services"))
    users = tuple(dict.fromkeys(user.resource for one in ending for user in one.used_by))
    return Outcome("broken", ending_text(ending), resources=users)


def slo(asked: Question) -> Outcome:
    """Ask for an SLO that is stated and kept."""
    return _works(asked, (KEPT,))


def feasibility(asked: Question) -> Outcome:
    """Ask for a design that is known to work at its load."""
    return _works(asked, tuple(RULES.values()))


def _works(asked: Question, rules: Sequence[str]) -> Outcome:
    """Say of several rules of `check` the worst; of very many resources the first."""
    bill = asked.subject.estimate
    found = [one for one in works(bill) if one.rule in rules]
    broken = [one for one in found if not one.passed]
    if broken:
        said = [str(one) for one in bill.unmet if RULES.get(one.what) in rules]
        names = tuple(dict.fromkeys(name for one in broken for name in one.resources))
        return Outcome("broken", listed(said, MOST_NAMED), resources=names)
    unknown = [one for one in found if one.is_warning]
    if unknown:
        said = [str(one) for one in bill.unknowns if OPEN.get(one.what) in rules]
        return Outcome("unknown", listed(said, MOST_NAMED) if said else unknown[0].detail)
    return Outcome("kept", found[0].detail)


def quotas(asked: Question) -> Outcome:
    """Ask for a design that needs no quota raised."""
    raises = asked.subject.estimate.quota_raises
    if not raises:
        return Outcome("kept", Reason("no quota must be raised"))
    users = tuple(dict.fromkeys(one.resource for one in raises if one.resource))
    return Outcome("broken", join_reasons(str(one) for one in raises), resources=users)


def covered(asked: Question) -> Iterator[tuple[str, Resource, LoadedScenario]]:
    """Give the resources that a rule is about, by their names in the bill, each with its scenario."""
    return (found for found in asked.subject.resources if asked.covers(found[0], found[1].role))
