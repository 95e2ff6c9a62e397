"""Clusters whose backups are free within the storage of one host: other hosts add no room."""

from __future__ import annotations

from costplan.quantities.quantity import Quantity
from costplan.resources.parts.database import DatabaseCluster
from costplan.source.fields import Size


class SingleStorageCluster(DatabaseCluster):
    """A cluster that keeps backups beside the database."""

    data_size: Size | None = None
    """The database itself. Backups are free while it and they together are smaller than the storage of one
    host: other hosts add no room. Taken as nothing when left out."""

    def room_for_backups(self) -> Quantity:
        """Return the bytes up to which backups are free: what the database leaves of one host's storage."""
        return (self.hosts.storage.size - (self.data_size or Quantity(0))).at_least(0)
