"""What clusters of managed databases share: hosts, storage, backups, public addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import ClassVar

from costplan.capacity.model import Capacity
from costplan.capacity.replicas import ReplicaHours
from costplan.catalog.model import Preset
from costplan.catalog.store import Catalog
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import (
    SERVING_ROLES,
    Constraint,
    Finding,
    PricingContext,
    Problem,
    QuotaUse,
    Shares,
    StatedCost,
    Usage,
    gigabytes,
)
from costplan.resources.deployment import Deployment, Replicas
from costplan.resources.parts.disks import Disk
from costplan.resources.parts.hosts import Hosts, host_problems, host_usage
from costplan.resources.parts.presets import find_preset
from costplan.resources.sizing.published import published_problems
from costplan.resources.sizing.quota_uses import quota_uses
from costplan.resources.sizing.serving import replica_hours, replica_needs, shares_of
from costplan.resources.sizing.serving_resource import ServingResource, no_capacity, running_findings
from costplan.resources.sizing.shape import Shape, StatedFor
from costplan.source.fields import Hours, Size, Whole

FREE_BACKUPS = "free-backup-share"
"""The catalog's rule: the share of the storage up to which backups are free."""
BACKUP, ADDRESS = "backup", "address"
"""Meters of backups and public addresses; a kind without the first has no backups to buy."""


