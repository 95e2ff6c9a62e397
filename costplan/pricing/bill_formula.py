"""A scenario's bill as a formula of what varies: what curves, simulations and the report's page evaluate.

The same components and prices as `price_scenario`; only the twelve-decimal rounding of pricing quantities is
left out, which moves a line by less than a millionth of a millionth of its unit price.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from costplan.catalog.model import Rate
from costplan.catalog.price import Currency
from costplan.messages.reason import Reason
from costplan.pricing.components import Component, SkuKey, components_of
from costplan.pricing.feasibility import Caveat, Violation, constraints, findings, raise_of
from costplan.pricing.not_billed import NotBilled, not_billed
from costplan.pricing.terraform_classes import left_out
from costplan.pricing.tiers import without_free_tier
from costplan.quantities.formula import Formula
from costplan.resources.contract import ConstraintKind
from costplan.scenario.loaded import LoadedScenario

LOAD = "workload.monthly_requests"
"""The input that a curve varies."""
USUAL_LOAD = 1_000_000
"""Stands in for a load of 0 while the formula is noted: kinds leave out what nobody uses."""


@dataclass(frozen=True, slots=True)
class ConstraintFormula:
    """Something that must be enough: met where `slack` is not below 0."""

    resource: str
    what: ConstraintKind
    slack: Formula
    """What is available less what is needed."""
    reason: Reason
    code: str = ""
    """Of a limit its code in the catalog; of a quota its key."""
    unit: str = ""
    """Of a quota: what it is counted in."""
    available: Fraction = Fraction(0)
    """Of a quota: what the account may use; it does not vary."""

    def raised(self, slack: Fraction) -> Violation:
        """Say how a quota must be raised where so much (below 0) is left of it."""
        return raise_of(self.resource, self.code, self.unit, self.available - slack, self.available)


@dataclass(frozen=True, slots=True)
class BillFormula:
    """What a scenario costs per month, as formulas of the inputs that vary."""

    scenario: str
    """Name with its variants: `stage2:preemptible`."""
    currency: Currency
    total: Formula
    resources: Mapping[str, Formula]
    """Cost by resource; they sum to the total."""
    lines: int
    """Priced cost components: what a difference from the exact bill may grow with."""
    unpriced: int
    """Cost components without a price: the total is then a lower bound."""
    constraints: tuple[ConstraintFormula, ...] = ()
    """What must be enough: where one is not met, the design does not work."""
    quotas: tuple[ConstraintFormula, ...] = ()
    """Quotas: where one is not met, it must be raised first."""
    unknowns: tuple[Caveat, ...] = ()
    """What nobody said, so that it is not known whether the design works; the same at any load."""
    caveats: tuple[Caveat, ...] = ()
    """What goes with the design whatever the load."""
    not_billed: tuple[NotBilled, ...] = ()
    """What the workload states and no resource bills."""


def with_variable_load(scenario: LoadedScenario) -> LoadedScenario:
    """Return a scenario whose monthly requests vary."""

    def varied() -> LoadedScenario:
        requests = scenario.model.workload.monthly_requests
        base = requests if requests.value else requests + USUAL_LOAD
        return scenario.at_load(base.as_variable(LOAD))

    found: LoadedScenario = scenario.remembered("variable load", varied)
    return found


def bill_formula(
    scenario: LoadedScenario, *, currency: Currency | None = None, as_of: date | None = None
) -> BillFormula:
    """Note how a scenario's bill depends on those of its inputs that vary.

    Args:
        scenario: With inputs that vary, as `with_variable_load` makes them; without any, all is constant.
        currency: Another currency than the scenario's own.
        as_of: Another day than the scenario's, or the catalog's, own.

    Raises:
        InputError: A resource needs a number of the workload that is not there.
    """
    money = currency or scenario.currency
    day = as_of or scenario.model.as_of or scenario.catalog.index.as_of
    formula: BillFormula = scenario.remembered(("formula", money, day), lambda: _noted(scenario, money, day))
    return formula


def _noted(scenario: LoadedScenario, money: Currency, day: date) -> BillFormula:
    model = scenario.model
    components, charges = components_of(scenario, money, day)
    costs = {name: Formula(Fraction(0)) for name in scenario.resources}
    priced: dict[SkuKey, list[Component]] = {}
    for part in components:
        if part.price is not None:
            priced.setdefault(part.key, []).append(part)
    total = Formula(Fraction(0))
    for parts in priced.values():
        whole = _sku_cost(parts, free_tier=model.free_tier)
        total += whole
        for resource, cost in _shared_costs(parts, whole, free_tier=model.free_tier):
            costs[resource] += cost
    stated = [(name, charge.amounts[money]) for name, charge in charges if money in charge.amounts]
    for name, amount in stated:
        costs[name] += Formula(Fraction(amount))
    total += Formula(Fraction(sum(amount for _, amount in stated)))
    without_price = len(components) - sum(map(len, priced.values())) + len(charges) - len(stated)
    constraints = list(_constraints(scenario))
    unknowns, caveats = findings(scenario)
    return BillFormula(
        scenario=scenario.name,
        currency=money,
        total=total,
        resources=costs,
        lines=sum(map(len, priced.values())) + len(stated),
        unpriced=without_price + len(left_out(scenario)),
        constraints=tuple(constraint for constraint in constraints if constraint.what != "quota"),
        quotas=tuple(constraint for constraint in constraints if constraint.what == "quota"),
        unknowns=unknowns,
        caveats=caveats,
        not_billed=tuple(not_billed(scenario)),
    )


def _constraints(scenario: LoadedScenario) -> Iterator[ConstraintFormula]:
    for name, constraint in constraints(scenario):
        slack = constraint.available.as_formula() - constraint.needed.as_formula()
        available = constraint.available.value
        yield ConstraintFormula(
            name, constraint.what, slack, constraint.reason, constraint.code, constraint.unit, available
        )


def graduated(quantity: Formula, rates: Sequence[Rate]) -> Formula:
    """Return the cost of a quantity over graduated rates: each rate adds its difference above its start."""
    cost = Formula(Fraction(0))
    last = Fraction(0)
    for rate in rates:
        above = quantity - Formula(Fraction(rate.start_quantity)) if rate.start_quantity else quantity
        price = Fraction(rate.unit_price)
        cost += (above.or_zero() if rate.start_quantity else above) * Formula(price - last)
        last = price
    return cost


def _law(part: Component) -> Formula:
    return part.formula or Formula(Fraction(part.quantity))


def _rates(parts: Sequence[Component], *, free_tier: bool) -> Sequence[Rate]:
    price = parts[0].price
    assert price is not None
    return price.rates if free_tier else without_free_tier(price.rates)


def _account_quantity(parts: Sequence[Component]) -> Formula:
    quantity = _law(parts[0])
    for part in parts[1:]:
        quantity += _law(part)
    return quantity


def _sku_cost(parts: Sequence[Component], *, free_tier: bool) -> Formula:
    return graduated(_account_quantity(parts), _rates(parts, free_tier=free_tier))


def _shared_costs(parts: Sequence[Component], cost: Formula, *, free_tier: bool) -> list[tuple[str, Formula]]:
    """Hand an SKU's cost to the resources that use it, in proportion: tiers apply to the account's sum."""
    if len(parts) == 1:
        return [(parts[0].resource, cost)]
    rates = _rates(parts, free_tier=free_tier)
    if len(rates) == 1:
        return [(part.resource, graduated(_law(part), rates)) for part in parts]
    whole = _account_quantity(parts)
    if not whole.terms and not whole.constant:
        return []
    return [(part.resource, cost * (_law(part) / whole)) for part in parts]
