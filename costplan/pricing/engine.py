"""Price a scenario: quantities summed per SKU over the billing account, split into tiers, handed back.

Pure: no files, clock or printing. Usage quantities are exact fractions; a pricing quantity is that in the
SKU's unit, rounded once to twelve decimals. From there every product and sum is exact, so each line of the
bill can be multiplied out again, and the lines add up to the total to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from costplan.catalog.price import Currency
from costplan.catalog.store import Catalog
from costplan.pricing.assumed_prices import Use, assumed_cost, assumed_prices, with_costs
from costplan.pricing.catalog_stamp import CatalogStamp, PriceUser, catalog_stamp, ending_services
from costplan.pricing.components import Component, components_of
from costplan.pricing.cost_split import purpose_of, sum_of
from costplan.pricing.estimate import (
    ESTIMATE_SCHEMA,
    Assumption,
    BudgetLine,
    BudgetReport,
    CostSplit,
    Estimate,
    LineItem,
    ResourceEstimate,
    Total,
    Unpriced,
)
from costplan.pricing.feasibility import feasibility
from costplan.pricing.lines import PricedLines, lines_of
from costplan.pricing.not_billed import not_billed
from costplan.pricing.stated_slo import stated_slo
from costplan.pricing.terraform_classes import classes_of, left_out
from costplan.quantities.money import EXACT, exact_sum, quantized
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import Resource
from costplan.scenario.document.overrides import split_path
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.model import Budget
from costplan.scenario.resource_errors import alike, locating_errors

if TYPE_CHECKING:
    pass

WORKLOAD_NUMBERS = (
    "monthly_requests",
    "request_duration",
    "request_cpu_time",
    "request_size",
    "response_size",
    "log_size",
    "log_retention",
    "stored_size",
    "retention",
)
"""Fields of the workload that bills are made of."""


def price_scenario(
    scenario: LoadedScenario, *, currency: Currency | None = None, as_of: date | None = None
) -> Estimate:
    """Price every resource of a scenario and compare it with its budget.

    Args:
        scenario: A checked scenario.
        currency: Another currency than the scenario's own.
        as_of: Another day than the scenario's, or the catalog's, own.

    Raises:
        InputError: A resource needs a number of the workload that is not there.
    """
    money = currency or scenario.currency
    day = as_of or scenario.model.as_of or scenario.catalog.index.as_of
    bill: Estimate = scenario.remembered(("bill", money, day), lambda: _priced(scenario, money, day))
    return bill


def _priced(scenario: LoadedScenario, currency: Currency, day: date) -> Estimate:
    bill = _bill(scenario, currency, day)
    if scenario.model.budget is not None:
        bill = replace(bill, budget=_budget_report(scenario, scenario.model.budget, bill, day))
    return bill


def priced_lines(scenario: LoadedScenario, currency: Currency, day: date) -> PricedLines:
    """Price what a scenario uses, and nothing else of its bill.

    Raises:
        InputError: A resource needs a number of the workload that is not there.
    """
    components, charges = components_of(scenario, currency, day)
    priced = lines_of(components, charges, currency, scenario.catalog, free_tier=scenario.model.free_tier)
    return replace(priced, unpriced=(*priced.unpriced, *left_out(scenario)))


def _bill(scenario: LoadedScenario, currency: Currency, day: date) -> Estimate:
    priced = priced_lines(scenario, currency, day)
    components = priced.components
    resources = tuple(_resource_estimates(scenario, priced.by_resource))
    total = total_of(scenario.catalog, resources, currency, day)
    stamp = stamp_of(scenario, components, day)
    all_lines = [line for resource in resources for line in resource.line_items]
    requests = scenario.model.workload.monthly_requests.value
    model = scenario.model
    works = feasibility(scenario)
    return Estimate(
        schema=ESTIMATE_SCHEMA,
        scenario=model.scenario,
        title=scenario.title,
        currency=currency,
        vat=scenario.catalog.currencies[currency].vat,
        hours_per_month=model.hours_per_month,
        catalog=replace(stamp, assumed_prices=with_costs(stamp.assumed_prices, all_lines)),
        workload=_workload_numbers(scenario),
        resources=resources,
        unpriced=priced.unpriced,
        total=total,
        cost_per_million_requests=_per_million(total.monthly_cost, scenario) if requests else None,
        variants=scenario.applied_variants,
        free_tier=model.free_tier,
        assumptions=_assumptions(scenario, components),
        rationale=scenario.description,
        slo=stated_slo(model.workload.slo),
        differences=scenario.differences,
        split=sum_of(resource.split for resource in resources),
        unmet=works.unmet,
        verdict=works.verdict,
        quota_raises=works.quota_raises,
        unknowns=works.unknowns,
        caveats=works.caveats,
        not_billed=tuple(not_billed(scenario)),
        terraform=classes_of(scenario, components),
    )


def stamp_of(scenario: LoadedScenario, components: Iterable[Component], day: date) -> CatalogStamp:
    """Say what the prices of a scenario's components rest on."""
    found = list(components)
    services = (part.key[0] for part in found)
    users = ((part.key[0], PriceUser(scenario.name, part.resource)) for part in found)
    uses = (Use(part.key, part.unit, part.resource, part.origin) for part in found)
    return replace(
        catalog_stamp(scenario.catalog, day),
        ending=ending_services(scenario.catalog, day, services, users),
        assumed_prices=tuple(assumed_prices(scenario, uses)),
    )


