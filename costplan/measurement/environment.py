"""The machine on which something was measured, without its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

Number = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=10**15)]
PositiveCount = Annotated[int, Field(ge=1, le=10**15)]
Text = Annotated[str, Field(max_length=2000)]


@dataclass(frozen=True, slots=True)
class Processor:
    """The processor, as the kernel of the machine (or guest) states it."""

    name: Text
    vendor: Text = ""
    family: int | None = None
    model: int | None = None
    stepping: int | None = None
    isa: tuple[str, ...] = ()
    """Those of its extensions that change which kernels run: `avx2`, `avx512_vnni`, `amx_int8` ..."""
    sockets: int | None = None
    cores: int | None = None
    """Cores of the machine; a guest often sees each hardware thread as one."""
    threads: int | None = None
    """Hardware threads of the machine."""
    frequency_mhz: Number | None = None
    governor: Text | None = None


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU, as its driver states it."""

    name: Text
    driver: Text = ""
    power_limit_w: Number | None = None
    memory_mib: Count | None = None
    mig: Text | None = None
    max_clock_mhz: Number | None = None
    """Highest clock of its processors."""
    clock_mhz: Number | None = None
    """Clock right after the load: below the highest where it was throttled, or had already come to rest."""
    power_w: Number | None = None
    """Power drawn right after the load."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The machine that measured, without its name."""

    system: Text
    architecture: Text
    kernel: Text
    libc: Text
    python: Text
    processor: Processor
    usable_cpus: Number
    """Processors that could be used: affinity, cut by the control group's quota."""
    affinity: Count
    cpu_quota: Number | None
    """The control group's quota in processors; None: no quota."""
    memory_bytes: Count
    memory_limit_bytes: Count | None
    """The control group's limit; None: no limit."""
    numa_nodes: Count
    hypervisor: Text | None
    gpus: tuple[Gpu, ...] = ()
    load_before: Number | None = None
    """Mean run-queue length of the minute before."""
    load_after: Number | None = None
    steal_share: Number | None = None
    """Share of processor time that the hypervisor gave to others during the run."""
    other_cpu_share: Number | None = None
    """Share of processor time that processes other than generator and server used during the run."""
    versions: Mapping[str, str] = field(default_factory=dict)
