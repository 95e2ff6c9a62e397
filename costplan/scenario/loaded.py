"""A scenario that was read, put together and checked: what pricing works on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from fractions import Fraction
from typing import Any

from costplan.catalog.store import Catalog
from costplan.checked.records import dataclass
from costplan.messages.errors import Fault
from costplan.messages.text import in_language
from costplan.quantities.quantity import Origin, Quantity
from costplan.resources.contract import PricingContext, Resource
from costplan.scenario.model import Scenario
from costplan.source.fields import Currency
from costplan.source.reader import Mapping as MappingNode
from costplan.source.reader import Node, locate


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a design is not the scenario as written."""

    path: str
    """`resources.inference.preemptible`."""
    value: str | None
    """As it is written; None where the key is taken away."""


@dataclass(frozen=True, slots=True)
class LoadedScenario:
    """A checked scenario with the document that it came from."""

    model: Scenario
    resources: Mapping[str, Resource]
    catalog: Catalog
    node: Node
    origins: tuple[Origin, ...]
    """Every input that is marked as assumed, measured or published, in file order."""
    applied_variants: tuple[str, ...] = ()
    uncertain: Mapping[str, MappingNode] = field(default_factory=dict)
    """Path -> a value that has a range or a distribution; read by `scenario.uncertainties`."""
    quotas: Mapping[str, Fraction] = field(default_factory=dict)
    """What the scenario states that its account may use, by the quota's key, in its unit."""
    differences: tuple[Difference, ...] = ()
    """What variants and `--set` change of the scenario as written; not how many requests it gets."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Resources out of a file of Terraform that the provider, as far as the catalog knows, does not sell, and
    why: they are in no bill."""
    cache: dict[object, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What was worked out of it; its settings have it too, see there."""

    def remembered(self, key: object, work_out: Callable[[], Any]) -> Any:
        """Return what a key names, worked out the first time it is asked for.

        Args:
            key: Whose work it is, and all that its result depends on besides the scenario.
        """
        if key not in self.cache:
            self.cache[key] = work_out()
        return self.cache[key]

    @property
    def context(self) -> PricingContext:
        """What resources need to know to say what they use."""
        month = Fraction(self.model.hours_per_month)
        return PricingContext(self.model.workload, self.catalog, month, self.quotas, self.cache)

    @property
    def currency(self) -> Currency:
        """Currency of its bill: as it says, else the catalog's first."""
        return self.model.currency or self.catalog.default_currency

    @property
    def plain_name(self) -> str:
        """Name without variants: `stage2`."""
        return self.model.scenario

    @property
    def name(self) -> str:
        """Name with its variants: `stage2:preemptible`."""
        return ":".join(
            [self.model.scenario, *(["+".join(self.applied_variants)] if self.applied_variants else [])]
        )

    @property
    def title(self) -> dict[str, str]:
        """What it is: the title of its variants, which say what is other, else its own."""
        applied = [self.model.variants[name].title for name in self.applied_variants]
        if not applied:
            return self.model.title
        languages = dict.fromkeys(language for texts in applied for language in texts)
        return {one: "; ".join(in_language(texts, one) for texts in applied) for one in languages}

    @property
    def description(self) -> dict[str, str]:
        """What speaks for it: nobody has said that of a design with something changed."""
        return {} if self.differences else self.model.description or {}

    def with_model(self, **fields: Any) -> LoadedScenario:
        """Return it with other fields of its model; nothing is checked."""
        return replace(self, model=self.model.model_copy(update=fields))

    def called(self, name: str) -> LoadedScenario:
        """Return it under another name."""
        return self.with_model(scenario=name)

    def at_load(self, requests: Quantity) -> LoadedScenario:
        """Return the same design with another number of requests a month."""
        workload = self.model.workload.model_copy(update={"monthly_requests": requests})
        return self.with_model(workload=workload)

    def without_budget(self) -> LoadedScenario:
        """Return it without its budget, which is for its own load."""
        return self.with_model(budget=None)

    def fault(self, path: str, message: str, hint: str | None = None) -> Fault:
        """Place a fault at a dotted path of the document."""
        mark, _ = locate(self.node, path.split("."))
        return Fault(message, mark, path, hint)
