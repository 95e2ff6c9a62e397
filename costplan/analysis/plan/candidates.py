"""Designs as candidates of a plan, and what was found in one space."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from costplan.analysis.plan.design_space import Space
from costplan.analysis.plan.dimensions import with_changes
from costplan.analysis.plan.documents import (
    PlanViolation,
)
from costplan.analysis.plan.search import Design, Found
from costplan.pricing.feasibility import Caveat, findings, preference, verdict_of
from costplan.scenario.choices import OpenChoices
from costplan.scenario.loaded import LoadedScenario


@dataclass(frozen=True, slots=True)
class Start:
    """A scenario with what it leaves open."""

    scenario: LoadedScenario
    open: OpenChoices


@dataclass(frozen=True, slots=True)
class DesignCandidate:
    """A design of a space."""

    space: Space
    design: Design
    cost: Decimal
    misses: tuple[PlanViolation, ...]

    @property
    def unpriced(self) -> int:
        """Cost components without a price."""
        return sum(option.unpriced for option in self.design)

    @property
    def unknowns(self) -> tuple[Caveat, ...]:
        """What nobody said, so that it is not known whether the design works."""
        shared = [one for one in findings(self.space.base)[0] if not one.resource]
        return (*shared, *(unknown for option in self.design for unknown in option.unknowns))

    @property
    def rank(self) -> int:
        """Return the rank in which it may win; its misses are looked at elsewhere."""
        found = preference(verdict_of([], self.unknowns), self.unpriced)
        assert found is not None
        return found

    @property
    def variants(self) -> tuple[str, ...]:
        """Variants beyond those of the base."""
        return tuple(a.variant for option in self.design for a in option.alternatives if a.variant)

    @property
    def name(self) -> str:
        """`stage2:preemptible, api.vcpu=4`."""
        base = self.space.base
        variants = "+".join([*base.applied_variants, *self.variants])
        changes = [a.label for option in self.design for a in option.alternatives if not a.variant]
        return ", ".join([f"{base.model.scenario}{':' if variants else ''}{variants}", *changes])

    def scenario(self) -> LoadedScenario:
        """Put the design together and check it whole."""
        overrides = [one for option in self.design for one in option.overrides]
        return with_changes(self.space.base, overrides, self.variants)


@dataclass(slots=True)
class PlanOutcome:
    """What was found in one space."""

    space: Space
    found: Found
    best: DesignCandidate | None
    candidates: list[DesignCandidate] = field(default_factory=list)
