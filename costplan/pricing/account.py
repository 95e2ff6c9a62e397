"""Price an account: what all of its designs use is summed per SKU, split into tiers once, and handed back.

Each design turns its own workload into usage; only usage meets. A resource `api` of the design `shop` is
`shop.api` in the bill, and takes its share of tiers and free volumes as it would in one scenario.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from costplan.catalog.price import Currency, Price
from costplan.pricing.account_works import account_feasibility
from costplan.pricing.assumed_prices import assumed_cost
from costplan.pricing.catalog_stamp import CatalogStamp, PriceUser, joined_stamps
from costplan.pricing.components import Component, components_of
from costplan.pricing.cost_split import sum_of
from costplan.pricing.discount import Lines, after_discount, applied_discount, with_discount
from costplan.pricing.engine import WORKLOAD_NUMBERS, budget_line, price_scenario, splits_of, total_of
from costplan.pricing.estimate import (
    ESTIMATE_SCHEMA,
    Assumption,
    BudgetReport,
    ClassifiedResource,
    DesignCost,
    Estimate,
    ResourceEstimate,
    TerraformClasses,
    Unpriced,
)
from costplan.pricing.lines import PricedLines, lines_of
from costplan.pricing.terraform_classes import left_out
from costplan.quantities.money import EXACT, exact_sum
from costplan.resources.contract import StatedCost
from costplan.scenario.account.loaded import LoadedAccount
from costplan.scenario.model import Budget

TITLE = {"en": "one billing account", "ru": "один платёжный аккаунт"}


def price_account(
    account: LoadedAccount, *, currency: Currency | None = None, as_of: date | None = None
) -> Estimate:
    """Price all resources of an account's designs together.

    Args:
        account: With its designs.
        currency: Another currency than the account's own.
        as_of: Another day than the account's own.

    Raises:
        InputError: A resource needs a number of its workload that is not there.
    """
    money, day = currency or account.currency, as_of or account.day
    alone = {name: price_scenario(one, currency=money, as_of=day) for name, one in account.designs.items()}
    priced = account_lines(account, money, day)
    left = after_discount(account, priced.by_resource, day)
    shown = with_discount(account, priced.by_resource, money, day)
    resources = tuple(_resources(account, alone, shown, left))
    works = account_feasibility(account, alone)
    requests = [one.workload["monthly_requests"] or Decimal(0) for one in alone.values()]
    return Estimate(
        schema=ESTIMATE_SCHEMA,
        scenario=account.name,
        title=account.model.title or TITLE,
        currency=money,
        vat=account.catalog.currencies[money].vat,
        hours_per_month=account.first.model.hours_per_month,
        catalog=_stamp(account, alone, left),
        workload=dict.fromkeys(WORKLOAD_NUMBERS) | {"monthly_requests": exact_sum(requests)},
        resources=resources,
        unpriced=priced.unpriced,
        total=total_of(account.catalog, resources, money, day),
        cost_per_million_requests=None,
        budget=_budget(account, replace(priced, by_resource=left), money, day),
        free_tier=account.free_tier,
        assumptions=tuple(_assumptions(alone)),
        rationale=account.model.description or {},
        differences=account.differences,
        split=sum_of(resource.split for resource in resources),
        unmet=works.unmet,
        verdict=works.verdict,
        quota_raises=works.quota_raises,
        unknowns=works.unknowns,
        caveats=works.caveats,
        not_billed=tuple(
            replace(one, path=f"{name}.{one.path}") for name, bill in alone.items() for one in bill.not_billed
        ),
        terraform=_terraform(alone),
        designs=tuple(_design_costs(account, alone, resources, day)),
        discount=applied_discount(account, priced.by_resource, day),
    )


def account_lines(account: LoadedAccount, currency: Currency, day: date) -> PricedLines:
    """Price what all designs use together."""
    components: list[Component] = []
    charges: list[tuple[str, StatedCost]] = []
    missing: list[Unpriced] = []
    prices: dict[object, Price] = {}
    for name, design in account.designs.items():
        used, stated = components_of(design, currency, day)
        components += [_of_design(name, part, prices) for part in used]
        charges += [(f"{name}.{resource}", charge) for resource, charge in stated]
        missing += [replace(part, resource=f"{name}.{part.resource}") for part in left_out(design)]
    priced = lines_of(components, charges, currency, account.catalog, free_tier=account.free_tier)
    return replace(priced, unpriced=(*priced.unpriced, *missing))


def _of_design(name: str, part: Component, prices: dict[object, Price]) -> Component:
    """Return a design's component by its name in the account, with the price that all designs share."""
    price = part.price
    if price is not None:
        rates = tuple((rate.start_quantity, rate.unit_price) for rate in price.rates)
        price = prices.setdefault((part.key, part.unit, price.confidence, price.source, rates), price)
    origins = frozenset(replace(origin, path=f"{name}.{origin.path}") for origin in part.origins)
    return replace(part, resource=f"{name}.{part.resource}", price=price, origins=origins)


