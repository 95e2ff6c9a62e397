"""Which execution provider really runs a model: the library leaves to the CPU what another cannot."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from costplan.bench.models.probe import wrapped
from costplan.bench.models.session import open_session
from costplan.bench.models.workload import Workload
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.service.providers import check_used, kernels_by_provider


def kernels_on(provider: str, workload: Workload, threads: int) -> dict[str, int]:
    """Run one request in a session of its own and count the steps by provider; none are counted on the CPU.

    Raises:
        InputError: The provider is not there, does not start, or runs no part of the model.
    """
    if provider == "cpu":
        return {}
    if workload.facts is None:
        raise InputError("a provider is chosen for a model file, and none was given")
    with tempfile.TemporaryDirectory(prefix="costplan-bench-") as folder:
        session = open_session(workload.facts.path, threads=threads, provider=provider, profile=Path(folder))
        session.run(None, wrapped(dict(workload.feeds[0]), workload.ports))
        return profiled_kernels(provider, session)


def profiled_kernels(provider: str, session: Any) -> dict[str, int]:
    """End the profile of a session that has answered, and count its steps by provider."""
    kernels = kernels_by_provider(Path(session.end_profiling()))
    check_used(provider, kernels)
    return kernels


def doubts_of(provider: str, kernels: Mapping[str, int]) -> tuple[str, ...]:
    """Say what a provider left to the CPU."""
    left, total = kernels.get("cpu", 0), sum(kernels.values())
    if provider == "cpu" or not left:
        return ()
    return (
        Reason(
            "provider {name} left {left} of {total} steps of the model to the CPU",
            provider,
            str(left),
            str(total),
        ),
    )


def described(provider: str, kernels: Mapping[str, int]) -> dict[str, str]:
    """Return what a result says of the provider: its name, and the steps by provider (`cuda 120, cpu 3`)."""
    counts = ", ".join(f"{name} {count}" for name, count in kernels.items())
    return {"provider": provider} | ({"steps_by_provider": counts} if counts else {})
