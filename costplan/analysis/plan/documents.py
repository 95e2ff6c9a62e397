"""What `costplan plan` answers with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from costplan.analysis.plan.commitments import CommitmentLine
from costplan.messages.result import Result
from costplan.pricing.catalog_stamp import CatalogStamp
from costplan.pricing.estimate import BudgetReport
from costplan.pricing.feasibility import Caveat, Violation
from costplan.pricing.not_billed import NotBilled

PLAN_SCHEMA = "costplan/plan/1"

PlanViolationKind = Literal[
    "unpriced",
    "budget",
    "slo",
    "replicas",
    "limit",
    "quota",
    "unknown",
    "availability",
    "preemptible",
    "shorter-hours",
]
"""Why a design cannot be chosen."""
Method = Literal["enumeration", "separable", "integer-programme"]


@dataclass(frozen=True, slots=True)
class PlanViolation:
    """One demand that a design does not meet."""

    what: PlanViolationKind
    reason: str
    needed: Decimal | None = None
    """What it would take, where that is a number: money, seconds, units of a quota."""
    available: Decimal | None = None
    resource: str = ""
    """Empty where it is missed by the whole design."""


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What was asked for."""

    monthly_requests: Decimal
    slo: str | None
    budget: Decimal | None
    """Most per month, in the plan's currency."""
    zones: int
    """Zones that everything which serves must stand in."""
    quotas: dict[str, Decimal]
    preemptible_allowed: bool
    shorter_hours_allowed: bool
    commitments: tuple[str, ...]
    """Terms that may be bought."""
    within_quotas: bool = False
    """Whether designs that need a raised quota were left out."""


@dataclass(frozen=True, slots=True)
class Search:
    """How the designs were searched."""

    method: Method
    designs: int
    """Valid combinations of what was open."""
    dropped: int
    """Combinations that are not sold, or contradict themselves."""
    dropped_reasons: dict[str, int]
    proved: bool
    """Whether no design in the space is cheaper than the chosen one."""
    stopped_early: bool


@dataclass(frozen=True, slots=True)
class Considered:
    """A design that was looked at."""

    name: str
    """`stage2:preemptible+office-hours, inference.vcpu=8`."""
    scenario: str
    variants: tuple[str, ...]
    changes: dict[str, str]
    """Path -> value, besides the variants."""
    monthly_cost: Decimal
    """A lower bound where `unpriced` is not 0; commitments are taken off."""
    dearer_by: Decimal | None
    """Above the chosen design; None when none was chosen."""
    verdict: Literal["chosen", "dearer", "cannot", "unknown"]
    """`unknown`: nothing says that it works, and another design is known to."""
    misses: tuple[PlanViolation, ...]
    near_best: bool
    """Costs at most 5 % more than the chosen one, and meets every demand."""
    preemptible: tuple[str, ...]
    """Machines that the provider may stop at any time."""
    unpriced: int
    most_requests: int | None = None
    """The highest whole number of requests a month that it serves within the budget."""
    most_requests_ends: str = ""
    """What ends it: `budget`, a need, or why there is no number."""
    unknowns: tuple[Caveat, ...] = ()
    """What nobody said, so that it is not known whether the design works."""
    caveats: tuple[Caveat, ...] = ()
    """What goes with the design."""
    quota_raises: tuple[Violation, ...] = ()
    """Quotas that must be raised first; the design works once they are."""


@dataclass(frozen=True, slots=True)
class Step:
    """What more money would buy, from the chosen design on."""

    what: str
    monthly_cost: Decimal
    more: Decimal
    """Above the chosen design."""
    within_budget: bool | None
    """None where no budget was asked for."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A demand that would have to give way, and by how much."""

    what: PlanViolationKind
    needed: str
    """In words: `9.40 USD more`."""
    design: str
    monthly_cost: Decimal


@dataclass(frozen=True, slots=True)
class Committing:
    """What commitments would do for the chosen design."""

    term: str
    monthly_saving: Decimal
    counted: bool
    """Whether the plan's costs have it taken off: only where commitments were allowed."""
    lines: tuple[CommitmentLine, ...]


@dataclass(frozen=True, slots=True)
class Base:
    """A scenario as it is written."""

    scenario: str
    title: dict[str, str]
    monthly_cost: Decimal
    unpriced: int
    budget: BudgetReport | None
    not_billed: tuple[NotBilled, ...] = ()
    """What its workload states and no resource bills."""


@dataclass(frozen=True, slots=True)
class Plan(Result):
    """The cheapest design that meets the demands, and why the others lose."""

    schema: str
    currency: str
    vat: Literal["included", "excluded"]
    catalog: CatalogStamp
    wishes: PlanOptions
    bases: tuple[Base, ...]
    """The scenarios that designs were made from, as they are written, with the demands applied."""
    search: tuple[Search, ...]
    """One for each base."""
    chosen: str | None
    """Name of the chosen design; None when no design meets the demands."""
    considered: tuple[Considered, ...]
    """The cheapest first; those that cannot be chosen behind."""
    not_listed: int
    """Designs that were looked at and are not in `considered`: more expensive ones."""
    budget: BudgetReport | None
    """The budget with the chosen design's costs."""
    steps: tuple[Step, ...]
    nearest: tuple[Relaxation, ...]
    """Where no design meets all demands: what each demand alone would have to give."""
    commitments: tuple[Committing, ...]
    notes: tuple[str, ...]
    """What the answer does not know."""
