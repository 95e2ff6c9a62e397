"""What the resources of a scenario use, SKU by SKU, in the units of the prices, before any tier."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from costplan.catalog.price import Currency, Price, PriceOrigin
from costplan.checked.records import dataclass
from costplan.messages.errors import CatalogError, Fault, InputError
from costplan.messages.reason import Reason
from costplan.pricing.assumed_prices import price_in
from costplan.quantities.money import quantized
from costplan.quantities.pricing_units import pricing_unit
from costplan.quantities.quantity import Origin
from costplan.resources.contract import Metering, MissingInputError, StatedCost, UnfitInputError, Usage
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.resource_errors import alike, placed_fault
from costplan.source.reader import locate

if TYPE_CHECKING:
    from costplan.quantities.formula import Formula

SkuKey = tuple[str, str]
"""Service and code."""


@dataclass(frozen=True, slots=True)
class Component:
    """One SKU's use by one resource, converted to the SKU's unit, or the sentence why it has no price."""

    resource: str
    key: SkuKey
    quantity: Decimal
    origins: frozenset[Origin]
    price: Price | None
    unit: str
    reason: str = ""
    formula: Formula | None = None
    """How the quantity depends on inputs that vary."""
    metering: Metering | None = None

    @property
    def origin(self) -> PriceOrigin | None:
        """Where its price comes from; None where it has none."""
        return self.price.confidence if self.price is not None else None


def components_of(
    scenario: LoadedScenario, currency: Currency, day: date
) -> tuple[list[Component], list[tuple[str, StatedCost]]]:
    """Return what all resources use, in the units of its prices, and the stated costs by resource.

    Raises:
        InputError: A resource needs a number of the workload that is not there.
    """
    components: list[Component] = []
    charges: list[tuple[str, StatedCost]] = []
    prices: dict[SkuKey, Price | str] = {}
    made: dict[int, Component] = {}
    uses = _uses(scenario)  # holds them all, so that an id is of one of them
    for name, used in ((name, used) for name, found in uses for used in found):
        if isinstance(used, StatedCost):
            charges.append((name, used))
        elif id(used) in made:
            components.append(_again(made[id(used)], name, used))
        else:
            key = (used.service, used.sku)
            if key not in prices:
                prices[key] = price_in(scenario, key, used.unit, currency, day)
            made[id(used)] = _component(scenario, name, used, prices[key])
            components.append(made[id(used)])
    return components, charges


def _uses(scenario: LoadedScenario) -> list[tuple[str, tuple[Usage | StatedCost, ...]]]:
    """Return what each resource uses; those that are alike are asked once and have the very same uses."""
    context = scenario.context
    found: dict[str, tuple[Usage | StatedCost, ...]] = {}
    faults: list[Fault] = []
    for resource, names in alike(scenario.resources):
        try:
            found |= dict.fromkeys(names, tuple(resource.usage(context)))
        except (MissingInputError, UnfitInputError) as error:
            faults += [placed_fault(scenario, name, error) for name in names]
    if faults:
        raise InputError(faults)
    return [(name, found[name]) for name in scenario.resources]


def _again(like: Component, resource: str, used: Usage) -> Component:
    """Return the component of another resource that is written like the first one."""
    return Component(
        resource,
        like.key,
        like.quantity,
        frozenset(_rooted(origin, resource) for origin in used.quantity.origins),
        like.price,
        like.unit,
        like.reason,
        like.formula,
        like.metering,
    )


def _component(scenario: LoadedScenario, resource: str, used: Usage, price: Price | str) -> Component:
    origins = frozenset(_rooted(origin, resource) for origin in used.quantity.origins)
    if isinstance(price, str):
        return Component(
            resource,
            (used.service, used.sku),
            quantized(used.quantity.value),
            origins,
            None,
            used.unit,
            price,
        )
    unit = price.version.pricing_unit or price.sku.pricing_unit
    try:
        factor = price.unit.factor_from(pricing_unit(used.unit or unit))
    except ValueError:
        message = Reason(
            "SKU `{sku}` is priced per {unit}, but `{resource}` uses it in {used}",
            used.sku,
            unit,
            resource,
            used.unit,
        )
        if price.confidence != "assumed":
            raise CatalogError(message) from None
        mark, path = locate(scenario.node, ["prices", used.sku, "unit"])
        raise InputError(Fault(message, mark, path)) from None
    billed = used.quantity * factor
    quantity = quantized(billed.value)
    key = (used.service, used.sku)
    return Component(
        resource, key, quantity, origins, price, unit, formula=billed.formula, metering=used.metering
    )


def _rooted(origin: Origin, resource: str) -> Origin:
    """Give an assumption that a kind itself made (`nodes`) its place in the document."""
    rooted = origin.path.startswith(("workload.", "resources."))
    return origin if rooted else replace(origin, path=f"resources.{resource}.{origin.path}")
