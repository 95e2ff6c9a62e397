"""What a workload states and no resource bills: said, never left out in silence."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.catalog.store import Catalog
from costplan.checked.records import dataclass
from costplan.messages.reason import Reason
from costplan.quantities.money import quantized
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import Meter
from costplan.resources.workload import SIZES
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.resource_errors import alike

KEEPS = Reason("let an `object-storage` keep it (`keeps_requests: true`)")
LOGS = Reason("add a `logging`")
HINTS = {
    "request_size": Reason("add a `metered` with the price of traffic in"),
    "response_size": Reason("add a `network`"),
    "log_size": LOGS,
    "log_retention": LOGS,
    "stored_size": KEEPS,
    "retention": KEEPS,
}
"""Who would bill a size."""
PRICED_AS: dict[str, Meter] = {"request_size": ("vpc", "ingress")}
"""Meters that are there for a size alone: where their price is 0, the provider does not charge for it."""


@dataclass(frozen=True, slots=True)
class NotBilled:
    """A size of the workload that is in no line of the bill."""

    path: str
    """Where it is stated: `workload.response_size`."""
    value: Decimal
    """Bytes of one request, or seconds that they are kept."""
    hint: Reason
    """What would bill it."""

    @property
    def reason(self) -> Reason:
        """Say it in a sentence."""
        return Reason("{path} is stated, but no resource bills it: {hint}", path=self.path, hint=self.hint)

    def __str__(self) -> str:
        return str(self.reason)


def not_billed(scenario: LoadedScenario) -> Iterator[NotBilled]:
    """Give the sizes that a workload states and no resource bills; the load does not matter.

    A size of 0 and one that the provider does not charge for are not among them.
    """
    context = scenario.context
    billed = frozenset().union(*(one.bills(context) for one, _ in alike(scenario.resources)))
    for field in SIZES:
        value: Quantity | None = getattr(scenario.model.workload, field)
        if value is None or not value.value or field in billed or _is_free(field, scenario.catalog):
            continue
        yield NotBilled(f"workload.{field}", quantized(value.value), HINTS[field])


def _is_free(field: str, catalog: Catalog) -> bool:
    service, meter = PRICED_AS.get(field, ("", ""))
    sku = catalog.sku(service, catalog.metered_sku(service, meter))
    rates = (
        [rate for version in sku.prices for rates in version.rates.values() for rate in rates] if sku else []
    )
    return bool(rates) and not any(rate.unit_price for rate in rates)
