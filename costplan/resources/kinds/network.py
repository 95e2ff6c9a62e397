"""What a design pays for its connections: traffic out, NAT gateways, reserved addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
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
)
from costplan.resources.sizing.quota_uses import address_uses, limit_need
from costplan.source.fields import Size, Whole

SERVICE = "vpc"
EGRESS = "egress"
NAT_EGRESS = "nat-egress"
NAT_GATEWAY = "nat-gateway"
ADDRESS = "address"
RESERVED_ADDRESS = "reserved-address"


class Network(Resource):
    """Traffic and addresses that belong to no single machine."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset(
        (SERVICE, code) for code in (EGRESS, NAT_EGRESS, NAT_GATEWAY, ADDRESS, RESERVED_ADDRESS)
    )
    example: ClassVar[str] = "{kind: network, egress: 100 GB}"

    kind: Literal["network"]
    role: Role = "network"
    egress: Size | None = None
    """Bytes a month to the internet; requests times `workload.response_size` when left out."""
    nat_egress: Size | None = None
    """Bytes a month that leave through NAT gateways, beside `egress`, with 100 GB free of their own."""
    nat_gateways: Whole = 0
    """NAT gateways, for machines without a public address."""
    addresses: Whole = 0
    """Public addresses in use by something that does not count its own, such as a load balancer."""
    reserved_addresses: Whole = 0
    """Static addresses that are kept and attached to nothing."""

    def bills(self, context: PricingContext) -> frozenset[str]:
        """What answers send out."""
        return frozenset({"response_size"})

    def constraints(self, context: PricingContext) -> Iterator[Constraint]:
        """A cloud has so many NAT gateways at most."""
        gateways = Quantity(self.nat_gateways)
        yield from limit_need(context, SERVICE, "vpc-nat-gateways", gateways, Reason("NAT gateways"))

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """Addresses; those that are reserved are static."""
        addresses = self.addresses + self.reserved_addresses
        yield from address_uses(context, addresses, self.reserved_addresses)

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Traffic out; traffic in is free."""
        egress = self.egress
        if egress is None:
            why = Reason("traffic out is computed from it; or give `egress` here")
            egress = context.workload.monthly_requests * context.constraint("response_size", why)
        yield context.meter(SERVICE, EGRESS, gigabytes(egress), "GB")
        if self.nat_egress:
            yield context.meter(SERVICE, NAT_EGRESS, gigabytes(self.nat_egress), "GB")
        if self.nat_gateways:
            yield context.meter(SERVICE, NAT_GATEWAY, context.month * self.nat_gateways, "gateway*hour")
        existing = self.addresses + self.reserved_addresses
        if existing:
            yield context.meter(SERVICE, ADDRESS, context.month * existing, "ip*hour")
        if self.reserved_addresses:
            yield context.meter(SERVICE, RESERVED_ADDRESS, context.month * self.reserved_addresses, "ip*hour")
