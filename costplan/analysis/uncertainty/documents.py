"""How sure a bill is, as data: what `estimate --uncertain` and `costplan sensitivity` answer with.

Simulated amounts keep six significant digits; the error beside each is the standard error over independent
scrambles of the points.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from costplan.analysis.bill.documents import Comparison
from costplan.messages.result import Result
from costplan.pricing.catalog_stamp import CatalogStamp
from costplan.pricing.estimate import Estimate
from costplan.pricing.feasibility import Caveat, Verdict, Violation

UNCERTAIN_ESTIMATE_SCHEMA = "costplan/uncertain-estimate/1"
UNCERTAIN_COMPARISON_SCHEMA = "costplan/uncertain-comparison/1"
SENSITIVITY_SCHEMA = "costplan/sensitivity/1"


@dataclass(frozen=True, slots=True)
class Simulated:
    """A simulated figure."""

    value: Decimal
    error: Decimal
    """Standard error."""


@dataclass(frozen=True, slots=True)
class Spread:
    """What a number may be."""

    p10: Simulated
    """One draw in ten is below."""
    p50: Simulated
    p90: Simulated
    """Nine draws in ten are below."""
    mean: Simulated


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often a number falls between two edges; draws beyond one in a thousand are in the outer bins."""

    edges: tuple[Decimal, ...]
    """Ascending; one more than shares."""
    shares: tuple[Decimal, ...]
    """Of all draws."""


@dataclass(frozen=True, slots=True)
class UncertainNumber:
    """An input with its distribution, written as in the scenario."""

    path: str
    kind: Literal["stated", "assumed", "measured", "published"]
    distribution: str
    value: str
    """What the plain bill takes."""
    low: str
    """Lowest value; the 10th percentile of a normal or lognormal one."""
    likely: str | None
    high: str
    """Highest value; the 90th percentile of a normal or lognormal one."""
    has_effect: bool
    """Whether the bill, a budget or a need depends on it."""
    range_reason: str = ""
    """Why the range was taken, where somebody said."""


@dataclass(frozen=True, slots=True)
class Correlated:
    """Two inputs that move together."""

    between: tuple[str, str]
    rho: Decimal


@dataclass(frozen=True, slots=True)
class BudgetChance:
    """How probable it is that a budget holds, in the budget's own currency."""

    name: str
    """Part of the budget, or `total`."""
    currency: str
    budget: Decimal
    probability: Simulated
    cost: Spread
    unpriced: int
    """Cost components without a price: the cost is then a lower bound, the probability an upper one."""


@dataclass(frozen=True, slots=True)
class NeedChance:
    """How probable it is that something is enough."""

    resource: str
    what: str
    reason: str
    """What is said where it is not."""
    probability: Simulated


@dataclass(frozen=True, slots=True)
class CrossoverRange:
    """At which load one scenario overtakes another; a crossover for each of them, from the lowest load up."""

    cheaper_below: str
    cheaper_above: str
    number: int
    """Which of their crossovers, from 1."""
    probability: Simulated
    """Share of the draws that have it between the lowest and the highest load."""
    requests: Spread | None
    """Monthly requests, over the draws that have it; None where fewer than one in a hundred do."""


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """How sure a bill is."""

    draws: int
    """A power of two, in `scrambles` equal parts."""
    scrambles: int
    seed: int
    inputs: tuple[UncertainNumber, ...]
    correlations: tuple[Correlated, ...]
    bill: Spread
    """Monthly cost, in the estimate's currency and with VAT as the estimate has it."""
    histogram: Histogram | None
    """Of the same; None where the bill does not vary."""
    above_stated: Simulated
    """Probability that it is above the bill at the stated values."""
    budget: tuple[BudgetChance, ...]
    """The parts of the budget and its total; empty without a budget."""
    limit: BudgetChance | None
    """A most for the monthly cost that was asked about, in the estimate's currency."""
    needs_met: Simulated | None
    """Probability that all needs are met at once; None where nothing is needed, or where machines may be
    stopped or do not always run: no draw says how often requests then fail."""
    needs: tuple[NeedChance, ...]
    unpriced: int
    """Cost components without a price: the distribution is then that of a lower bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertainEstimate(Estimate):
    """An estimate, and how sure it is."""

    uncertainty: Uncertainty


@dataclass(frozen=True, slots=True)
class ScenarioChance:
    """How sure one scenario of a comparison is, at its own load."""

    scenario: str
    """Name with its variants."""
    bill: Spread | None
    """Monthly cost; None where nothing in the scenario is uncertain."""
    budget_met: Simulated | None
    """Probability that the budget's total holds; None without a budget, or where nothing is uncertain."""
    needs_met: Simulated | None
    """Probability that all needs are met; None where nothing is needed, or nothing is uncertain."""


@dataclass(frozen=True, slots=True)
class ComparisonUncertainty:
    """How sure a comparison is."""

    draws: int
    crossover_draws: int
    """Draws for the crossovers: each is priced at hundreds of loads."""
    scrambles: int
    seed: int
    scenarios: tuple[ScenarioChance, ...]
    lowest_requests: int
    """Monthly requests from which crossovers are looked for."""
    highest_requests: int
    crossovers: tuple[CrossoverRange, ...]
    """Of the costs alone, for each pair of scenarios."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertainComparison(Comparison):
    """A comparison, and how sure it is."""

    uncertainty: ComparisonUncertainty


@dataclass(frozen=True, slots=True)
class Bar:
    """What one input moves, the others as stated."""

    path: str
    kind: Literal["stated", "assumed", "measured", "published"]
    by: Literal["distribution", "swing"]
    """Whether the ends are the 10th and 90th percentile, or a convention: so many percent down and up."""
    value: str
    low: str
    """Lower end, as the scenario would write it."""
    high: str
    cost_at_low: Decimal
    cost_at_high: Decimal
    first: Simulated | None = None
    """Share of the bill's variance that goes when this alone is known."""
    total: Simulated | None = None
    """Share of the bill's variance that stays when all but this is known."""
    note: str = ""
    """Where an end was not moved as far as asked, and why."""


@dataclass(frozen=True, slots=True)
class Still:
    """An input that could not be moved."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sensitivity(Result):
    """What a bill depends on most."""

    schema: str
    scenario: str
    """Name with its variants."""
    currency: str
    vat: Literal["included", "excluded"]
    catalog: CatalogStamp
    monthly_cost: Decimal
    """At the stated values."""
    swing: Decimal
    """Part by which inputs without a distribution are moved: a convention, not knowledge."""
    draws: int | None
    """Draws for the indices; None where there are none."""
    seed: int
    bars: tuple[Bar, ...]
    """The widest first."""
    no_indices: str
    """Why there are no indices; empty where there are."""
    without_effect: tuple[str, ...]
    """Inputs that move nothing."""
    not_moved: tuple[Still, ...]
    """Assumed or measured inputs that are no quantities, or have no part."""
    unpriced: int
    verdict: Verdict = "unknown"
    """Whether the design works at the stated values."""
    unmet: tuple[Violation, ...] = ()
    quota_raises: tuple[Violation, ...] = ()
    unknowns: tuple[Caveat, ...] = ()
    caveats: tuple[Caveat, ...] = ()
