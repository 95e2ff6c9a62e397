"""The bill as data: what `estimate --format json` writes, every number with where it comes from.

Amounts are exact decimals; nothing here is rounded for showing. Keys are only ever added.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Literal

from costplan.checked.records import dataclass
from costplan.messages.result import Result
from costplan.pricing.catalog_stamp import CatalogStamp
from costplan.pricing.feasibility import Caveat, Verdict, Violation
from costplan.pricing.not_billed import NotBilled
from costplan.pricing.stated_slo import StatedSlo
from costplan.pricing.tiers import Slice
from costplan.resources.contract import Metering
from costplan.scenario.loaded import Difference

Provenance = Literal["list", "third-party", "derived", "unverified", "stated", "assumed"]
"""Where a price comes from; `stated` is a cost that the scenario itself gives, `assumed` a price that it
states where the catalog has none."""
QuantityProvenance = Literal["stated", "assumed", "measured", "published"]


@dataclass(frozen=True, slots=True)
class LineItem:
    """One priced cost component of a resource."""

    sku: str
    name: str
    service: str
    quantity: Decimal
    """Pricing quantity of the month, in `unit`."""
    unit: str
    slices: tuple[Slice, ...]
    monthly_cost: Decimal
    provenance: Provenance
    """Where the unit price comes from."""
    quantity_provenance: QuantityProvenance
    """Where the quantity comes from: `assumed` when anything that it rests on was assumed, else `published`
    when anything was published by others."""
    source: str
    effective_from: date | None = None
    start_known: bool = True
    """False when only a later day is known on which the price was quoted: it holds from `effective_from` or
    from before it on."""
    checked: date | None = None
    rule: str | None = None
    """How a derived price was computed."""
    note: str | None = None
    assumptions: tuple[str, ...] = ()
    """Paths of the assumed, published or measured inputs that the quantity rests on."""
    taxed: bool = True
    """Whether VAT is inside as the currency's list states."""
    metering: Metering | None = None
    """Which reading of a provider's rule the quantity follows, where the rule has several."""


@dataclass(frozen=True, slots=True)
class CostSplit:
    """What money is for; the four parts sum to the cost exactly."""

    useful: Decimal = Decimal(0)
    """What served requests."""
    headroom: Decimal = Decimal(0)
    """What peaks, planned utilisation, spare replicas and instances kept ready ask for."""
    idle: Decimal = Decimal(0)
    """What stood waiting."""
    overhead: Decimal = Decimal(0)
    """What is there whatever the load."""


@dataclass(frozen=True, slots=True)
class ResourceEstimate:
    """One resource with its lines."""

    name: str
    kind: str
    role: str
    title: dict[str, str]
    runs: tuple[str, ...]
    talks_to: tuple[str, ...]
    line_items: tuple[LineItem, ...]
    monthly_cost: Decimal
    note: dict[str, str] = field(default_factory=dict)
    split: CostSplit = CostSplit()


@dataclass(frozen=True, slots=True)
class Unpriced:
    """A cost component without a price: counted and listed, never 0."""

    resource: str
    sku: str
    reason: str
    quantity: Decimal
    unit: str
    name: str = ""
    """Name of the SKU, where the catalog knows one."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """An input that is not stated."""

    path: str
    kind: Literal["assumed", "measured", "published"]
    """`published` by others: a ceiling, not measured on this machine."""
    reason: str


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of all lines; `monthly_cost` is what the list charges, VAT inside where the list has it."""

    net: Decimal
    vat: Decimal
    gross: Decimal
    monthly_cost: Decimal
    vat_rate: Decimal | None
    """Rate inside the prices, such as 0.22; None when they exclude VAT."""


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """The budget of some resources against what they cost."""

    name: str
    budget: Decimal
    cost: Decimal
    ratio: Decimal | None
    """Cost over budget, to twelve decimals; None for a budget of 0."""
    within: bool
    resources: tuple[str, ...] = ()
    unpriced: int = 0
    """Cost components of these resources without a price: the cost is then a lower bound."""
    assumed_cost: Decimal = Decimal(0)
    """What of the cost rests on prices that the scenario states where the catalog has none."""


@dataclass(frozen=True, slots=True)
class BudgetReport:
    """All budgets, in their own currency; costs are the same scenario priced in that currency."""

    currency: str
    vat: Literal["included", "excluded"]
    lines: tuple[BudgetLine, ...]
    total: BudgetLine
    not_budgeted: tuple[str, ...] = ()
    """Resources that no budget line covers; they count in the total."""
    unpriced: tuple[Unpriced, ...] = ()
    """Cost components without a price in the budget's currency: the total is then a lower bound."""


