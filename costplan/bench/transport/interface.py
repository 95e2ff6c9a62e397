"""What a run and a transport agree on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from costplan.bench.clock import NS_PER_S, Clock
from costplan.bench.outcomes import Outcome

Finished = Callable[[int, int, int, Outcome], None]
"""Takes due, sent, done (ns) and the outcome of a request that has just ended."""
Explain = Callable[[Outcome, str], None]
"""Takes the outcome and the message of a failure, for the report."""


def not_listening(due: int, sent: int, done: int, outcome: Outcome) -> None:
    """Take the end of a request before any was sent: a transport's `finished` until the run sets it."""


MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class TransportLimits:
    """What no exchange may exceed."""

    timeout_s: float = 10.0
    """From the send to the whole answer."""
    in_flight: int = 4096
    """Cap on requests in flight; over HTTP, on open connections."""
    body_bytes: int = MIB
    """Largest reply; raised to twice the largest that came before the load."""

    @property
    def timeout_ns(self) -> int:
        """The timeout in ns."""
        return round(self.timeout_s * NS_PER_S)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a transport is given by the run."""

    clock: Clock
    loop: asyncio.AbstractEventLoop
    explain: Explain
    """Where the message of a failure goes; may be called from any thread."""


class Exchange:
    """One request in flight; compared by identity, so that it can be a key."""

    __slots__ = ("due", "sent")

    def __init__(self, due: int, sent: int) -> None:
        self.due = due
        self.sent = sent


class Transport(Protocol):
    """A way to start an exchange and to hear of its end. A new one is a file and a line in the registry."""

    finished: Finished
    """Set by the run before its first send; to be called once per request, never from inside `send`."""
    ends_in_threads: bool
    """Whether `finished` is called from threads other than the event loop's."""

    async def open(self, connections: int) -> None:
        """Make ready for `connections` requests in flight. A server that refuses is no error here."""

    def send(self, due: int) -> None:
        """Start one exchange and return at once; the caller keeps the number in flight within the limit."""

    def sweep(self, now: int) -> None:
        """End with TIMEOUT what is too old; called some tens of times per second."""

    def abandon(self, outcome: Outcome) -> None:
        """End everything in flight with `outcome`, now."""

    async def close(self) -> None:
        """Close connections and threads; nothing is in flight any more."""
