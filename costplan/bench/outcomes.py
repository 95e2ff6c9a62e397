"""The classes a request can end in; every request ends in exactly one."""

from __future__ import annotations

from enum import IntEnum


class Outcome(IntEnum):
    """How one request ended. The numbers are written to journals: add, never renumber."""

    OK = 0
    """Answered, and the answer was right."""
    WRONG_ANSWER = 1
    """Answered in time, but the target's check refused the answer."""
    HTTP_ERROR = 2
    """An HTTP status other than 2xx; a redirect is one of these, for it is not followed."""
    RPC_ERROR = 3
    """A gRPC status other than OK, DEADLINE_EXCEEDED and UNAVAILABLE."""
    CALL_ERROR = 4
    """A call in this process raised."""
    TIMEOUT = 5
    """No whole answer within the timeout; counted at the age it had reached."""
    CONNECT_ERROR = 6
    """No connection: refused, unreachable."""
    CONNECTION_LOST = 7
    """The connection ended before the whole answer had come."""
    TLS_ERROR = 8
    """The TLS handshake failed, a wrong certificate among others."""
    BAD_REPLY = 9
    """The reply was not HTTP, or more than one reply came for one request."""
    TOO_LARGE = 10
    """The reply passed the body cap."""
    DROPPED = 11
    """Never sent: the cap on requests in flight was reached."""
    INTERRUPTED = 12
    """In flight when the run was ended early; its true time is at least its age."""

    @property
    def label(self) -> str:
        """Name for people and files, such as `wrong answer`."""
        return self.name.lower().replace("_", " ")


CONNECTION_FAILURES = frozenset({Outcome.CONNECT_ERROR, Outcome.CONNECTION_LOST, Outcome.TLS_ERROR})
"""After these a closed loop pauses before it sends again: a refused connection fails in microseconds."""

TIMED = frozenset({Outcome.OK, Outcome.WRONG_ANSWER, Outcome.TIMEOUT, Outcome.INTERRUPTED})
"""Outcomes whose age says something about speed. A refused connection is fast: it must not lower a p99."""
