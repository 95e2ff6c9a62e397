"""What the load generator and a server under test agree on: prebuilt exchanges and a checker for replies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol


@dataclass(frozen=True, slots=True)
class HttpPlan:
    """Requests for an HTTP/1.1 server, complete to the last byte before the first is sent."""

    host: str
    port: int
    requests: Sequence[bytes]
    """Whole requests (line, headers, body); the generator sends them in turn."""
    check: Callable[[int, bytes], str | None]
    """Takes status and body; returns None for a right answer, else what is wrong with it."""
    tls: bool = False
    address: str = ""
    """The IP address to connect to, as `guard.check_target` pinned it; empty: looked up once from `host`."""
    content_type: str = ""
    """Media type that a right answer must have, such as `application/json`; empty: not looked at."""
    reply_bytes: int = 0
    """The largest reply that came before the load; 0: not known."""


@dataclass(frozen=True, slots=True)
class GrpcPlan:
    """Unary calls with messages that are serialised before the first is sent."""

    address: str
    method: str
    """Full method name, such as `/inference.GRPCInferenceService/ModelInfer`."""
    requests: Sequence[bytes]
    check: Callable[[bytes], str | None]
    """Takes the serialised reply; returns None for a right answer, else what is wrong with it."""
    tls: bool = False
    pinned: str = ""
    """The IP address to connect to, as `guard.check_target` pinned it; empty: looked up from `address`."""
    reply_bytes: int = 0
    """The largest reply that came before the load; 0: not known."""


@dataclass(frozen=True, slots=True)
class LocalPlan:
    """Calls in this process; they release the GIL while they compute."""

    calls: Sequence[Callable[[], object]]
    check: Callable[[object], str | None]


Plan = HttpPlan | GrpcPlan | LocalPlan


@dataclass(frozen=True, slots=True)
class ColdStart:
    """How long a server took from nothing to its first answer, in milliseconds; None: not seen."""

    ready_ms: float | None = None
    """From starting the process until it says that it is ready."""
    load_ms: float | None = None
    """Opening the model (an inference session)."""
    first_request_ms: float | None = None
    """The first answered request."""


@dataclass(frozen=True, slots=True)
class ServerStatistics:
    """The server's own counters since it started; the difference of two readings covers a window."""

    requests: int
    queue_ns: int
    compute_ns: int
    items: int = 0
    """Inferences: items of the batches."""
    executions: int = 0
    """Runs of the model, of a batch each; 0 where they are not counted."""


@dataclass(frozen=True, slots=True)
class ServerCpu:
    """The server's processor time since it started; the difference of two readings covers a window."""

    requests: int
    total_s: float
    steps_s: Mapping[str, float]
    """Of those steps that have a clock of their own."""


@dataclass(frozen=True, slots=True)
class TargetDescription:
    """What was measured, for the result file."""

    target: str
    server: str
    """Name and version as the server states them."""
    model_name: str
    model_sha256: str | None = None
    inputs: Sequence[Mapping[str, object]] = ()
    """One entry per input: name, datatype (Open Inference Protocol), shape as sent."""
    inputs_from: str = ""
    """Where their values came from."""
    items: int = 1
    """Items that a request carries."""
    item: Literal["item", "image"] = "item"
    outputs: Sequence[Mapping[str, object]] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    """Threads, providers, batch, encoding: whatever changes the numbers."""
    doubts: Sequence[str] = ()
    """What makes the figures doubtful, in sentences for the user."""
    process_id: int | None = None
    """Of a server that this target started, so that its CPU time can be read."""


class Target(Protocol):
    """One way to reach a model. A new one is a file and a line in `costplan/bench/targets/__init__.py`."""

    name: ClassVar[str]

    def start(self) -> ColdStart:
        """Start or reach the server and wait, in bounded time, until the model answers."""

    def plan(self) -> Plan:
        """Build every exchange of the measurement; called once, after `start`."""

    def statistics(self) -> ServerStatistics | None:
        """Read the server's own counters; None where it offers none."""

    def cpu(self) -> ServerCpu | None:
        """Read the server's processor time by step; None where it does not tell it."""

    def describe(self) -> TargetDescription:
        """Say what is being measured; called after `start`."""

    def stop(self) -> None:
        """End what `start` started and nothing else; safe to call twice."""
