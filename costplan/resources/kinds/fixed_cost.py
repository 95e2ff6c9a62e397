"""A cost that is stated, not priced: a subscription, labour, a licence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from costplan.checked.markers import BeforeValidator, Field
from costplan.resources.contract import Meter, PricingContext, Resource, Role, StatedCost, Usage
from costplan.source.fields import Currency, Exact, Text, money_by_currency


class FixedCost(Resource):
    """An amount per month in its own currency; there is no exchange rate, so each currency is stated."""

    meters: ClassVar[frozenset[Meter]] = frozenset()
    example: ClassVar[str] = "{kind: fixed-cost, amounts: 5000 RUB, source: price list of the licence}"

    kind: Literal["fixed-cost"]
    role: Role = "other"
    amounts: Annotated[
        dict[Currency, Exact],
        Field(min_length=1),
        BeforeValidator(money_by_currency, json_schema_input_type=str | dict[str, Exact]),
    ]
    """Amount per month: `490 RUB`, or by currency `{RUB: 490, USD: 5}`. In another currency it is
    unpriced."""
    source: Text
    """Where the amount was read, or who stated it."""
    vat: Literal["as-list", "none"] = "as-list"
    """Whether VAT is in the amount as it is in list prices of that currency, or does not apply (labour)."""

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """The stated amount."""
        amounts = {str(currency): amount for currency, amount in self.amounts.items()}
        yield StatedCost(self.source, amounts, self.source, taxed=self.vat == "as-list")
