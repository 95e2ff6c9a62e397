"""What resources take of the quotas of an account, by the catalog's codes; and how a bound is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from costplan.catalog.bounds import Quota
from costplan.messages.reason import Reason
from costplan.quantities.money import quantized
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import SIZE_UNITS
from costplan.resources.contract import Constraint, PricingContext, QuotaUse, gigabytes
from costplan.resources.parts.disks import Disk
from costplan.resources.parts.machine import default_gpus, find_platform

COMPUTE = "compute"
KUBERNETES = "managed-kubernetes"
NETWORK = "vpc"

Amounts = Mapping[str, Quantity | int]
"""Code of a quota -> how much of it is taken, in its unit."""


def quota_uses(context: PricingContext, service: str, amounts: Amounts) -> Iterator[QuotaUse]:
    """Give the uses of a service's quotas; those that the catalog does not know are left out."""
    for quota in context.catalog.quotas(service):
        amount = amounts.get(quota.code, 0)
        if not isinstance(amount, int):
            yield QuotaUse(quota, amount)
        elif amount:
            yield QuotaUse(quota, Quantity(amount))


def machine_uses(
    context: PricingContext, platform: str, vcpu: int, memory: Quantity, gpu: int | None, machines: Quantity
) -> Iterator[QuotaUse]:
    """Give what equal virtual machines take: of quotas on all of them, and on their platform's.

    Args:
        memory: Bytes of one machine.
        gpu: GPUs of one machine; None for the fewest that the platform is sold with.
        machines: Most at the same time.
    """
    found = find_platform(context.catalog.offer(COMPUTE), platform)
    gpus = gpu if gpu is not None else default_gpus(found)
    for quota in context.catalog.quotas(COMPUTE):
        if platform in quota.platforms:
            yield QuotaUse(quota, machines * (gpus if quota.unit == "GPU" else vcpu))
    amounts = {
        "compute-instances": machines,
        "compute-vcpu": machines * vcpu,
        "compute-memory": machines * gigabytes(memory),
    }
    yield from quota_uses(context, COMPUTE, amounts)


def disk_uses(context: PricingContext, disks: Sequence[Disk], machines: Quantity) -> Iterator[QuotaUse]:
    """Give what the disks of equal machines take: their number, and the volume of each type."""
    yield from quota_uses(context, COMPUTE, {"compute-disks": machines * len(disks)} if disks else {})
    for quota in context.catalog.quotas(COMPUTE):
        own = [gigabytes(disk.size) for disk in disks if disk.type in quota.disk_types]
        if own:
            yield QuotaUse(quota, machines * sum(own, Quantity(0)))


def address_uses(
    context: PricingContext, addresses: Quantity | int, static: Quantity | int = 0
) -> Iterator[QuotaUse]:
    """Give what public addresses take; static ones count among all."""
    yield from quota_uses(context, NETWORK, {"vpc-addresses": addresses, "vpc-static-addresses": static})


def quota_need(context: PricingContext, quota: Quota, used: Quantity) -> Iterator[Constraint]:
    """Hold a use against a quota; nothing where its figure is not published."""
    allowed = context.allowed(quota)
    if allowed is not None:
        available = amount(allowed, quota.unit)
        said = Reason("needs a raised quota {quota}, above {available}", quota=quota.key, available=available)
        yield Constraint("quota", used, Quantity(allowed), said, quota.key, quota.unit or "")


def quota_needs(context: PricingContext, service: str, amounts: Amounts) -> Iterator[Constraint]:
    """Hold what one resource takes against quotas that are not pooled: a log group, a node group."""
    for use in quota_uses(context, service, amounts):
        yield from quota_need(context, use.quota, use.quantity)


def body_needs(context: PricingContext, service: str, request: str, response: str) -> Iterator[Constraint]:
    """Hold the sizes of requests and answers, as far as the workload states them, against two limits."""
    workload = context.workload
    yield from limit_need(context, service, request, workload.request_size, Reason("size of a request"))
    yield from limit_need(context, service, response, workload.response_size, Reason("size of an answer"))


def limit_need(
    context: PricingContext, service: str, code: str, taken: Quantity | None, what: Reason
) -> Iterator[Constraint]:
    """Hold something against a limit.

    Args:
        taken: In bytes where the limit is a size, else in its unit; None where the scenario does not say.
        what: What that is.
    """
    limit = context.catalog.limit(service, code)
    if taken is None or limit is None or limit.number is None:
        return
    unit = SIZE_UNITS.get(limit.unit or "", Fraction(1))
    values = {"taken": amount(taken.value / unit, limit.unit), "limit": amount(limit.number, limit.unit)}
    said = Reason("{what}: {taken} is above the provider's limit of {limit}", what=what, **values)
    yield Constraint("limit", taken, Quantity(limit.number * unit), said, code, limit.unit or "")


def amount(number: Fraction, unit: str | None) -> Reason | Decimal:
    """Write an amount of a quota or limit; what is counted needs no unit."""
    value = quantized(number).normalize()
    if value == value.to_integral_value():
        value = value.quantize(Decimal(1))
    if unit == "GB":
        return Reason("{number} GB", number=value)
    if unit == "MB":
        return Reason("{number} MB", number=value)
    if unit == "MB/s":
        return Reason("{number} MB/s", number=value)
    if unit == "s":
        return Reason("{number} s", number=value)
    if unit == "day":
        return Reason("{number} days", number=value)
    if unit == "records/s":
        return Reason("{number} records/s", number=value)
    return value
