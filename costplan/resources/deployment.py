"""How a resource runs, as far as a plan may read and change it: what it serves, its machines, their hours."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from costplan.capacity.model import Capacity
from costplan.checked.records import dataclass
from costplan.quantities.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Replicas:
    """The equal machines or hosts that a resource is made of."""

    what: Literal["machine", "host"]
    least: Quantity
    """Fewest that run at the same time."""
    field: tuple[str, ...]
    """Where the resource says how many: `("hosts", "count")`."""
    follow_load: bool = False
    """Whether a capacity adds to them what the load takes; only then they can be left to it: `auto`."""


@dataclass(frozen=True, slots=True)
class MachineType:
    """One of equal virtual machines."""

    service: str
    """That sells it."""
    platform: str
    core_fraction: int
    """Guaranteed share of a core, in percent."""
    vcpu: int
    memory: Quantity
    """Bytes."""
    gpus: int


@dataclass(frozen=True, slots=True)
class CallInstance:
    """What works on a call where only the time of calls is paid."""

    vcpu: Fraction
    memory: Fraction
    """Bytes."""
    rounding: str | None
    """Chosen reading of the provider's rule on the time of calls; None for the catalog's own."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """How a resource runs. What is left out it does not have; what is stated is a field of the same name."""

    capacity: Capacity | None = None
    """What it serves, or one of its replicas does."""
    hours: Quantity | None = None
    """Hours of the month in which it runs; None for all."""
    preemptible: bool | None = None
    """Whether the provider may stop it; None where it is not sold so."""
    replicas: Replicas | None = None
    machine: MachineType | None = None
    """What it stands on, where that is machines of one's own."""
    instance: CallInstance | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """Hours of a month in which so many units run."""

    units: Fraction
    hours: Fraction


@dataclass(frozen=True, slots=True)
class RunningTime:
    """How many replicas run for how long in a month; the scale of the levels does not matter."""

    levels: tuple[Level, ...]
    billed: Fraction
    """Units x hours that are paid. Those that start ahead of an hour that needs them are in no level."""


def steady(hours: Fraction) -> RunningTime:
    """Return the running time of something whose size does not change."""
    return RunningTime((Level(Fraction(1), hours),), hours)
