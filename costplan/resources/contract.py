"""What every resource kind is made of: a checked model that turns a workload into usage quantities."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from costplan.capacity.arrivals import Load, load_of
from costplan.capacity.slo import Slo
from costplan.catalog.bounds import Quota
from costplan.catalog.model import Reading
from costplan.catalog.store import Catalog, configured_skus
from costplan.checked.markers import Field
from costplan.checked.records import dataclass
from costplan.messages.errors import CostplanError
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import BYTES_PER_GB, SECONDS_PER_HOUR
from costplan.resources.alternatives import Choices
from costplan.resources.deployment import Deployment, RunningTime, steady
from costplan.resources.localized import Localized
from costplan.resources.workload import Workload
from costplan.source.fields import MAX_LIST, Model, Name, Text

Role = Literal[
    "compute", "inference", "database", "monitoring", "logs", "ci-cd", "storage", "network", "other"
]
"""What a resource is for; bills are compared by it."""


@dataclass(frozen=True, slots=True)
class Metering:
    """Which reading of a provider's rule a quantity was metered by, where the rule has several."""

    rule: str
    """Name of the catalog's rule: `run-time-rounding`."""
    reading: str
    """Name of the reading: `total`, `per-call`, `unrounded`."""
    value: Decimal
    unit: str
    applies_to: str | None
    """`call` or `total`."""
    is_chosen: bool
    """Whether the scenario chose it; else it is the catalog's own."""


@dataclass(frozen=True, slots=True)
class Usage:
    """One cost component: how much of a SKU a resource uses in the month."""

    service: str
    """Service of the catalog that sells the SKU."""
    sku: str
    quantity: Quantity
    unit: str
    """Unit of the quantity, such as `core*hour`; converted to the SKU's. Empty: the price's own."""
    metering: Metering | None = None


@dataclass(frozen=True, slots=True)
class StatedCost:
    """A cost that is stated, not priced: a subscription, labour."""

    name: str
    amounts: dict[str, Decimal]
    """Amount per month by currency."""
    source: str
    taxed: bool
    """Whether VAT is inside as it is in the catalog's prices."""


@dataclass(frozen=True, slots=True)
class PricingContext:
    """All that a resource needs to know to say what it uses."""

    workload: Workload
    catalog: Catalog
    hours_per_month: Fraction
    quotas: Mapping[str, Fraction] = field(default_factory=dict)
    """What the scenario states that its account may use, by the quota's key, in its unit."""
    cache: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was worked out before of the scenario; keys name all that it was made of."""

    def constraint(self, field: str, why: str) -> Quantity:
        """Return a number of the workload that a resource cannot do without.

        Raises:
            MissingInputError: The scenario does not give it.
        """
        value: Quantity | None = getattr(self.workload, field)
        if value is None:
            raise MissingInputError(f"workload.{field}", why)
        return value

    def request_time(self, vcpu: Quantity | None) -> Quantity | None:
        """Return the seconds of one request on so many cores; None where the scenario does not say.

        Processor time is that of one thread: a second core does not make it shorter, half a core doubles it.
        Example: 400 ms of processor time on a tenth of a core take 4 s.

        Args:
            vcpu: None where the cores are not known; only a stated duration then answers.
        """
        work = self.workload.request_cpu_time
        if work is None or vcpu is None:
            return self.workload.request_duration
        return work / vcpu if vcpu.value < 1 else work

    def meter(
        self, service: str, meter: str, quantity: Quantity, unit: str, metering: Metering | None = None
    ) -> Usage:
        """Return the use of whatever SKU the catalog bills a meter by."""
        return Usage(service, self.catalog.metered_sku(service, meter), quantity, unit, metering)

    def allowed(self, quota: Quota) -> Fraction | None:
        """Return how much of a quota the account may use: as stated, else as a new cloud; None if unknown."""
        return self.quotas.get(quota.key, quota.number)

    @property
    def month(self) -> Quantity:
        """Hours of the month."""
        return Quantity(self.hours_per_month)

    def slo(self, why: str) -> Slo:
        """Return the SLO that something cannot do without.

        Raises:
            MissingInputError: The scenario does not give it.
        """
        if self.workload.slo is None:
            raise MissingInputError("workload.slo", why)
        return self.workload.slo

    def load(self, running: Quantity, requests: Quantity | None = None) -> Load:
        """Return the distribution of requests per second over the hours in which something runs.

        Args:
            running: Hours of the month.
            requests: Requests of the month; those of the workload when left out.
        """
        workload = self.workload
        return load_of(
            requests or workload.monthly_requests, workload.arrivals, self.hours_per_month, running
        )


class MissingInputError(CostplanError):
    """A resource asks for a number of the workload that the scenario does not give."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(Reason("`{path}` is missing: {why}", path, why))
        self.path = path
        self.why = why


