"""What `costplan timeline` answers with: which design in which month, and what the business makes of it.

Amounts are in one currency, exact to twelve decimals. Months are written as `2027-01`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from costplan.messages.result import Result
from costplan.pricing.catalog_stamp import CatalogStamp
from costplan.pricing.estimate import Assumption
from costplan.pricing.feasibility import Caveat, Verdict
from costplan.pricing.not_billed import NotBilled

TIMELINE_SCHEMA = "costplan/timeline/1"

BudgetKind = Literal["design", "month", "total"]


@dataclass(frozen=True, slots=True)
class StageMonth:
    """What one design would cost in one month, chosen or not."""

    scenario: str
    net: Decimal
    vat: Decimal
    gross: Decimal
    spend: Decimal
    """What the company bears: the net cost where it deducts VAT, else the gross cost."""
    feasible: bool
    """Whether nothing is known to break the design at the month's load."""
    unmet: tuple[str, ...]
    """What does: `inference: needs more than 1 machine`."""
    verdict: Verdict = "unknown"
    quota_raises: tuple[str, ...] = ()
    """Quotas that must be raised first."""


@dataclass(frozen=True, slots=True)
class BusinessMonth:
    """What a month of the business comes to; costs of the cloud are those of the chosen design."""

    revenue: Decimal
    """What is earned, without the VAT that a payer passes on."""
    fees: Decimal
    """What payments cost."""
    other_costs: Decimal
    margin: Decimal
    """Revenue less fees, cloud and other costs; without moves and grants."""
    margin_per_user: Decimal | None
    margin_per_request: Decimal | None
    grants: Decimal
    """What grants pay of the month's costs."""
    expired: Decimal
    """What is lost of grants whose last month this is."""
    cash: Decimal | None
    """Money at the end of the month; None where none is stated, or after a month without a design."""


@dataclass(frozen=True, slots=True)
class TimelineMonth:
    """One month of the plan."""

    month: str
    hours: int
    """Of the calendar's month, by which each design is priced that states no other."""
    requests: Decimal
    """Whole requests of the month."""
    users: Decimal | None
    """Whole users, where the scenario says how many requests one makes."""
    stage: str | None
    """The chosen design; None where none meets its requirements."""
    net: Decimal | None
    vat: Decimal | None
    gross: Decimal | None
    spend: Decimal | None
    """What the company bears of the cloud's cost: net where it deducts VAT, else gross."""
    switching: Decimal
    """What the move to the month's design costs once."""
    cumulative: Decimal
    """Spend and moves from the first month on; months without a design are not in it."""
    feasible: bool
    """Whether any design meets its requirements."""
    lower_bound: bool
    """Whether the chosen design has cost components without a price."""
    business: BusinessMonth | None
    """None where there is no business, or no design."""
    stages: tuple[StageMonth, ...]
    """All designs at this month's load."""
    ended: tuple[str, ...] = ()
    """Services of the chosen design that their provider has switched off by the end of this month."""


@dataclass(frozen=True, slots=True)
class Design:
    """One of the designs to choose from."""

    scenario: str
    title: dict[str, str]
    switching: Decimal
    """What it costs once to move to it, as the company bears it."""
    unpriced: int
    """Cost components without a price: its costs are lower bounds."""
    unsized: tuple[str, ...]
    """Resources without a stated capacity: nothing says how much they serve."""
    unknowns: tuple[Caveat, ...] = ()
    """What nobody said, so that it is not known whether the design works."""
    caveats: tuple[Caveat, ...] = ()
    """What goes with the design at any load."""
    not_billed: tuple[NotBilled, ...] = ()
    """What the workload states and no resource bills."""
    move_priced: bool = True
    """Whether somebody says what the move to it costs; if not it counts as nothing, and the plan does not
    come back to the design once it was left."""
    hours_per_month: Decimal | None = None
    """Hours of every month, where its scenario states them; else each month has its own."""


@dataclass(frozen=True, slots=True)
class Period:
    """Months in a row on one design, or without any."""

    stage: str | None
    first: str
    last: str
    last_requests: Decimal
    """Requests of the last of these months."""
    spend: Decimal


@dataclass(frozen=True, slots=True)
class Move:
    """A change of design at the beginning of a month."""

    month: str
    before: str
    after: str
    requests: Decimal
    """Requests of the month."""
    cost: Decimal


@dataclass(frozen=True, slots=True)
class BudgetBreak:
    """The first month that breaks a budget."""

    kind: BudgetKind
    """A design's own budget for its bill; a most for each month, or for all, of spend and moves."""
    scenario: str | None
    currency: str
    budget: Decimal
    month: str | None
    """None where it holds to the end."""
    cost: Decimal | None
    """What it comes to in that month."""


@dataclass(frozen=True, slots=True)
class BreakEven:
    """From how many users, or requests, a month a design pays for itself, at one unchanging season."""

    scenario: str
    unit: Literal["users", "requests"]
    first: Decimal | None
    """Fewest with a margin that is not negative and requirements that are met; None where there is none."""
    until: Decimal | None
    """Most up to which that lasts; None where it lasts as far as was looked."""
    undone_by: Literal["cost", "promise"] | None
    """What ends it: a step of the cost, or that the design cannot serve more."""
    for_good: Decimal | None
    """From here on it lasts as far as was looked; None where it does not."""
    searched_to: Decimal
    lower_bound: bool
    """Whether prices are missing: the real break-even is then higher."""
    not_searched: str | None
    """Why it cannot be found, where it cannot: a waiting time that itself depends on the load."""


@dataclass(frozen=True, slots=True)
class BusinessOutcome:
    """When the business pays for itself, and how long its cash lasts."""

    break_even_month: str | None
    """First month whose margin is not negative."""
    break_even_lasting: str | None
    """First month from which on no margin is negative to the end."""
    cash_ends: str | None
    """First month at whose end there is less than nothing."""
    runway_months: int | None
    """Whole months that the cash lasts; None where it does not end."""
    cash_known_until: str | None
    """Last month whose cash is known: none without cash, none after a month without a design."""


@dataclass(frozen=True, slots=True)
class Timeline(Result):
    """Months ahead: designs, moves, spend, and the business where the scenario states one."""

    schema: str
    currency: str
    vat: Literal["included", "excluded"]
    """Whether VAT is inside the catalog's prices."""
    vat_rate: Decimal | None
    regime: Literal["payer", "simplified"] | None
    """Whether the company deducts VAT; None where no business says so: costs then count gross."""
    catalog: CatalogStamp
    """The prices of one day hold for all months."""
    growth: Decimal
    """Growth of the load per month: 0.15."""
    hold: int
    """Fewest months on a design before a move."""
    designs: tuple[Design, ...]
    months: tuple[TimelineMonth, ...]
    stays: tuple[Period, ...]
    moves: tuple[Move, ...]
    total_spend: Decimal
    """Spend and moves of all months."""
    budgets: tuple[BudgetBreak, ...]
    break_evens: tuple[BreakEven, ...]
    outcome: BusinessOutcome | None
    """None where no business is stated."""
    assumptions: tuple[Assumption, ...]
    """Inputs of the load and the business that nobody stated."""
