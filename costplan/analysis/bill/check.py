"""Check a bill against its budgets and the rules of a pipeline."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from costplan.analysis.bill.documents import CHECKS_SCHEMA, Check, Checks
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason, join_reasons
from costplan.pricing.assumed_prices import assumed_cost
from costplan.pricing.catalog_stamp import EndingService
from costplan.pricing.estimate import BudgetLine, Estimate
from costplan.pricing.paid_lines import paid_lines
from costplan.quantities.money import EXACT, plain, rounded


def check(
    estimate: Estimate,
    *,
    parts: bool = False,
    limit: Decimal | None = None,
    allow_unpriced: bool = False,
    allow_ending: bool = False,
    spoken: Collection[str] | None = None,
) -> Checks:
    """Check the total, and on request each part, of the budget; prices, whether it works, and services.

    Args:
        estimate: A bill, with its budget where the scenario has one.
        parts: Whether each part of the budget must hold too.
        limit: A most for the monthly cost, in the estimate's currency.
        allow_unpriced: Whether missing prices, and sizes that no resource bills, pass.
        allow_ending: Whether services that their provider closes pass.
        spoken: What policies require of it; None where there is no policy, and it must have rules itself.

    Raises:
        InputError: Parts are asked for and there is no budget; or there is no limit, no requirement and no
            price to find either, so that there is nothing to check.
    """
    if estimate.budget is None and limit is None:
        _refuse_nothing(estimate, parts=parts, has_policy=spoken is not None)
    found: list[Check] = []
    if estimate.budget is not None:
        currency = estimate.budget.currency
        total = _budget_check(Reason("budget total"), estimate.budget.total, currency)
        found.append(replace(total, resources=()))
        if parts:
            found += [
                _budget_check(Reason("budget: {name}", name=line.name), line, currency)
                for line in estimate.budget.lines
            ]
    if limit is not None:
        cost = estimate.total.monthly_cost
        detail = against(cost, limit, estimate.currency, is_most=True)
        if resting := assumed_cost(line for _, line in paid_lines(estimate)):
            detail = join_reasons([detail, _at_assumed_prices(resting)])
        holds, lacking = cost <= limit, len(estimate.unpriced)
        if lacking:
            detail = join_reasons([detail, lower_bound(lacking)])
        found.append(Check(Reason("monthly cost"), holds, detail, is_warning=holds and lacking > 0))
    if not found and not spoken:
        unheld = Reason("none is stated: whatever the bill comes to passes")
        found.append(Check(Reason("budget"), True, unheld, is_warning=True))
    if not allow_unpriced:
        missing = list(_missing_prices(estimate))
        found.append(
            Check(
                Reason("prices known"),
                not missing,
                join_reasons(missing) if missing else _all_known(estimate),
                resources=_each(part.resource for part in estimate.unpriced),
            )
        )
    found.append(_sizes_billed(estimate, allow_unpriced=allow_unpriced))
    found += works(estimate)
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


def _refuse_nothing(estimate: Estimate, *, parts: bool, has_policy: bool) -> None:
    """Refuse what would always pass."""
    hint = Reason("add a `budget`, or give a most with --max 5000")
    if parts:
        raise InputError(Reason("there are no parts to check: the scenario has no budget"), hint=hint)
    doubts = [one for one in (*estimate.unknowns, *estimate.caveats) if one.what != "no-slo"]
    stated = (estimate.slo, estimate.unmet, estimate.quota_raises, doubts)
    lines = [line for resource in estimate.resources for line in resource.line_items]
    is_stated = not estimate.unpriced and all(line.provenance == "stated" for line in lines)
    if is_stated and not any(stated) and not has_policy:
        raise InputError(
            Reason("there is nothing to check: no budget, no requirements, and all costs are stated"),
            hint=hint,
        )


def _services_check(ending: Sequence[EndingService]) -> Check:
    users = _each(user.resource for one in ending for user in one.used_by)
    return Check(Reason("services last"), False, ending_text(ending), resources=users)


def ending_text(ending: Sequence[EndingService]) -> str:
    """Say which services end, when, and who uses them."""
    said = [
        Reason(
            "{users}: {title} is off since {day}"
            if one.state == "ended"
            else "{users}: {title} ends on {day}",
            users=", ".join(user.resource for user in one.used_by),
            title=one.title,
            day=str(one.ends),
        )
        for one in ending
    ]
    return join_reasons(said)


def _each(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of resources, each once; that of the account is empty."""
    return tuple(name for name in dict.fromkeys(names) if name)


def _all_known(estimate: Estimate) -> str:
    stated = [price.sku for price in estimate.catalog.assumed_prices if price.state == "used"]
    if not stated:
        return Reason("every price is known")
    return Reason("every price is known but {skus}, assumed", skus=", ".join(stated))


