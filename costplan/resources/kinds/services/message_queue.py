"""Message Queue: requests to queues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from costplan.resources.contract import Meter, Role
from costplan.resources.parts.stated_amounts import Billed, StatedAmounts, meters_of
from costplan.source.fields import Monthly

SERVICE = "message-queue"
BILLED = {"requests": Billed("requests", "request")}


class MessageQueue(StatedAmounts):
    """Queues, standard or FIFO."""

    catalog_service: ClassVar[str] = SERVICE
    billed: ClassVar[Mapping[str, Billed]] = BILLED
    meters: ClassVar[frozenset[Meter]] = meters_of(SERVICE, BILLED)
    example: ClassVar[str] = "{kind: message-queue, requests: 5M/month}"

    kind: Literal["message-queue"]
    role: Role = "other"
    requests: Monthly
    """Requests in a month; one with more than 64 KB counts once for each started 64 KB."""
