"""What one option of a block costs by itself, and what options cost together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from costplan.analysis.plan.commitments import Terms, saving_of
from costplan.analysis.plan.dimensions import Alternative
from costplan.analysis.plan.documents import PlanViolation
from costplan.catalog.model import Rate
from costplan.catalog.price import Currency
from costplan.pricing.components import SkuKey, components_of
from costplan.pricing.feasibility import Caveat, Violation
from costplan.pricing.tiers import split_into_tiers, without_free_tier
from costplan.quantities.money import EXACT, exact_sum
from costplan.scenario.document.overrides import Override
from costplan.scenario.loaded import LoadedScenario


@dataclass(frozen=True, slots=True)
class Pricing:
    """How options are priced."""

    currency: Currency
    day: date
    terms: Terms


@dataclass(frozen=True, slots=True)
class Option:
    """What one block may be, priced."""

    alternatives: tuple[Alternative, ...]
    """Those that change something."""
    cost: Decimal
    """Of SKUs with one price, less what commitments save."""
    tiers: Mapping[SkuKey, Decimal]
    """Quantities of SKUs with graduated prices, which add up over the blocks."""
    unpriced: int
    misses: tuple[PlanViolation, ...]
    uses: Mapping[str, Fraction]
    """Of each quota: those that may be demanded by a short name, and the account's by their keys."""
    preemptible: tuple[str, ...]
    unknowns: tuple[Caveat, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    own_raises: tuple[Violation, ...] = ()
    """Quotas to be raised for a resource by itself, which no other shares."""

    @property
    def overrides(self) -> tuple[Override, ...]:
        """All changes to the scenario."""
        return tuple(one for alternative in self.alternatives for one in alternative.overrides)


@dataclass(frozen=True, slots=True)
class BlockCosts:
    """What a part of a scenario costs, as far as that does not depend on the other parts."""

    flat: Decimal
    tiers: dict[SkuKey, Decimal]
    rates: dict[SkuKey, Sequence[Rate]]
    unpriced: int
    saving: Decimal


def block_costs(part: LoadedScenario, pricing: Pricing) -> BlockCosts:
    """Price a part of a scenario exactly as the engine does."""
    components, charges = components_of(part, pricing.currency, pricing.day)
    flat: list[Decimal] = []
    tiers: dict[SkuKey, Decimal] = {}
    rates: dict[SkuKey, Sequence[Rate]] = {}
    for one in components:
        if one.price is None:
            continue
        own = one.price.rates if part.model.free_tier else without_free_tier(one.price.rates)
        if len(own) == 1:
            flat.append(EXACT.multiply(one.quantity, own[0].unit_price))
        else:
            tiers[one.key] = EXACT.add(tiers.get(one.key, Decimal(0)), one.quantity)
            rates[one.key] = own
    stated = [charge.amounts.get(pricing.currency) for _, charge in charges]
    flat += [amount for amount in stated if amount is not None]
    unpriced = sum(1 for one in components if one.price is None) + stated.count(None)
    saving = saving_of(part, pricing.currency, pricing.day, pricing.terms)
    return BlockCosts(exact_sum(flat), tiers, rates, unpriced, saving)


def tier_cost(quantity: Decimal, rates: Sequence[Rate]) -> Decimal:
    """Return what an account's quantity of one SKU costs."""
    return exact_sum([piece.cost for piece in split_into_tiers(quantity, rates)])


def cost_of(options: Sequence[Option], rates: Mapping[SkuKey, Sequence[Rate]]) -> Decimal:
    """Return the exact monthly cost of one option of each block."""
    sums: dict[SkuKey, list[Decimal]] = {}
    for option in options:
        for key, quantity in option.tiers.items():
            sums.setdefault(key, []).append(quantity)
    tiers = [tier_cost(exact_sum(parts), rates[key]) for key, parts in sums.items()]
    return exact_sum([*(option.cost for option in options), *tiers])
