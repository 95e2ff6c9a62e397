"""A scenario: a workload, resources, budgets. Everything but the catalog that a bill depends on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from costplan.catalog.model import Code, Unit
from costplan.checked.markers import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from costplan.messages.reason import Reason
from costplan.quantities.money import parse_decimal, parse_money, plain
from costplan.resources.alternatives import Choices
from costplan.resources.localized import Localized
from costplan.resources.workload import Workload
from costplan.scenario.business import Business
from costplan.scenario.calendar import LAST_YEAR
from costplan.source.explained import CURRENCY_CODE
from costplan.source.fields import (
    MAX_LIST,
    Currency,
    Date,
    Exact,
    Flag,
    Model,
    Name,
    Size,
    Text,
    Whole,
    checked_text,
    money_by_currency,
)
from costplan.terraform.inventory import TerraformFile
from costplan.terraform.planned import MOST_RESOURCES

MAX_RESOURCES = 2000
"""Most resources of a scenario that somebody wrote: a file of five megabytes must not take minutes."""


def _with_currency(data: object, *keys: str) -> object:
    """Take the currency out of amounts that name it: `total: 235 USD` is `currency: USD` and `total: 235`.

    Raises:
        ValueError: The amounts are in several currencies.
    """
    if not isinstance(data, dict):
        return data
    stated = data.get("currency")
    found = dict(data)
    for key in keys:
        try:
            money = parse_money(str(data.get(key)), stated)
        except ValueError:
            continue  # the field itself says what is wrong with it
        if stated is not None and money.currency != stated:
            raise ValueError(
                Reason("is in {stated}, but `{key}` is in {currency}", stated, key, money.currency)
            )
        stated = money.currency
        found[key] = plain(money.amount)
    return found if stated is None else found | {"currency": stated}


def _amounts_may_name_it(schema: dict[str, Any]) -> None:
    schema["required"] = [key for key in schema.get("required", []) if key != "currency"]


class BudgetPart(Model):
    """The budget of a part of the design."""

    name: Text
    """What the part is called in the bill."""
    amount: Exact
    """Amount per month, in the budget's currency."""
    resources: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Names of the resources that this pays for; a resource belongs to one part at most."""


class Budget(Model, schema_extra=_amounts_may_name_it):
    """The budget per month, in its own currency and with VAT as that currency's list states."""

    currency: Currency
    """Currency of all amounts, where they do not name it."""
    parts: Annotated[tuple[BudgetPart, ...], Field(max_length=MAX_LIST)] = ()
    """The budgets of parts of the design."""
    total: Exact | None = None
    """The sum of the parts when left out."""

    @model_validator(mode="after")
    def _states_an_amount(self) -> Budget:
        if not self.parts and self.total is None:
            raise ValueError("needs `parts` or a `total`")
        return self


def _budget(data: object) -> object:
    """Read a budget that is written in short: `235 USD`, `{USD: 235}`, or by parts that name a currency."""
    whole = money_by_currency(data)
    if isinstance(whole, dict) and len(whole) == 1 and CURRENCY_CODE.fullmatch(str(next(iter(whole)))):
        [(currency, total)] = whole.items()
        return {"currency": currency, "total": total}
    found = _with_currency(whole, "total")
    parts = found.get("parts") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(parts, list):
        return found
    stated, plain_parts = found.get("currency"), []
    for part in parts:
        read = _with_currency({"currency": stated, **part}, "amount") if isinstance(part, dict) else part
        if isinstance(read, dict):
            stated = read.pop("currency")
        plain_parts.append(read)
    return {**found, "parts": plain_parts, **({} if stated is None else {"currency": stated})}


WrittenBudget = Annotated[
    Budget, BeforeValidator(_budget, json_schema_input_type=str | dict[Currency, Exact] | Budget)
]
"""Written as one text, `235 USD`, by its currency, `{USD: 235}`, or by its parts."""


class Variant(Model):
    """A named set of overrides."""

    title: Localized
    """What the variant does."""
    set: Annotated[dict[str, object], Field(min_length=1, max_length=MAX_LIST)]
    """Path -> value: `resources.inference.preemptible: true`. Nothing (`~`) takes the key away."""


def _between_minus_one_and_one(value: object) -> Decimal:
    if not isinstance(value, str):
        raise ValueError("must be a number from -1 to 1")
    number = parse_decimal(value, negative=True)
    if abs(number) > 1:
        raise ValueError(Reason("must be from -1 to 1, got {value}", value))
    return number


Rho = Annotated[
    Decimal,
    PlainValidator(_between_minus_one_and_one),
    WithJsonSchema({"type": ["string", "number"], "minimum": -1, "maximum": 1}),
]


