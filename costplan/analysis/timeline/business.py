"""What a month of the business comes to: revenue, fees, other costs, margin, grants and cash.

VAT as `stated_amounts` says. Out of scope: when VAT is settled (cash moves in the month of the sale), taxes
on profit or income, and the income above which the simplified scheme ends, or pays 5 or 7 % of VAT without
deduction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from costplan.analysis.curve.priced_design import Bill
from costplan.analysis.timeline.documents import BusinessMonth
from costplan.analysis.timeline.stated_amounts import NOTHING, StatedAmounts, Taxes
from costplan.quantities.money import quantized
from costplan.scenario.business import Business, Grant
from costplan.scenario.loaded import LoadedScenario


class Tariff:
    """The figures of a business, as the company bears them.

    Args:
        scenario: With a `business` section.
        taxes: The plan's currency, and what becomes of VAT.

    Raises:
        InputError: Amounts are not stated in the currency.
    """

    def __init__(self, scenario: LoadedScenario, taxes: Taxes) -> None:
        business = scenario.model.business or Business()
        read = StatedAmounts(scenario, taxes)
        self.taxes = taxes
        self._paying_share = business.paying_share.value
        self._price_per_user = read.amount(business.price_per_user, "price_per_user")
        self._price_per_request = read.amount(business.price_per_request, "price_per_request")
        fee = business.payment_fee
        self._fee_vat = fee.vat if fee else "none"
        self._fee_share = fee.share.value if fee else NOTHING
        self._fee_fixed = read.amount(fee.fixed, "payment_fee", "fixed") if fee else NOTHING
        self.earns = bool(business.price_per_user or business.price_per_request)
        self.cash = read.amount(business.cash, "cash") if business.cash else None
        self.grants = [
            (grant, read.amount(grant.amounts, "grants", number, "amounts"))
            for number, grant in enumerate(business.grants)
        ]
        self.other_costs = NOTHING
        for number, cost in enumerate(business.costs):
            amount = read.amount(cost.amounts, "costs", number, "amounts")
            self.other_costs += taxes.borne(amount, cost.vat)
        read.refuse_faults()

    def revenue(self, users: Fraction, requests: Fraction) -> Fraction:
        """Return what is earned, without the VAT that is passed on."""
        return self.taxes.without_vat(self._payments(users, requests))

    def fees(self, users: Fraction, requests: Fraction) -> Fraction:
        """Return what payments cost: a part of what customers pay, and an amount per paying user."""
        paying = users * self._paying_share
        taken = self._payments(users, requests) * self._fee_share + paying * self._fee_fixed
        return self.taxes.borne(taken, self._fee_vat)

    def _payments(self, users: Fraction, requests: Fraction) -> Fraction:
        return self._paying_share * (users * self._price_per_user + requests * self._price_per_request)


@dataclass(slots=True)
class _Left:
    """What is left of a grant."""

    grant: Grant
    amount: Fraction

    def pay(self, cost: Fraction) -> Fraction:
        """Spend as much as a cost asks for; return that."""
        paid = min(self.amount, cost)
        self.amount -= paid
        return paid


class Ledger:
    """Keeps cash and grants from month to month."""

    def __init__(self, tariff: Tariff) -> None:
        self._tariff = tariff
        self._cash = tariff.cash
        ordered = sorted(tariff.grants, key=lambda found: found[0].ends)
        self._grants = [_Left(grant, amount) for grant, amount in ordered]

    def skip(self) -> None:
        """Go on after a month whose costs are not known: nor is the cash from then on."""
        self._cash = None

    def book(self, month: date, users: int | None, requests: int, bill: Bill, move: Decimal) -> BusinessMonth:
        """Book one month.

        Args:
            month: Its first day.
            users: None where they are not known.
            requests: Of the month.
            bill: The cloud's.
            move: What a move costs once; the margin leaves it out.
        """
        tariff = self._tariff
        volume = Fraction(users or 0), Fraction(requests)
        revenue, fees = tariff.revenue(*volume), tariff.fees(*volume)
        cloud = Fraction(bill.spend)
        margin = revenue - fees - cloud - tariff.other_costs
        granted = self._granted(month, bill, fees + tariff.other_costs + Fraction(move))
        if self._cash is not None:
            self._cash += margin + granted - Fraction(move)
        return BusinessMonth(
            revenue=quantized(revenue),
            fees=quantized(fees),
            other_costs=quantized(tariff.other_costs),
            margin=quantized(margin),
            margin_per_user=quantized(margin / users) if users else None,
            margin_per_request=quantized(margin / requests) if requests else None,
            grants=quantized(granted),
            expired=quantized(self._expired(month)),
            cash=None if self._cash is None else quantized(self._cash),
        )

    def _granted(self, month: date, bill: Bill, rest: Fraction) -> Fraction:
        """Return what grants save of a month's costs.

        A credit pays the bill as it stands; VAT is deducted of what is left of the bill alone.
        """
        valid = [left for left in self._grants if left.grant.starts <= month <= left.grant.ends]
        gross, cloud = Fraction(bill.gross), Fraction(bill.spend)
        unpaid = gross
        for left in valid:
            if left.grant.pays == "cloud":
                unpaid -= left.pay(unpaid)
        still = cloud * unpaid / gross if gross else NOTHING
        saved = cloud - still
        for left in valid:
            if left.grant.pays == "everything":
                paid = left.pay(still + rest)
                saved += paid
                rest -= paid
        return saved

    def _expired(self, month: date) -> Fraction:
        lost = NOTHING
        for left in self._grants:
            if left.grant.ends <= month:
                lost += left.amount
                left.amount = NOTHING
        return lost
