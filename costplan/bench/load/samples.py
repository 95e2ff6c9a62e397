"""Raw measurements of one run: four numbers per request, in the order in which requests ended."""

from __future__ import annotations

from array import array
from collections import Counter
from threading import Lock

from costplan.bench.outcomes import Outcome

_MAX_MESSAGES = 20
"""Distinct failure messages kept; a server that puts a counter into each must not fill the memory."""
_MESSAGE_WIDTH = 200
_OTHER_MESSAGES = "other messages"


class Samples:
    """Columns due, sent, done (ns of the run's clock) and outcome, all of one length.

    25 bytes per request and no object that the garbage collector would have to visit.
    """

    __slots__ = ("_lock", "done", "due", "messages", "outcome", "sent")

    def __init__(self) -> None:
        self.due = array("q")
        self.sent = array("q")
        self.done = array("q")
        self.outcome = bytearray()
        self.messages: Counter[str] = Counter()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self.outcome)

    def add(self, due: int, sent: int, done: int, outcome: int) -> None:
        """Record an ended request; `outcome` last, so that its length never runs ahead of the others."""
        self.due.append(due)
        self.sent.append(sent)
        self.done.append(done)
        self.outcome.append(outcome)

    def add_from_thread(self, due: int, sent: int, done: int, outcome: int) -> None:
        """Record like `add` where several threads end requests: the four columns must not interleave."""
        with self._lock:
            self.add(due, sent, done, outcome)

    def explain(self, outcome: Outcome, message: str) -> None:
        """Count a failure's message; past the limit of distinct messages only their class is counted."""
        text = f"{outcome.label}: {message}"[:_MESSAGE_WIDTH]
        with self._lock:
            if text not in self.messages and len(self.messages) >= _MAX_MESSAGES:
                text = f"{outcome.label}: {_OTHER_MESSAGES}"
            self.messages[text] += 1

    def join(self, others: Samples) -> None:
        """Take in the samples of another generator of the same load."""
        self.due.extend(others.due)
        self.sent.extend(others.sent)
        self.done.extend(others.done)
        self.outcome.extend(others.outcome)
        for text, times in others.messages.items():
            kept = text if text in self.messages or len(self.messages) < _MAX_MESSAGES else _OTHER_MESSAGES
            self.messages[kept] += times

    def counts(self) -> dict[Outcome, int]:
        """Return how many requests ended in each class that occurred."""
        found = Counter(self.outcome)
        return {Outcome(code): found[code] for code in sorted(found)}