class Correlation(Model):
    """Two uncertain numbers that move together, or against each other."""

    between: Annotated[tuple[Text, ...], Field(min_length=2, max_length=2)]
    """Paths of both: `[workload.monthly_requests, workload.request_duration]`."""
    rho: Rho
    """Correlation of their normal scores, from -1 to 1; the rank correlation is at most 0.02 less."""


QuotaText = Annotated[str, PlainValidator(checked_text), WithJsonSchema({"type": ["string", "number"]})]


class Quotas(Model, others=QuotaText):
    """What the account may use; what is left out is what a new cloud may use, as the catalog says.

    Beside the short names stand the provider's: `compute.instanceT4Gpus.count: 1`, or a code of
    `costplan catalog quotas`.
    """

    file: Text | Annotated[tuple[Text, ...], Field(max_length=MAX_LIST)] | None = None
    """Export of the provider's command line, or several; what is stated beside it wins."""
    vcpu: Whole | None = None
    """Virtual cores of all virtual machines."""
    gpu: Whole | None = None
    """GPUs, of each model."""
    memory: Size | None = None
    """Memory of all virtual machines."""
    machines: Whole | None = None
    """Virtual machines."""


def _in_a_known_year(day: date) -> date:
    if day.year > LAST_YEAR:
        raise ValueError(Reason("must be at most in {last_year}, got {day}", str(LAST_YEAR), day))
    return day


KnownDay = Annotated[Date, AfterValidator(_in_a_known_year)]
"""A day whose prices may be asked for."""


def _above_nothing(value: Decimal) -> Decimal:
    if value <= 0:
        raise ValueError("must be above 0: a price that is not known is never 0")
    return value


class StandIn(Model, schema_extra=_amounts_may_name_it):
    """A price that the catalog does not have, stated in its place."""

    value: Annotated[Exact, AfterValidator(_above_nothing)]
    """Price of one unit, `1.20 RUB`; VAT as the currency's list states."""
    currency: Currency
    """Currency of the price, where `value` does not name it."""
    unit: Unit | None = None
    """What the price is per, such as `GB*hour`; as the SKU is sold, or used, when left out."""
    reason: Annotated[Text, Field(min_length=1)]
    """Why this price was taken: `the predecessor's price`."""

    @model_validator(mode="before")
    @classmethod
    def _currency_of_value(cls, data: object) -> object:
        return _with_currency(data, "value")


def _some_resources(resources: object) -> object:
    if resources is None:
        raise ValueError(Reason("names no resource yet; `costplan scenario kinds` lists the kinds"))
    return resources


class Scenario(Model):
    """What is designed; its resources are checked one by one by their kinds."""

    scenario: Name
    """Name; other scenarios extend it by this name."""
    title: Localized
    """What it is, for people."""
    description: Localized | None = None
    """What the design is for and what speaks for it."""
    catalog: Name | None = None
    """Name of the catalog; the one that comes with costplan when left out."""
    currency: Currency | None = None
    """Currency of the bill; the first of the catalog when left out."""
    as_of: KnownDay | None = None
    """Day whose prices hold; the catalog's own date when left out."""
    hours_per_month: Exact = Decimal(720)
    """Length of the month in hours; the provider bills by 720."""
    free_tier: Flag = True
    """Whether the account's free volumes are still there for this service."""
    workload: Workload
    """What the service has to do in a month."""
    prices: Annotated[dict[Code, StandIn], Field(max_length=MAX_LIST)] = {}
    """Stand-ins by SKU code for prices that the catalog does not have; what rests on them says so."""
    budget: WrittenBudget | None = None
    """The budget per month; `costplan check` holds the bill to it."""
    business: Business | None = None
    """What it earns and what else it costs; `costplan timeline` reads it."""
    resources: Annotated[
        dict[Name, object], Field(max_length=MOST_RESOURCES), BeforeValidator(_some_resources)
    ]
    """What is paid for, by name; each is of a kind."""
    variants: dict[Name, Variant] = {}
    """Named sets of changes: `stage2:preemptible` applies one."""
    correlations: Annotated[tuple[Correlation, ...], Field(max_length=MAX_LIST)] = ()
    """Which of the uncertain numbers move together; the others are independent."""
    choose: Choices = {}
    """What `costplan plan` may choose: path -> values, as in `resources.api.vcpu: [2, 4]`."""
    quotas: Quotas | None = None
    """Quotas of the account; those of a new cloud when left out."""
    terraform: TerraformFile | None = None
    """The plan or state that it was made from: `costplan terraform scenario` writes this."""
