"""Cloud Logging: what is written and what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.quantities.quantity import Quantity
from costplan.quantities.units import SECONDS_PER_HOUR
from costplan.resources.contract import (
    Charge,
    Meter,
    Need,
    QuotaUse,
    Resource,
    Role,
    Setting,
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

    sells: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, WRITE), (SERVICE, STORAGE)})
    example: ClassVar[str] = "{kind: logging, written: 20 GB, retention: 14 days}"

    kind: Literal["logging"]
    role: Role = "logs"
    written: Size | None = None
    """Bytes a month; requests times `workload.log_size` when left out."""
    retention: Duration | None = None
    """How long logs are kept; `workload.log_retention` when left out."""

    def bills(self, setting: Setting) -> frozenset[str]:
        """What requests log, for as long as it is kept."""
        return frozenset({"log_size", "log_retention"})

    def quota_uses(self, setting: Setting) -> Iterator[QuotaUse]:
        """A group; and one record per request at least, in the busiest minutes, where requests are logged."""
        amounts: dict[str, Quantity | int] = {"logging-groups": 1}
        if self.written is None:
            amounts["logging-write-rate"] = busiest_rate(setting, setting.workload.monthly_requests)
        yield from quota_uses(setting, SERVICE, amounts)

    def needs(self, setting: Setting) -> Iterator[Need]:
        """A group keeps records so long at most, until more is asked for."""
        retention = self.retention or setting.workload.log_retention
        if retention is not None:
            days = retention / SECONDS_PER_DAY
            yield from quota_needs(setting, SERVICE, {"logging-retention": days})

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """Writing, and the steady-state volume that is kept."""
        written = self.written
        if written is None:
            why = "the volume of logs is computed from it; or give `written` here"
            written = setting.workload.monthly_requests * setting.need("log_size", why)
        retention = self.retention or setting.need(
            "log_retention", "logs are kept so long; or `retention` here"
        )
        yield setting.meter(SERVICE, WRITE, gigabytes(written), "GB")
        yield setting.meter(SERVICE, STORAGE, kept_gigabyte_hours(written, retention), "GB*hour")
