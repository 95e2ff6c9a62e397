"""An account that was read with all of its designs: what pricing works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from costplan.catalog.store import Catalog
from costplan.checked.records import dataclass
from costplan.messages.errors import Fault
from costplan.scenario.account.model import Account
from costplan.scenario.loaded import Difference, LoadedScenario
from costplan.source.fields import Currency
from costplan.source.reader import Mapping as MappingNode
from costplan.source.reader import locate


@dataclass(frozen=True, slots=True)
class LoadedAccount:
    """A checked account; its designs agree on currency, day, month and free volumes."""

    model: Account
    designs: Mapping[str, LoadedScenario]
    """By name, in the order of the file."""
    catalog: Catalog
    node: MappingNode
    quotas: Mapping[str, Fraction]
    """What the account may use, by the quota's key."""
    differences: tuple[Difference, ...] = ()
    """What `--set` changes of the account as written."""

    @property
    def plain_name(self) -> str:
        """Name of the account."""
        return self.model.account

    @property
    def name(self) -> str:
        """Name of the account: it has no variants."""
        return self.model.account

    @property
    def title(self) -> dict[str, str]:
        """What it is, for people; its name where nothing says."""
        return self.model.title or {"en": self.model.account}

    @property
    def first(self) -> LoadedScenario:
        """The first design: in what all agree, it stands for all."""
        return next(iter(self.designs.values()))

    @property
    def currency(self) -> Currency:
        """Currency of its bill."""
        return self.first.currency

    @property
    def day(self) -> date:
        """Day whose prices hold."""
        return self.first.model.as_of or self.catalog.index.as_of

    @property
    def free_tier(self) -> bool:
        """Whether the account's free volumes are still there."""
        return self.first.model.free_tier

    def called(self, name: str) -> LoadedAccount:
        """Return it under another name."""
        return replace(self, model=self.model.model_copy(update={"account": name}))

    def fault(self, path: str, message: str, hint: str | None = None) -> Fault:
        """Place a fault at a dotted path of the document."""
        mark, _ = locate(self.node, path.split("."))
        return Fault(message, mark, path, hint)