class UnfitInputError(CostplanError):
    """A number of a resource does not go with the others."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(Reason("`{field}`: {why}", field, why))
        self.field = field
        """Of the resource."""
        self.why = why


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that the provider would refuse: an invalid machine, a disk of a wrong size."""

    field: Sequence[str | int]
    """Path inside the resource."""
    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Constraint:
    """Something that must be enough for the design to work: replicas, a latency, a limit, a quota.

    Both numbers may depend on the load: a curve finds the loads at which the need is met.
    """

    what: ConstraintKind
    """A quota can be raised; a design that misses one still works once it is. Of the others it cannot."""
    needed: Quantity
    available: Quantity
    reason: Reason
    """What is said where it is not met: `needs more than 4 nodes`."""
    code: str = ""
    """Of a limit its code in the catalog; of a quota its key, which a request to raise it names."""
    unit: str = ""
    """Of a quota: what both numbers are in."""

    @property
    def met(self) -> bool:
        """Whether it is enough at the scenario's own numbers."""
        return self.needed.value <= self.available.value


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a verdict on a design must not leave out, though no number decides it."""

    what: FindingKind
    reason: Reason
    is_unknown: bool
    """Whether it leaves open if the design works; else it is told beside the verdict, which stands."""


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """What a resource takes of something that the account has only so much of."""

    quota: Quota
    quantity: Quantity
    """In the quota's unit."""


@dataclass(frozen=True, slots=True)
class Shares:
    """What the cost of a resource is for, as parts of it; the rest is overhead that no request needs."""

    useful: Quantity
    """Serving requests."""
    headroom: Quantity
    """Peaks, planned utilisation, spare replicas, instances kept ready."""
    idle: Quantity
    """Waiting for requests."""


Meter = tuple[str, str]
"""Service, and the name that its catalog file gives to a SKU: `("vpc", "egress")`."""
ConstraintKind = Literal["replicas", "slo", "limit", "quota"]
FindingKind = Literal[
    "no-slo",
    "no-capacity",
    "smaller-machine",
    "other-machine",
    "measured-on-cpu",
    "preemptible",
    "hours",
    "not-billed",
    "published",
    "published-slo",
    "published-cpu",
    "published-bounds",
    "published-network",
    "published-batch",
]
SERVING_ROLES = frozenset({"compute", "inference", "database"})
"""Roles that a request waits for."""


