"""Addresses, gateways, balancers and zones of names."""

from __future__ import annotations

from costplan.terraform.mapped import Free, Mapped, Priced
from costplan.terraform.parts import Parts
from costplan.terraform.planned import Planned
from costplan.terraform.reading import Reading


def vpc_address(one: Planned, reading: Reading) -> Mapped:
    """A public address: in use where something in the file takes it, else kept for nothing."""
    if one.values.has("internal_ipv4_address") and not one.values.has("external_ipv4_address"):
        return Free()
    made = Parts(one, reading)
    if one.values.has("external_ipv4_address.ddos_protection_provider"):
        made.unpriced.append("external_ipv4_address.ddos_protection_provider")
    how = "addresses" if reading.attached(one) else "reserved_addresses"
    return made.priced({"kind": "network", how: "1", "egress": "0 B"})


def vpc_gateway(one: Planned, reading: Reading) -> Mapped:
    """A NAT gateway."""
    return Priced(({"kind": "network", "nat_gateways": "1", "egress": "0 B"},))
