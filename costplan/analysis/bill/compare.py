"""Put scenarios side by side by role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from costplan.analysis.bill.documents import COMPARISON_SCHEMA, Comparison, ScenarioColumn
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.pricing.catalog_stamp import joined_stamps
from costplan.pricing.estimate import Estimate
from costplan.pricing.feasibility import preference
from costplan.quantities.money import EXACT


def compare(estimates: Sequence[Estimate]) -> Comparison:
    """Compare estimates of one currency.

    Raises:
        InputError: There is nothing to compare, or currencies differ.
    """
    if not estimates:
        raise InputError("there is nothing to compare")
    currencies = {estimate.currency for estimate in estimates}
    if len(currencies) > 1:
        raise InputError(
            Reason("the scenarios are in different currencies: {currencies}", ", ".join(sorted(currencies))),
            hint="name one with --currency RUB",
        )
    columns = tuple(_column(estimate) for estimate in estimates)
    same_load = len({column.monthly_requests for column in columns}) == 1
    best = best_known(columns) if same_load else None
    cheapest = column_name(best) if best is not None and not may_be_cheaper(columns, best) else None
    first = estimates[0]
    stamp = joined_stamps([estimate.catalog for estimate in estimates])
    return Comparison(COMPARISON_SCHEMA, first.currency, first.vat, stamp, same_load, columns, cheapest)


def best_known(columns: Sequence[ScenarioColumn]) -> ScenarioColumn | None:
    """Return the cheapest of those that are known best; None where every one is broken."""
    ranked = [
        (rank, column.total.monthly_cost, position)
        for position, column in enumerate(columns)
        if (rank := preference(column.verdict, column.unpriced)) is not None
    ]
    return columns[min(ranked)[2]] if ranked else None


def may_be_cheaper(columns: Sequence[ScenarioColumn], best: ScenarioColumn) -> list[ScenarioColumn]:
    """Return the designs of which missing prices, on either side, leave open whether they cost less."""
    return [
        column
        for column in columns
        if column is not best
        and column.verdict != "broken"
        and (best.unpriced or (column.unpriced and column.total.monthly_cost < best.total.monthly_cost))
    ]


def _column(estimate: Estimate) -> ScenarioColumn:
    roles: dict[str, Decimal] = {}
    roles_of = {resource.name: resource.role for resource in estimate.resources}
    for resource in estimate.resources:
        roles[resource.role] = EXACT.add(roles.get(resource.role, Decimal(0)), resource.monthly_cost)
    return ScenarioColumn(
        scenario=estimate.scenario,
        title=estimate.title,
        variants=estimate.variants,
        monthly_requests=estimate.workload["monthly_requests"] or Decimal(0),
        roles=roles,
        total=estimate.total,
        cost_per_million_requests=estimate.cost_per_million_requests,
        unpriced=len(estimate.unpriced),
        assumed=sum(1 for assumption in estimate.assumptions if assumption.kind == "assumed"),
        budget=estimate.budget,
        slo=estimate.slo,
        verdict=estimate.verdict,
        unmet=estimate.unmet,
        quota_raises=estimate.quota_raises,
        unknowns=estimate.unknowns,
        caveats=estimate.caveats,
        not_billed=estimate.not_billed,
        unpriced_roles=dict(Counter(roles_of.get(part.resource, "other") for part in estimate.unpriced)),
    )


def is_incomplete(bill: ScenarioColumn | Estimate) -> bool:
    """Say whether a bill lacks a price, in its own or its budget's currency, or leaves a size out."""
    return bool(bill.unpriced or bill.not_billed or (bill.budget and bill.budget.unpriced))


def column_name(column: ScenarioColumn | Estimate) -> str:
    """Name a column: `stage2:preemptible`."""
    return ":".join([column.scenario, *(["+".join(column.variants)] if column.variants else [])])
