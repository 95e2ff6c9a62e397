"""All that a report is written from: read, priced and measured by whoever calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from costplan.analysis.bill.documents import Comparison
from costplan.analysis.curve.documents import Curve
from costplan.analysis.timeline.documents import Timeline
from costplan.analysis.uncertainty.documents import Sensitivity, Uncertainty
from costplan.graphics.pictures.picture import slug
from costplan.measurement.model import Measurement
from costplan.messages.reason import Reason
from costplan.messages.text import in_language
from costplan.pricing.estimate import Estimate
from costplan.scenario.loaded import LoadedScenario

if TYPE_CHECKING:
    from costplan.analysis.plan.within_budget import CureSearch
    from costplan.analysis.uncertainty.ranges import Ranges
    from costplan.scenario.account.loaded import LoadedAccount


NoPlan = Literal["growth", "input"]
"""Why no months are planned: no growth is stated, or something else that a plan needs."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """A scenario file, letter by letter."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Varied:
    """One variant of a scenario, priced."""

    name: str
    title: dict[str, str]
    changes: int
    """How many values it sets."""
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Stage:
    """One scenario with all that is known of it."""

    name: str
    """What tells it from the others: `stage2:preemptible`."""
    estimate: Estimate
    scenario: LoadedScenario
    """Of an account its first design: chapters that ask one load are left out there."""
    texts: Sequence[SourceText]
    """Its own file first, then those that it extends."""
    variants: Sequence[Varied] = ()
    left_out: Sequence[tuple[str, Reason]] = ()
    """Variants that cannot stand alone, each with the reason."""
    at_loads: Sequence[Estimate] = ()
    """The same design at the load of each stage, in the order of the stages."""
    at_rest: Estimate | None = None
    """The same design without a single request."""
    measurements: Sequence[str] = ()
    """Names of the measurements that it takes figures from."""
    ranges: Ranges | None = None
    """Its inputs with a range; None where nobody looked."""
    uncertainty: Uncertainty | None = None
    """How sure its bill is; None where no range moves it, or the library for it is missing."""
    sensitivity: Sensitivity | None = None
    """What its bill depends on; None where nothing is uncertain, assumed or measured."""
    cure: CureSearch | None = None
    """What `costplan plan` takes within the budget; None where it is kept, or nobody looked."""
    plan_command: str = "costplan plan"
    """The command line that looks for a design within the budget."""

    account: LoadedAccount | None = None
    """The account, where it is one."""

    @property
    def is_account(self) -> bool:
        """Say whether it is an account of several designs, each at its own load."""
        return self.account is not None

    @property
    def slug(self) -> str:
        """Return its name as part of an id or of a file's name."""
        return slug(self.name)

    def heading(self, language: str) -> str:
        """Return its name and title."""
        return f"{self.name}: {in_language(self.estimate.title, language)}"

    @property
    def monthly_requests(self) -> Decimal:
        """Return its load."""
        return self.estimate.workload["monthly_requests"] or Decimal(0)


@dataclass(frozen=True, slots=True)
class ReportData:
    """Inputs of a report, all in one currency."""

    stages: Sequence[Stage]
    comparison: Comparison
    day: date
    """The day that the report bears."""
    version: str
    command: str
    """The command line that makes this report again."""
    curve: Curve | None = None
    """All designs over the load; None where it cannot be drawn."""
    common_curve: Curve | None = None
    """All designs held to the strictest SLO of any; None where they are held to one anyway."""
    timeline: Timeline | None = None
    """Months ahead; None where they cannot be planned."""
    no_timeline: NoPlan = "input"
    """Why there is none."""
    measurements: Sequence[tuple[str, Measurement]] = ()
    """Name of the file and what it holds, with costs on candidate machines."""

    @property
    def has_account(self) -> bool:
        """Say whether a stage is an account: what asks one load is left out then."""
        return any(stage.is_account for stage in self.stages)

    @property
    def currency(self) -> str:
        """Return the currency of every estimate."""
        return self.comparison.currency
