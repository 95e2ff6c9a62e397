"""Lockbox: secrets and the operations on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.resources.contract import Meter, PricingContext, Resource, Role, StatedCost, Usage
from costplan.source.fields import Monthly, Whole

SERVICE = "lockbox"
VERSIONS = "versions"
OPERATIONS = "operations"


class Lockbox(Resource):
    """Secrets of the service."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, VERSIONS), (SERVICE, OPERATIONS)})
    example: ClassVar[str] = "{kind: lockbox, versions: 10}"

    kind: Literal["lockbox"]
    role: Role = "other"
    versions: Whole
    """Stored versions of secrets."""
    operations: Monthly | None = None
    """Reads and writes in a month."""

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Version hours and operations."""
        yield context.meter(SERVICE, VERSIONS, context.month * self.versions, "version*hour")
        if self.operations:
            yield context.meter(SERVICE, OPERATIONS, self.operations, "operation")
