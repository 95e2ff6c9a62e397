"""Which memory and cores an instance of a serverless kind may have, as the catalog's limits say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from costplan.catalog.store import Catalog
from costplan.messages.reason import Reason, either
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import BYTES_PER_GB, parse_size
from costplan.resources.contract import Problem

PERCENT = Fraction(1, 100)
"""A share of a core is given in whole percent."""


@dataclass(frozen=True, slots=True)
class Step:
    """The cores that come with memory from so much on."""

    least: Fraction
    """Bytes."""
    most: Fraction
    """Bytes; excluded, but for the last step."""
    vcpu: int


def steps_of(catalog: Catalog, service: str, code: str) -> Sequence[Step]:
    """Read `128MB-<4GB:1`, `8GB:4` and so on; none where the catalog does not know the limit."""
    limit = catalog.limit(service, code)
    parts = limit.value if limit is not None and isinstance(limit.value, tuple) else ()
    return [_step(part) for part in parts]


def _step(part: str) -> Step:
    sizes, _, vcpu = part.partition(":")
    least, _, most = sizes.partition("-<")
    return Step(parse_size(least), parse_size(most or least), int(vcpu))


def memory_problems(steps: Sequence[Step], memory: Quantity) -> Iterator[Problem]:
    """Say why an instance with so much memory is not sold."""
    if steps and memory.value < (least := steps[0].least):
        message = Reason("an instance has at least {least}, got {value}", _shown(least), _shown(memory.value))
        yield Problem(["memory"], message, Reason("nearest: {near}", _shown(least)))
    elif steps and memory.value > (most := steps[-1].most):
        message = Reason("an instance has at most {most}, got {value}", _shown(most), _shown(memory.value))
        yield Problem(["memory"], message, Reason("nearest: {near}", _shown(most)))


def vcpu_problems(steps: Sequence[Step], memory: Quantity, vcpu: Quantity) -> Iterator[Problem]:
    """Say why so many cores are not sold with memory that is.

    Sold are whole cores, as many as come with the memory, each with a share in whole percent: 0.5 is one core
    at 50 %, 1.5 are two at 75 %.
    """
    cores = max((step.vcpu for step in steps if step.least <= memory.value), default=0)
    if not cores or _is_sold(vcpu.value, cores):
        return
    shown = f"{float(vcpu.value):g}"
    if vcpu.value > cores:
        enough = [step for step in steps if step.vcpu >= vcpu.value]
        message = Reason(
            "{memory} of memory comes with at most {cores} vCPU, got {shown}",
            _shown(memory.value),
            cores,
            shown,
        )
        hint = Reason("nearest: {near}", str(cores))
        if enough:
            most, least = str(enough[0].vcpu), _shown(enough[0].least)
            hint = Reason("nearest: {near}; {most} vCPU come with {least}", str(cores), most, least)
        yield Problem(["vcpu"], message, hint)
    else:
        sold = sorted(count * percent * PERCENT for count in range(1, cores + 1) for percent in range(1, 101))
        below = [found for found in sold if found < vcpu.value][-1:]
        above = [found for found in sold if found > vcpu.value][:1]
        near = either(f"{float(found):g}" for found in (*below, *above))
        message = Reason("a core is sold in whole percent, from 1 % on; {shown} vCPU are not", shown)
        yield Problem(["vcpu"], message, Reason("nearest: {near}", near))


def _is_sold(vcpu: Fraction, cores: int) -> bool:
    shares = [vcpu / count / PERCENT for count in range(1, cores + 1)]
    return any(share.denominator == 1 and 1 <= share <= 100 for share in shares)


def _shown(size: Fraction) -> str:
    is_large = size >= BYTES_PER_GB or not size
    return f"{float(size / BYTES_PER_GB):g} GB" if is_large else f"{float(size * 1024 / BYTES_PER_GB):g} MB"
