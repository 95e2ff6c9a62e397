"""What `costplan diff` answers with: two bills, and why the second is another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from costplan.checked.records import dataclass
from costplan.messages.result import Result
from costplan.pricing.catalog_stamp import CatalogStamp
from costplan.pricing.estimate import Total
from costplan.pricing.feasibility import Verdict
from costplan.pricing.stated_slo import StatedSlo

DIFF_SCHEMA = "costplan/diff/1"

Change = Literal["added", "removed", "changed", "moved"]
"""`moved` where a resource has another name or address, and the same content."""
What = Literal["quantity", "price", "sku", "tier", "currency", "rule", "discount"]
Rule = Literal["", "vat", "month-hours"]


@dataclass(frozen=True, slots=True)
class Cause:
    """Money that one thing makes of the change; the causes of a change sum to it exactly."""

    what: What
    """`quantity`: more or less is used. `price`: the same SKU costs another price. `sku`: another SKU is
    billed in its place. `tier`: the use of the other resources of the account moved it to other tiers, or
    the free tier is no longer assumed. `currency`: the rule by which a price follows that of another
    currency changed. `rule`: a rule of the provider or the state, named in `rule`. `discount`: a discount of
    the account takes off more or less."""
    delta: Decimal
    rule: Rule = ""
    """`vat`: the rate that is inside the prices; `month-hours`: the length of the billed month."""


@dataclass(frozen=True, slots=True)
class LineDiff:
    """One SKU of one resource before and after; what is not there has no quantity and no price."""

    sku: str
    """After the change, where it is there."""
    name: str
    service: str
    change: Change
    unit: str
    """Of both quantities."""
    old_quantity: Decimal | None
    new_quantity: Decimal | None
    old_unit_price: Decimal | None
    """Of one `unit`: cost over quantity, to twelve decimals, where several tiers hold; None without a use."""
    new_unit_price: Decimal | None
    old_cost: Decimal
    new_cost: Decimal
    delta: Decimal
    """`new_cost` less `old_cost`: the sum of the causes, exactly."""
    causes: tuple[Cause, ...]
    old_sku: str = ""
    """What was billed before, where it was another SKU."""


@dataclass(frozen=True, slots=True)
class ResourceDiff:
    """One resource that is not as it was."""

    name: str
    """After the change; before it where it is removed."""
    old_name: str
    """Before; the same as `name` where it was not moved, and empty for one that is added."""
    change: Change
    kind: str
    role: str
    old_cost: Decimal
    new_cost: Decimal
    delta: Decimal
    """The sum of the deltas of its lines, exactly."""
    causes: tuple[Cause, ...]
    lines: tuple[LineDiff, ...]
    """Those that changed."""
    address: str = ""
    """In Terraform, where the side that has it was read from there."""
    old_address: str = ""
    """In Terraform, where it had another one."""
    old_kind: str = ""
    """Where it was of another kind."""
    old_unpriced: int = 0
    """Cost components without a price before: `old_cost` is then a lower bound."""
    new_unpriced: int = 0
    """The same after."""

    @property
    def called(self) -> str:
        """Return what people know it by: its address in Terraform, else its name."""
        return self.address or self.name

    @property
    def called_before(self) -> str:
        """Return the same before, where it was another; else nothing."""
        if self.address:
            return self.old_address
        return self.old_name if self.old_name != self.name else ""


@dataclass(frozen=True, slots=True)
class UnpricedChange:
    """A cost component without a price, that is in neither total, and is not on both sides."""

    resource: str
    sku: str
    name: str
    change: Literal["added", "removed", "changed"]
    """`added` also where it had a price before, `removed` where it has one now."""
    reason: str
    old_quantity: Decimal | None
    new_quantity: Decimal | None
    unit: str
    address: str = ""
    """Of the resource in Terraform, where the side that has it was read from there."""


@dataclass(frozen=True, slots=True)
class AssumptionChange:
    """An input that is assumed, published or measured on one side only."""

    path: str
    kind: Literal["assumed", "measured", "published"]
    change: Literal["added", "removed"]
    reason: str


@dataclass(frozen=True, slots=True)
class FeasibilityChange:
    """Something that was enough and is no longer, or the reverse."""

    resource: str
    """Empty where it is the account's or the whole scenario's."""
    what: str
    """`slo`, `replicas`, `limit`, `quota`; or what is not known: `no-slo`, `no-capacity` and so on."""
    change: Literal["broken", "mended", "unknown", "known"]
    """`broken`: it was kept, or not asked for, and is not enough now. `unknown`: it was known before."""
    reason: str
    """What is, or was, not enough."""
    code: str = ""
    """Of a limit or a quota: its code in the catalog."""


@dataclass(frozen=True, slots=True)
class DiffSide:
    """One of the two bills."""

    source: str
    """As it was asked for: `stage2:preemptible`, `shop.yaml (main)`, `plan.json (before)`."""
    name: str
    """Name of the scenario with its variants."""
    scenario: str
    title: dict[str, str]
    variants: tuple[str, ...]
    as_of: date
    catalog: str
    catalog_sha256: str
    vat_rate: Decimal | None
    hours_per_month: Decimal
    monthly_requests: Decimal
    total: Total
    cost_per_million_requests: Decimal | None
    verdict: Verdict
    slo: StatedSlo | None
    resources: int
    unpriced: int
    """Cost components without a price: the total is then a lower bound."""
    assumed_cost: Decimal
    """What of the total rests on an assumed quantity or an assumed price."""
    within_budget: bool | None
    """None where no budget is stated."""


@dataclass(frozen=True, slots=True)
class Diff(Result):
    """Why one bill is not another, in one currency."""

    schema: str
    currency: str
    vat: Literal["included", "excluded"]
    catalog: CatalogStamp
    """What the prices of both rest on; the day is that of the new one."""
    old: DiffSide
    new: DiffSide
    changed: bool
    """Whether anything that this document lists is other."""
    delta: Decimal
    """New total less old total: the sum of the deltas of the resources, and of the causes, exactly."""
    ratio: Decimal | None
    """New total over old, to twelve decimals; None for an old total of 0."""
    causes: tuple[Cause, ...]
    """Of all resources together, the largest first."""
    resources: tuple[ResourceDiff, ...]
    """Those that changed, the largest delta first, whichever its sign."""
    unpriced: tuple[UnpricedChange, ...]
    assumptions: tuple[AssumptionChange, ...]
    feasibility: tuple[FeasibilityChange, ...]
    cost_per_million_delta: Decimal | None
    """None where one side has no requests."""
    notes: tuple[str, ...] = ()
    """What goes with the comparison: where the sides were read, what could not be taken from there."""
