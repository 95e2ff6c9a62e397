"""Object Storage: volume, operations, and traffic out to the internet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.models import Flag, Monthly, Size
from costplan.resources.base import Charge, Resource, Setting, SkuCode, Usage, gigabytes, months
from costplan.units import Quantity

SERVICE = "object-storage"
CLASSES = ("standard", "cold", "ice")
EGRESS = "storage.api.network.inet.egress"


class ObjectStorage(Resource):
    """A bucket."""

    sells: ClassVar[str] = SERVICE
    asks: ClassVar[frozenset[SkuCode]] = frozenset(
        {(SERVICE, EGRESS)}
        | {(SERVICE, f"storage.bucket.used_space.{name}") for name in CLASSES}
        | {(SERVICE, f"storage.api.{operation}.{name}") for operation in ("put", "get") for name in CLASSES}
    )

    kind: Literal["object-storage"]
    storage_class: Literal["standard", "cold", "ice"] = "standard"
    """Storage class: a colder one stores for less and charges more for operations."""
    size: Size | None = None
    """Volume that is there all the time: models, archives."""
    keeps_requests: Flag = False
    """Whether it also keeps what each request leaves: `workload.stored_size` for `workload.retention`."""
    put_requests: Monthly | None = None
    """PUT, POST, PATCH and LIST operations; one per request when it keeps requests."""
    get_requests: Monthly | None = None
    """GET, HEAD and OPTIONS operations."""
    egress: Size | None = None
    """Bytes a month that are downloaded from it over the internet."""

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """Volume as the average over the month, in the steady state."""
        volume = self.size or Quantity(0)
        puts = self.put_requests or Quantity(0)
        if self.keeps_requests:
            requests = setting.workload.monthly_requests
            stored = setting.need("stored_size", "a bucket with `keeps_requests` stores it")
            kept = months(setting.need("retention", "a bucket with `keeps_requests` keeps it so long"))
            volume += requests * stored * kept
            puts = self.put_requests or requests
        used_space = f"storage.bucket.used_space.{self.storage_class}"
        yield Usage(SERVICE, used_space, gigabytes(volume) * setting.hours_per_month, "GB*hour")
        if puts.value:
            yield Usage(SERVICE, f"storage.api.put.{self.storage_class}", puts, "request")
        if self.get_requests:
            yield Usage(SERVICE, f"storage.api.get.{self.storage_class}", self.get_requests, "request")
        if self.egress:
            yield Usage(SERVICE, EGRESS, gigabytes(self.egress), "GB")