@dataclass(frozen=True, slots=True)
class ClassifiedResource:
    """One resource of a plan or a state of Terraform, and what it is to the bill."""

    address: str
    type: str
    status: Literal["priced", "free", "usage-based", "unknown-until-apply", "not-supported"]
    """`priced`: all that its price hangs on is known; parts without a price are in `unpriced`. `free`:
    nothing is charged for it. `usage-based`: its price hangs on a quantity that is not in the file.
    `unknown-until-apply`: some of it is filled in by the server. `not-supported`: it may be charged for, and
    its price is not known."""
    resources: tuple[str, ...] = ()
    """Resources of this estimate that bill it."""
    assumed: tuple[str, ...] = ()
    """Attributes that are unknown until apply, and taken from the server's default."""
    unpriced: tuple[str, ...] = ()
    """Attributes, and SKUs, whose cost is in no amount."""
    usage: tuple[str, ...] = ()
    """Quantities that are not in the file: what hangs on them is in no amount."""
    reason: str = ""
    """Why it is in no amount."""


@dataclass(frozen=True, slots=True)
class TerraformClasses:
    """All resources of a plan or a state: each is in one class."""

    file: str
    count: int
    """How many there are: the sum of `counts`."""
    counts: dict[str, int]
    """Class -> how many are in it."""
    resources: tuple[ClassifiedResource, ...]
    complete: bool = True
    """Whether the file is all that there will be: a plan of some targets only is not."""
    without_terraform: bool = False
    """Whether it is a folder of .tf files that was read without Terraform."""


@dataclass(frozen=True, slots=True)
class ServiceDiscount:
    """What a discount takes off one service's prices."""

    service: str
    share: Decimal
    """Part of the cost that is taken off: 0.15."""
    cost_before: Decimal
    """What the service's prices come to, free volumes and tiers included."""
    monthly_amount: Decimal
    """What is taken off."""


@dataclass(frozen=True, slots=True)
class AppliedDiscount:
    """The discount of an account; every amount of the bill is after it."""

    is_in_force: bool
    """Whether the day of the prices is one on which it holds."""
    effective_from: date | None
    """First day on which it holds."""
    share: Decimal | None
    """Of every service that has no share of its own."""
    services: tuple[ServiceDiscount, ...]
    """Those whose costs it lowers; sorted by name."""
    monthly_amount: Decimal
    """What is taken off in all."""
    source: str
    """Where the account states it."""


@dataclass(frozen=True, slots=True)
class DesignCost:
    """What one design of an account has of the account's bill."""

    name: str
    """In the account."""
    scenario: str
    """Name of its scenario with the variants: `stage2:preemptible`."""
    title: dict[str, str]
    monthly_requests: Decimal
    monthly_cost: Decimal
    """What its resources have of the bill; those of all designs sum to the total."""
    cost_alone: Decimal
    """What it would cost in an account of its own, at the same prices and with the same discount."""
    delta_to_alone: Decimal
    """What sharing the account adds: free volumes count once, tiers over the sum."""


@dataclass(frozen=True, slots=True)
class Estimate(Result):
    """The month's bill of one scenario."""

    schema: str
    scenario: str
    title: dict[str, str]
    currency: str
    vat: Literal["included", "excluded"]
    hours_per_month: Decimal
    catalog: CatalogStamp
    workload: dict[str, Decimal | None]
    """Inputs per request and month; sizes in bytes, durations in seconds."""
    resources: tuple[ResourceEstimate, ...]
    unpriced: tuple[Unpriced, ...]
    total: Total
    cost_per_million_requests: Decimal | None
    """`monthly_cost` per million requests; None for a workload without requests."""
    budget: BudgetReport | None = None
    variants: tuple[str, ...] = ()
    free_tier: bool = True
    assumptions: tuple[Assumption, ...] = ()
    rationale: dict[str, str] = field(default_factory=dict)
    """What speaks for the design; nothing for one with something changed, of which nobody has said it."""
    slo: StatedSlo | None = None
    """What it is held to; None where the workload states none."""
    differences: tuple[Difference, ...] = ()
    """What variants and `--set` change of the scenario as written."""
    split: CostSplit = CostSplit()
    unmet: tuple[Violation, ...] = ()
    """What is not enough at this load."""
    verdict: Verdict = "unknown"
    """Whether the design works at this load, as far as anybody can say."""
    quota_raises: tuple[Violation, ...] = ()
    """Quotas that must be raised first."""
    unknowns: tuple[Caveat, ...] = ()
    """What nobody said, so that the verdict is open."""
    caveats: tuple[Caveat, ...] = ()
    """What goes with the verdict."""
    not_billed: tuple[NotBilled, ...] = ()
    """What the workload states and no resource bills; it is among the caveats too."""
    terraform: TerraformClasses | None = None
    """What became of each resource of the plan or the state that the scenario was made from."""
    designs: tuple[DesignCost, ...] = ()
    """The designs that share the bill, where it is an account's; `scenario` is then the account's name."""
    discount: AppliedDiscount | None = None
    """What the account's provider takes off its prices: resources have lines with the SKU `discount`."""

    @property
    def name(self) -> str:
        """Name with its variants: `stage2:preemptible`."""
        return ":".join([self.scenario, *(["+".join(self.variants)] if self.variants else [])])


ESTIMATE_SCHEMA = "costplan/estimate/1"