def _missing_prices(estimate: Estimate) -> Iterator[str]:
    """Name what has no price: in the bill's currency, and in the budget's where that is another."""
    if estimate.unpriced:
        skus = sorted({part.sku for part in estimate.unpriced})
        count = len(estimate.unpriced)
        yield Reason("{count} without a price: {skus}", count=count, skus=", ".join(skus))
    budget = estimate.budget
    if budget is not None and budget.currency != estimate.currency and budget.unpriced:
        parts = sorted({f"{part.resource} ({part.sku})" for part in budget.unpriced})
        yield Reason(
            "{count} without a price in {currency}: {parts}",
            count=len(budget.unpriced),
            currency=budget.currency,
            parts=", ".join(parts),
        )


def _sizes_billed(estimate: Estimate, *, allow_unpriced: bool) -> Check:
    """Say whether the bill has all that the workload states: what it leaves out is as a missing price."""
    left_out = [str(one) for one in estimate.not_billed]
    passed = not left_out or allow_unpriced
    all_in = Reason("all sizes that the workload states are in the bill, or free")
    detail = join_reasons(left_out) if left_out else all_in
    return Check(Reason("sizes billed"), passed, detail, is_warning=passed and bool(left_out))


ENOUGH = Reason("enough capacity")
KEPT = Reason("SLO kept")
RULES = {"replicas": ENOUGH, "slo": KEPT, "limit": Reason("provider's limits kept")}
"""Rule by what may not be enough."""
QUOTAS, CAVEATS = Reason("quotas"), Reason("caveats")
OPEN = {
    "no-slo": KEPT,
    "no-capacity": ENOUGH,
    "smaller-machine": ENOUGH,
    "published-cpu": ENOUGH,
    "published-batch": ENOUGH,
    "published-slo": KEPT,
}
"""Rule by what leaves it open."""


def works(estimate: Estimate) -> Iterator[Check]:
    """Say whether the design works: what breaks it fails, what nobody said is a warning."""
    is_capacity_known = not any(OPEN.get(one.what) == ENOUGH for one in estimate.unknowns)
    is_enough = not any(one.what == "replicas" for one in estimate.unmet)
    for what, rule in RULES.items():
        broken = [str(one) for one in estimate.unmet if one.what == what]
        unknown = [str(one) for one in estimate.unknowns if OPEN.get(one.what) == rule]
        if broken:
            users = _each(one.resource for one in estimate.unmet if one.what == what)
            yield Check(rule, False, join_reasons(broken), resources=users)
        elif unknown:
            yield Check(rule, True, Reason("not known: {why}", why=join_reasons(unknown)), is_warning=True)
        elif what == "slo" and not is_enough:
            yield Check(rule, True, Reason("not known, as there is not enough capacity"), is_warning=True)
        elif what == "slo" and not is_capacity_known:
            yield Check(rule, True, Reason("not known, as the capacity is not"), is_warning=True)
        else:
            requests = estimate.workload["monthly_requests"] or Decimal(0)
            yield Check(rule, True, Reason("at {requests} requests a month", requests=_whole(requests)))
    if estimate.quota_raises:
        detail = join_reasons(str(one) for one in estimate.quota_raises)
        users = _each(one.resource for one in estimate.quota_raises)
        yield Check(QUOTAS, True, detail, is_warning=True, resources=users)
    caveats = [str(one) for one in estimate.caveats if one.what != "not-billed"]
    if caveats:
        yield Check(CAVEATS, True, join_reasons(caveats), is_warning=True)


def _whole(number: Decimal) -> Decimal:
    """Return a number without zeros behind its point."""
    return Decimal(plain(number))


def _budget_check(rule: str, line: BudgetLine, currency: str) -> Check:
    detail = against(line.cost, line.budget, currency)
    if line.unpriced:
        detail = join_reasons([detail, lower_bound(line.unpriced)])
    if line.assumed_cost:
        detail = join_reasons([detail, _at_assumed_prices(line.assumed_cost)])
    is_warning = line.within and bool(line.unpriced)
    return Check(rule, line.within, detail, is_warning=is_warning, resources=line.resources)


def _at_assumed_prices(cost: Decimal) -> str:
    return Reason("{cost} of it at assumed prices", cost=seen(cost))


def lower_bound(count: int) -> str:
    return Reason("at least: {count} without a price", count=count)


def seen(cost: Decimal) -> Decimal:
    """Return a part of a cost as exactly as it takes to be seen."""
    return rounded(cost) if cost >= Decimal("0.005") else _whole(cost)


def against(cost: Decimal, limit: Decimal, currency: str, *, is_most: bool = False) -> str:
    """Say what was spent of a limit; by how much it is exceeded, as exactly as it takes to be seen."""
    said = Reason(
        "{cost} of at most {limit} {currency}" if is_most else "{cost} of {limit} {currency}",
        cost=rounded(cost),
        limit=rounded(limit),
        currency=currency,
    )
    over = EXACT.subtract(cost, limit)
    return join_reasons([said, Reason("over by {excess}", excess=seen(over))]) if over > 0 else said
