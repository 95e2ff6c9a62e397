"""How long a machine reads what it needs before it serves: disks are as fast as they are large."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from costplan.capacity.model import Capacity
from costplan.catalog.bounds import Limit
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import SIZE_UNITS
from costplan.resources.contract import Constraint, PricingContext, gigabytes
from costplan.resources.parts.disks import Disk
from costplan.resources.sizing.quota_uses import COMPUTE, amount

PER_VCPU = "compute-vm-ssd-bandwidth-per-vcpu"


def read_needs(
    context: PricingContext, capacity: Capacity | None, disk: Disk | None, size: Quantity | None, vcpu: int
) -> Iterator[Constraint]:
    """Hold the delay until a replica serves against the time in which it can read what it needs.

    Args:
        setting: All that a resource knows.
        capacity: None, or without a delay, where replicas do not start while others serve.
        disk: The boot disk; None where the scenario states none.
        size: Bytes that are read; None where it does not say.
        vcpu: Cores of the machine, which bound what its disks read together.
    """
    if capacity is None or disk is None or size is None or not capacity.is_elastic:
        return
    delay, speed = capacity.scale_up_delay, read_speed(context, disk, vcpu)
    if speed is None or not delay.value:
        return
    time = size / speed
    said = Reason(
        "reads {size} from its disk in {time} before it serves, at {speed}; scale_up_delay says {delay}",
        size=amount(gigabytes(size).value, "GB"),
        time=amount(Fraction(round(time.value)), "s"),
        speed=amount(speed.value / SIZE_UNITS["MB"], "MB/s"),
        delay=amount(delay.value, "s"),
    )
    yield Constraint("limit", time, delay, said)


def read_speed(context: PricingContext, disk: Disk, vcpu: int) -> Quantity | None:
    """Return the bytes a second that a disk reads; None where the catalog does not say.

    Each unit of its size adds to the speed up to a most, and all disks share what the machine's cores allow.

    Example: a 60 GB network SSD is two units of 32 GB: 30 MB/s.
    """
    unit, per_unit = _row(context, disk, "-unit"), _row(context, disk, "-read-bandwidth")
    if unit is None or per_unit is None or unit.number is None or per_unit.number is None:
        return None
    speed = (gigabytes(disk.size) / unit.number).rounded_up_to(1) * per_unit.number
    most = _row(context, disk, "-read-bandwidth-most")
    if most is not None and most.number is not None:
        speed = speed.at_most(most.number)
    cores = context.catalog.limit(COMPUTE, PER_VCPU)
    if cores is not None and cores.number is not None:
        speed = speed.at_most(cores.number * vcpu)
    return speed * SIZE_UNITS["MB"]


def _row(context: PricingContext, disk: Disk, ending: str) -> Limit | None:
    rows = context.catalog.limits(COMPUTE)
    return next((row for row in rows if disk.type in row.disk_types and row.code.endswith(ending)), None)
