"""Cloud Logging: what is written and what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.models import Duration, Size
from costplan.resources.base import Charge, Resource, Setting, SkuCode, Usage, gigabytes, kept_gigabyte_hours

SERVICE = "cloud-logging"
WRITE = "logging.write"
STORAGE = "logging.storage"


class Logging(Resource):
    """A log group."""

    sells: ClassVar[str] = SERVICE
    asks: ClassVar[frozenset[SkuCode]] = frozenset({(SERVICE, WRITE), (SERVICE, STORAGE)})

    kind: Literal["logging"]
    written: Size | None = None
    """Bytes a month; requests times `workload.log_size` when left out."""
    retention: Duration | None = None
    """How long logs are kept; `workload.log_retention` when left out."""

    def bills(self, setting: Setting) -> frozenset[str]:
        """What requests log, for as long as it is kept."""
        return frozenset({"log_size", "log_retention"})

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """Writing, and the steady-state volume that is kept."""
        written = self.written
        if written is None:
            why = "the volume of logs is computed from it; or give `written` here"
            written = setting.workload.monthly_requests * setting.need("log_size", why)
        retention = self.retention or setting.need(
            "log_retention", "logs are kept so long; or `retention` here"
        )
        yield Usage(SERVICE, WRITE, gigabytes(written), "GB")
        yield Usage(SERVICE, STORAGE, kept_gigabyte_hours(written, retention), "GB*hour")
