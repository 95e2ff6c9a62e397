"""The machine that a capacity or a request time holds for, beside the one that it is taken for."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar, Literal

from costplan.checked.records import dataclass
from costplan.quantities.money import plain, quantized
from costplan.source.fields import Count, HostClass, Model, Name, Size, Whole

Relation = Literal["same", "smaller", "other"]


class StatedFor(Model):
    """Another machine than the resource's own; what is left out is as the resource has it."""

    catalog_defaults: ClassVar[Mapping[str, str]] = {"platform": "platform"}

    platform: Name | None = None
    """Hardware platform."""
    preset: HostClass | None = None
    """Host class of a database."""
    core_fraction: Whole | None = None
    """Guaranteed share of a core, in percent."""
    vcpu: Count | None = None
    """Cores."""
    memory: Size | None = None
    """Memory."""
    gpu: Whole | None = None
    """GPUs."""
    count: Whole | None = None
    """Hosts of a database cluster."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a machine decides how fast it is, as far as that can be said before a measurement."""

    vcpu: Fraction | None
    """Whole cores: two halves of a core are one. None where nobody says how many."""
    gpus: int = 0
    platform: str = ""
    """Empty where it is not known."""
    memory: Fraction | None = None
    """Bytes; only where the provider gives processor time by it."""

    def __str__(self) -> str:
        parts = [f"{plain(quantized(self.vcpu))} vCPU"] if self.vcpu is not None else []
        if self.memory is not None:
            parts.append(f"{plain(quantized(self.memory / 2**20))} MB")
        if self.gpus:
            parts.append(f"{self.gpus} GPU")
        return " + ".join(parts) + (f" ({self.platform})" if self.platform else "")

    def relation_to(self, basis: Shape) -> Relation:
        """Say how it compares with the machine that a figure holds for.

        A machine with more of something serves at least as much: `other`. One with less of anything may serve
        less, and by how much nobody knows.
        """
        pairs = [
            (self.vcpu, basis.vcpu),
            (Fraction(self.gpus), Fraction(basis.gpus)),
            (self.memory, basis.memory),
        ]
        known = [(own, base) for own, base in pairs if own is not None and base is not None]
        if any(own < base for own, base in known):
            return "smaller"
        same_platform = not (self.platform and basis.platform) or self.platform == basis.platform
        return "same" if same_platform and all(own == base for own, base in known) else "other"
