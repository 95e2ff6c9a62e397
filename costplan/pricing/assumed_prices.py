"""A price that a scenario states where the catalog has none: used in its place, and said where it counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from costplan.catalog.model import PricingVersion, Rate, Sku
from costplan.catalog.price import Currency, Price, PriceOrigin, price_on
from costplan.checked.records import dataclass
from costplan.messages.reason import Reason
from costplan.pricing.catalog_stamp import AssumedPrice, PriceUser
from costplan.quantities.money import exact_sum
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.model import StandIn

if TYPE_CHECKING:
    from costplan.pricing.estimate import LineItem

SkuKey = tuple[str, str]
"""Service and code."""


def price_in(scenario: LoadedScenario, key: SkuKey, unit: str, currency: Currency, day: date) -> Price | str:
    """Return the price of a SKU: the catalog's, else the one that the scenario states in its place.

    Args:
        scenario: With its stand-ins.
        key: Service and code.
        unit: What the price is per, where neither the catalog nor the stand-in says: as it is used.
        currency: The currency of the bill.
        day: Whose prices hold.

    Returns:
        The price, or the sentence that says why there is none.
    """
    found = scenario.catalog.price(*key, currency, day)
    stand_in = _stated(scenario, key)
    if not isinstance(found, str) or stand_in is None:
        return found
    sku = _sku(scenario, key, stand_in, unit, day)
    price = price_on(sku, currency, day, scenario.catalog.currencies)
    if isinstance(price, str):
        return Reason(
            "{found}; the stand-in is in {currency}, from which no {wanted} price follows",
            found,
            stand_in.currency,
            currency,
        )
    return replace(price, confidence="assumed", source=stand_in.reason)


def _stated(scenario: LoadedScenario, key: SkuKey) -> StandIn | None:
    """Return the stand-in for a SKU, which may name a former code of it."""
    prices = scenario.model.prices
    return next((prices[code] for code in scenario.catalog.codes_of(*key) if code in prices), None)


def _sku(scenario: LoadedScenario, key: SkuKey, stand_in: StandIn, unit: str, day: date) -> Sku:
    """Make a SKU of one price, from which other currencies follow as from a list's."""
    rate = Rate.model_construct(start_quantity=Decimal(0), unit_price=stand_in.value)
    version = PricingVersion.model_construct(
        effective_from=day,
        effective_until=None,
        source=stand_in.reason,
        checked=day,
        confidence="unverified",
        rates={stand_in.currency: (rate,)},
    )
    return Sku.model_construct(
        code=key[1],
        name=scenario.catalog.name_of(*key) or key[1],
        pricing_unit=unit_of(scenario, key, stand_in, unit),
        prices=(version,),
    )


def unit_of(scenario: LoadedScenario, key: SkuKey, stand_in: StandIn, used: str) -> str:
    """Return what a stand-in is per: as it says, as the catalog sells the SKU, or as it is used."""
    sku = scenario.catalog.sku(*key)
    return stand_in.unit or (sku.pricing_unit if sku is not None else used or "month")


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a SKU."""

    key: SkuKey
    unit: str
    resource: str
    origin: PriceOrigin | None
    """Where its price comes from; None where it has none."""


def assumed_prices(scenario: LoadedScenario, uses: Iterable[Use]) -> Iterator[AssumedPrice]:
    """Give the stand-ins of a scenario with all who use their SKUs."""
    users: dict[str, list[Use]] = {}
    for use in uses if scenario.model.prices else ():
        for code in scenario.catalog.codes_of(*use.key):
            users.setdefault(code, []).append(use)
    for code, stand_in in scenario.model.prices.items():
        found = users.get(code, [])
        key, unit = (found[0].key, found[0].unit) if found else (("", code), "")
        yield AssumedPrice(
            sku=code,
            service=key[0],
            name=(scenario.catalog.name_of(*key) if found else "") or code,
            value=stand_in.value,
            currency=stand_in.currency,
            unit=unit_of(scenario, key, stand_in, unit) if found else stand_in.unit or "",
            reason=stand_in.reason,
            state=_state(found),
            used_by=tuple(dict.fromkeys(PriceUser(scenario.name, use.resource) for use in found)),
        )


def _state(uses: Sequence[Use]) -> Literal["used", "not-needed", "other-currency", "unused"]:
    origins = {use.origin for use in uses}
    if not origins:
        return "unused"
    return "used" if "assumed" in origins else "other-currency" if None in origins else "not-needed"


def with_costs(prices: Sequence[AssumedPrice], lines: Sequence[LineItem]) -> tuple[AssumedPrice, ...]:
    """Say what of a bill rests on each stand-in."""
    return tuple(
        replace(price, monthly_cost=assumed_cost(line for line in lines if line.sku == price.sku))
        for price in prices
    )


def assumed_cost(lines: Iterable[LineItem]) -> Decimal:
    """Return the cost of those lines whose price is a stand-in."""
    return exact_sum([line.monthly_cost for line in lines if line.provenance == "assumed"])