def _resources(
    account: LoadedAccount, alone: Mapping[str, Estimate], lines: Lines, left: Lines
) -> Iterator[ResourceEstimate]:
    for name, bill in alone.items():
        own = {one.name: lines.get(f"{name}.{one.name}", ()) for one in bill.resources}
        costs = {one.name: left.get(f"{name}.{one.name}", ()) for one in bill.resources}
        splits = splits_of(account.designs[name], costs)
        for one in bill.resources:
            yield replace(
                one,
                name=f"{name}.{one.name}",
                talks_to=tuple(f"{name}.{other}" for other in one.talks_to),
                line_items=tuple(own[one.name]),
                monthly_cost=exact_sum([line.monthly_cost for line in own[one.name]]),
                split=splits[one.name],
            )


def _design_costs(
    account: LoadedAccount,
    alone: Mapping[str, Estimate],
    resources: Sequence[ResourceEstimate],
    day: date,
) -> Iterator[DesignCost]:
    """Say what each design has of the bill, and what it would cost by itself."""
    costs: dict[str, list[Decimal]] = {name: [] for name in alone}
    for one in resources:
        costs[one.name.partition(".")[0]].append(one.monthly_cost)
    for name, bill in alone.items():
        lines = after_discount(account, {one.name: one.line_items for one in bill.resources}, day)
        by_itself = exact_sum([line.monthly_cost for own in lines.values() for line in own])
        cost = exact_sum(costs[name])
        requests = bill.workload["monthly_requests"] or Decimal(0)
        yield DesignCost(
            name, bill.name, bill.title, requests, cost, by_itself, EXACT.subtract(cost, by_itself)
        )


def _assumptions(alone: Mapping[str, Estimate]) -> Iterator[Assumption]:
    for name, bill in alone.items():
        yield from (replace(one, path=f"{name}.{one.path}") for one in bill.assumptions)


def _stamp(account: LoadedAccount, alone: Mapping[str, Estimate], lines: Lines) -> CatalogStamp:
    """Join what the prices of all designs rest on, with what of the whole bill rests on each stand-in."""
    named = [_with_users(bill.catalog, account.name, name) for name, bill in alone.items()]
    joined = joined_stamps(named)
    prices = []
    for price in joined.assumed_prices:
        own = [
            line for user in price.used_by for line in lines.get(user.resource, ()) if line.sku == price.sku
        ]
        prices.append(replace(price, monthly_cost=assumed_cost(own)))
    return replace(joined, assumed_prices=tuple(prices))


def _with_users(stamp: CatalogStamp, account: str, name: str) -> CatalogStamp:
    def users(found: Sequence[PriceUser]) -> tuple[PriceUser, ...]:
        return tuple(PriceUser(account, f"{name}.{one.resource}") for one in found)

    ending = tuple(replace(one, used_by=users(one.used_by)) for one in stamp.ending)
    prices = tuple(replace(one, used_by=users(one.used_by)) for one in stamp.assumed_prices)
    return replace(stamp, ending=ending, assumed_prices=prices)


def _budget(
    account: LoadedAccount, priced: PricedLines, currency: Currency, day: date
) -> BudgetReport | None:
    """Hold the whole bill, and what each part's designs have of it, to the account's budget."""
    budget = account.model.budget
    if budget is None:
        return None
    if budget.currency != currency:
        priced = account_lines(account, budget.currency, day)
        priced = replace(priced, by_resource=after_discount(account, priced.by_resource, day))
    return _report(account, budget, priced)


def _report(account: LoadedAccount, budget: Budget, priced: PricedLines) -> BudgetReport:
    names = {
        name: tuple(f"{name}.{resource}" for resource in design.resources)
        for name, design in account.designs.items()
    }
    costs = {one: tuple(priced.by_resource.get(one, ())) for own in names.values() for one in own}
    covered = {name for part in budget.parts for name in part.resources}
    parts = tuple(
        budget_line(
            part.name,
            part.amount,
            tuple(one for name in part.resources for one in names[name]),
            costs,
            priced.unpriced,
        )
        for part in budget.parts
    )
    budgeted = budget.total if budget.total is not None else exact_sum([part.budget for part in parts])
    return BudgetReport(
        currency=budget.currency,
        vat=account.catalog.currencies[budget.currency].vat,
        lines=parts,
        total=budget_line("total", budgeted, tuple(costs), costs, priced.unpriced),
        not_budgeted=tuple(one for name, own in names.items() if name not in covered for one in own),
        unpriced=priced.unpriced,
    )


def _terraform(alone: Mapping[str, Estimate]) -> TerraformClasses | None:
    """Add up what became of the resources of each design that is a plan of Terraform."""
    found = [(name, bill.terraform) for name, bill in alone.items() if bill.terraform is not None]
    if not found:
        return None
    counts: dict[str, int] = {}
    for _, one in found:
        for status, count in one.counts.items():
            counts[status] = counts.get(status, 0) + count
    return TerraformClasses(
        file=", ".join(one.file for _, one in found),
        count=sum(one.count for _, one in found),
        counts=counts,
        resources=tuple(_row(name, row) for name, one in found for row in one.resources),
        complete=all(one.complete for _, one in found),
    )


def _row(name: str, row: ClassifiedResource) -> ClassifiedResource:
    own = tuple(f"{name}.{resource}" for resource in row.resources)
    return replace(row, address=f"{name}: {row.address}", resources=own)
