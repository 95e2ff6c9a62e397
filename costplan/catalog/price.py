"""Which price of a SKU holds on a day, in a currency: quoted, or derived by the catalog's own rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from costplan.catalog.model import Confidence, CurrencyRules, Derivation, PricingVersion, Rate, Sku
from costplan.checked.records import dataclass
from costplan.messages.reason import Reason
from costplan.quantities.money import EXACT, plain
from costplan.quantities.pricing_units import PricingUnit
from costplan.source.fields import Currency as Currency  # everybody takes it from here, with the prices

PriceOrigin = Literal["list", "third-party", "derived", "unverified", "assumed"]
"""Where a price comes from; `assumed` is a stand-in that a scenario states where the catalog has none."""


@dataclass(frozen=True, slots=True)
class Price:
    """The rates of one SKU that hold on one day in one currency, with their origin."""

    sku: Sku
    version: PricingVersion
    unit: PricingUnit
    rates: tuple[Rate, ...]
    confidence: PriceOrigin
    source: str
    rule: str | None = None
    """How the price was computed, for derived ones."""


def price_on(sku: Sku, currency: Currency, day: date, currencies: Mapping[str, CurrencyRules]) -> Price | str:
    """Find the price of a SKU.

    The newest version that has begun and states the currency, or another currency that it follows, counts.

    Returns:
        The price, or the sentence that says why there is none.
    """
    begun = [version for version in sku.prices if version.effective_from <= day]
    for version in reversed(begun):
        if currency not in version.rates and not _derivation(version, currency, day, currencies):
            continue
        if not version.holds_on(day):
            return Reason(
                "the last known price ended on {day}; no later one is known",
                version.effective_until,
            )
        return _price(sku, version, currency, day, currencies)
    if begun:
        return Reason("no price in {currency} is known for {day}", currency, day)
    return Reason("no price is known before {day}", sku.prices[0].effective_from)


def _price(
    sku: Sku, version: PricingVersion, currency: Currency, day: date, currencies: Mapping[str, CurrencyRules]
) -> Price:
    unit = sku.unit_of(version)
    quoted = version.rates.get(currency)
    if quoted:
        return Price(sku, version, unit, quoted, version.confidence, version.source, version.rule)
    derivation = _derivation(version, currency, day, currencies)
    base = currencies[currency].derived_from
    assert derivation is not None
    assert base is not None
    rates = tuple(
        Rate.model_construct(
            start_quantity=rate.start_quantity, unit_price=derived_price(rate.unit_price, derivation)
        )
        for rate in version.rates[base]
    )
    confidence: Confidence = (
        "unverified" if "unverified" in {version.confidence, derivation.confidence} else "derived"
    )
    return Price(sku, version, unit, rates, confidence, version.source, derivation_rule(derivation, base))


def _derivation(
    version: PricingVersion, currency: str, day: date, currencies: Mapping[str, CurrencyRules]
) -> Derivation | None:
    rules = currencies.get(currency)
    if rules is None or rules.derived_from not in version.rates:
        return None
    holding = [
        found
        for found in rules.derivations
        if found.effective_from <= day and (found.effective_until is None or day < found.effective_until)
    ]
    return holding[-1] if holding else None


def derived_price(price: Decimal, derivation: Derivation) -> Decimal:
    """Compute a price in one currency from another's, rounded half up as the published list is.

    Example: 1.24 RUB x 0.00819672 -> 0.0101639328 USD.
    """
    if derivation.factor is not None:
        value = EXACT.multiply(price, derivation.factor)
    else:
        assert derivation.divisor is not None
        value = EXACT.divide(price, derivation.divisor)
    return value.quantize(Decimal(1).scaleb(-derivation.decimals), rounding=ROUND_HALF_UP, context=EXACT)


def derivation_rule(derivation: Derivation, base: str) -> str:
    """Say the rule in words: `RUB price x 0.00819672, rounded to 10 decimals`."""
    if derivation.factor is not None:
        step = f"x {plain(derivation.factor)}"
    else:
        assert derivation.divisor is not None
        step = f"/ {plain(derivation.divisor)}"
    return f"{base} price {step}, rounded to {derivation.decimals} decimals ({derivation.source})"


def vat_rate_on(rules: CurrencyRules, day: date) -> Decimal | None:
    """Return the VAT rate inside a currency's prices on a day; None when excluded or unknown."""
    begun = [found for found in rules.vat_rates if found.effective_from <= day]
    return begun[-1].rate if begun and rules.vat == "included" else None
