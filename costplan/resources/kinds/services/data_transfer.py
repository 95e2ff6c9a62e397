"""Data Transfer: workers while a transfer runs, and the rows that it moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.quantities.quantity import Quantity
from costplan.resources.contract import Meter, PricingContext, Resource, Role, StatedCost, Usage, gigabytes
from costplan.source.fields import Hours, Monthly, Size, Whole

SERVICE = "data-transfer"
CPU, RAM, ROWS = "worker-cpu", "worker-ram", "rows"
"""Meters; the cores and the memory of a worker are rules of the catalog by the same names."""


class DataTransfer(Resource):
    """A transfer between sources that are past their preview; others are free."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset((SERVICE, code) for code in (CPU, RAM, ROWS))
    example: ClassVar[str] = "{kind: data-transfer, hours: 24x7, rows: 500M/month}"

    kind: Literal["data-transfer"]
    role: Role = "other"
    hours: Hours
    """How long it copies or replicates in a month."""
    rows: Monthly
    """Rows that it delivers in a month."""
    workers: Whole = 1
    """Workers that run at the same time."""
    vcpu: Whole | None = None
    """Cores of a worker; the provider's 2 when left out, and 4 or 8 on request."""
    memory: Size | None = None
    """Memory of a worker; the provider's 4 GB when left out, and 8 or 16 GB on request."""

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Cores and memory of the workers, and rows."""
        rule = context.catalog.rule_value
        hours = self.hours * self.workers
        cores = Quantity(rule(SERVICE, CPU) if self.vcpu is None else self.vcpu)
        memory = Quantity(rule(SERVICE, RAM)) if self.memory is None else gigabytes(self.memory)
        yield context.meter(SERVICE, CPU, hours * cores, "core*hour")
        yield context.meter(SERVICE, RAM, hours * memory, "GB*hour")
        yield context.meter(SERVICE, ROWS, self.rows, "row")
