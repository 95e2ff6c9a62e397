"""Amounts of a `business` section in one currency, as the company bears them.

VAT is treated as the Russian Tax Code has it. A payer passes on the VAT inside the prices that customers pay
(articles 164 and 168) and deducts the VAT inside what it buys (articles 171 and 172): revenue and costs count
net. Who does not pay VAT under the simplified scheme (article 346.11 with 145) keeps prices whole, and the
VAT inside what it buys is part of the cost (article 170, paragraph 2, item 3). The rate is that of the
catalog on the day of the prices. Where a currency's prices exclude VAT, there is none in any amount.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from costplan.catalog.price import Currency
from costplan.messages.errors import Fault, InputError
from costplan.messages.reason import Reason
from costplan.messages.text import listed
from costplan.scenario.business import Amounts
from costplan.scenario.load import in_file_order
from costplan.scenario.loaded import LoadedScenario
from costplan.source.reader import locate

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Taxes:
    """The currency of a plan, and what becomes of VAT."""

    currency: Currency
    vat_rate: Decimal | None
    """Rate inside prices of the currency; None where they exclude VAT."""
    deducts_vat: bool

    def without_vat(self, amount: Fraction) -> Fraction:
        """Take VAT out of an amount, where it is passed on or deducted."""
        if not self.deducts_vat or self.vat_rate is None:
            return amount
        return amount / (1 + Fraction(self.vat_rate))

    def borne(self, amount: Fraction, vat: str) -> Fraction:
        """Return what is borne of a cost whose VAT is inside `as-list`, or which has `none`."""
        return self.without_vat(amount) if vat == "as-list" else amount


@dataclass(frozen=True, slots=True)
class StatedAmounts:
    """Reads the amounts of one scenario and collects what is missing."""

    scenario: LoadedScenario
    taxes: Taxes
    faults: list[Fault] = field(default_factory=list)

    def amount(self, amounts: Amounts | None, *path: str | int) -> Fraction:
        """Return an amount in the plan's currency; 0 where nothing is stated at all.

        Args:
            amounts: By currency; when that of the plan is missing, it is a fault.
            path: Where it is written, inside `business`.
        """
        if amounts is None:
            return NOTHING
        currency, stated = self.taxes.currency, amounts
        if currency not in stated:
            message = Reason("is stated in {stated} only; there is no exchange rate", listed(stated))
            self.fault(
                path, message, Reason("add `{currency}: ...` beside it, or choose with --currency", currency)
            )
            return NOTHING
        return Fraction(stated[currency])

    def fault(self, path: tuple[str | int, ...], message: str, hint: str | None = None) -> None:
        """Note a fault at a place inside `business`."""
        mark, written = locate(self.scenario.node, ["business", *path])
        self.faults.append(Fault(message, mark, written, hint))

    def refuse_faults(self) -> None:
        """End where something is wrong.

        Raises:
            InputError: With every fault that was found.
        """
        if self.faults:
            raise InputError(in_file_order(self.faults))


def taxes_of(scenario: LoadedScenario, currency: Currency, vat_rate: Decimal | None) -> Taxes:
    """Return what becomes of VAT in the company that a scenario describes; it deducts none unless it says so.

    Raises:
        InputError: It deducts VAT at a rate that is not known.
    """
    business = scenario.model.business
    deducts = business is not None and business.vat == "payer"
    taxes = Taxes(currency, vat_rate, deducts)
    if deducts and vat_rate is None and scenario.catalog.currencies[currency].vat == "included":
        message = Reason("no VAT rate is known for prices in {currency} on this day", currency)
        raise InputError(scenario.fault("business.vat", message, "choose another day with --as-of"))
    return taxes


def migration_cost(scenario: LoadedScenario, taxes: Taxes) -> Fraction | None:
    """Return what it costs once to move to a design; None where it does not say.

    Raises:
        InputError: An amount is not stated in the plan's currency.
    """
    migration = scenario.model.business.migration if scenario.model.business else None
    if migration is None:
        return None
    read = StatedAmounts(scenario, taxes)
    paid = taxes.borne(read.amount(migration.amounts, "migration", "amounts"), migration.vat)
    hours = migration.hours.value if migration.hours else NOTHING
    labour = hours * read.amount(migration.hourly, "migration", "hourly")
    read.refuse_faults()
    return paid + labour
