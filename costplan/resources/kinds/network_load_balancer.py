"""Network Load Balancer: the balancer by the hour, and what comes in through it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.messages.reason import Reason
from costplan.resources.contract import (
    Meter,
    PricingContext,
    QuotaUse,
    Resource,
    Role,
    StatedCost,
    Usage,
    gigabytes,
)
from costplan.resources.sizing.quota_uses import address_uses, quota_uses
from costplan.source.fields import Size, Whole

SERVICE = "network-load-balancer"
BALANCER = "balancer"
INGRESS = "ingress"
ADDRESS: Meter = ("vpc", "address")


class NetworkLoadBalancer(Resource):
    """A balancer with a listener and a target group."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, BALANCER), (SERVICE, INGRESS), ADDRESS})
    example: ClassVar[str] = "{kind: network-load-balancer, ingress: 20 GB}"

    kind: Literal["network-load-balancer"]
    role: Role = "network"
    count: Whole = 1
    """Number of balancers."""
    ingress: Size | None = None
    """Bytes a month that come in; requests times `workload.request_size` when left out."""
    public_addresses: Whole = 1
    """Public addresses of its listeners."""

    def bills(self, context: PricingContext) -> frozenset[str]:
        """What requests bring in."""
        return frozenset({"request_size"})

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """Balancers and their addresses."""
        yield from quota_uses(
            context, SERVICE, {"nlb-balancers": self.count, "nlb-target-groups": self.count}
        )
        yield from address_uses(context, self.public_addresses)

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Balancer hours, incoming traffic, addresses."""
        ingress = self.ingress
        if ingress is None:
            why = Reason("traffic in is computed from it; or give `ingress` here")
            ingress = context.workload.monthly_requests * context.constraint("request_size", why)
        yield context.meter(SERVICE, BALANCER, context.month * self.count, "balancer*hour")
        yield context.meter(SERVICE, INGRESS, gigabytes(ingress), "GB")
        if self.public_addresses:
            yield context.meter(*ADDRESS, context.month * self.public_addresses, "ip*hour")
