"""What is paid for by its use: functions, containers, gateways, buckets, registries, logs."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from costplan.quantities.money import plain
from costplan.terraform.mapped import Mapped, Priced
from costplan.terraform.parts import Parts
from costplan.terraform.planned import Planned
from costplan.terraform.reading import Reading

CLASSES = {
    "STANDARD": "standard",
    "COLD": "cold",
    "STANDARD_IA": "cold",
    "NEARLINE": "cold",
    "ICE": "ice",
    "GLACIER": "ice",
}
"""Storage class as the provider writes it -> ours."""


def function(one: Planned, reading: Reading) -> Mapped:
    """A function: memory is in MB."""
    return Priced(({"kind": "cloud-function", "memory": f"{one.values.needed('memory')} MB"},))


def serverless_container(one: Planned, reading: Reading) -> Mapped:
    """A container: memory is in MB, and a share of cores is in per cent."""
    made = Parts(one, reading)
    cores = one.values.text("cores") or "1"
    container: dict[str, Any] = {
        "kind": "serverless-container",
        "memory": f"{one.values.needed('memory')} MB",
        "vcpu": _share(cores, made.or_default("core_fraction")),
    }
    ready = one.values.number("provision_policy.min_instances")
    return made.priced(container | ({"provisioned_instances": str(ready)} if ready else {}))


def _share(cores: str, per_cent: str) -> str:
    try:
        return plain(Decimal(cores) * Decimal(per_cent) / 100)
    except InvalidOperation:
        return cores  # whoever reads it says what is wrong with it


def api_gateway(one: Planned, reading: Reading) -> Mapped:
    """A gateway."""
    return Priced(({"kind": "api-gateway"},))


def storage_bucket(one: Planned, reading: Reading) -> Mapped:
    """A bucket; its size is never in a plan: `max_size` is a limit."""
    made = Parts(one, reading)
    stated = made.or_default("default_storage_class")
    return made.priced({"kind": "object-storage", "storage_class": CLASSES.get(stated.upper(), stated)})


def container_registry(one: Planned, reading: Reading) -> Mapped:
    """A registry of images."""
    return Priced(({"kind": "container-registry"},))


def cloud_registry(one: Planned, reading: Reading) -> Mapped:
    """A registry of the successor."""
    return Priced(({"kind": "cloud-registry"},))


def logging_group(one: Planned, reading: Reading) -> Mapped:
    """A log group; how long it keeps logs is in the file where it is stated."""
    period = one.values.find("retention_period")
    hours = re.fullmatch(r"(\d{1,6})h(?:0m)?(?:0s)?", period) if isinstance(period, str) else None
    return Priced(({"kind": "logging"} | ({"retention": f"{hours[1]} h"} if hours else {}),))