class Resource(Model, ABC):
    """One thing that is paid for. A kind is a subclass in a file of its own, plus a line in the registry."""

    meters: ClassVar[frozenset[Meter]] = frozenset()
    """Meters that the kind names; the catalog says which SKU each is, and which those of platforms are."""
    example: ClassVar[str]
    """A resource of the kind as a scenario writes it, with little more than it needs."""
    catalog_service: ClassVar[str] = ""
    """Service of the catalog whose configurations the kind offers."""
    fixed_cost_purpose: ClassVar[Literal["overhead", "headroom"]] = "overhead"
    """What is paid without any request: overhead, or something that is kept ready for requests."""

    kind: Name
    """Which kind of resource this is; it decides the other fields."""
    role: Role
    """What it is for."""
    title: Localized | None = None
    """Name for people; the resource's key serves when there is none."""
    runs: Annotated[tuple[Text, ...], Field(max_length=MAX_LIST)] = ()
    """Software that runs on it; self-hosted software costs what its host costs."""
    talks_to: Annotated[tuple[Name, ...], Field(max_length=MAX_LIST)] = ()
    """Names of the resources that it sends requests or data to."""
    note: Localized | None = None
    """Why it is there, or why it is chosen so."""
    choose: Choices = {}
    """What `costplan plan` may choose: field -> values. `replicas: auto` sizes it by its capacity."""

    @abstractmethod
    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Say what the resource uses in the month, one cost component after another."""

    def usable_skus(self, context: PricingContext) -> Iterator[str]:
        """Give the SKUs that it, as it is or changed, may use."""
        catalog = context.catalog
        yield from (catalog.metered_sku(*meter) for meter in self.meters)
        if self.catalog_service in catalog.service_names:
            yield from configured_skus(catalog.service(self.catalog_service))
        else:
            yield from (part.sku for part in self.usage(context) if isinstance(part, Usage))

    def bills(self, context: PricingContext) -> frozenset[str]:
        """Name the `SIZES` of the workload that it bills, by them or by an amount of its own instead."""
        return frozenset()

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """Say what the provider would refuse, with the nearest valid choice."""
        yield from ()

    def constraints(self, context: PricingContext) -> Iterator[Constraint]:
        """Say what must be enough at the workload; the design is infeasible where a need is not met."""
        yield from ()

    def time_alone(self, context: PricingContext) -> Quantity | None:
        """Return the seconds that a request takes here at least; None where nothing says."""
        return None

    def findings(self, context: PricingContext) -> Iterator[Finding]:
        """Say what is not known of how it serves, and what goes with serving so."""
        yield from ()

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """Say what it takes of the account's quotas; the uses of all resources add up."""
        yield from ()

    def shares(self, context: PricingContext) -> Shares | None:
        """Say what the cost is for; None where the resource has no capacity.

        What grows with the requests is then useful, and what does not is overhead.
        """
        return None

    def deployment(self, catalog: Catalog) -> Deployment:
        """Say how it runs; a plan changes the fields of the resource that this names."""
        return Deployment()

    def most_replicas(self, context: PricingContext) -> Quantity | None:
        """Return the replicas in the busiest hour, whole ones; None for what has no number of them."""
        return None

    def running_time(self, context: PricingContext) -> RunningTime:
        """Say how much of it runs for how many hours of the month."""
        hours = self.deployment(context.catalog).hours or context.month
        return steady(hours.value)

    def call_rounding(self, catalog: Catalog) -> Reading | None:
        """Return how the time of its calls is rounded; None where calls are not billed by their time."""
        return None

    def zone_obstacle(self) -> str | None:
        """Say what keeps it in one zone however many replicas it has; None for nothing."""
        return None

    def zone_changes(self, zones: int, catalog: Catalog) -> Iterator[tuple[tuple[str, ...], str]]:
        """Give the fields, and what is to stand there, that put one of it at least into each zone."""
        found = self.deployment(catalog)
        if found.replicas is None or found.replicas.least.value >= zones:
            return
        yield found.replicas.field, str(zones)
        yield from capacity_for(zones, found)


def gigabytes(size: Quantity) -> Quantity:
    """Turn bytes into the provider's GB of 2^30 bytes."""
    return size / BYTES_PER_GB


def metered_hours(hours: Quantity | None, context: PricingContext, service: str, rule: str) -> Quantity:
    """Return the billed hours of a time, rounded up to whole metering units; the month is taken as it is.

    Args:
        hours: The time in a month; None for all of it.
        rule: Name of the service's rule that holds the metering unit in hours.
    """
    if hours is None or hours.value == context.hours_per_month:
        return context.month
    step = context.catalog.rule_value(service, rule)
    return hours.rounded_up_to(step) if step else hours


def kept_gigabyte_hours(written: Quantity, retention: Quantity) -> Quantity:
    """Return the GB*hours that a month's bytes are paid for while they are kept, in the steady state.

    Every byte stays for the retention, so the length of the month does not enter: spread over a longer month,
    the same bytes make a smaller volume that is held for more hours.

    Args:
        written: Bytes that a month adds.
        retention: Seconds that each byte is kept.
    """
    return gigabytes(written) * retention / SECONDS_PER_HOUR


def capacity_for(replicas: int, found: Deployment) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give the change that lets a capacity have so many replicas, where it may not now."""
    most = found.capacity.max_replicas if found.capacity is not None else None
    if most is not None and most < replicas:
        yield ("capacity", "max_replicas"), str(replicas)