class DatabaseCluster(ServingResource):
    """A cluster of one group of hosts; kinds with more groups add them."""

    more_hosts: ClassVar[tuple[str, ...]] = ()
    """Fields with other groups of hosts: one group, several or none."""

    hosts: Hosts
    """The hosts that hold the data."""
    hours: Hours | None = None
    """How long the cluster runs in a month; a stopped one still pays its storage, and on local disks its
    hosts as well."""
    backup_size: Size | None = None
    """All backups that are kept; free up to the storage of the cluster, as its kind counts it."""
    public_addresses: Whole = 0
    """Hosts with a public address."""
    capacity: Capacity | None = None
    """What the whole cluster serves. It does not grow by itself: beyond it the design is infeasible."""

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Hosts while they run; storage, backups and addresses all the month."""
        service = context.catalog.offer(self.catalog_service)
        for group in self.groups():
            yield from host_usage(context, service, group, self.hours or context.month)
        if self.backup_size is not None and self.sells_backups():
            share = context.catalog.rule_value(self.catalog_service, FREE_BACKUPS)
            above = (self.backup_size - self.room_for_backups() * share).at_least(0)
            if above.value:
                yield context.meter(self.catalog_service, BACKUP, gigabytes(above) * context.month, "GB*hour")
        if self.public_addresses:
            yield context.meter(
                self.catalog_service, ADDRESS, context.month * self.public_addresses, "ip*hour"
            )

    def sells_backups(self) -> bool:
        """Say whether backups of such a cluster are paid for."""
        return (self.catalog_service, BACKUP) in self.meters

    def room_for_backups(self) -> Quantity:
        """Return the bytes of storage up to which backups are free: those of all hosts."""
        return sum((group.storage.size * group.count for group in self.groups()), Quantity(0))

    def groups(self) -> Sequence[Hosts]:
        """Return all groups of hosts."""
        return [group for _, group in self._groups()]

    def _groups(self) -> Iterator[tuple[list[str | int], Hosts]]:
        """Give each group and where it stands."""
        yield ["hosts"], self.hosts
        for name in self.more_hosts:
            found: Hosts | tuple[Hosts, ...] | None = getattr(self, name)
            if isinstance(found, Hosts):
                yield [name], found
            for number, group in enumerate(found if isinstance(found, tuple) else ()):
                yield [name, number], group

    def shape(self, catalog: Catalog, stated: StatedFor | None = None) -> Shape:
        """Return the cores of all hosts that hold data."""
        said = stated or StatedFor()
        hosts = self.hosts
        if said.preset is not None:
            found = find_preset(catalog, self.catalog_service, said.preset)
            if found is None:
                return Shape(None)
            platform, share, vcpu = found.platform or "", found.fraction, Fraction(found.vcpu)
        else:
            machine = hosts.machine(catalog, self.catalog_service)
            if machine is None:
                return Shape(None)
            platform, share, vcpu = machine.platform, machine.fraction, Fraction(machine.vcpu)
        if said.vcpu is not None:
            vcpu = said.vcpu.value
        share = said.core_fraction if said.core_fraction is not None else share
        count = said.count if said.count is not None else hosts.count
        return Shape(vcpu * count * share / 100, 0, said.platform or platform)

    def request_time(self, context: PricingContext) -> Quantity | None:
        """Return the time of its capacity."""
        return self.capacity.request_duration if self.capacity is not None else None

    def findings(self, context: PricingContext) -> Iterator[Finding]:
        """Say what is not known of how the cluster serves, and when it does not run."""
        yield from super().findings(context)
        if self.role in SERVING_ROLES:
            if self.capacity is None:
                yield no_capacity()
            yield from running_findings(self.hours, context.month)

    def capacity_needs(self, context: PricingContext) -> Iterator[Constraint]:
        """The cluster as it stands must suffice."""
        if self.capacity is not None:
            yield from replica_needs(self.capacity, context, self._as_replica(context), 1, "cluster")

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """All hosts count, in one pool with those of every other managed database."""
        name, zero = self.catalog_service.removeprefix("managed-"), Quantity(0)
        quota = next(
            (one for one in context.catalog.quotas(self.catalog_service) if one.code == f"{name}-ssd"), None
        )
        types = quota.disk_types if quota is not None else ()

        def counted(disk: Disk) -> Quantity:
            return gigabytes(disk.size) if not types or disk.type in types else zero

        vcpu, memory, storage = zero, zero, zero
        for group in self.groups():
            machine = group.machine(context.catalog, self.catalog_service)
            if machine is not None:
                vcpu += Quantity(machine.vcpu * group.count)
                memory += gigabytes(machine.memory) * group.count
            storage += counted(group.storage) * group.count
        for hosts, preset, disk in self.coordination_hosts(context):
            vcpu += hosts * preset.vcpu
            memory += hosts * preset.memory_gb
            storage += hosts * counted(disk) if disk is not None else zero
        taken = {"clusters": Quantity(1), "vcpu": vcpu, "memory": memory, "ssd": storage}
        yield from quota_uses(
            context, self.catalog_service, {f"{name}-{what}": much for what, much in taken.items()}
        )

    def coordination_hosts(self, context: PricingContext) -> Iterator[tuple[Quantity, Preset, Disk | None]]:
        """Give the hosts that the provider adds: how many, their class, the storage of each."""
        yield from ()

    def deployment(self, catalog: Catalog) -> Deployment:
        """Say how many hosts hold its data, and how they run."""
        hosts = Replicas("host", Quantity(self.hosts.count), ("hosts", "count"))
        return Deployment(capacity=self.capacity, hours=self.hours, replicas=hosts)

    def shares(self, context: PricingContext) -> Shares | None:
        """Split the cost by how much of the capacity is used."""
        return None if self.capacity is None else shares_of(self._as_replica(context))

    def _as_replica(self, context: PricingContext) -> ReplicaHours:
        assert self.capacity is not None
        return replica_hours(self.capacity, context, Quantity(1), self.hours or context.month)

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """Hosts and storage must be sold, and a cluster does not scale."""
        yield from published_problems(self.capacity, None, self.kind, is_machine=False)
        if self.capacity is not None and self.capacity.is_elastic:
            hint = "its size is `hosts`; plan a larger one as a variant"
            yield Problem(["capacity", "scaling"], "a database cluster does not follow the load", hint)
        if self.backup_size is not None and not self.sells_backups():
            message = Reason("{title} sells no backups", catalog.service(self.catalog_service).title)
            yield Problem(["backup_size"], message, "leave it out")
        hosts = sum(group.count for group in self.groups())
        for field, group in self._groups():
            yield from host_problems(catalog, catalog.service(self.catalog_service), group, field, hosts)
        if self.public_addresses > hosts:
            yield Problem(
                ["public_addresses"],
                Reason(
                    "{public_addresses} addresses for {hosts} hosts", str(self.public_addresses), str(hosts)
                ),
            )
