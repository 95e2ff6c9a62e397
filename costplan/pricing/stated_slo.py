"""The SLO that a design states, as documents hold it: a share of answers and their bound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from costplan.capacity.slo import Slo
from costplan.checked.records import dataclass
from costplan.quantities.money import EXACT, plain, quantized
from costplan.quantities.quantity import Quantity
from costplan.scenario.loaded import LoadedScenario


@dataclass(frozen=True, slots=True)
class StatedSlo:
    """A share of answers and the time within which they come."""

    percentile: Decimal
    """Share of requests that are answered in time: 0.99."""
    latency: Decimal
    """Bound on the time from arrival to answer, in seconds."""

    def __str__(self) -> str:
        """Write it as scenarios do: `p99 <= 100 ms`."""
        percent = plain(EXACT.multiply(self.percentile, Decimal(100)).normalize())
        return f"p{percent} <= {shown_latency(self.latency)}"


def shown_latency(seconds: Decimal) -> str:
    """Write a bound: `100 ms`, `2 s`."""
    if seconds >= 1:
        return f"{plain(seconds.normalize())} s"
    return f"{plain(EXACT.multiply(seconds, Decimal(1000)).normalize())} ms"


def stated_slo(slo: Slo | None) -> StatedSlo | None:
    """Return what a workload states; None where it states none."""
    return None if slo is None else StatedSlo(quantized(slo.percentile.value), quantized(slo.latency.value))


def differ(slos: Iterable[StatedSlo | None]) -> bool:
    """Say whether designs are held to different SLOs: the cheaper may only be allowed to be slower."""
    return len(set(slos)) > 1


def strictest(slos: Sequence[StatedSlo | None]) -> StatedSlo | None:
    """Return the SLO that keeps every stated one: the highest share within the shortest time."""
    stated = [slo for slo in slos if slo is not None]
    if not stated:
        return None
    return StatedSlo(max(slo.percentile for slo in stated), min(slo.latency for slo in stated))


def at_slo(scenario: LoadedScenario, slo: StatedSlo) -> LoadedScenario:
    """Hold a design to an SLO; itself where that is its own."""
    if stated_slo(scenario.model.workload.slo) == slo:
        return scenario
    held = Slo.model_construct(
        percentile=Quantity(Fraction(slo.percentile)), latency=Quantity(Fraction(slo.latency))
    )
    workload = scenario.model.workload.model_copy(update={"slo": held})
    return scenario.with_model(workload=workload)
