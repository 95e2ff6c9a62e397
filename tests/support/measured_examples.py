"""Measurements for tests, small enough to work the expected figures out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from costplan.measurement.environment import Environment, Processor
from costplan.measurement.model import (
    MEASUREMENT_SCHEMA,
    Interval,
    Latency,
    MeasuredCapacity,
    MeasuredModel,
    MeasuredPoint,
    MeasuredSlo,
    Measurement,
    Tensor,
)

ICE_LAKE = Processor(
    "Intel Xeon Processor (Icelake)",
    "GenuineIntel",
    6,
    106,
    6,
    ("avx2", "avx512f", "avx512_vnni"),
    sockets=1,
    cores=1,
    threads=2,
)
GENOA = Processor("AMD EPYC", "AuthenticAMD", 25, 17, 1, ("avx2", "avx512f"), sockets=1, cores=2, threads=2)


def environment(processor: Processor = ICE_LAKE, usable: float = 2, **changes: Any) -> Environment:
    found = Environment(
        system="Linux",
        architecture="x86_64",
        kernel="6.1.0",
        libc="glibc 2.36",
        python="CPython 3.11.7",
        processor=processor,
        usable_cpus=usable,
        affinity=int(usable),
        cpu_quota=None,
        memory_bytes=4 * 2**30,
        memory_limit_bytes=None,
        numa_nodes=1,
        hypervisor="KVM",
    )
    return replace(found, **changes)


def point(mode: Any = "open", rate: float = 100.0, **changes: Any) -> MeasuredPoint:
    latency = Latency(mean=20.0, p50=15.0, p90=30.0, p95=40.0, p99=80.0, max=90.0)
    found = MeasuredPoint(
        mode=mode,
        offered_requests_per_second=rate if mode == "open" else None,
        achieved_requests_per_second=rate,
        goodput_requests_per_second=rate,
        requests=1000,
        errors=0,
        timeouts=0,
        dropped=0,
        response_ms=latency,
        service_ms=latency,
        lag_ms=Latency(p99=0.1),
        verdict="VALID",
        reasons=(),
        bounds=Interval(99, 80.0, 75.0, 85.0),
        meets_slo=True,
        histogram=((10.0, 200), (20.0, 600), (50.0, 150), (90.0, 50)),
    )
    return replace(found, **changes)


def measurement(**changes: Any) -> Measurement:
    """100 requests/s pass, 105 fail, on 2 vCPU of an Ice Lake; a request alone takes 20 ms in the mean."""
    found = Measurement(
        schema=MEASUREMENT_SCHEMA,
        target="service",
        model=MeasuredModel("digits", "0" * 64, (Tensor("image", "FP32", (1, 64)),)),
        environment=environment(),
        slo=MeasuredSlo(99, 100.0),
        points=(point("single", 50.0), point()),
        capacity=MeasuredCapacity(100.0, 100.0, 105.0, "VALID", (), 1.0, Latency(p99=80.0)),
        cold_start_ms=1200.0,
        generator=None,
        verdict="VALID",
    )
    return replace(found, **changes)
