"""What `costplan curve` answers with: the cost of each scenario over the load, and who wins where.

Loads are whole requests a month, and ranges include both ends. Costs at the ends of segments follow the exact
formula of the bill, which leaves out the rounding of quantities to twelve decimals; sampled points in between
are floating-point numbers, good to some 15 digits; costs beside a crossover are those of the engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from costplan.messages.reason import Reason
from costplan.messages.result import Result
from costplan.pricing.catalog_stamp import CatalogStamp
from costplan.pricing.feasibility import Caveat, Verdict, with_resource
from costplan.pricing.not_billed import NotBilled
from costplan.pricing.stated_slo import StatedSlo, differ

CURVE_SCHEMA = "costplan/curve/1"


@dataclass(frozen=True, slots=True)
class CurveViolation:
    """Why a design does not meet its requirements at a load."""

    resource: str
    what: str
    """`replicas`, `slo`, `limit` or `quota`."""
    reason: Reason
    code: str = ""
    """Of a limit or quota: its code in the catalog."""

    def __str__(self) -> str:
        return with_resource(self.resource, self.reason)


@dataclass(frozen=True, slots=True)
class CurveSegment:
    """Loads over which the cost is a straight line."""

    start: int
    """First load."""
    end: int
    """Last load."""
    cost_at_start: Decimal
    cost_at_end: Decimal
    cost_per_further_million: Decimal
    """What another million requests add."""
    cause: tuple[str, ...]
    """What changes at the first load: `inference: 2 -> 3`, a tier of a price."""
    feasible: bool
    """Whether the design meets its requirements."""


@dataclass(frozen=True, slots=True)
class InfeasibleRange:
    """Loads at which a design does not meet its requirements, for one reason."""

    start: int
    end: int
    obstacle: CurveViolation


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The cost at one load: at both sides of each step, and at even steps of the load's logarithm."""

    monthly_requests: int
    monthly_cost: Decimal
    cost_per_million_requests: Decimal
    feasible: bool


@dataclass(frozen=True, slots=True)
class ScenarioCurve:
    """One scenario over the load."""

    scenario: str
    """Name with its variants: `stage2:preemptible`."""
    title: dict[str, str]
    unpriced: int
    """Cost components without a price: the cost is then a lower bound."""
    segments: tuple[CurveSegment, ...]
    """In ascending order, without gaps."""
    infeasible: tuple[InfeasibleRange, ...]
    points: tuple[CurvePoint, ...]
    """For a chart: straight from each to the next."""
    unsized: tuple[str, ...]
    """Resources without a stated capacity: nothing says how much they serve."""
    unknowns: tuple[Caveat, ...] = ()
    """What nobody said, so that it is not known whether the design works; it then never wins over one that
    is known to."""
    caveats: tuple[Caveat, ...] = ()
    """What goes with the design at any load."""
    not_billed: tuple[NotBilled, ...] = ()
    """What the workload states and no resource bills."""
    quota_raises: tuple[InfeasibleRange, ...] = ()
    """Loads at which a quota must be raised first; the design works once it is."""
    slo: StatedSlo | None = None
    """What the design is held to; None where its workload states none."""

    def quota_raises_that_help(self) -> list[InfeasibleRange]:
        """Return those without which the design would not work somewhere, though it does with them."""
        return [
            raised
            for raised in self.quota_raises
            if not any(one.start <= raised.start and raised.end <= one.end for one in self.infeasible)
        ]


@dataclass(frozen=True, slots=True)
class CrossoverSide:
    """Two designs at one load."""

    monthly_requests: int
    costs: dict[str, Decimal]
    """Monthly cost by scenario."""
    obstacles: dict[str, tuple[CurveViolation, ...]]
    """Why a scenario does not meet its requirements here; scenarios that do are left out."""


@dataclass(frozen=True, slots=True)
class Crossover:
    """The first load at which the order of two costs is another one."""

    cheaper_before: str
    cheaper_after: str
    kind: Literal["crossing", "step", "parting"]
    """`crossing`: the lines meet. `step`: one jumps over the other. `parting`: they were equal before."""
    cause: tuple[str, ...]
    """What makes the step: `stage3: inference: 2 -> 3`."""
    before: CrossoverSide
    """One request less."""
    after: CrossoverSide


@dataclass(frozen=True, slots=True)
class CheapestRange:
    """Loads over which one design is the cheapest of those that meet their requirements."""

    start: int
    end: int
    scenario: str | None
    """None where no design meets its requirements."""
    cost_at_start: Decimal | None
    cost_at_end: Decimal | None
    verdict: Verdict
    """Of the design; `broken` where there is none."""
    lower_bound: bool
    """Whether prices are missing, so that this, or a more expensive one, may not be as cheap as it seems."""


@dataclass(frozen=True, slots=True)
class Curve(Result):
    """Scenarios over the load on one axis, in one currency."""

    schema: str
    currency: str
    vat: Literal["included", "excluded"]
    catalog: CatalogStamp
    start: int
    """First load."""
    end: int
    """Last load."""
    scenarios: tuple[ScenarioCurve, ...]
    crossovers: tuple[Crossover, ...]
    """Of all pairs, in ascending order."""
    crossovers_left_out: int
    """How many more follow."""
    cheapest: tuple[CheapestRange, ...]
    """In ascending order, without gaps."""
    charted: Literal["monthly_cost", "cost_per_million_requests"] = "monthly_cost"
    """What a chart of it shows."""

    @property
    def slos_differ(self) -> bool:
        """Say whether the designs are held to different SLOs."""
        return differ(line.slo for line in self.scenarios)
