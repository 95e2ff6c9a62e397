"""What a price catalog holds: SKUs with dated, sourced, graduated prices, and what may be bought together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from costplan.checked.markers import BeforeValidator, Field, WithJsonSchema, model_validator
from costplan.checked.records import dataclass
from costplan.quantities.pricing_units import PricingUnit, pricing_unit
from costplan.source.fields import Currency, Date, Exact, Flag, Model, Name, Text, Whole, money_by_currency

Confidence = Literal["list", "third-party", "derived", "unverified"]
"""Where a price was read: the provider's own page or API; somebody who read it there; computed by the rule
that is given; seen once, source not recorded."""


def _known_unit(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a pricing unit such as `core*hour`")
    pricing_unit(value)
    return value


Unit = Annotated[
    str, BeforeValidator(_known_unit), WithJsonSchema({"type": "string", "examples": ["core*hour"]})
]
Code = Annotated[
    str,
    Field(pattern=r"^[a-z0-9_]+([.-][a-z0-9_]+)*$", max_length=100),
]


class Rate(Model):
    """Unit price for one interval of pricing quantity."""

    start_quantity: Exact
    """Quantity above which this price holds, in the SKU's pricing unit."""
    unit_price: Exact
    """List price of one pricing unit; VAT as the catalog states for the currency."""


def _one_price_is_one_rate(value: object) -> object:
    return [{"start_quantity": "0", "unit_price": value}] if isinstance(value, str) else value


Rates = Annotated[tuple[Rate, ...], BeforeValidator(_one_price_is_one_rate), Field(min_length=1)]


class PricingVersion(Model):
    """The prices of a SKU from one date on."""

    effective_from: Date
    """First day of these prices."""
    effective_until: Date | None = None
    """First day on which these prices no longer hold and no later ones are known."""
    source: Text
    """The page, file or note that the price was read from."""
    checked: Date
    """When the source was last read."""
    confidence: Confidence
    rule: Text | None = None
    """How a `derived` price was computed."""
    note: Text | None = None
    start_known: Flag = True
    """False when only a later day is known on which the price was quoted; `effective_from` is then that day,
    or the first day of the quoted month or year."""
    free: Flag = False
    """Says that prices of 0 are meant: the source says that nothing is paid."""
    pricing_unit: Unit | None = None
    """Set when this list priced another unit than the SKU does: `GB*month` instead of `GB*hour`."""
    rates: Annotated[dict[Currency, Rates], BeforeValidator(money_by_currency)]
    """Graduated rates per currency; a lone price is the rate from 0, and may be written `1.20 RUB`."""

    @model_validator(mode="after")
    def _consistent(self) -> PricingVersion:
        if self.confidence == "derived" and not self.rule:
            raise ValueError("a derived price needs its `rule`")
        if self.effective_until and self.effective_until <= self.effective_from:
            raise ValueError("`effective_until` must be after `effective_from`")
        return self

    def holds_on(self, day: date) -> bool:
        """Say whether these prices hold on a day, as far as this version alone can tell."""
        return self.effective_from <= day and (self.effective_until is None or day < self.effective_until)


BillingId = Annotated[str, Field(pattern=r"^[a-z0-9]{10,50}$")]
"""The provider's identifier of a SKU."""


class Sku(Model):
    """One sellable item."""

    code: Code
    """The provider's code where it is known (`code_known`), else one of the same pattern."""
    code_known: Flag = False
    former_codes: tuple[Code, ...] = ()
    """Codes that the catalog gave it before; scenarios and overlays that name one mean this SKU."""
    id: BillingId | None = None
    """Identifier in the provider's billing API, where known."""
    billing_ids: Annotated[tuple[BillingId, ...], Field(max_length=50)] = ()
    """Identifiers of further billing SKUs that are this one here: they are sold at its price."""
    name: Text
    pricing_unit: Unit
    """What one price is per."""
    prices: Annotated[tuple[PricingVersion, ...], Field(min_length=1)]
    """Price versions, oldest first."""

    def unit_of(self, version: PricingVersion) -> PricingUnit:
        """Return the unit that a version's quantities and rates are in."""
        return pricing_unit(version.pricing_unit or self.pricing_unit)


class KnownMissing(Model):
    """A price that the catalog knows it does not have; it comes out as unpriced, never guessed."""

    code: Code
    former_codes: tuple[Code, ...] = ()
    """Codes that the catalog gave it before."""
    id: BillingId | None = None
    """Identifier in the provider's billing API, where known: an answer of it brings the price."""
    name: Text
    reason: Text


