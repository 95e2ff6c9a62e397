"""What goes with a plan: choices when none are stated, what more money buys, what would have to give way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import reduce

from costplan.analysis.plan.commitments import saving_of
from costplan.analysis.plan.demands import (
    Demands,
    override,
    preemptible_of,
    zone_overrides,
)
from costplan.analysis.plan.dimensions import with_changes
from costplan.analysis.plan.documents import Considered, PlanViolation, PlanViolationKind, Relaxation, Step
from costplan.analysis.plan.option_costs import Pricing
from costplan.capacity.model import Capacity
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason, join_reasons
from costplan.pricing.engine import price_scenario
from costplan.pricing.feasibility import findings
from costplan.quantities.money import EXACT, plain, quantized, rounded
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import SERVING_ROLES as SERVING
from costplan.resources.deployment import Deployment
from costplan.resources.parts.machine import known_zones
from costplan.scenario.choices import Choice
from costplan.scenario.document.overrides import Override
from costplan.scenario.loaded import LoadedScenario

ASKED = "plan"
"""Where changes come from that the plan tries by itself."""


GIVES: dict[PlanViolationKind, Callable[[str, str], Reason]] = {
    "unpriced": lambda names, reasons: Reason("find the missing prices"),
    "slo": lambda names, reasons: Reason("loosen the SLO: {reasons}", reasons),
    "replicas": lambda names, reasons: Reason("allow more replicas: {reasons}", reasons),
    "limit": lambda names, reasons: Reason("do without what the provider limits: {reasons}", reasons),
    "unknown": lambda names, reasons: Reason("measure or state what is not known: {reasons}", reasons),
    "quota": lambda names, reasons: Reason("raise a quota: {reasons}", reasons),
    "availability": lambda names, reasons: Reason("accept less availability: {reasons}", reasons),
    "preemptible": lambda names, reasons: Reason(
        "take preemptible machines (--allow-preemptible): {names}", names
    ),
    "shorter-hours": lambda names, reasons: Reason(
        "serve fewer hours (--allow-shorter-hours): {names}", names
    ),
}
"""What would have to give where a demand is missed."""


def default_choices(base: LoadedScenario) -> Iterator[Choice]:
    """Give what is tried where a scenario leaves nothing open: machines that are sold as preemptible too.

    Sizes are not tried: a capacity holds for the machine that it was measured on.
    """
    for name, found in _deployments(base).items():
        if found.preemptible is not None:
            path = ("resources", name, "preemptible")
            values = tuple(override(path, text, ASKED).value for text in ("false", "true"))
            yield Choice(path, values[::-1] if found.preemptible else values, ASKED)


def _deployments(scenario: LoadedScenario, *, serving: bool = False) -> dict[str, Deployment]:
    """Return how each resource runs, or each that serves."""
    return {
        name: resource.deployment(scenario.catalog)
        for name, resource in scenario.resources.items()
        if not serving or resource.role in SERVING
    }


def steps_of(design: LoadedScenario, cost: Decimal, demands: Demands, pricing: Pricing) -> list[Step]:
    """Price what more money would buy, the cheapest first."""
    found = []
    for what, changed in _tried(design):
        if changed is None:
            continue
        bill = price_scenario(changed.without_budget(), currency=pricing.currency, as_of=pricing.day)
        saving = saving_of(changed, pricing.currency, pricing.day, pricing.terms)
        total = EXACT.subtract(bill.total.monthly_cost, saving)
        within = None if demands.budget is None else total <= demands.budget
        if not bill.unpriced and not bill.unmet:
            found.append(Step(what, total, EXACT.subtract(total, cost), within))
    return sorted(found, key=lambda step: step.more)


def _tried(design: LoadedScenario) -> Iterator[tuple[str, LoadedScenario | None]]:
    serving = _deployments(design, serving=True)
    stoppable = [name for name, found in serving.items() if found.preemptible]
    if stoppable:
        yield (
            Reason("machines that are not stopped: {names}", names=", ".join(stoppable)),
            _with(design, [_flag(name, "preemptible", "false") for name in stoppable]),
        )
    resting = [name for name, found in serving.items() if found.hours]
    if resting:
        around = [_flag(name, "hours", "24x7") for name in resting]
        said = Reason("around the clock: {names}", names=", ".join(resting))
        yield said, _with(design, around)
    for name, found in serving.items():
        if found.machine is not None and found.capacity is not None:
            said = Reason("a spare machine: {name}", name=name)
            yield said, _with_spare(design, name, found.capacity)
    counts = [int(found.replicas.least.value) for found in serving.values() if found.replicas is not None]
    zones = min(counts, default=0) + 1
    if counts and _is_sold_in(design, zones):
        yield (
            Reason("{zones} zones: one of everything that serves in each", zones=zones),
            _with(design, zone_overrides(design, zones)),
        )
    requests = design.model.workload.monthly_requests.value
    if requests:
        yield Reason("twice the requests"), design.at_load(Quantity(int(requests * 2)))
    slo = design.model.workload.slo
    capacities = [found.capacity for found in _deployments(design).values()]
    waits = any(capacity.waiting for capacity in capacities if capacity is not None)
    if slo is not None and waits:
        half = plain(quantized(slo.latency.value * 500).normalize())
        change = override(("workload", "slo", "latency"), f"{half} ms", ASKED)
        percentile = override(
            ("workload", "slo", "percentile"), f"{plain(quantized(slo.percentile.value * 100))}%", ASKED
        )
        said = Reason("answers in half the time ({time} ms)", time=half)
        yield said, _with_slo(design, [percentile, change])


def _is_sold_in(design: LoadedScenario, zones: int) -> bool:
    """Say whether the machines that serve are sold in so many zones, where the catalog knows it."""
    machines = (found.machine for found in _deployments(design, serving=True).values())
    sold = (known_zones(design.catalog, one.service, one.platform) for one in machines if one is not None)
    return all(found is None or len(found) >= zones for found in sold)


def _flag(name: str, field: str, text: str) -> Override:
    return override(("resources", name, field), text, ASKED)


def _with(design: LoadedScenario, changes: Sequence[Override]) -> LoadedScenario | None:
    """Return the design with changes; None where the provider does not sell it so."""
    try:
        return with_changes(design, changes) if changes else None
    except InputError:
        return None


def _with_spare(design: LoadedScenario, name: str, capacity: Capacity) -> LoadedScenario | None:
    at = ("resources", name, "capacity")
    changes = [override((*at, "spare"), str(capacity.spare + 1), ASKED)]
    if capacity.max_replicas is not None:
        changes.append(override((*at, "max_replicas"), str(capacity.max_replicas + 1), ASKED))
    return _with(design, changes)


def _with_slo(design: LoadedScenario, changes: Sequence[Override]) -> LoadedScenario | None:
    percentile, latency = changes
    text = f"{{percentile: {percentile.value.value}, latency: {latency.value.value}}}"  # type: ignore[union-attr]
    return _with(design, [override(("workload", "slo"), text, ASKED)])


def nearest(rows: Sequence[Considered], currency: str) -> list[Relaxation]:
    """Say for each demand what it alone would have to give, where that makes a design possible.

    Where no single demand does, the design that misses the fewest says all that it misses.
    """
    single: dict[str, list[Considered]] = {}
    for row in rows:
        kinds = {miss.what for miss in row.misses}
        if len(kinds) == 1:
            single.setdefault(kinds.pop(), []).append(row)
    if single:
        return [_relaxed(min(found, key=_distance), currency) for found in single.values()]
    fewest = min(rows, key=lambda row: (len({m.what for m in row.misses}), row.monthly_cost), default=None)
    return [] if fewest is None else [_relaxed(fewest, currency)]


def _distance(row: Considered) -> tuple[Decimal, Decimal]:
    over = [miss.needed / miss.available for miss in row.misses if miss.needed and miss.available]
    return max(over, default=Decimal(0)), row.monthly_cost


def _relaxed(row: Considered, currency: str) -> Relaxation:
    kinds: dict[PlanViolationKind, list[PlanViolation]] = {}
    for miss in row.misses:
        kinds.setdefault(miss.what, []).append(miss)
    gives = [_gives(what, misses, currency) for what, misses in kinds.items()]
    said = reduce(lambda one, other: Reason("{one}; and {other}", one, other), gives)
    return Relaxation(row.misses[0].what, said, row.name, row.monthly_cost)


def _gives(what: PlanViolationKind, misses: Sequence[PlanViolation], currency: str) -> str:
    """Say what a demand would have to give for a design to meet it."""
    first = misses[0]
    if what == "budget" and first.needed is not None and first.available is not None:
        more = rounded(EXACT.subtract(first.needed, first.available))
        return Reason("raise the budget by {amount} {currency}", amount=more, currency=currency)
    names = ", ".join(miss.resource for miss in misses)
    return GIVES[what](names, join_reasons(miss.reason for miss in misses))


def notes_of(design: LoadedScenario) -> Iterator[str]:
    """Say what a plan does not know."""
    unknowns, caveats = findings(design)
    yield from (Reason("not known: {why}", why=str(one)) for one in unknowns)
    yield from (str(one) for one in caveats if one.what != "preemptible")
    stoppable = [name for name in preemptible_of(design) if design.resources[name].role in SERVING]
    if stoppable:
        yield Reason(
            "the provider may stop {names} at any time, and requests then fail until it runs again; "
            "--no-preemptible leaves such designs out"
            if len(stoppable) == 1
            else "the provider may stop {names} at any time, and requests then fail until they run again; "
            "--no-preemptible leaves such designs out",
            names=", ".join(stoppable),
        )
