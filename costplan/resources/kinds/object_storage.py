"""Object Storage: volume, operations, and traffic out to the internet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.quantities.quantity import Quantity
from costplan.quantities.units import HOURS_PER_MONTH, SECONDS_PER_HOUR
from costplan.resources.contract import (
    Meter,
    PricingContext,
    QuotaUse,
    Resource,
    Role,
    StatedCost,
    Usage,
    gigabytes,
    kept_gigabyte_hours,
    metered_hours,
)
from costplan.resources.sizing.quota_uses import quota_uses
from costplan.source.fields import Flag, Hours, Monthly, Size

SERVICE = "object-storage"
CLASSES = ("standard", "cold", "ice")
EGRESS = "egress"
MINIMUM_DURATION = "minimum-duration"
"""The catalog's rule: volume is metered by the started hour."""
MINIMUM_STORAGE = "ice-minimum-storage"
"""The catalog's rule: so many months of ice are paid for in any case."""


class ObjectStorage(Resource):
    """A bucket."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset(
        {(SERVICE, EGRESS)}
        | {(SERVICE, f"volume-{name}") for name in CLASSES}
        | {(SERVICE, f"{operation}-{name}") for operation in ("put", "get") for name in CLASSES}
    )
    example: ClassVar[str] = "{kind: object-storage, size: 100 GB, get_requests: 100K/month}"

    kind: Literal["object-storage"]
    role: Role = "storage"
    storage_class: Literal["standard", "cold", "ice"] = "standard"
    """Storage class: a colder one stores for less and charges more for operations."""
    size: Size | None = None
    """Volume that is there all the time: models, archives."""
    hours: Hours | None = None
    """How long `size` is stored in a month, in started hours; all the month when left out. In ice, what is
    stored for less than the month is taken to be deleted then, and 12 months are charged."""
    keeps_requests: Flag = False
    """Whether it also keeps what each request leaves: `workload.stored_size` for `workload.retention`."""
    put_requests: Monthly | None = None
    """PUT, POST, PATCH and LIST operations; one per request when it keeps requests."""
    get_requests: Monthly | None = None
    """GET, HEAD and OPTIONS operations."""
    egress: Size | None = None
    """Bytes a month that are downloaded from it over the internet."""

    def bills(self, context: PricingContext) -> frozenset[str]:
        """What requests leave, where it keeps that."""
        return frozenset({"stored_size", "retention"} if self.keeps_requests else ())

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """A bucket, and the volume of the steady state."""
        volume = gigabytes(self.size or Quantity(0))
        workload = context.workload
        if self.keeps_requests and workload.stored_size is not None and workload.retention is not None:
            left = workload.monthly_requests * workload.stored_size
            volume += kept_gigabyte_hours(left, workload.retention) / context.month
        yield from quota_uses(context, SERVICE, {"storage-volume": volume, "storage-buckets": 1})

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Volume as the average over the month, in the steady state."""
        hours = metered_hours(self.hours, context, SERVICE, MINIMUM_DURATION)
        least = self.least_hours(context)
        if self.hours is not None:
            hours = hours.at_least(least)
        stored = gigabytes(self.size or Quantity(0)) * hours
        puts = self.put_requests or Quantity(0)
        if self.keeps_requests:
            requests = context.workload.monthly_requests
            left = requests * context.constraint("stored_size", "a bucket with `keeps_requests` stores it")
            retention = context.constraint("retention", "a bucket with `keeps_requests` keeps it so long")
            stored += kept_gigabyte_hours(left, retention.at_least(least * SECONDS_PER_HOUR))
            puts = self.put_requests or requests
        yield context.meter(SERVICE, f"volume-{self.storage_class}", stored, "GB*hour")
        if puts.value:
            yield context.meter(SERVICE, f"put-{self.storage_class}", puts, "request")
        if self.get_requests:
            yield context.meter(SERVICE, f"get-{self.storage_class}", self.get_requests, "request")
        if self.egress:
            yield context.meter(SERVICE, EGRESS, gigabytes(self.egress), "GB")

    def least_hours(self, context: PricingContext) -> Quantity:
        """Return the hours that are charged for what is deleted sooner: 12 months of ice, nothing else."""
        if self.storage_class != "ice":
            return Quantity(0)
        return Quantity(context.catalog.rule_value(SERVICE, MINIMUM_STORAGE)) * HOURS_PER_MONTH
