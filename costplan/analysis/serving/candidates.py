"""Which machines a measurement is priced on: named ones, a scenario's own, or a few common shapes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from costplan.analysis.serving.cost import Candidate
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError, did_you_mean
from costplan.messages.text import visible
from costplan.quantities.money import plain, quantized
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import BYTES_PER_GB
from costplan.resources.contract import Resource
from costplan.resources.kinds.compute_instance import ComputeInstance
from costplan.resources.kinds.kubernetes_node_group import KubernetesNodeGroup
from costplan.resources.kinds.serverless_container import ServerlessContainer
from costplan.resources.parts.machine import default_gpus, find_platform
from costplan.scenario.loaded import LoadedScenario

SERVERLESS = "serverless"
DEFAULTS = (
    "serverless:1x1",
    "standard-v3:2x4",
    "standard-v2:2x4",
    "standard-v3:4x8",
    "standard-v3:8x16",
)
MAX_CANDIDATES = 50

_SHAPE = re.compile(r"(?P<name>[a-z0-9-]+):(?P<vcpu>\d{1,4}(\.\d{1,3})?)x(?P<memory>\d{1,5}(\.\d{1,3})?)")


def candidates_of(text: str | None, scenario: LoadedScenario | None, catalog: Catalog) -> list[Candidate]:
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
            raise InputError(f"--instances: give 1 to {MAX_CANDIDATES} machines such as standard-v3:2x4")
        return _unique(_named(word, catalog) for word in words)
    own = _own_machines(scenario) if scenario is not None else []
    return _unique([*own, *(_named(word, catalog) for word in DEFAULTS)])


def _unique(found: Iterable[Candidate]) -> list[Candidate]:
    """Keep the first of those with one name, serverless ones in front."""
    by_name: dict[str, Candidate] = {}
    for candidate in found:
        by_name.setdefault(candidate.name, candidate)
    return sorted(by_name.values(), key=lambda c: not isinstance(c.resource, ServerlessContainer))


def _own_machines(scenario: LoadedScenario) -> list[Candidate]:
    """The machines of a scenario that serve its model."""
    found: list[Candidate] = []
    for resource in scenario.resources.values():
        if resource.role == "inference":
            found += _of_resource(resource)
    return found


def _of_resource(resource: Resource) -> Sequence[Candidate]:
    if isinstance(resource, ServerlessContainer):
        size = f"{_gb(resource.vcpu.value)}x{_gb(resource.memory.value / BYTES_PER_GB)}"
        kept = ServerlessContainer(
            kind="serverless-container",
            role="inference",
            vcpu=Quantity(resource.vcpu.value),
            memory=Quantity(resource.memory.value),
            run_time_rounding=resource.run_time_rounding,
        )
        return [Candidate(f"Serverless Containers {size}", kept)]
    if isinstance(resource, (ComputeInstance, KubernetesNodeGroup)):
        machine = ComputeInstance(
            kind="compute-instance",
            role="inference",
            platform=resource.platform,
            core_fraction=resource.core_fraction,
            vcpu=resource.vcpu,
            memory=Quantity(resource.memory.value),
            gpu=resource.gpu,
            preemptible=resource.preemptible,
        )
        return [Candidate(_machine_name(machine), machine)]
    return []


def _machine_name(machine: ComputeInstance) -> str:
    fraction = "" if machine.core_fraction == 100 else f" at {machine.core_fraction}%"
    preemptible = ", preemptible" if machine.preemptible else ""
    size = f"{machine.vcpu}x{_gb(machine.memory.value / BYTES_PER_GB)}"
    return f"{machine.platform} {size}{fraction}{preemptible}"


def _gb(number: Fraction) -> str:
    return plain(quantized(number))


def _named(word: str, catalog: Catalog) -> Candidate:
    match = _SHAPE.fullmatch(word)
    if match is None:
        raise InputError(
            f"--instances: `{visible(word[:60])}` is not a machine",
            hint="write PLATFORM:VCPUxGB such as standard-v3:2x4, or serverless:1x1",
        )
    name, vcpu, memory = match["name"], match["vcpu"], match["memory"]
    if name == SERVERLESS:
        resource = ServerlessContainer.model_validate(
            {"kind": "serverless-container", "role": "inference", "vcpu": vcpu, "memory": f"{memory} GB"}
        )
        return Candidate(f"Serverless Containers {_trimmed(vcpu)}x{_trimmed(memory)}", resource)
    if "." in vcpu:
        raise InputError(f"--instances: `{word}`: a machine has whole vCPUs, got {vcpu}")
    return _machine(word, name, vcpu, memory, catalog)


def _machine(word: str, name: str, vcpu: str, memory: str, catalog: Catalog) -> Candidate:
    compute = catalog.offer(ComputeInstance.sells)
    platform = find_platform(compute, name)
    if platform is None:
        names = [SERVERLESS, *(found.name for found in compute.platforms)]
        raise InputError(
            f"--instances: there is no platform `{name}`",
            hint=did_you_mean(name, names) or f"known: {', '.join(names)}",
        )
    machine = ComputeInstance.model_validate(
        {
            "kind": "compute-instance",
            "role": "inference",
            "platform": name,
            "vcpu": vcpu,
            "memory": f"{memory} GB",
            "gpu": str(default_gpus(platform)),
        }
    )
    for problem in machine.problems(catalog):
        raise InputError(f"--instances: `{word}`: {problem.message}", hint=problem.hint)
    return Candidate(_machine_name(machine), machine)


def _trimmed(number: str) -> str:
    return plain(Decimal(number))
