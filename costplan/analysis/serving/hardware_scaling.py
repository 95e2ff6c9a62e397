"""What a measurement on one machine says about another: measured there, scaled, assumed, or nothing.

Pure: no files, clock or printing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from costplan.catalog.model import Platform
from costplan.measurement.core_curve import CoreCurve
from costplan.measurement.environment import Environment, Processor
from costplan.measurement.model import (
    MAX_OTHER_SHARE,
    MAX_STEAL_SHARE,
    Basis,
    Calibration,
    Measurement,
    ReferenceVerdict,
)
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.quantities.money import plain


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation of processors by what `/proc/cpuinfo` says of it."""

    title: str
    vendor: str
    family: int
    models: frozenset[int]


_GENERATIONS = (
    Generation("Ice Lake", "GenuineIntel", 6, frozenset({106, 108})),
    Generation("Cascade Lake", "GenuineIntel", 6, frozenset({85})),
    Generation("Broadwell", "GenuineIntel", 6, frozenset({79})),
    Generation("Zen 4", "AuthenticAMD", 25, frozenset({*range(16, 32), *range(160, 176)})),
    Generation("EPYC 9474F", "AuthenticAMD", 25, frozenset({17})),
)
"""Told apart by the words of a platform's title; a platform that none fits is never `measured`.

Source: Linux `arch/x86/include/asm/intel-family.h` and `arch/x86/kernel/cpu/amd.c`.
"""

WHOLE_CORE = 100
_ON_GPU = ("cuda", "tensorrt")
"""Execution providers that the calibration set of processors says nothing about."""
_MAX_EXTRAPOLATION = 2
"""Times the most cores that were measured."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine of the catalog as far as speed goes."""

    platform: Platform
    vcpu: int
    core_fraction: int = WHOLE_CORE
    gpu: int = 0


@dataclass(frozen=True, slots=True)
class Speed:
    """How many times as fast a machine is as the one that measured; `basis` None: no figure can be given."""

    basis: Basis | None
    reason: str
    ratio: float = 1.0
    low: float = 1.0
    high: float = 1.0


def speed_of(
    machine: Machine, measurement: Measurement, references: Mapping[str, Calibration] | None = None
) -> Speed:
    """Say how fast a machine of the catalog would have been.

    Args:
        machine: Of the catalog.
        measurement: Of another machine, or of such a one.
        references: Calibration runs on platforms of the catalog, by platform.

    Returns:
        The ratio with its interval: that of the calibration kinds times that of the cores.
    """
    environment = measurement.environment
    refusal = _gpu_refusal(machine, environment) if measurement.is_co_located else None
    if refusal is None and machine.core_fraction != WHOLE_CORE:
        refusal = Reason(
            "a {percent}% share of a core is throttled: nothing measured on whole cores holds",
            machine.core_fraction,
        )
    if refusal is not None:
        return Speed(None, refusal)
    if not measurement.is_co_located:
        return Speed(
            "assumed",
            Reason(
                "priced as if {name} equalled the server's machine, which this result does not describe",
                machine.platform.name,
            ),
        )
    difference = _difference(machine, environment)
    if difference is None:
        return Speed("measured", Reason("measured on such a machine"))
    if measurement.settings.get("provider") in _ON_GPU:
        return Speed(
            None,
            Reason("computed on a GPU, and {difference}: nothing says how that changes it", difference),
        )
    cores = _core_ratio(machine.vcpu, environment.usable_cpus, measurement.curve)
    if isinstance(cores, str):
        return Speed(None, cores)
    reference = (references or {}).get(machine.platform.name)
    scaled = _ratios(machine, measurement, reference)
    if isinstance(scaled, str):
        here = visible(environment.processor.name)
        as_if = Reason(
            "priced as if {name} ({title}) equalled {here}",
            machine.platform.name,
            machine.platform.title,
            here,
        )
        return Speed("assumed", f"{as_if}; {scaled}; {difference}", *cores)
    product = tuple(s * c for s, c in zip(scaled, cores, strict=True))
    return Speed("scaled", Reason("scaled by the calibration set; {difference}", difference), *product)


def as_assumed(speed: Speed, times: Decimal) -> Speed:
    """Return a speed as the user supposes it, with what is known beside; what was measured stays."""
    if speed.basis in ("measured", "scaled"):
        return speed
    why = Reason("assumed: {times} x as fast as what was measured; {why}", plain(times), speed.reason)
    return Speed("assumed", why, *[float(times)] * 3)


def _gpu_refusal(machine: Machine, environment: Environment) -> str | None:
    has = sorted({gpu.name for gpu in environment.gpus})
    wanted = machine.platform.gpu if machine.gpu else None
    if wanted is None:
        return (
            Reason("measured on a machine with {has}; this one has no GPU", ", ".join(has)) if has else None
        )
    if not any(_same_gpu(wanted, name) for name in has) or len(environment.gpus) != machine.gpu:
        there = f"{len(environment.gpus)} x {', '.join(has)}" if has else "no GPU"
        return Reason(
            "has {gpu} x {wanted}, measured with {there}: measure on one", str(machine.gpu), wanted, there
        )
    return None


