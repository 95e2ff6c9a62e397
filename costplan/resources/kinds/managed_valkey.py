"""Managed Service for Valkey, which was Managed Redis."""

from __future__ import annotations

from typing import ClassVar, Literal

from costplan.resources.contract import Meter
from costplan.resources.parts.database import ADDRESS, BACKUP, DatabaseCluster

SERVICE = "managed-valkey"


class ManagedValkey(DatabaseCluster):
    """A Valkey cluster: a cache, or a queue of jobs."""

    sells: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, BACKUP), (SERVICE, ADDRESS)})

    kind: Literal["managed-valkey"]
