"""How requests leave: one file per kind of plan, and the registry that finds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from costplan.bench.target import GrpcPlan, HttpPlan, LocalPlan, Plan
from costplan.bench.transport.interface import Surroundings, Transport, TransportLimits
from costplan.messages.errors import MissingExtraError
from costplan.messages.reason import Reason

_FACTORIES: dict[type[Plan], tuple[str, str]] = {
    HttpPlan: ("costplan.bench.transport.http", "HttpTransport"),
    GrpcPlan: ("costplan.bench.transport.grpc", "GrpcTransport"),
    LocalPlan: ("costplan.bench.transport.local", "LocalTransport"),
}
"""Module and class per plan, by name: httptools is imported only by a run that needs it."""


def make_transport(plan: Plan, limits: TransportLimits, surroundings: Surroundings) -> Transport:
    """Make the transport for a plan; it is not opened yet.

    Raises:
        MissingExtraError: The library that this kind of plan needs is not installed.
    """
    module, name = _FACTORIES[type(plan)]
    try:
        factory: Callable[[Plan, TransportLimits, Surroundings], Transport] = getattr(
            import_module(module), name
        )
    except ImportError as error:
        raise MissingExtraError(
            Reason("{name}, which sends this load,", error.name or module), "bench"
        ) from error
    return factory(plan, with_room(limits, plan), surroundings)


def with_room(limits: TransportLimits, plan: Plan) -> TransportLimits:
    """Return limits that let pass twice the largest reply that was seen before the load: lengths vary."""
    seen = 0 if isinstance(plan, LocalPlan) else plan.reply_bytes
    return replace(limits, body_bytes=max(limits.body_bytes, 2 * seen))


__all__ = ["Surroundings", "Transport", "TransportLimits", "make_transport"]
