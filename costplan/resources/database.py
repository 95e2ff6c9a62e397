"""What clusters of managed databases share: hosts, storage, backups, public addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from costplan.catalog.store import Catalog
from costplan.models import Hours, Size, Whole
from costplan.resources.base import Charge, Problem, Resource, Setting, Usage
from costplan.resources.hosts import Hosts, backup_usage, host_problems, host_usage


class DatabaseCluster(Resource):
    """A cluster of one group of hosts; kinds with more groups add them."""

    backup_sku: ClassVar[str]
    address_sku: ClassVar[str]

    hosts: Hosts
    """The hosts that hold the data."""
    hours: Hours | None = None
    """How long the cluster runs in a month; a stopped one still pays its storage."""
    backup_size: Size | None = None
    """All backups that are kept; free up to the storage of all hosts."""
    public_addresses: Whole = 0
    """Hosts with a public address."""

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """Hosts while they run; storage, backups and addresses all the month."""
        service = setting.catalog.service(self.sells)
        for group in self.groups():
            yield from host_usage(setting, service, group, self.hours or setting.month)
        if self.backup_size is not None:
            above = backup_usage(self.groups(), self.backup_size, setting.month)
            if above.value:
                yield Usage(self.sells, self.backup_sku, above, "GB*hour")
        if self.public_addresses:
            yield Usage(self.sells, self.address_sku, setting.month * self.public_addresses, "ip*hour")

    def groups(self) -> Sequence[Hosts]:
        """Return the groups of hosts; kinds with more than one say which."""
        return (self.hosts,)

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """Hosts and storage must be sold."""
        yield from host_problems(catalog, catalog.service(self.sells), self.hosts, ["hosts"])
        hosts = sum(group.count for group in self.groups())
        if self.public_addresses > hosts:
            yield Problem(["public_addresses"], f"{self.public_addresses} addresses for {hosts} hosts")
