"""API Gateway: requests that pass through it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.resources.contract import Constraint, Meter, PricingContext, Resource, Role, StatedCost, Usage
from costplan.resources.sizing.quota_uses import body_needs
from costplan.source.fields import Monthly

SERVICE = "api-gateway"
REQUESTS = "requests"


class ApiGateway(Resource):
    """A gateway in front of containers and functions."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, REQUESTS)})
    example: ClassVar[str] = "{kind: api-gateway}"

    kind: Literal["api-gateway"]
    role: Role = "network"
    requests: Monthly | None = None
    """Requests in a month; those of the workload when left out."""

    def constraints(self, context: PricingContext) -> Iterator[Constraint]:
        """What passes through it must not be too large; of its own `requests` nothing says."""
        if self.requests is None:
            yield from body_needs(context, SERVICE, "api-gateway-body", "api-gateway-body")

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """One unit per request."""
        yield context.meter(SERVICE, REQUESTS, self.requests or context.workload.monthly_requests, "request")
