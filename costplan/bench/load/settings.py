"""What one load point asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from costplan.bench.load.schedule import Arrivals
from costplan.bench.load.slices import WHOLE, Slice
from costplan.bench.transport.interface import TransportLimits
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason


class Mode(StrEnum):
    """How requests follow each other, named after what each answers."""

    SINGLE = "single"
    """One in flight: the latency of an unloaded server."""
    CLOSED = "closed"
    """N in flight: comparable with perf_analyzer and wrk, and finds where capacity lies."""
    OPEN = "open"
    """On a schedule, whatever the server does: the only mode that may claim an SLO or a price."""
    BATCH = "batch"
    """Everything due at once: what an offline job costs."""


@dataclass(frozen=True, slots=True)
class LoadSettings:
    """One load point, complete: the same settings and seed send the same schedule."""

    mode: Mode
    window_s: float = 10.0
    """Requests due inside the window are counted, all of them and no other."""
    lead_in_s: float = 0.0
    """Same load before the window, not counted: the queue needs a while to fill to its usual length."""
    concurrency: int = 1
    """Requests in flight of `closed` and `batch`; connections opened in advance of `open`."""
    requests_per_second: float | None = None
    """Offered load of `open`, except for a recorded schedule."""
    arrivals: Arrivals = Arrivals.POISSON
    recorded: Path | None = None
    """File of offsets for recorded arrivals."""
    batch_requests: int = 1000
    seed: int = 1
    percentile: float | None = None
    """What the window of `open` was made for, where it is not the SLO's own."""
    limits: TransportLimits = field(default_factory=TransportLimits)
    part: Slice = WHOLE
    """What this generator sends of the load; all other fields are the whole load's."""

    def __post_init__(self) -> None:
        """Refuse settings that contradict each other.

        Raises:
            InputError: A number is out of range, or a part is missing for the mode.
        """
        if not self.window_s > 0:
            raise InputError(Reason("window must be above 0 s, got {seconds}", f"{self.window_s:g}"))
        if self.concurrency < 1 or self.connections > self.limits.in_flight:
            raise InputError(
                Reason(
                    "concurrency must be from 1 to {most}, got {concurrency}",
                    str(self.limits.in_flight * self.part.count),
                    str(self.concurrency),
                )
            )
        if self.mode is Mode.BATCH and self.batch_requests < 1:
            raise InputError(
                Reason("a batch needs at least 1 request, got {count}", str(self.batch_requests))
            )
        if self.mode is not Mode.OPEN:
            return
        if self.arrivals is Arrivals.RECORDED and self.recorded is None:
            raise InputError("recorded arrivals need a file of offsets")
        if self.arrivals is not Arrivals.RECORDED and self.requests_per_second is None:
            raise InputError("an open loop needs an offered rate", hint="give requests per second")

    @property
    def in_flight(self) -> int:
        """Requests in flight that a closed loop keeps up."""
        return 1 if self.mode is Mode.SINGLE else self.connections

    @property
    def connections(self) -> int:
        """This generator's share of the connections, at least one."""
        return max(1, self.part.share(self.concurrency))
