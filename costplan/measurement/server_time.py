"""What a request costs the server: its processor time, and its own counters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from costplan.measurement.environment import Count, Number, Text


@dataclass(frozen=True, slots=True)
class RequestCpuTime:
    """Processor time that the server takes for one right answer, in milliseconds; None: not known."""

    alone_ms: Number | None = None
    """One request at a time."""
    at_capacity_ms: Number | None = None
    """At the highest rate that keeps the SLO, else at the load that was measured last."""
    reason: Text = ""
    """Why it is not known."""


@dataclass(frozen=True, slots=True)
class ServerShare:
    """What the server's own counters say of a request, in milliseconds."""

    requests: Count
    queue_ms: Number
    compute_ms: Number


CpuStep = Literal["decode", "preprocessing", "inference", "encoding", "rest"]


@dataclass(frozen=True, slots=True)
class CpuSplit:
    """Where the processor time of the service goes: means over the requests of the load points, in
    milliseconds; the sum of the steps is the whole."""

    requests: Count
    """That were answered rightly; the time of others is theirs too."""
    total_ms: Number
    steps_ms: Mapping[CpuStep, Number]
    """`rest` is what has no clock of its own: the web framework, the socket, logs, records."""
