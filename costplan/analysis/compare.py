"""Put scenarios side by side by role."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from costplan.analysis.documents import COMPARISON_SCHEMA, Comparison, ScenarioColumn
from costplan.errors import InputError
from costplan.money import EXACT
from costplan.pricing.estimate import Estimate
from costplan.pricing.feasibility import preference
from costplan.pricing.price_basis import joined_stamps


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
            f"the scenarios are in different currencies: {', '.join(sorted(currencies))}",
            hint="name one with --currency RUB",
        )
    columns = tuple(_column(estimate) for estimate in estimates)
    same_load = len({column.monthly_requests for column in columns}) == 1
    ranks = [preference(column.verdict, column.unpriced) for column in columns]
    least = min((rank for rank in ranks if rank is not None), default=None)
    best = [one for one, rank in zip(columns, ranks, strict=True) if rank is not None and rank == least]
    cheapest = None
    if same_load and best:
        cheapest = column_name(min(best, key=lambda column: column.total.monthly_cost))
    first = estimates[0]
    stamp = joined_stamps([estimate.catalog for estimate in estimates])
    return Comparison(COMPARISON_SCHEMA, first.currency, first.vat, stamp, same_load, columns, cheapest)


def _column(estimate: Estimate) -> ScenarioColumn:
    roles: dict[str, Decimal] = {}
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
    )


def column_name(column: ScenarioColumn | Estimate) -> str:
    """Name a column: `stage2:preemptible`."""
    return ":".join([column.scenario, *(["+".join(column.variants)] if column.variants else [])])
