"""What one design costs at any load, with and without VAT, and whether it meets its requirements there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from costplan.catalog.price import Currency
from costplan.pricing.bill_formula import LOAD, ConstraintFormula, bill_formula, with_variable_load
from costplan.pricing.components import components_of
from costplan.pricing.engine import price_scenario, priced_lines
from costplan.pricing.estimate import Estimate, LineItem
from costplan.pricing.feasibility import Verdict, Violation, verdict_of
from costplan.quantities.formula import Formula, Interpreter
from costplan.quantities.money import EXACT, quantized
from costplan.quantities.quantity import Quantity
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.month_length import in_month_of, states_month


@dataclass(frozen=True, slots=True)
class Bill:
    """The cost of one month at one load."""

    net: Decimal
    vat: Decimal
    gross: Decimal
    spend: Decimal
    """What the company bears: net where it deducts VAT, else gross."""
    unmet: tuple[ConstraintFormula, ...]
    """What breaks the design at this load."""
    quota_raises: tuple[Violation, ...]
    """Quotas that must be raised first."""
    verdict: Verdict


class PricedDesign:
    """A design at any load, by the formula of its bill; within a line's twelfth decimal of an estimate.

    Args:
        scenario: At any load.
        currency: Of all amounts; the scenario's own when left out.
        as_of: Another day than the scenario's, or the catalog's, own.
        deducts_vat: Whether the company bears the net cost.

    Raises:
        InputError: A resource needs a number of the workload that is not there.
    """

    def __init__(
        self,
        scenario: LoadedScenario,
        currency: Currency | None = None,
        as_of: date | None = None,
        *,
        deducts_vat: bool = False,
    ) -> None:
        self.scenario, self._deducts_vat = scenario, deducts_vat
        self.currency = currency or scenario.currency
        self.day = as_of or scenario.model.as_of or scenario.catalog.index.as_of
        self.formula = bill_formula(with_variable_load(scenario), currency=self.currency, as_of=self.day)
        self._months: dict[int, PricedDesign] = {}

    def in_month(self, hours: int) -> PricedDesign:
        """Return the same design in a month of so many hours; itself where the scenario states its own."""
        if states_month(self.scenario) or hours == self.scenario.model.hours_per_month:
            return self
        if hours not in self._months:
            month = in_month_of(self.scenario, hours)
            self._months[hours] = PricedDesign(month, self.currency, self.day, deducts_vat=self._deducts_vat)
        return self._months[hours]

    def at(self, load: int) -> Bill:
        """Return the bill at a load."""
        value = Interpreter({LOAD: Fraction(load)})
        gross = quantized(value(self.formula.total))
        net = quantized(value(self._net))
        unmet = tuple(constraint for constraint in self.formula.constraints if value(constraint.slack) < 0)
        raises = tuple(
            constraint.raised(slack)
            for constraint in self.formula.quotas
            if (slack := value(constraint.slack)) < 0
        )
        spend = net if self._deducts_vat else gross
        verdict = verdict_of(unmet, self.formula.unknowns)
        return Bill(net, EXACT.subtract(gross, net), gross, spend, unmet, raises, verdict)

    def lines_at(self, load: int) -> Mapping[str, Sequence[LineItem]]:
        """Return the lines of each resource's bill at a load, from the exact engine."""
        return priced_lines(self._at_load(load), self.currency, self.day).by_resource

    def _at_load(self, load: int) -> LoadedScenario:
        return self.scenario.without_budget().at_load(Quantity(load))

    def estimate_at(self, load: int) -> Estimate:
        """Return the bill at a load, from the exact engine."""

        def priced() -> Estimate:
            return price_scenario(self._at_load(load), currency=self.currency, as_of=self.day)

        bill: Estimate = self.scenario.remembered(("bill at", load, self.currency, self.day), priced)
        return bill

    @property
    def spend(self) -> Formula:
        """The monthly cost as the company bears it."""
        return self._net if self._deducts_vat else self.formula.total

    @cached_property
    def _net(self) -> Formula:
        rate = self.scenario.catalog.vat_rate(self.currency, self.day)
        if rate is None:
            return self.formula.total
        untaxed = Formula(self._untaxed_charges())
        return (self.formula.total - untaxed) / Formula(1 + Fraction(rate)) + untaxed

    @property
    def constraints(self) -> Sequence[Formula]:
        """What must not be below 0 for the design to meet its requirements."""
        return [constraint.slack for constraint in self.formula.constraints]

    def _untaxed_charges(self) -> Fraction:
        """Sum the stated costs that have no VAT in them: labour."""
        _, charges = components_of(self.scenario, self.currency, self.day)
        amounts = [charge.amounts.get(self.currency) for _, charge in charges if not charge.taxed]
        return sum((Fraction(amount) for amount in amounts if amount is not None), Fraction(0))
