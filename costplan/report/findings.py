"""Which facts matter most, by rule from the numbers: what breaks a budget, where money goes, what helps.

Pure functions over the report's data; the sections turn what they return into sentences.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from costplan.pricing.estimate import BudgetLine, Estimate, LineItem, ResourceEstimate
from costplan.pricing.paid_lines import paid_lines
from costplan.quantities.money import EXACT, exact_sum
from costplan.report.report_data import ReportData, Stage, Varied

NAMELESS = frozenset({"fixed-cost", "metered"})
"""Kinds that say how a thing is billed and not what it is."""


@dataclass(frozen=True, slots=True)
class Overrun:
    """A part of a budget that is exceeded."""

    stage: Stage
    line: BudgetLine
    currency: str

    @property
    def excess(self) -> Decimal:
        """Return what it costs above the budget."""
        return EXACT.subtract(self.line.cost, self.line.budget)


def overruns(stage: Stage) -> list[Overrun]:
    """Return the parts of a budget that are exceeded, the most expensive excess first."""
    budget = stage.estimate.budget
    if budget is None:
        return []
    found = [Overrun(stage, line, budget.currency) for line in budget.lines if not line.within]
    return sorted(found, key=lambda one: -one.excess)


def largest_overruns(report_data: ReportData) -> list[Overrun]:
    """Return the part of all budgets with the largest excess; amounts of two currencies are not compared."""
    largest: dict[str, Overrun] = {}
    for found in (one for stage in report_data.stages for one in overruns(stage)[:1]):
        if found.currency not in largest or found.excess > largest[found.currency].excess:
            largest[found.currency] = found
    return list(largest.values())


def cheapest_variant(stage: Stage) -> Varied | None:
    """Return the variant that costs least, when it costs less than the design itself and is priced whole."""
    known = [varied for varied in stage.variants if not varied.estimate.unpriced]
    found = min(known, key=lambda varied: varied.estimate.total.monthly_cost, default=None)
    if found is None or found.estimate.total.monthly_cost >= stage.estimate.total.monthly_cost:
        return None
    return found


def lines_of(estimate: Estimate) -> Iterable[tuple[ResourceEstimate, LineItem]]:
    """Return every line of a bill with its resource."""
    return ((resource, line) for resource in estimate.resources for line in resource.line_items)


def most_expensive_line(estimate: Estimate) -> tuple[ResourceEstimate, LineItem] | None:
    """Return the most expensive line of a bill; None for a bill of nothing."""
    found = max(paid_lines(estimate), key=lambda pair: pair[1].monthly_cost, default=None)
    return found if found is not None and found[1].monthly_cost > 0 else None


def assumed_cost(estimate: Estimate) -> Decimal:
    """Return the money of the lines whose quantity rests on an assumption."""
    return exact_sum(
        [line.monthly_cost for _, line in paid_lines(estimate) if line.quantity_provenance == "assumed"]
    )


def waiting_share(stage: Stage) -> Decimal:
    """Return the part of a bill that pays for idle hours and for room that is kept free."""
    total, split = stage.estimate.total.monthly_cost, stage.estimate.split
    return (split.idle + split.headroom) / total if total else Decimal(0)


def new_kinds(stage: Stage, before: Stage) -> list[str]:
    """Return what a stage is made of that the one before was not: kinds of resources, then software."""

    def kinds(one: Stage) -> list[str]:
        return [resource.kind for resource in one.estimate.resources if resource.kind not in NAMELESS]

    def software(one: Stage) -> list[str]:
        return [name for resource in one.estimate.resources for name in resource.runs]

    had = {*kinds(before), *software(before)}
    return [name for name in dict.fromkeys([*kinds(stage), *software(stage)]) if name not in had]


def steps(report_data: ReportData) -> list[tuple[Stage, Stage]]:
    """Return each stage with the one before it."""
    stages = list(report_data.stages)
    return list(zip(stages[1:], stages[:-1], strict=True))


def role_changes(stage: Stage, before: Stage) -> list[tuple[str, Decimal]]:
    """Return by how much each role's cost changes from one stage to the next, the largest change first."""
    costs: dict[str, Decimal] = {}
    for sign, estimate in ((1, stage.estimate), (-1, before.estimate)):
        for resource in estimate.resources:
            change = EXACT.multiply(Decimal(sign), resource.monthly_cost)
            costs[resource.role] = EXACT.add(costs.get(resource.role, Decimal(0)), change)
    return sorted(costs.items(), key=lambda item: (-abs(item[1]), item[0]))
