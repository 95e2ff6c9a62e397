"""What a design must meet, and which demands an option of it misses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from costplan.analysis.plan.documents import PlanViolation
from costplan.catalog.store import Catalog
from costplan.messages.reason import Reason
from costplan.messages.text import listed
from costplan.pricing.feasibility import Feasibility, Violation
from costplan.quantities.money import plain, quantized
from costplan.quantities.units import BYTES_PER_GB
from costplan.resources.contract import SERVING_ROLES as SERVING
from costplan.resources.contract import Resource
from costplan.resources.deployment import MachineType
from costplan.resources.parts.machine import known_zones
from costplan.scenario.document.overrides import Override
from costplan.scenario.loaded import LoadedScenario
from costplan.source.reader import scalar_from_text

QUOTAS = ("vcpu", "gpu", "memory", "machines")
_REPLICAS = {
    "machine": (Reason("machine"), Reason("machines")),
    "host": (Reason("host"), Reason("hosts")),
}
"""One and several of what a resource is made of."""
"""What may be demanded by a short name, over all machines; memory in GB here."""


@dataclass(frozen=True, slots=True)
class Demands:
    """Constraints besides what resources themselves need."""

    budget: Decimal | None = None
    """Most per month, in the plan's currency."""
    quotas: Mapping[str, Fraction] = field(default_factory=dict)
    zones: int = 1
    allows_preemptible: bool = True
    allows_shorter_hours: bool = False
    within_quotas: bool = False
    """Whether designs that need a raised quota are left out."""


def misses_of(
    part: LoadedScenario,
    base: LoadedScenario,
    demands: Demands,
    *,
    by_choice: frozenset[str],
    works: Feasibility,
) -> Iterator[PlanViolation]:
    """Give the demands that resources miss by themselves.

    Args:
        part: The resources of an option.
        base: The scenario as written, whose hours are the service that is asked for.
        demands: The demands.
        by_choice: Resources whose hours were left open.
        works: Whether they work, as `pricing.feasibility` has it.
    """
    for one in works.unmet:
        yield PlanViolation(one.what, str(one), one.needed, one.available, one.resource)
    if demands.within_quotas:
        yield from map(quota_miss, own_raises(works))
    for name, resource in part.resources.items():
        if resource.role not in SERVING:
            continue
        if demands.zones > 1:
            yield from _zone_misses(name, resource, part.catalog, demands.zones)
        if not demands.allows_shorter_hours and name not in by_choice:
            yield from _hour_misses(name, resource, base)
    if not demands.allows_preemptible:
        for name in preemptible_of(part):
            if demands.zones == 1 or part.resources[name].role in SERVING:
                reason = Reason("{name} may be stopped by the provider at any time", name=name)
                yield PlanViolation("preemptible", reason, resource=name)


def own_raises(works: Feasibility) -> tuple[Violation, ...]:
    """Return the quotas to be raised for single resources; the account's are summed elsewhere."""
    return tuple(one for one in works.quota_raises if one.resource)


def quota_miss(raised: Violation) -> PlanViolation:
    """Make a demand of a quota that must be raised."""
    return PlanViolation("quota", str(raised), raised.needed, raised.available, raised.resource)


def _zone_misses(name: str, resource: Resource, catalog: Catalog, zones: int) -> Iterator[PlanViolation]:
    found = resource.deployment(catalog)
    count = int(found.replicas.least.value) if found.replicas is not None else zones
    if found.replicas is not None and count < zones:
        one, several = _REPLICAS[found.replicas.what]
        replicas = one if count == 1 else several
        reason = Reason(
            "{name}: {count} {replicas} for {zones} zones", name, str(count), replicas, str(zones)
        )
        yield PlanViolation("availability", reason, Decimal(zones), Decimal(count), name)
    if found.machine is not None:
        yield from _platform_misses(name, found.machine, catalog, zones)
    obstacle = resource.zone_obstacle()
    if obstacle is not None:
        yield PlanViolation(
            "availability", Reason("{resource}: {reason}", resource=name, reason=obstacle), resource=name
        )


def _platform_misses(
    name: str, machine: MachineType, catalog: Catalog, zones: int
) -> Iterator[PlanViolation]:
    """A GPU that is sold in one zone does not stand in two, however many machines there are."""
    sold = known_zones(catalog, machine.service, machine.platform)
    if sold is not None and len(sold) < zones:
        reason = Reason(
            "{name}: {platform} is sold in {sold} only, not in {zones} zones"
            if sold
            else "{name}: {platform} is not known to be sold in any zone, not in {zones} zones",
            name=name,
            platform=machine.platform,
            sold=listed(sold),
            zones=zones,
        )
        yield PlanViolation("availability", reason, Decimal(zones), Decimal(len(sold)), name)


def _hour_misses(name: str, resource: Resource, base: LoadedScenario) -> Iterator[PlanViolation]:
    before = base.resources.get(name)
    month = base.context.month
    now = resource.deployment(base.catalog).hours or month
    was = (before.deployment(base.catalog).hours if before is not None else None) or month
    if now.value < was.value:
        hours = [plain(quantized(found.value).quantize(Decimal(1))) for found in (now, was)]
        reason = Reason(
            "{name} runs {own} of {whole} h: another service level", name=name, own=hours[0], whole=hours[1]
        )
        yield PlanViolation("shorter-hours", reason, quantized(was.value), quantized(now.value), name)


def zone_overrides(scenario: LoadedScenario, zones: int) -> list[Override]:
    """Return the changes that put at least one machine or host of all that serves into each zone."""
    return [
        override(("resources", name, *field), text)
        for name, resource in scenario.resources.items()
        if resource.role in SERVING
        for field, text in resource.zone_changes(zones, scenario.catalog)
    ]


def override(path: tuple[str, ...], text: str, origin: str = "--zones") -> Override:
    """Make a change to a scenario from text."""
    return Override(path, scalar_from_text(text, f"{origin} {text}"), origin)


def preemptible_of(part: LoadedScenario) -> Iterator[str]:
    """Give the resources whose machines the provider may stop."""
    for name, resource in part.resources.items():
        if resource.deployment(part.catalog).preemptible:
            yield name


def machines_of(part: LoadedScenario) -> dict[str, Fraction]:
    """Return what the most machines at the same time take of each quota.

    Hosts of managed databases have quotas of their own.
    """
    used = dict.fromkeys(QUOTAS, Fraction(0))
    for resource in part.resources.values():
        machine, most = resource.deployment(part.catalog).machine, resource.most_replicas(part.context)
        if machine is None or most is None:
            continue
        used["machines"] += most.value
        used["vcpu"] += most.value * machine.vcpu
        used["gpu"] += most.value * machine.gpus
        used["memory"] += most.value * machine.memory.value / BYTES_PER_GB
    return used
