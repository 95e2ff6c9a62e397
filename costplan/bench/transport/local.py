"""Calls in this process: as many threads as requests in flight, each taking the next call from a queue."""

from __future__ import annotations

from itertools import cycle
from queue import SimpleQueue
from threading import Thread

from costplan.bench.outcomes import Outcome
from costplan.bench.target import LocalPlan
from costplan.bench.transport.interface import (
    Exchange,
    Finished,
    Surroundings,
    TransportLimits,
    not_listening,
)


class LocalTransport:
    """A queue and its worker threads. What waits in the queue is sent: waiting there is the target's time.

    A thread that computes cannot be ended from outside. A call that outlives its timeout is counted as such;
    its thread ends when the call returns, and is a daemon should it never do so.
    """

    ends_in_threads = True

    def __init__(self, plan: LocalPlan, limits: TransportLimits, surroundings: Surroundings) -> None:
        self.plan = plan
        self.limits = limits
        self.finished: Finished = not_listening
        self._now = surroundings.clock.now
        self._explain = surroundings.explain
        self._queue: SimpleQueue[Exchange | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._next_call = cycle(plan.calls).__next__
        self._in_flight: dict[Exchange, None] = {}

    async def open(self, connections: int) -> None:
        """Start the threads."""
        for number in range(connections):
            thread = Thread(target=self._work, name=f"load-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def send(self, due: int) -> None:
        """Queue a call."""
        exchange = Exchange(due, self._now())
        self._in_flight[exchange] = None
        self._queue.put(exchange)

    def _work(self) -> None:
        get, check = self._queue.get, self.plan.check
        while (exchange := get()) is not None:
            if exchange not in self._in_flight:
                continue  # abandoned while it waited
            outcome, message = Outcome.OK, ""
            try:
                result = self._next_call()()
                done = self._now()
                wrong = check(result)
                if wrong is not None:
                    outcome, message = Outcome.WRONG_ANSWER, wrong
            except Exception as error:  # whatever the call raises is its outcome
                done = self._now()
                outcome, message = Outcome.CALL_ERROR, f"{type(error).__name__}: {error}"
            if done - exchange.sent > self.limits.timeout_ns:
                outcome, message = Outcome.TIMEOUT, f"took longer than {self.limits.timeout_s:g} s"
            self._end(exchange, done, outcome, message)

    def _end(self, exchange: Exchange, done: int, outcome: Outcome, message: str) -> None:
        # Popping is atomic: of a sweep and a worker that end the same call, one finds it gone.
        if self._in_flight.pop(exchange, exchange) is exchange:
            return
        if message:
            self._explain(outcome, message)
        self.finished(exchange.due, exchange.sent, done, outcome)

    def sweep(self, now: int) -> None:
        """Count as timed out what is too old."""
        oldest = now - self.limits.timeout_ns
        for exchange in [e for e in list(self._in_flight) if e.sent <= oldest]:
            self._end(exchange, now, Outcome.TIMEOUT, f"no result within {self.limits.timeout_s:g} s")

    def abandon(self, outcome: Outcome) -> None:
        """Forget everything in flight."""
        now = self._now()
        for exchange in list(self._in_flight):
            self._end(exchange, now, outcome, "in flight when the run ended")

    async def close(self) -> None:
        """Let the threads end after the call that each is in; does not wait for one that hangs."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(timeout=0.1)
