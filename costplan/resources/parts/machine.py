"""Machines: a platform, a share of a core, vCPU, memory and GPUs in a combination that is really sold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from costplan.catalog.bounds import ServiceLimits
from costplan.catalog.model import CoreFraction, CpuShape, MachineSkus, Platform, Service
from costplan.catalog.store import Catalog
from costplan.messages.errors import did_you_mean
from costplan.messages.reason import Reason, either
from costplan.messages.text import listed
from costplan.quantities.money import plain
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import BYTES_PER_GB
from costplan.resources.catalog_defaults import unknown_name
from costplan.resources.contract import Problem, Usage


def find_platform(service: Service, name: str) -> Platform | None:
    """Return a platform by name, or None."""
    return next((platform for platform in service.platforms if platform.name == name), None)


def find_fraction(platform: Platform, fraction: int) -> CoreFraction | None:
    """Return a platform's core fraction, or None."""
    return next((found for found in platform.fractions if found.fraction == fraction), None)


def known_zones(catalog: Catalog, service: str, platform_name: str) -> list[str] | None:
    """Return the zones in which a platform is known to be sold; None where the catalog says nothing of it.

    What only an old copy of a page says does not count.
    """
    found = catalog.bounds(ServiceLimits, service)
    rows = [row for row in found.limits if platform_name in row.platforms] if found is not None else []
    if found is None or not rows:
        return None
    doubtful = {name for name, page in found.sources.items() if page.confidence == "unverified"}
    return sorted(row.zone for row in rows if row.zone and row.value is True and row.page not in doubtful)


def default_gpus(platform: Platform | None) -> int:
    """Return the fewest GPUs that a platform is sold with; none for one that the catalog does not have."""
    if platform is None:
        return 0
    return min(shape.gpu for fraction in platform.fractions for shape in fraction.shapes)


def machine_problems(
    service: Service, platform_name: str, core_fraction: int, vcpu: int, memory: Quantity, gpu: int | None
) -> Iterator[Problem]:
    """Say why a machine is not sold, with the nearest that are.

    Args:
        memory: Bytes.
        gpu: None for the fewest that the platform is sold with.
    """
    platform = find_platform(service, platform_name)
    if platform is None:
        names = [found.name for found in service.platforms]
        hint = did_you_mean(platform_name, names) or Reason("sold: {names}", listed(names))
        yield Problem(["platform"], unknown_name(platform_name, "platform", service), hint)
        return
    fraction = find_fraction(platform, core_fraction)
    if fraction is None:
        yield _fraction_problem(service, platform, core_fraction)
        return
    gpus = default_gpus(platform) if gpu is None else gpu
    with_gpus = [shape for shape in fraction.shapes if shape.gpu == gpus]
    if not with_gpus:
        counts = sorted({shape.gpu for shape in fraction.shapes})
        what = (
            Reason("{gpus} GPU", str(gpus)) if counts != [0] else Reason("{gpus} GPU; it has none", str(gpus))
        )
        hint = Reason("sold with {counts} GPU", listed(counts)) if counts != [0] else _gpu_platforms(service)
        yield Problem(["gpu"], Reason("{name} is not sold with {what}", platform.name, what), hint)
        return
    yield from _shape_problems(platform, fraction, with_gpus, vcpu, memory, gpus)


def _gpu_platforms(service: Service) -> str:
    return Reason("platforms with GPUs: {platforms}", listed(p.name for p in service.platforms if p.gpu))


def _fraction_problem(service: Service, platform: Platform, core_fraction: int) -> Problem:
    sold = [found.fraction for found in platform.fractions]
    elsewhere = [other.name for other in service.platforms if find_fraction(other, core_fraction)]
    nearest = min(sold, key=lambda fraction: abs(fraction - core_fraction))
    hint = Reason("nearest: {nearest}%; sold with {shares}", str(nearest), listed(f"{f}%" for f in sold))
    if elsewhere:
        hint = Reason("{hint}; {percent}% is sold on {names}", hint, core_fraction, listed(elsewhere))
    return Problem(
        ["core_fraction"],
        Reason("{name} is not sold with {percent}% of a core", platform.name, core_fraction),
        hint,
    )


