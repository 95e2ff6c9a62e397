"""Several load generators that shared one load, as a result file holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from costplan.measurement.environment import Count, Number, Text

Signed = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class LoadWorker:
    """One of them."""

    index: Count
    """From 0."""
    ceiling_requests_per_second: Number | None = None
    """What this generator reaches by itself against a server that answers at once."""
    requests: Count = 0
    """Due inside the window."""
    lag_p99_ms: Number | None = None
    """p99 from due to sent: its own lateness."""
    start_ms: Signed | None = None
    """When it started, less the moment that was agreed, by the clock of the folder to which it wrote."""
    clock_offset_ms: Signed | None = None
    """Its own clock less that of the folder."""
    processor: Text = ""
    usable_cpus: Number | None = None


@dataclass(frozen=True, slots=True)
class SharedLoad:
    """One load that several generators sent together."""

    run_id: Text
    count: Count
    """How many share the load."""
    start_at: Number
    """The agreed moment, seconds since 1970 by the shared clock."""
    workers: tuple[LoadWorker, ...]
    """Those whose samples are here; one in the journal of a worker."""
    start_spread_ms: Number | None = None
    """From the first start to the last."""

    @property
    def missing(self) -> tuple[int, ...]:
        """Return the indices of those that are not here."""
        here = {worker.index for worker in self.workers}
        return tuple(index for index in range(self.count) if index not in here)
