"""Check a bill against its budgets and the rules of a pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from costplan.analysis.bill.documents import CHECKS_SCHEMA, Check, Checks
from costplan.messages.errors import InputError
from costplan.pricing.estimate import BudgetLine, Estimate
from costplan.pricing.price_basis import EndingService
from costplan.pricing.stand_ins import assumed_cost
from costplan.quantities.money import EXACT, plain, rounded


def check(
    estimate: Estimate,
    *,
    parts: bool = False,
    limit: Decimal | None = None,
    allow_unpriced: bool = False,
    allow_ending: bool = False,
) -> Checks:
    """Check the total, and on request each part, of the budget; prices, whether it works, and services.

    Args:
        estimate: A bill, with its budget where the scenario has one.
        parts: Whether each part of the budget must hold too.
        limit: A most for the monthly cost, in the estimate's currency.
        allow_unpriced: Whether missing prices, and sizes that no resource bills, pass.
        allow_ending: Whether services that their provider closes pass.

    Raises:
        InputError: The scenario has no budget and no limit is given: there is nothing to check.
    """
    found: list[Check] = []
    if estimate.budget is not None:
        currency = estimate.budget.currency
        found.append(_budget_check("budget total", estimate.budget.total, currency))
        if parts:
            found += [_budget_check(f"budget: {line.name}", line, currency) for line in estimate.budget.lines]
    if limit is not None:
        cost = estimate.total.monthly_cost
        detail = _against(cost, limit, estimate.currency, "at most ")
        lines = [line for resource in estimate.resources for line in resource.line_items]
        if resting := assumed_cost(lines):
            detail += f"; {_share(resting)} of it at assumed prices"
        holds, lacking = cost <= limit, len(estimate.unpriced)
        if lacking:
            detail += f"; at least: {lacking} without a price"
        found.append(Check("monthly cost", holds, detail, is_warning=holds and lacking > 0))
    if not found:
        raise InputError(
            "there is nothing to check: the scenario has no budget",
            hint="add a `budget`, or give a most with --max 5000",
        )
    if not allow_unpriced:
        missing = list(_missing_prices(estimate))
        found.append(Check("prices known", not missing, "; ".join(missing) or _all_known(estimate)))
    found.append(_sizes_billed(estimate, allow_unpriced=allow_unpriced))
    found += _works(estimate)
    if estimate.catalog.ending and not allow_ending:
        found.append(_services_check(estimate.catalog.ending))
    return Checks(
        CHECKS_SCHEMA,
        estimate.name,
        estimate.currency,
        estimate.catalog,
        all(one.passed for one in found),
        tuple(found),
    )


def _services_check(ending: Sequence[EndingService]) -> Check:
    said = [
        f"{', '.join(user.resource for user in one.used_by)}: {one.title} "
        f"{'is off since' if one.state == 'ended' else 'ends on'} {one.ends}"
        for one in ending
    ]
    return Check("services last", False, "; ".join(said))


def _all_known(estimate: Estimate) -> str:
    stated = [price.sku for price in estimate.catalog.assumed_prices if price.state == "used"]
    return f"every price is known but {', '.join(stated)}, assumed" if stated else "every price is known"


def _missing_prices(estimate: Estimate) -> Iterator[str]:
    """Name what has no price: in the bill's currency, and in the budget's where that is another."""
    if estimate.unpriced:
        skus = sorted({part.sku for part in estimate.unpriced})
        yield f"{len(estimate.unpriced)} without a price: {', '.join(skus)}"
    budget = estimate.budget
    if budget is not None and budget.currency != estimate.currency and budget.unpriced:
        parts = sorted({f"{part.resource} ({part.sku})" for part in budget.unpriced})
        yield f"{len(budget.unpriced)} without a price in {budget.currency}: {', '.join(parts)}"


def _sizes_billed(estimate: Estimate, *, allow_unpriced: bool) -> Check:
    """Say whether the bill has all that the workload states: what it leaves out is as a missing price."""
    left_out = "; ".join(map(str, estimate.not_billed))
    passed = not left_out or allow_unpriced
    detail = left_out or "all sizes that the workload states are in the bill, or free"
    return Check("sizes billed", passed, detail, is_warning=passed and bool(left_out))


RULES = {"replicas": "enough capacity", "slo": "SLO kept", "limit": "provider's limits kept"}
"""Rule by what may not be enough."""
OPEN = {"no-slo": "SLO kept", "no-capacity": "enough capacity", "smaller-machine": "enough capacity"}
"""Rule by what leaves it open."""


def _works(estimate: Estimate) -> Iterator[Check]:
    """Say whether the design works: what breaks it fails, what nobody said is a warning."""
    is_capacity_known = not any(OPEN.get(one.what) == RULES["replicas"] for one in estimate.unknowns)
    for what, rule in RULES.items():
        broken = [str(one) for one in estimate.unmet if one.what == what]
        unknown = [str(one) for one in estimate.unknowns if OPEN.get(one.what) == rule]
        if broken:
            yield Check(rule, False, "; ".join(broken))
        elif unknown:
            yield Check(rule, True, f"not known: {'; '.join(unknown)}", is_warning=True)
        elif what == "slo" and not is_capacity_known:
            yield Check(rule, True, "not known, as the capacity is not", is_warning=True)
        else:
            yield Check(rule, True, f"at {count(estimate.workload['monthly_requests'])} requests a month")
    if estimate.quota_raises:
        detail = "; ".join(str(one) for one in estimate.quota_raises)
        yield Check("quotas", True, detail, is_warning=True)
    caveats = [str(one) for one in estimate.caveats if one.what != "not-billed"]
    if caveats:
        yield Check("caveats", True, "; ".join(caveats), is_warning=True)


def count(number: Decimal | None) -> str:
    """Write a number of requests exactly: `5,000,000`."""
    return f"{number or 0:,f}".rstrip("0").rstrip(".") if number and number % 1 else f"{int(number or 0):,}"


def _budget_check(rule: str, line: BudgetLine, currency: str) -> Check:
    detail = _against(line.cost, line.budget, currency)
    if line.unpriced:
        detail += f"; at least: {line.unpriced} without a price"
    if line.assumed_cost:
        detail += f"; {_share(line.assumed_cost)} of it at assumed prices"
    return Check(rule, line.within, detail, is_warning=line.within and bool(line.unpriced))


def _share(cost: Decimal) -> str:
    """Write a part of a cost, as exactly as it takes to be seen."""
    return f"{rounded(cost):,}" if cost >= Decimal("0.005") else plain(cost)


def _against(cost: Decimal, limit: Decimal, currency: str, most: str = "") -> str:
    """Say what was spent of a limit; by how much it is exceeded, as exactly as it takes to be seen."""
    over = EXACT.subtract(cost, limit)
    shown = f"{rounded(over):,}" if over >= Decimal("0.005") else plain(over)
    exceeded = f"; over by {shown}" if over > 0 else ""
    return f"{rounded(cost):,} of {most}{rounded(limit):,} {currency}{exceeded}"