Term = Annotated[str, Field(pattern=r"^[my][1-9]\d?$")]
"""How long a commitment runs: `m6` is 6 months, `y1` a year."""
UNITS_OF_TERMS = {"m": "month", "y": "year"}


def term_in_words(term: str) -> str:
    """Say how long a term is: `6 months`, `1 year`."""
    count, unit = int(term[1:]), UNITS_OF_TERMS[term[0]]
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


class Commitment(Model):
    """What may be bought for a term in place of a SKU, at a lower price that is paid whether used or not."""

    covers: Code
    """SKU whose use it takes the place of."""
    terms: Annotated[dict[Term, Code], Field(min_length=1)]
    """SKU of the same thing for a term; `known_missing` where its price was not found."""


class MachineSkus(Model):
    """The SKUs of one way to buy a machine's parts."""

    cpu: Code
    ram: Code
    gpu: Code | None = None


class CpuShape(Model):
    """Valid numbers of vCPU with the memory each may have."""

    vcpu: Annotated[tuple[Whole, ...], Field(min_length=1)]
    memory_per_vcpu: tuple[Exact, ...] = ()
    """Allowed GB per vCPU; empty when `memory` lists the totals instead."""
    memory: tuple[Exact, ...] = ()
    """Allowed GB in total, for shapes that are sold whole."""
    gpu: Whole = 0
    """GPUs of this shape."""


class CoreFraction(Model):
    """A guaranteed share of a core with the shapes it is sold in."""

    fraction: Whole
    """Percent of a core."""
    on_demand: MachineSkus
    preemptible: MachineSkus | None = None
    shapes: Annotated[tuple[CpuShape, ...], Field(min_length=1)]


class Platform(Model):
    """A hardware platform of virtual machines or database hosts."""

    name: Name
    title: Text
    source: Text
    gpu: Text | None = None
    """Name of the GPU model, for platforms that have one."""
    fractions: Annotated[tuple[CoreFraction, ...], Field(min_length=1)]


class DiskType(Model):
    """A type of disk or database storage."""

    name: Name
    title: Text
    sku: Code
    step_gb: Exact = Decimal(1)
    """Sizes are multiples of this."""
    min_gb: Exact = Decimal(1)
    max_gb: Exact | None = None
    min_hosts: Whole = 1
    """Fewest hosts of a cluster that may use this type."""
    filesystem_sku: Code | None = None
    """SKU of a file storage that is kept on it; None where none is sold."""
    in_place_of: Name | None = None
    """Another type, which on `on_platforms` is sold as this one is: the provider calls both by that name."""
    on_platforms: tuple[Name, ...] = ()
    holds_hosts: Flag = False
    """Whether hosts with it are billed in full while their cluster is stopped: it keeps their resources."""
    source: Text


class Preset(Model):
    """A machine shape that is bought by name."""

    name: Name
    platform: Name | None = None
    fraction: Whole = 100
    vcpu: Whole
    memory_gb: Exact
    source: Text


AppliesTo = Literal["call", "total"]
"""Whether a rule is applied to each call or to the month's sum."""


class RuleChoice(Model):
    """Another way to read a rule."""

    value: Exact
    applies_to: AppliesTo | None = None
    """What the number is applied to, where that makes a difference; as the rule itself when left out."""


def _a_number_is_a_choice(value: object) -> object:
    return {"value": value} if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Reading:
    """A rule as it is read: by its own words, or as a scenario chose."""

    name: str
    """By which a scenario chooses it."""
    value: Decimal
    applies_to: AppliesTo | None


class Rule(Model):
    """A number from the provider's rules that changes what is billed."""

    name: Name
    value: Exact
    unit: Text
    note: Text
    source: Text
    applies_to: AppliesTo | None = None
    """What the number is applied to, where that makes a difference."""
    choices: dict[str, Annotated[RuleChoice, BeforeValidator(_a_number_is_a_choice)]] = {}
    """Readings that a resource may ask for by name; a lone number applies to what the rule itself does."""

    def reading(self, choice: str | None = None) -> Reading:
        """Return the reading of a name, else the rule's own.

        Raises:
            KeyError: The rule has no such reading.
        """
        if choice is not None:
            chosen = self.choices[choice]
            return Reading(choice, chosen.value, chosen.applies_to or self.applies_to)
        own = Reading(self.name, self.value, self.applies_to)
        named = (self.reading(name) for name in self.choices)
        same = (one for one in named if (one.value, one.applies_to) == (own.value, own.applies_to))
        return next(same, own)


