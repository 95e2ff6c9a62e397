"""Addresses, gateways, balancers and zones of names."""

from __future__ import annotations

from typing import Any

from costplan.terraform.mapped import Free, Mapped, Priced
from costplan.terraform.parts import Parts
from costplan.terraform.planned import Planned
from costplan.terraform.reading import Reading
from costplan.terraform.values import Values

UNITS_PER_ZONE = 2
"""Resource units of an application balancer that are billed in each zone in any case."""


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


def network_load_balancer(one: Planned, reading: Reading) -> Mapped:
    """A balancer: an external listener without an address of the file's own takes one."""
    made = Parts(one, reading)
    listeners = one.values.blocks("listener")
    silent = sum(map(_says_nothing, listeners)) if one.values.find("type") in (None, "external") else 0
    public = silent + sum(made.is_there(row, "external_address_spec") for row in listeners)
    own = min(public, reading.own_addresses(one))
    count: Any = str(public - own)
    if silent:
        count = made.default("listener.external_address_spec").assumed(count)
    return made.priced({"kind": "network-load-balancer", "public_addresses": count})


def _says_nothing(listener: Values) -> bool:
    """Say whether a listener states no address of either side."""
    return all(listener.find(f"{side}_address_spec") in (None, []) for side in ("external", "internal"))


def application_load_balancer(one: Planned, reading: Reading) -> Mapped:
    """A balancer: at least two resource units per zone, or as many as its policy keeps."""
    made = Parts(one, reading)
    zones = len(one.values.blocks("allocation_policy.location"))
    public = sum(
        made.is_there(address, "external_ipv4_address")
        for listener in one.values.blocks("listener")
        for endpoint in listener.blocks("endpoint")
        for address in endpoint.blocks("address")
    )
    own = min(public, reading.own_addresses(one))
    balancer = {
        "kind": "application-load-balancer",
        "zones": str(zones or 1),
        "public_addresses": str(public - own),
    }
    least = one.values.number("auto_scale_policy.min_zone_size")
    if least > UNITS_PER_ZONE:
        balancer["resource_units"] = str(least * zones)
    return made.priced(balancer)


def dns_zone(one: Planned, reading: Reading) -> Mapped:
    """A zone, public or internal."""
    return Priced(({"kind": "dns"},))
