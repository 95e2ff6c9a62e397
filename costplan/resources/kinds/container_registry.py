"""Container Registry: stored images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.resources.contract import (
    Charge,
    Meter,
    QuotaUse,
    Resource,
    Role,
    Setting,
    Usage,
    gigabytes,
    started,
)
from costplan.resources.sizing.quota_uses import quota_uses
from costplan.source.fields import Hours, Size

SERVICE = "container-registry"
STORAGE = "storage"
METERING_UNIT = "metering-unit"
"""The catalog's rule: 15 GB for 11.5 hours are billed as for 12."""


class ContainerRegistry(Resource):
    """A registry."""

    sells: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, STORAGE)})
    example: ClassVar[str] = "{kind: container-registry, size: 5 GB}"

    kind: Literal["container-registry"]
    role: Role = "ci-cd"
    size: Size
    """Stored layers; a layer that images share is stored once."""
    hours: Hours | None = None
    """How long they are stored in a month, in started hours; all the month when left out."""

    def quota_uses(self, setting: Setting) -> Iterator[QuotaUse]:
        """A registry."""
        yield from quota_uses(setting, SERVICE, {"registry-registries": 1})

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """Stored volume over the month."""
        hours = started(self.hours, setting, SERVICE, METERING_UNIT)
        yield setting.meter(SERVICE, STORAGE, gigabytes(self.size) * hours, "GB*hour")