def _resource_estimates(
    scenario: LoadedScenario, lines: Mapping[str, Sequence[LineItem]]
) -> Iterator[ResourceEstimate]:
    paths = [split_path(found.path) for found in scenario.differences]
    # What was written of a resource need not hold of a changed one, unless the note itself is the change.
    told = {path[1] for path in paths if path[0] == "resources" and path[2:] == ("note",)}
    changed = {path[1] for path in paths if path[0] == "resources" and len(path) > 1} - told
    splits = splits_of(scenario, lines)
    for name, resource in scenario.resources.items():
        note = resource.note or {} if name not in changed else {}
        yield _resource_estimate(name, resource, lines.get(name, ()), note, splits[name])


def splits_of(scenario: LoadedScenario, lines: Mapping[str, Sequence[LineItem]]) -> dict[str, CostSplit]:
    """Say what the cost of each resource is for; once for all that are alike and cost the same."""
    found: dict[str, CostSplit] = {}
    context = scenario.context
    for resource, names in alike(scenario.resources):
        known: dict[tuple[Decimal, ...], CostSplit] = {}
        for name in names:
            own = lines.get(name, ())
            costs = tuple([line.monthly_cost for line in own])
            if costs not in known:
                with locating_errors(scenario, name):
                    known[costs] = purpose_of(resource, own, context)
            found[name] = known[costs]
    return found


def _resource_estimate(
    name: str, resource: Resource, lines: Sequence[LineItem], note: dict[str, str], split: CostSplit
) -> ResourceEstimate:
    return ResourceEstimate(
        name=name,
        kind=resource.kind,
        role=resource.role,
        title=resource.title or {},
        runs=resource.runs,
        talks_to=resource.talks_to,
        line_items=tuple(lines),
        monthly_cost=exact_sum([line.monthly_cost for line in lines]),
        note=note,
        split=split,
    )


def total_of(catalog: Catalog, resources: Sequence[ResourceEstimate], currency: Currency, day: date) -> Total:
    lines = [line for resource in resources for line in resource.line_items]
    cost = exact_sum([line.monthly_cost for line in lines])
    rate: Decimal | None = catalog.vat_rate(currency, day)
    if rate is None:
        return Total(net=cost, vat=Decimal(0), gross=cost, monthly_cost=cost, vat_rate=None)
    taxed = exact_sum([line.monthly_cost for line in lines if line.taxed])
    net_of_taxed = quantized(EXACT.divide(taxed, EXACT.add(Decimal(1), rate)))
    vat = EXACT.subtract(taxed, net_of_taxed)
    return Total(net=EXACT.subtract(cost, vat), vat=vat, gross=cost, monthly_cost=cost, vat_rate=rate)


def _per_million(cost: Decimal, scenario: LoadedScenario) -> Decimal:
    requests = scenario.model.workload.monthly_requests
    return quantized((Quantity(cost) * 1_000_000 / requests.value).value)


def _workload_numbers(scenario: LoadedScenario) -> dict[str, Decimal | None]:
    numbers: dict[str, Decimal | None] = {}
    for field in WORKLOAD_NUMBERS:
        value: Quantity | None = getattr(scenario.model.workload, field)
        numbers[field] = None if value is None else quantized(value.value)
    return numbers


def _assumptions(scenario: LoadedScenario, components: Sequence[Component]) -> tuple[Assumption, ...]:
    """List what the scenario marks, then what kinds had to assume themselves; each path once.

    No bill rests on the business: what is assumed of it is left to `costplan timeline`.
    """
    found = {o.path: o for o in scenario.origins if not o.path.startswith("business.")}
    for part in components:
        for origin in sorted(part.origins, key=lambda origin: origin.path):
            found.setdefault(origin.path, origin)
    return tuple(Assumption(origin.path, origin.kind, origin.reason) for origin in found.values())


def _budget_report(scenario: LoadedScenario, budget: Budget, bill: Estimate, day: date) -> BudgetReport:
    """Compare budgets with the same scenario priced in the budget's own currency."""
    costs = {resource.name: resource.line_items for resource in bill.resources}
    unpriced = bill.unpriced
    if bill.currency != budget.currency:
        priced = priced_lines(scenario, budget.currency, day)
        costs = {name: tuple(priced.by_resource.get(name, ())) for name in costs}
        unpriced = priced.unpriced
    parts = tuple(
        budget_line(part.name, part.amount, part.resources, costs, unpriced) for part in budget.parts
    )
    covered = {name for part in budget.parts for name in part.resources}
    budgeted = budget.total if budget.total is not None else exact_sum([part.budget for part in parts])
    return BudgetReport(
        currency=budget.currency,
        vat=scenario.catalog.currencies[budget.currency].vat,
        lines=parts,
        total=budget_line("total", budgeted, tuple(costs), costs, unpriced),
        not_budgeted=tuple(name for name in costs if name not in covered),
        unpriced=unpriced,
    )


def budget_line(
    name: str,
    budget: Decimal,
    resources: Sequence[str],
    costs: Mapping[str, Sequence[LineItem]],
    unpriced: Sequence[Unpriced],
) -> BudgetLine:
    own = [line for one, lines in costs.items() if one in resources for line in lines]
    cost = exact_sum([line.monthly_cost for line in own])
    ratio = quantized(EXACT.divide(cost, budget)) if budget else None
    missing = sum(1 for part in unpriced if part.resource in resources)
    return BudgetLine(name, budget, cost, ratio, cost <= budget, tuple(resources), missing, assumed_cost(own))
