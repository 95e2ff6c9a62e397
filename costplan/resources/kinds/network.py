"""What a design pays for being connected: traffic out, NAT gateways, reserved addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
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

    sells: ClassVar[str] = SERVICE
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

    def bills(self, setting: Setting) -> frozenset[str]:
        """What answers send out."""
        return frozenset({"response_size"})

    def needs(self, setting: Setting) -> Iterator[Need]:
        """A cloud has so many NAT gateways at most."""
        gateways = Quantity(self.nat_gateways)
        yield from limit_need(setting, SERVICE, "vpc-nat-gateways", gateways, Reason("NAT gateways"))

    def quota_uses(self, setting: Setting) -> Iterator[QuotaUse]:
        """Addresses; those that are reserved are static."""
        addresses = self.addresses + self.reserved_addresses
        yield from address_uses(setting, addresses, self.reserved_addresses)

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """Traffic out; traffic in is free."""
        egress = self.egress
        if egress is None:
            why = "traffic out is computed from it; or give `egress` here"
            egress = setting.workload.monthly_requests * setting.need("response_size", why)
        yield setting.meter(SERVICE, EGRESS, gigabytes(egress), "GB")
        if self.nat_egress:
            yield setting.meter(SERVICE, NAT_EGRESS, gigabytes(self.nat_egress), "GB")
        if self.nat_gateways:
            yield setting.meter(SERVICE, NAT_GATEWAY, setting.month * self.nat_gateways, "gateway*hour")
        existing = self.addresses + self.reserved_addresses
        if existing:
            yield setting.meter(SERVICE, ADDRESS, setting.month * existing, "ip*hour")
        if self.reserved_addresses:
            yield setting.meter(SERVICE, RESERVED_ADDRESS, setting.month * self.reserved_addresses, "ip*hour")
