"""What a design must meet, and which demands an option of it misses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from costplan.analysis.plan.documents import Miss
from costplan.catalog.store import Catalog
from costplan.messages.text import listed
from costplan.pricing.feasibility import Feasibility, Unmet
from costplan.quantities.money import plain, quantized
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import BYTES_PER_GB
from costplan.resources.contract import SERVING_ROLES as SERVING
from costplan.resources.contract import Resource
from costplan.resources.kinds.kubernetes_cluster import KubernetesCluster
from costplan.resources.parts.database import DatabaseCluster
from costplan.resources.parts.machine import default_gpus, find_platform, promised_zones
from costplan.resources.parts.virtual_machine import VirtualMachine
from costplan.scenario.choices import replica_field
from costplan.scenario.document.overrides import Override
from costplan.scenario.loaded import LoadedScenario
from costplan.source.reader import scalar_from_text

QUOTAS = ("vcpu", "gpu", "memory", "machines")
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
) -> Iterator[Miss]:
    """Give the demands that resources miss by themselves.

    Args:
        part: The resources of an option.
        base: The scenario as written, whose hours are the service that is asked for.
        demands: The demands.
        by_choice: Resources whose hours were left open.
        works: Whether they work, as `pricing.feasibility` has it.
    """
    for one in works.unmet:
        yield Miss(one.what, str(one), one.needed, one.available, one.resource)
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
                reason = f"{name} may be stopped by the provider at any time"
                yield Miss("preemptible", reason, resource=name)


def own_raises(works: Feasibility) -> tuple[Unmet, ...]:
    """Return the quotas to be raised for single resources; the account's are summed elsewhere."""
    return tuple(one for one in works.quota_raises if one.resource)


def quota_miss(raised: Unmet) -> Miss:
    """Make a demand of a quota that must be raised."""
    return Miss("quota", str(raised), raised.needed, raised.available, raised.resource)


def _zone_misses(name: str, resource: Resource, catalog: Catalog, zones: int) -> Iterator[Miss]:
    count = replicas_of(resource)
    if count is not None and count < zones:
        many = "host" if isinstance(resource, DatabaseCluster) else "machine"
        reason = f"{name}: {count} {many}{'s' if count != 1 else ''} for {zones} zones"
        yield Miss("availability", reason, Decimal(zones), Decimal(count), name)
    if isinstance(resource, VirtualMachine):
        yield from _platform_misses(name, resource, catalog, zones)
    if isinstance(resource, KubernetesCluster) and resource.master == "basic":
        yield Miss("availability", f"{name}: a basic master stands in one zone", resource=name)


def _platform_misses(name: str, resource: VirtualMachine, catalog: Catalog, zones: int) -> Iterator[Miss]:
    """A GPU that is sold in one zone does not stand in two, however many machines there are."""
    sold = promised_zones(catalog, resource.sells, resource.platform)
    if sold is not None and len(sold) < zones:
        where = f"sold in {listed(sold)} only" if sold else "not known to be sold in any zone"
        reason = f"{name}: {resource.platform} is {where}, not in {zones} zones"
        yield Miss("availability", reason, Decimal(zones), Decimal(len(sold)), name)


def _hour_misses(name: str, resource: Resource, base: LoadedScenario) -> Iterator[Miss]:
    before = base.resources.get(name)
    month = base.setting.month
    now: Quantity = getattr(resource, "hours", None) or month
    was: Quantity = (getattr(before, "hours", None) if before else None) or month
    if now.value < was.value:
        hours = [plain(quantized(found.value).quantize(Decimal(1))) for found in (now, was)]
        reason = f"{name} runs {hours[0]} of {hours[1]} h: another service level"
        yield Miss("shorter-hours", reason, quantized(was.value), quantized(now.value), name)


def replicas_of(resource: Resource) -> int | None:
    """Return the fewest machines or hosts that run at the same time; None for what has no such number."""
    if isinstance(resource, DatabaseCluster):
        return resource.hosts.count
    if isinstance(resource, VirtualMachine):
        return int(resource.bounds()[0].value)
    return None


def zone_overrides(scenario: LoadedScenario, zones: int) -> list[Override]:
    """Return the changes that put at least one machine or host of all that serves into each zone."""
    found: list[Override] = []
    for name, resource in scenario.resources.items():
        count, steps = replicas_of(resource), replica_field(resource)
        at = ("resources", name)
        if resource.role not in SERVING:
            continue
        if isinstance(resource, KubernetesCluster) and resource.master == "basic":
            found.append(override((*at, "master"), "highly-available"))
        if count is None or steps is None or count >= zones:
            continue
        nodes = getattr(resource, "nodes", None)
        if nodes is not None and nodes.max > nodes.min:
            found.append(override((*at, "nodes", "min"), str(zones)))
            if nodes.max < zones:
                found.append(override((*at, "nodes", "max"), str(zones)))
            if nodes.average is not None and nodes.average.value < zones:
                found.append(override((*at, "nodes", "average"), str(zones)))
        else:
            found.append(override((*at, *steps), str(zones)))
        capacity = getattr(resource, "capacity", None)
        if capacity is not None and capacity.max_replicas is not None and capacity.max_replicas < zones:
            found.append(override((*at, "capacity", "max_replicas"), str(zones)))
    return found


def override(path: tuple[str, ...], text: str, origin: str = "--zones") -> Override:
    """Make a change to a scenario from text."""
    return Override(path, scalar_from_text(text, f"{origin} {text}"), origin)


def preemptible_of(part: LoadedScenario) -> Iterator[str]:
    """Give the resources whose machines the provider may stop."""
    for name, resource in part.resources.items():
        if isinstance(resource, VirtualMachine) and resource.preemptible:
            yield name


def machines_of(part: LoadedScenario) -> dict[str, Fraction]:
    """Return what the most machines at the same time take of each quota.

    Hosts of managed databases have quotas of their own.
    """
    used = dict.fromkeys(QUOTAS, Fraction(0))
    for resource in part.resources.values():
        if not isinstance(resource, VirtualMachine):
            continue
        count = resource.bounds()[0]
        hours = resource.replicas(part.setting)
        if hours is not None:
            count = hours.most.at_least(count)
        machines = Fraction(-(-count.value // 1))
        used["machines"] += machines
        used["vcpu"] += machines * resource.vcpu
        used["gpu"] += machines * _gpus(resource, part)
        used["memory"] += machines * resource.memory.value / BYTES_PER_GB
    return used


def _gpus(resource: VirtualMachine, part: LoadedScenario) -> int:
    if resource.gpu is not None:
        return resource.gpu
    platform = find_platform(part.catalog.service(resource.sells), resource.platform)
    return default_gpus(platform) if platform is not None else 0
