"""API Gateway: requests that pass through it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.resources.contract import Charge, Meter, Need, Resource, Role, Setting, Usage
from costplan.resources.sizing.quota_uses import body_needs
from costplan.source.fields import Monthly

SERVICE = "api-gateway"
REQUESTS = "requests"


class ApiGateway(Resource):
    """A gateway in front of containers and functions."""

    sells: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, REQUESTS)})
    example: ClassVar[str] = "{kind: api-gateway}"

    kind: Literal["api-gateway"]
    role: Role = "network"
    requests: Monthly | None = None
    """Requests in a month; those of the workload when left out."""

    def needs(self, setting: Setting) -> Iterator[Need]:
        """What passes through it must not be too large; of its own `requests` nothing says."""
        if self.requests is None:
            yield from body_needs(setting, SERVICE, "api-gateway-body", "api-gateway-body")

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """One unit per request."""
        yield setting.meter(SERVICE, REQUESTS, self.requests or setting.workload.monthly_requests, "request")
