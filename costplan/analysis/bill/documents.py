"""What commands answer with besides an estimate: a comparison, an explanation, a list of checks."""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal
from typing import Literal

from costplan.analysis.policy.documents import Place, PolicyReport, WaiverUse
from costplan.checked.records import dataclass
from costplan.messages.result import Result
from costplan.pricing.catalog_stamp import CatalogStamp
from costplan.pricing.estimate import Assumption, BudgetReport, LineItem, Total
from costplan.pricing.feasibility import Caveat, Verdict, Violation
from costplan.pricing.not_billed import NotBilled
from costplan.pricing.stated_slo import StatedSlo, differ

COMPARISON_SCHEMA = "costplan/comparison/1"
EXPLANATION_SCHEMA = "costplan/explanation/1"
CHECKS_SCHEMA = "costplan/checks/1"
CHECK_LIST_SCHEMA = "costplan/check-list/1"


@dataclass(frozen=True, slots=True)
class ScenarioColumn:
    """One scenario of a comparison."""

    scenario: str
    title: dict[str, str]
    variants: tuple[str, ...]
    monthly_requests: Decimal
    roles: dict[str, Decimal]
    """Monthly cost by role."""
    total: Total
    cost_per_million_requests: Decimal | None
    unpriced: int
    """Cost components without a price: the total is then a lower bound."""
    assumed: int
    """Inputs that nobody stated."""
    budget: BudgetReport | None
    slo: StatedSlo | None = None
    """What the design is held to; None where its workload states none."""
    verdict: Verdict = "unknown"
    """Whether the design works at its load."""
    unmet: tuple[Violation, ...] = ()
    quota_raises: tuple[Violation, ...] = ()
    unknowns: tuple[Caveat, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    not_billed: tuple[NotBilled, ...] = ()
    """What the workload states and no resource bills."""
    unpriced_roles: dict[str, int] = field(default_factory=dict)
    """Cost components without a price by role, where there are any: the role's cost is then a lower bound."""


@dataclass(frozen=True, slots=True)
class Comparison(Result):
    """Scenarios side by side, in one currency."""

    schema: str
    currency: str
    vat: Literal["included", "excluded"]
    catalog: CatalogStamp
    same_load: bool
    """Whether all are priced at one number of requests."""
    scenarios: tuple[ScenarioColumn, ...]
    cheapest: str | None
    """Scenario with the lowest total at one load, of those that are known to work where there are any.
    None at different loads, where all are broken, and where missing prices leave it open."""

    @property
    def slos_differ(self) -> bool:
        """Say whether the designs are held to different SLOs."""
        return differ(column.slo for column in self.scenarios)


@dataclass(frozen=True, slots=True)
class ArithmeticInput:
    """A number of the scenario that a quantity is made from."""

    path: str
    """Where it is written: `workload.request_duration`."""
    value: str
    """What it is there, with its unit."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How a quantity comes about, at the scenario's own values."""

    expression: str
    """`300,000 requests x 0.4 s x 1 vCPU / 3,600`; empty where it would be too long to read."""
    inputs: tuple[ArithmeticInput, ...]


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """One line of the bill taken apart."""

    resource: str
    line: LineItem
    free_quantity: Decimal
    """Part of the quantity that is billed at 0."""
    account_quantity: Decimal
    """What all resources of the scenario use of this SKU: tiers apply to this sum."""
    net: Decimal
    vat: Decimal
    assumptions: tuple[Assumption, ...]
    arithmetic: Arithmetic | None = None
    """How the quantity comes about; None where it is stated, or rests on no number of the scenario."""


@dataclass(frozen=True, slots=True)
class Explanation(Result):
    """Numbers of a bill taken apart."""

    schema: str
    scenario: str
    currency: str
    vat: Literal["included", "excluded"]
    vat_rate: Decimal | None
    catalog: CatalogStamp
    lines: tuple[ExplainedLine, ...]
    unpriced: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One rule with its verdict."""

    rule: str
    passed: bool
    detail: str
    is_warning: bool = False
    """Whether it passed only because nothing is known to the contrary, or with something to be told."""
    resources: tuple[str, ...] = ()
    """Names of the resources that it is about, where it is about some."""
    places: tuple[Place, ...] = ()
    """Where the scenario says what it is about."""


@dataclass(frozen=True, slots=True)
class Checks(Result):
    """All rules of a check."""

    schema: str
    scenario: str
    currency: str
    catalog: CatalogStamp
    passed: bool
    checks: tuple[Check, ...]
    policies: PolicyReport | None = None
    """What the policies say that the check was given; None where there was none."""


@dataclass(frozen=True, slots=True)
class CheckList(Result):
    """Checks of several scenarios: what each says, and whether all pass."""

    schema: str
    passed: bool
    failed: tuple[str, ...]
    """Names of the scenarios that do not."""
    checks: tuple[Checks, ...]
    """Of each scenario, in the order of the command line."""
    waivers: tuple[WaiverUse, ...] = ()
    """What became of the waivers of all policies."""
    idle_policies: tuple[str, ...] = ()
    """Policies that apply to none of the scenarios."""
