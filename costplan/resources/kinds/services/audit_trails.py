"""Audit Trails: events that are delivered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from costplan.resources.contract import Meter, Role
from costplan.resources.parts.stated_amounts import Billed, StatedAmounts, meters_of
from costplan.source.fields import Monthly

SERVICE = "audit-trails"
BILLED = {"events": Billed("events", "event")}


class AuditTrails(StatedAmounts):
    """Trails."""

    catalog_service: ClassVar[str] = SERVICE
    billed: ClassVar[Mapping[str, Billed]] = BILLED
    meters: ClassVar[frozenset[Meter]] = meters_of(SERVICE, BILLED)
    example: ClassVar[str] = "{kind: audit-trails, events: 500K/month}"

    kind: Literal["audit-trails"]
    role: Role = "logs"
    events: Monthly
    """Events that trails deliver in a month."""
