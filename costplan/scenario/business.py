"""What a design earns and what else it costs: users, prices, fees, cash, grants, the tax regime, a move.

business:
  users: 2000
  requests_per_user: 250
  price_per_user: {RUB: 490}
  paying_share: {value: 4%, assumed: "as in similar services"}
  vat: simplified
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from costplan.checked.markers import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
from costplan.scenario.calendar import parse_month, written_month
from costplan.source.fields import MAX_LIST, Count, Currency, Exact, Model, Share, Text, money_by_currency


def _month(value: object) -> date:
    if not isinstance(value, str):
        raise ValueError("must be a month such as `2027-01`")
    return parse_month(value)


Month = Annotated[
    date, PlainValidator(_month), WithJsonSchema({"type": "string", "pattern": "^\\d{4}-\\d{2}$"})
]


def _positive(number: Quantity) -> Quantity:
    if number.value <= 0:
        raise ValueError("must be above zero")
    return number


def _whole(number: Quantity) -> Quantity:
    if number.value.denominator != 1:
        raise ValueError(Reason("must be a whole number, got {value}", f"{float(number.value):g}"))
    return _positive(number)


def _says_something(amounts: dict[str, Decimal]) -> dict[str, Decimal]:
    if not amounts:
        raise ValueError("needs an amount, such as `490 USD` or `{USD: 490}`")
    return amounts


Amounts = Annotated[
    dict[Currency, Exact],
    AfterValidator(_says_something),
    BeforeValidator(money_by_currency, json_schema_input_type=str | dict[Currency, Exact]),
]
"""One amount in several currencies, for there is no exchange rate: `490 USD`, or `{RUB: 490, USD: 5}`."""
InnerVat = Literal["as-list", "none"]
"""Whether VAT is in an amount as it is in list prices of that currency, or does not apply (labour)."""


class PaymentFee(Model):
    """What is taken from each payment on its way."""

    share: Share = Field(default_factory=lambda: Quantity(0))
    """Part of what the customer pays."""
    fixed: Amounts | None = None
    """Amount per payment; a paying user pays once a month."""
    vat: InnerVat = "none"
    """Whether VAT is in the fee; see the contract."""


class Grant(Model):
    """Money of others that may be spent for a time; what is left at its end expires."""

    name: Text
    """Who grants it, or for what."""
    amounts: Amounts
    """The whole amount."""
    starts: Month
    """First month in which it may be spent."""
    ends: Month
    """Last month in which it may be spent."""
    pays: Literal["cloud", "everything"] = "cloud"
    """`cloud`: a credit that pays bills as they stand, VAT and all. `everything`: money for any cost."""

    @model_validator(mode="after")
    def _begins_first(self) -> Grant:
        if self.ends < self.starts:
            ends, starts = written_month(self.ends), written_month(self.starts)
            raise ValueError(Reason("ends in {ends}, before it starts in {starts}", ends, starts))
        return self


class OtherCost(Model):
    """A cost per month besides the cloud: wages, an office."""

    name: Text
    """What is paid for."""
    amounts: Amounts
    """Amount per month."""
    vat: InnerVat = "as-list"
    """Whether VAT is inside as in list prices, or does not apply (labour)."""


class Migration(Model):
    """What it costs once to move to this design."""

    amounts: Amounts | None = None
    """What is paid to others."""
    vat: InnerVat = "as-list"
    """Whether VAT is inside that as in list prices, or does not apply."""
    hours: Count | None = None
    """Hours of one's own labour; there is no VAT in it."""
    hourly: Amounts | None = None
    """What an hour of that labour costs."""

    @model_validator(mode="after")
    def _adds_up(self) -> Migration:
        if (self.hours is None) != (self.hourly is None):
            raise ValueError("needs `hours` and `hourly` together")
        if self.amounts is None and self.hours is None:
            raise ValueError("needs `amounts`, or `hours` and `hourly`")
        return self


class Business(Model):
    """Who uses the service and pays for it, and what the company has and pays besides the cloud."""

    users: Annotated[Count, AfterValidator(_whole)] | None = None
    """Users in the first month; with `requests_per_user` they make `workload.monthly_requests`."""
    requests_per_user: Annotated[Count, AfterValidator(_positive)] | None = None
    """Requests of one user in a month, in the mean of the year."""
    paying_share: Share = Field(default_factory=lambda: Quantity(1))
    """Part of the users, and of their requests, that is paid for."""
    price_per_user: Amounts | None = None
    """What a paying user pays a month, VAT inside where the company pays VAT."""
    price_per_request: Amounts | None = None
    """What is paid per request, VAT inside where the company pays VAT."""
    payment_fee: PaymentFee | None = None
    """What banks and payment services take."""
    cash: Amounts | None = None
    """Money at hand before the first month."""
    grants: Annotated[tuple[Grant, ...], Field(max_length=MAX_LIST)] = ()
    """Grants that expire; the one that ends first is spent first."""
    costs: Annotated[tuple[OtherCost, ...], Field(max_length=MAX_LIST)] = ()
    """What is paid each month besides the cloud."""
    migration: Migration | None = None
    """What it costs once to move to this design."""
    vat: Literal["payer", "simplified"] | None = None
    """`payer`: VAT in costs is deducted, VAT in prices passed on. `simplified`: neither; costs are gross."""

    @model_validator(mode="after")
    def _hangs_together(self) -> Business:
        if self.requests_per_user is None and (self.users is not None or self.price_per_user is not None):
            given = "users" if self.users is not None else "price_per_user"
            raise ValueError(
                Reason("has `{given}` without `requests_per_user`: users would not make the load", given)
            )
        has_price = self.price_per_user is not None or self.price_per_request is not None
        if self.payment_fee is not None and not has_price:
            raise ValueError("has `payment_fee` without `price_per_user` or `price_per_request`")
        if self.payment_fee is not None and self.payment_fee.fixed and self.requests_per_user is None:
            raise ValueError("has a `fixed` fee without `requests_per_user`: payments cannot be counted")
        if self.vat is None and (has_price or self.cash or self.costs):
            raise ValueError("missing `vat`: `payer` deducts VAT, `simplified` does not")
        return self