def _shape_problems(
    platform: Platform,
    fraction: CoreFraction,
    shapes: Sequence[CpuShape],
    vcpu: int,
    memory: Quantity,
    gpus: int,
) -> Iterator[Problem]:
    with_vcpu = [shape for shape in shapes if vcpu in shape.vcpu]
    if not with_vcpu:
        counts = sorted({count for shape in shapes for count in shape.vcpu})
        hint = Reason("nearest: {near} vCPU", _nearest_words([Decimal(c) for c in counts], Fraction(vcpu)))
        if shapes[0].memory:
            hint = Reason("{hint}; shapes: {shapes}", hint, _whole_shapes(shapes))
        what = Reason("with {count} GPU", str(gpus)) if gpus else Reason("at {percent}%", fraction.fraction)
        said = Reason("{name} {what} is not sold with {vcpu} vCPU", platform.name, what, str(vcpu))
        yield Problem(["vcpu"], said, hint)
        return
    sizes = sorted({size for shape in with_vcpu for size in memory_sizes(shape, vcpu)})
    wanted = memory.value / BYTES_PER_GB
    if wanted not in {Fraction(size) for size in sizes}:
        yield Problem(
            ["memory"],
            Reason(
                "{name} with {vcpu} vCPU is not sold with {wanted} GB of memory",
                platform.name,
                str(vcpu),
                f"{float(wanted):g}",
            ),
            Reason("nearest: {near} GB", _nearest_words(sizes, wanted)),
        )


def memory_sizes(shape: CpuShape, vcpu: int) -> list[Decimal]:
    """Return the memory sizes in GB that a shape may have with so many vCPU, ascending."""
    return sorted(shape.memory or (vcpu * per for per in shape.memory_per_vcpu))


def _whole_shapes(shapes: Sequence[CpuShape]) -> str:
    return listed(
        Reason("{vcpu} vCPU with {memory} GB", str(count), plain(size))
        for shape in shapes
        for count in shape.vcpu
        for size in shape.memory
    )


def _nearest_words(choices: Sequence[Decimal], wanted: Fraction) -> str:
    """Name the nearest choice below and the nearest above."""
    below = [choice for choice in choices if Fraction(choice) < wanted]
    above = [choice for choice in choices if Fraction(choice) > wanted]
    return either(plain(choice) for choice in (*below[-1:], *above[:1]))


def machine_usage(
    service: Service,
    platform_name: str,
    core_fraction: int,
    vcpu: int,
    memory: Quantity,
    gpu: int | None,
    hours: Quantity,
    *,
    preemptible: bool = False,
) -> Iterator[Usage]:
    """Give the usage of cores, memory and GPUs of a machine that was checked before.

    Args:
        service: As the catalog has it; empty where it does not, and the machine then has no price.
        memory: Bytes of one machine.
        hours: Machine hours of the month, over all machines of this shape.
        preemptible: Take the preemptible SKUs; a platform without them is a problem found before.
    """
    platform = find_platform(service, platform_name)
    skus = _machine_skus(service, platform, core_fraction, preemptible=preemptible)
    gpus = default_gpus(platform) if gpu is None else gpu
    if gpus and skus.gpu:
        yield Usage(service.service, skus.gpu, hours * gpus, "gpu*hour")
    yield Usage(service.service, skus.cpu, hours * vcpu, "core*hour")
    yield Usage(service.service, skus.ram, hours * memory / BYTES_PER_GB, "GB*hour")


def _machine_skus(
    service: Service, platform: Platform | None, core_fraction: int, *, preemptible: bool
) -> MachineSkus:
    fraction = find_fraction(platform, core_fraction) if platform is not None else None
    if fraction is None:
        name = service.service
        return MachineSkus.model_construct(cpu=f"{name}.cpu", ram=f"{name}.memory", gpu=f"{name}.gpu")
    return fraction.preemptible if preemptible and fraction.preemptible else fraction.on_demand


def preemptible_problem(service: Service, platform_name: str, core_fraction: int) -> Iterator[Problem]:
    """Say when a platform has no preemptible machines."""
    platform = find_platform(service, platform_name)
    fraction = find_fraction(platform, core_fraction) if platform else None
    if fraction is not None and fraction.preemptible is None:
        sold = [
            other.name for other in service.platforms if any(found.preemptible for found in other.fractions)
        ]
        yield Problem(
            ["preemptible"],
            Reason("{name} is not sold as preemptible", platform_name),
            Reason("preemptible: {names}", listed(sold)),
        )
