"""A scenario that was read, put together and checked: what pricing works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from costplan.catalog.store import Catalog
from costplan.errors import Fault
from costplan.quantity import Origin
from costplan.resources.base import Resource, Setting
from costplan.scenario.model import Scenario
from costplan.source import Mapping as MappingNode
from costplan.source import Node, locate


@dataclass(frozen=True, slots=True)
class LoadedScenario:
    """A checked scenario with the document that it came from."""

    model: Scenario
    resources: Mapping[str, Resource]
    catalog: Catalog
    node: Node
    origins: tuple[Origin, ...]
    """Every input that is marked as assumed or measured, in file order."""
    applied_variants: tuple[str, ...] = ()
    uncertain: Mapping[str, MappingNode] = field(default_factory=dict)
    """Path -> a value that has a range or a distribution; read by `scenario.uncertainties`."""
    quotas: Mapping[str, Fraction] = field(default_factory=dict)
    """What the scenario states that its account may use, by the quota's key, in its unit."""
    kept: dict[object, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What its settings have worked out; see there."""

    @property
    def setting(self) -> Setting:
        """What resources need to know to say what they use."""
        month = Fraction(self.model.hours_per_month)
        return Setting(self.model.workload, self.catalog, month, self.kept)

    @property
    def name(self) -> str:
        """Name with its variants: `stage2:preemptible`."""
        return ":".join(
            [self.model.scenario, *(["+".join(self.applied_variants)] if self.applied_variants else [])]
        )

    def fault(self, path: str, message: str, hint: str | None = None) -> Fault:
        """Place a fault at a dotted path of the document."""
        mark, _ = locate(self.node, path.split("."))
        return Fault(message, mark, path, hint)
