"""Which machines a measurement is priced on: named ones, a scenario's own, or a few common shapes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from costplan.analysis.serving.cost import ServingCandidate
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.quantities.money import plain, quantized
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import BYTES_PER_GB
from costplan.resources.contract import Role
from costplan.resources.deployment import CallInstance, MachineType
from costplan.resources.kinds import resource_kind
from costplan.resources.parts.machine import default_gpus, find_platform
from costplan.scenario.loaded import LoadedScenario

SERVERLESS = "serverless"
CONTAINER, MACHINE = "serverless-container", "compute-instance"
"""Kinds that named machines are priced as."""
ROLE: Role = "inference"
MAX_CANDIDATES = 50

_SHAPE = re.compile(r"(?P<name>[a-z0-9-]+):(?P<vcpu>\d{1,4}(\.\d{1,3})?)x(?P<memory>\d{1,5}(\.\d{1,3})?)")


def candidates_of(
    text: str | None, scenario: LoadedScenario | None, catalog: Catalog
) -> list[ServingCandidate]:
    """Return what to price: what the text names, else the scenario's own machines and the common shapes.

    Args:
        text: `standard-v3:2x4,standard-v3-t4:4x16,serverless:1x1` (vCPU x GB), or None.
        scenario: The scenario that is measured, or None.
        catalog: Must sell them.

    Raises:
        InputError: A name is no platform, or the provider does not sell that machine.
    """
    if text is not None:
        words = [word.strip() for word in text.split(",") if word.strip()]
        if not words or len(words) > MAX_CANDIDATES:
            raise InputError(
                Reason("--instances: give 1 to {most} machines such as standard-v3:2x4", MAX_CANDIDATES)
            )
        return _unique(_named(word, catalog) for word in words)
    own = _own_machines(scenario) if scenario is not None else []
    return _unique([*own, *(_named(word, catalog) for word in catalog.index.common_machines)])


def _unique(found: Iterable[ServingCandidate]) -> list[ServingCandidate]:
    """Keep the first of those with one name, serverless ones in front."""
    by_name: dict[str, ServingCandidate] = {}
    for candidate in found:
        by_name.setdefault(candidate.name, candidate)
    return sorted(by_name.values(), key=lambda found: isinstance(found.runs_on, MachineType))


def _own_machines(scenario: LoadedScenario) -> Iterator[ServingCandidate]:
    """The machines of a scenario that serve its model."""
    for resource in scenario.resources.values():
        if resource.role == "inference":
            found = resource.deployment(scenario.catalog)
            if found.instance is not None:
                yield _instance(resource.kind, found.instance)
            elif found.machine is not None:
                yield _machine(found.machine, preemptible=bool(found.preemptible))


def _instance(kind: str, instance: CallInstance) -> ServingCandidate:
    """One that works on calls, with nothing kept ready."""
    fields = {"vcpu": Quantity(instance.vcpu), "memory": Quantity(instance.memory)}
    rounding = {} if instance.rounding is None else {"run_time_rounding": instance.rounding}
    resource = resource_kind(kind).model_validate({"kind": kind, "role": ROLE, **fields, **rounding})
    size = f"{_number(instance.vcpu)}x{_gb(instance.memory)}"
    return ServingCandidate(f"Serverless Containers {size}", resource, instance)


def _machine(machine: MachineType, *, preemptible: bool = False) -> ServingCandidate:
    """The machine alone: no disk, no address, around the clock."""
    fields = {
        "platform": machine.platform,
        "core_fraction": machine.core_fraction,
        "vcpu": machine.vcpu,
        "memory": Quantity(machine.memory.value),
        "gpu": machine.gpus,
        "preemptible": preemptible,
    }
    resource = resource_kind(MACHINE).model_validate({"kind": MACHINE, "role": ROLE, **fields})
    fraction = "" if machine.core_fraction == 100 else f" at {machine.core_fraction}%"
    stopped = ", preemptible" if preemptible else ""
    size = f"{machine.vcpu}x{_gb(machine.memory.value)}"
    return ServingCandidate(f"{machine.platform} {size}{fraction}{stopped}", resource, machine)


def _gb(size: Fraction) -> str:
    return _number(size / BYTES_PER_GB)


def _number(number: Fraction) -> str:
    return plain(quantized(number))


def _named(word: str, catalog: Catalog) -> ServingCandidate:
    match = _SHAPE.fullmatch(word)
    if match is None:
        raise InputError(
            Reason("--instances: `{word}` is not a machine", visible(word[:60])),
            hint="write PLATFORM:VCPUxGB such as standard-v3:2x4, or serverless:1x1",
        )
    name, vcpu = match["name"], Fraction(match["vcpu"])
    memory = Fraction(match["memory"]) * BYTES_PER_GB
    if name == SERVERLESS:
        return _sold(word, _instance(CONTAINER, CallInstance(vcpu, memory, None)), catalog)
    if vcpu.denominator != 1:
        raise InputError(
            Reason("--instances: `{word}`: a machine has whole vCPUs, got {vcpu}", word, match["vcpu"])
        )
    return _named_machine(word, name, int(vcpu), Quantity(memory), catalog)


def _named_machine(word: str, name: str, vcpu: int, memory: Quantity, catalog: Catalog) -> ServingCandidate:
    service = resource_kind(MACHINE).catalog_service
    compute = catalog.offer(service)
    platform = find_platform(compute, name)
    if platform is None:
        names = [SERVERLESS, *(found.name for found in compute.platforms)]
        raise InputError(
            Reason("--instances: there is no platform `{name}`", name),
            hint=did_you_mean(name, names) or Reason("known: {names}", ", ".join(names)),
        )
    machine = MachineType(service, name, 100, vcpu, memory, default_gpus(platform))
    return _sold(word, _machine(machine), catalog)


def _sold(word: str, found: ServingCandidate, catalog: Catalog) -> ServingCandidate:
    for problem in found.resource.problems(catalog):
        raise InputError(Reason("--instances: `{word}`: {why}", word, problem.message), hint=problem.hint)
    return found