class Closing(Model):
    """What is known of a service's end."""

    ends: Date
    """First day on which the service is off."""
    closed_to_new: Date | None = None
    """First day on which new users are refused."""
    read_only: Date | None = None
    """First day on which nothing can be written any more."""
    successor: Name | None = None
    """Service of the catalog that takes its place."""
    source: Text
    """The page that says so."""
    checked: Date
    """When the source was last read."""

    @model_validator(mode="after")
    def _in_order(self) -> Closing:
        known = [day for day in (self.closed_to_new, self.read_only, self.ends) if day is not None]
        if known != sorted(known):
            raise ValueError("`closed_to_new`, `read_only` and `ends` must follow each other")
        return self

    def state_on(self, day: date) -> Literal["ending", "closed-to-new", "read-only", "ended"]:
        """Return how far the end has come on a day."""
        if day >= self.ends:
            return "ended"
        if self.read_only is not None and day >= self.read_only:
            return "read-only"
        if self.closed_to_new is not None and day >= self.closed_to_new:
            return "closed-to-new"
        return "ending"


class Service(Model):
    """One file of the catalog: the prices and rules of one service."""

    service: Name
    title: Text
    service_id: Text | None = None
    """Identifier in the provider's billing API, where known."""
    closing: Closing | None = None
    """When and how the provider ends the service; None where no end is known."""
    new: Flag = False
    """In a layer: says that no layer below has this service, and that this is meant."""
    adds: tuple[Text, ...] = ()
    """In a layer: codes and names that it adds to the service below; all else must be there already."""
    defaults: dict[Name, Name] = {}
    """What is taken where a scenario names none: `platform`, `disk-type`, `preset` and what else kinds ask
    for -> one of the platforms, disk types or presets below."""
    meters: dict[Name, Code] = {}
    """What resource kinds name -> the SKU that it is billed by; a meter that is not here is unpriced."""
    skus: tuple[Sku, ...] = ()
    known_missing: tuple[KnownMissing, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    platforms: tuple[Platform, ...] = ()
    disk_types: tuple[DiskType, ...] = ()
    presets: tuple[Preset, ...] = ()
    rules: tuple[Rule, ...] = ()


class DatedRate(Model):
    """A number that holds from a date on."""

    effective_from: Date
    rate: Exact
    source: Text


class Derivation(Model):
    """How a list in one currency follows from another's, from a date on."""

    effective_from: Date
    effective_until: Date | None = None
    factor: Exact | None = None
    """Multiply by this."""
    divisor: Exact | None = None
    """Or divide by this."""
    decimals: Whole
    """Round half up to so many decimals, as the published list does."""
    confidence: Confidence
    source: Text

    @model_validator(mode="before")
    @classmethod
    def _one_of_both(cls, data: Any) -> Any:
        if isinstance(data, dict) and ("factor" in data) == ("divisor" in data):
            raise ValueError("needs either `factor` or `divisor`")
        return data


class CurrencyRules(Model):
    """How prices in one currency are stated."""

    currency: Currency
    vat: Literal["included", "excluded"]
    vat_rates: tuple[DatedRate, ...] = ()
    """Rates of the VAT that is inside the prices, oldest first; 0.22 is 22 %."""
    minor_digits: Whole = 2
    derived_from: Currency | None = None
    """The currency whose list this one follows where a price is not quoted."""
    derivations: tuple[Derivation, ...] = ()


class CatalogIndex(Model):
    """`catalog.yaml`: what holds for every service of the catalog."""

    catalog: Name
    title: Text
    region: Name
    as_of: Date
    """Day for which the prices were last collected: what an estimate takes unless it is given another."""
    currencies: Annotated[tuple[CurrencyRules, ...], Field(min_length=1)]
    """The first is that of scenarios which name none."""
    commitment_terms: tuple[Term, ...] = ()
    """Terms for which commitments are sold, the shortest first."""
    common_machines: tuple[Text, ...] = ()
    """What measurements are priced on where nobody says on what: `PLATFORM:VCPUxGB`, `serverless:1x1`."""
