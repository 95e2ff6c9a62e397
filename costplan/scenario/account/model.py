"""A billing account: the designs that share it, its discount, its contract prices, its budget."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from costplan.checked.markers import AfterValidator, BeforeValidator, Field, model_validator
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
from costplan.resources.localized import Localized
from costplan.scenario.model import KnownDay, Quotas, WrittenBudget
from costplan.source.fields import MAX_LIST, Currency, Date, Flag, Model, Name, Share, Text

DESIGNS = "designs"


class Design(Model):
    """One design of the account: a scenario, or a plan of Terraform, with its own workload."""

    scenario: Text
    """A shipped scenario's name, or a path relative to this file; `stage2:preemptible` applies a variant."""
    requests: Text | None = None
    """Another number of requests a month: `5M`, `20 req/s`."""
    workload: Text | None = None
    """A scenario whose workload is taken, or a file of usage beside a plan of Terraform."""
    set: Annotated[dict[str, object], Field(max_length=MAX_LIST)] = {}
    """Path -> value: `resources.api.vcpu: 4`, as a variant has them."""


def _design(data: object) -> object:
    return {"scenario": data} if isinstance(data, str) else data


WrittenDesign = Annotated[Design, BeforeValidator(_design, json_schema_input_type=str | Design)]
"""Written as one text, `./shop.yaml`, or by its parts."""


class Discount(Model):
    """What the provider takes off its prices."""

    all: Share | None = None
    """Of every service that `services` does not name: `15%`."""
    services: Annotated[dict[Name, Share], Field(max_length=MAX_LIST)] = {}
    """Of single services, by their names in the catalog: `compute: 15%`."""
    begins: Annotated[Date | None, Field(alias="from")] = None
    """First day on which it holds; the day of the prices decides."""

    @model_validator(mode="after")
    def _states_a_share(self) -> Discount:
        if self.all is None and not self.services:
            raise ValueError("needs `all` or `services`")
        return self

    def share_of(self, service: str, day: date) -> Quantity | None:
        """Return the share that is taken off a service's prices on a day; None for nothing."""
        if self.begins is not None and day < self.begins:
            return None
        share = self.services.get(service, self.all)
        return share if share is not None and share.value else None


def _discount(data: object) -> object:
    return {"all": data} if isinstance(data, str) else data


WrittenDiscount = Annotated[Discount, BeforeValidator(_discount, json_schema_input_type=str | Discount)]
"""Written as one share, `15%`, or by service and from a day."""


def _some_designs(designs: dict[str, Design]) -> dict[str, Design]:
    if not designs:
        raise ValueError(Reason("names no design: an account of nothing has no bill"))
    return designs


class Account(Model):
    """Designs that are billed to one account: free volumes once, tiers over the sum of what all use."""

    account: Name
    """Name of the account."""
    title: Localized | None = None
    """What it is, for people."""
    description: Localized | None = None
    """What people should know of it."""
    designs: Annotated[dict[Name, WrittenDesign], Field(max_length=MAX_LIST), AfterValidator(_some_designs)]
    """What is billed to it, by name: a design's resource `api` is `shop.api` in the bill."""
    discount: WrittenDiscount | None = None
    """What the provider takes off its prices."""
    prices: Text | Annotated[tuple[Text, ...], Field(max_length=MAX_LIST)] | None = None
    """Folder of contract prices, or several, that are laid over the catalog, the last on top."""
    budget: WrittenBudget | None = None
    """The budget per month of all designs; its parts name designs."""
    quotas: Quotas | None = None
    """Quotas of the account; what the designs state of them when left out."""
    catalog: Name | None = None
    """Name of the catalog; the one that comes with costplan when left out."""
    currency: Currency | None = None
    """Currency of the bill; that of the designs when left out."""
    as_of: KnownDay | None = None
    """Day whose prices hold; that of the designs when left out."""
    free_tier: Flag | None = None
    """Whether the account's free volumes are still there; as the designs say when left out."""