def _same_gpu(catalog: str, driver: str) -> bool:
    """`NVIDIA T4` of the catalog is `Tesla T4` or `NVIDIA T4` of the driver."""
    return catalog.split()[-1].lower() in driver.lower().replace("-", " ").split()


def generation_of(text: str) -> Generation | None:
    """Return the processor generation that a platform's title names, or None."""
    return next((found for found in _GENERATIONS if found.title in text), None)


def _difference(machine: Machine, environment: Environment) -> str | None:
    """Say why a machine is not the one that measured; None when it is."""
    processor = environment.processor
    generation = generation_of(machine.platform.title)
    if generation is None or not _is_of(processor, generation):
        return Reason("measured on {name}", visible(processor.name))
    if environment.cpu_quota is not None or environment.usable_cpus != environment.affinity:
        return Reason("measured under a processor quota")
    if environment.usable_cpus != machine.vcpu:
        return Reason("measured with {cpus} vCPU", f"{environment.usable_cpus:g}")
    if processor.cores and processor.threads and processor.threads < 2 * processor.cores:
        return Reason("measured with one thread per core; a vCPU is one of two hardware threads")
    return None


def _is_of(processor: Processor, generation: Generation) -> bool:
    return (
        processor.vendor == generation.vendor
        and processor.family == generation.family
        and processor.model in generation.models
    )


def _core_ratio(vcpu: int, measured: float, curve: CoreCurve | None) -> tuple[float, float, float] | str:
    """Return throughput on `vcpu` cores over that on the measured ones, with its bounds.

    Beyond the measured cores the bounds are: no gain at all, and a gain in proportion.
    """
    if vcpu == measured:
        return 1.0, 1.0, 1.0
    if curve is None:
        return Reason(
            "measured with {measured} vCPU and no curve over cores: {vcpu} are not inferred",
            f"{measured:g}",
            str(vcpu),
        )
    if vcpu > _MAX_EXTRAPOLATION * curve.largest:
        return Reason(
            "{vcpu} vCPU is more than twice the {largest} that were measured: measure on more",
            str(vcpu),
            curve.largest,
        )
    base = curve.relative(round(measured))
    fitted = curve.relative(vcpu) / base
    if vcpu <= curve.largest:
        seen = {cores: rate / curve.points[0][1] / base for cores, rate in curve.points}
        bounds = (fitted, seen.get(vcpu, fitted))
        return fitted, min(bounds), max(bounds)
    flat = curve.relative(curve.largest) / base
    linear = flat * vcpu / curve.largest
    return min(max(fitted, flat), linear), min(flat, fitted), linear


def other_processor(platform: Platform, processor: Processor) -> str | None:
    """Say why a processor is not that of a platform; None when it is."""
    generation = generation_of(platform.title)
    if generation is None:
        return Reason("what processors {name} ({title}) has is not known here", platform.name, platform.title)
    if not _is_of(processor, generation):
        return Reason(
            "{name} has {title} processors, not {processor}",
            platform.name,
            generation.title,
            visible(processor.name),
        )
    return None


def judged(platform: Platform, environment: Environment) -> tuple[ReferenceVerdict, tuple[str, ...]]:
    """Say whether a calibration run speaks for a platform, and if not, why.

    Args:
        platform: That it is a reference of.
        environment: The machine that it ran on, with the shares that others took meanwhile.
    """
    other = other_processor(platform, environment.processor)
    shares = (
        (Reason("other processes"), environment.other_cpu_share, MAX_OTHER_SHARE),
        (Reason("other machines of the host"), environment.steal_share, MAX_STEAL_SHARE),
    )
    taken = tuple(
        Reason(
            "{who} took {share} of the processor time, the limit is {most}",
            who,
            f"{share:.1%}",
            f"{most:.0%}",
        )
        for who, share, most in shares
        if share is not None and share > most
    )
    if other is not None:
        return "other-processor", (other, *taken)
    return ("busy", taken) if taken else ("ok", ())


def _ratios(
    machine: Machine, measurement: Measurement, reference: Calibration | None
) -> tuple[float, float, float] | str:
    if reference is None:
        return Reason("no calibration was run on it")
    verdict, reasons = judged(machine.platform, reference.environment)
    if verdict == "ok" and reference.verdict not in (None, "ok"):
        verdict, reasons = reference.verdict, reference.reasons
    if verdict != "ok":
        why = "; ".join(visible(reason) for reason in reasons) or verdict
        return Reason("cannot be scaled: its calibration does not speak for it ({why})", why)
    return _scaled(measurement, reference)


def _scaled(measurement: Measurement, reference: Calibration) -> tuple[float, float, float] | str:
    here, there = measurement.environment.processor, reference.environment.processor
    if set(here.isa) != set(there.isa):
        different = ", ".join(sorted(set(here.isa) ^ set(there.isa)))
        return Reason("cannot be scaled: {different} only on one of both", different)
    ratios = {
        kind: reference.runs_per_second[kind] / rate
        for kind, rate in measurement.calibration.items()
        if rate > 0 and reference.runs_per_second.get(kind, 0) > 0
    }
    if not ratios:
        return Reason("cannot be scaled: the calibration set was not run here")
    nearest = ratios.get(measurement.model.profile or "")
    ordered = sorted(ratios.values())
    return nearest or ordered[len(ordered) // 2], ordered[0], ordered[-1]
