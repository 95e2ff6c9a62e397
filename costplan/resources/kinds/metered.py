"""Anything that the catalog sells and no kind models: its SKUs with the quantities of the month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from costplan.catalog.model import Code, Unit
from costplan.catalog.store import Catalog
from costplan.checked.markers import Field
from costplan.messages.errors import did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed
from costplan.quantities.pricing_units import pricing_unit
from costplan.resources.contract import Meter, PricingContext, Problem, Resource, Role, StatedCost, Usage
from costplan.source.fields import MAX_LIST, Count, Model, Name

STANDS_FOR: dict[Meter, tuple[str, ...]] = {
    ("vpc", "ingress"): ("request_size",),
    ("network-load-balancer", "ingress"): ("request_size",),
    ("vpc", "egress"): ("response_size",),
    ("cloud-logging", "write"): ("log_size",),
    ("cloud-logging", "storage"): ("log_retention",),
    ("object-storage", "volume-standard"): ("stored_size", "retention"),
    ("object-storage", "volume-cold"): ("stored_size", "retention"),
    ("object-storage", "volume-ice"): ("stored_size", "retention"),
}
"""Meters by which other kinds bill sizes of the workload: a stated quantity of one is in their place."""


class MeteredUse(Model):
    """How much of one SKU is used in the month."""

    sku: Code
    """Code of the SKU: `kms.key_versions`."""
    quantity: Count
    """Quantity of the month, in `unit`."""
    unit: Unit | None = None
    """Unit of the quantity, such as `version*hour`; the SKU's own when left out, or that of the stand-in."""


class Metered(Resource):
    """SKUs of one service, as they stand in the catalog: keys, snapshots, dedicated hosts, transfers."""

    meters: ClassVar[frozenset[Meter]] = frozenset()
    example: ClassVar[str] = (
        "{kind: metered, service: kms, uses: [{sku: kms.operations, quantity: 30K, unit: operation}]}"
    )

    kind: Literal["metered"]
    role: Role = "other"
    service: Name
    """Service of the catalog: `kms`, `cdn`, `data-transfer` ..."""
    uses: Annotated[tuple[MeteredUse, ...], Field(min_length=1, max_length=MAX_LIST)]
    """SKUs and quantities."""

    def usable_skus(self, context: PricingContext) -> Iterator[str]:
        """Those that it names, by their old codes too."""
        for used in self.uses:
            yield from context.catalog.codes_of(self.service, used.sku)

    def bills(self, context: PricingContext) -> frozenset[str]:
        """What its SKUs stand for."""
        catalog = context.catalog
        codes = {catalog.current_code(self.service, used.sku) for used in self.uses}
        meant = {
            meter: sizes
            for (service, meter), sizes in STANDS_FOR.items()
            if service == self.service and catalog.metered_sku(service, meter) in codes
        }
        return frozenset(size for sizes in meant.values() for size in sizes)

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Each quantity as it is stated."""
        for used in self.uses:
            sku = context.catalog.sku(self.service, used.sku)
            unit = used.unit or (sku.pricing_unit if sku else "")
            code = context.catalog.current_code(self.service, used.sku)
            yield Usage(self.service, code, used.quantity, unit)

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """Service and SKUs must be in the catalog, and units must measure what the SKU does."""
        if self.service not in catalog.service_names:
            hint = did_you_mean(self.service, catalog.service_names) or Reason(
                "known: {names}", listed(catalog.service_names)
            )
            yield Problem(["service"], Reason("the catalog has no service `{service}`", self.service), hint)
            return
        for position, used in enumerate(self.uses):
            yield from self._use_problems(catalog, position, used)

    def _use_problems(self, catalog: Catalog, position: int, used: MeteredUse) -> Iterator[Problem]:
        sku = catalog.sku(self.service, used.sku)
        if sku is None:
            if catalog.known_missing(self.service, used.sku) is None:
                codes = [found.code for found in catalog.service(self.service).skus]
                hint = did_you_mean(used.sku, codes) or (
                    Reason("known: {names}", listed(codes)) if codes else None
                )
                yield Problem(
                    ["uses", position, "sku"],
                    Reason("`{service}` has no SKU `{sku}`", self.service, used.sku),
                    hint,
                )
        elif used.unit is not None:
            try:
                pricing_unit(sku.pricing_unit).factor_from(pricing_unit(used.unit))
            except ValueError:
                yield Problem(
                    ["uses", position, "unit"],
                    Reason(
                        "`{sku}` is priced per {unit}, which `{used}` does not measure",
                        used.sku,
                        sku.pricing_unit,
                        used.unit,
                    ),
                )
