"""Cloud Logging: what is written and what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import SECONDS_PER_HOUR
from costplan.resources.contract import (
    Constraint,
    Meter,
    PricingContext,
    QuotaUse,
    Resource,
    Role,
    StatedCost,
    Usage,
    gigabytes,
    kept_gigabyte_hours,
)
from costplan.resources.sizing.cold_starts import busiest_rate
from costplan.resources.sizing.quota_uses import quota_needs, quota_uses
from costplan.source.fields import Duration, Size

SERVICE = "cloud-logging"
WRITE = "write"
STORAGE = "storage"
SECONDS_PER_DAY = 24 * SECONDS_PER_HOUR


class Logging(Resource):
    """A log group."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, WRITE), (SERVICE, STORAGE)})
    example: ClassVar[str] = "{kind: logging, written: 20 GB, retention: 14 days}"

    kind: Literal["logging"]
    role: Role = "logs"
    written: Size | None = None
    """Bytes a month; requests times `workload.log_size` when left out."""
    retention: Duration | None = None
    """How long logs are kept; `workload.log_retention` when left out."""

    def bills(self, context: PricingContext) -> frozenset[str]:
        """What requests log, for as long as it is kept."""
        return frozenset({"log_size", "log_retention"})

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """A group; and one record per request at least, in the busiest minutes, where requests are logged."""
        amounts: dict[str, Quantity | int] = {"logging-groups": 1}
        if self.written is None:
            amounts["logging-write-rate"] = busiest_rate(context, context.workload.monthly_requests)
        yield from quota_uses(context, SERVICE, amounts)

    def constraints(self, context: PricingContext) -> Iterator[Constraint]:
        """A group keeps records so long at most, until more is asked for."""
        retention = self.retention or context.workload.log_retention
        if retention is not None:
            days = retention / SECONDS_PER_DAY
            yield from quota_needs(context, SERVICE, {"logging-retention": days})

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Writing, and the steady-state volume that is kept."""
        written = self.written
        if written is None:
            why = Reason("the volume of logs is computed from it; or give `written` here")
            written = context.workload.monthly_requests * context.constraint("log_size", why)
        retention = self.retention or context.constraint(
            "log_retention", "logs are kept so long; or `retention` here"
        )
        yield context.meter(SERVICE, WRITE, gigabytes(written), "GB")
        yield context.meter(SERVICE, STORAGE, kept_gigabyte_hours(written, retention), "GB*hour")
