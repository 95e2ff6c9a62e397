"""What policies say of designs, as data: a result per rule and scenario, and what became of the waivers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from costplan.checked.records import dataclass
from costplan.messages.result import Result

Level = Literal["warn", "fail"]
"""What a broken rule does: it is told, or the answer is no."""
Status = Literal["passed", "broken", "warned", "waived", "unknown"]
Unit = Literal["money", "share", "days", "count", "zones", ""]
WaiverState = Literal["used", "ended", "not-needed", "no-scenario"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands."""

    file: str
    """Path from the top of the repository, else as it was named."""
    line: int
    """From 1; 0 where no line says it, as in a plan of Terraform."""
    resource: str = ""
    """Which resource it is about; empty for the whole design."""


@dataclass(frozen=True, slots=True)
class WaivedBy:
    """The exception that somebody granted."""

    reason: str
    until: date
    """Last day on which it holds."""
    holds: bool
    """Whether that day is still to come, or today."""


@dataclass(frozen=True, slots=True)
class PolicyResult:
    """One rule of a policy against one scenario."""

    policy: str
    rule: str
    """Its name in the policy."""
    requires: str
    """What kind of rule it is, by its key: `max_cost`."""
    level: Level
    scenario: str
    status: Status
    """`broken` breaks a rule of the level `fail`, `warned` one of the level `warn`; `unknown` cannot be
    said."""
    fails: bool
    """Whether the answer is no because of it."""
    reason: str
    """What was found."""
    limit: Decimal | None = None
    value: Decimal | None = None
    """What the limit was held against; a lower bound where something has no price. A share is 0.1 for 10%."""
    unit: Unit = ""
    """What both are in."""
    currency: str = ""
    """Of an amount."""
    file: str = ""
    """Where the scenario says what the rule is about, the first place of several."""
    line: int = 0
    places: tuple[Place, ...] = ()
    policy_file: str = ""
    policy_line: int = 0
    """Where the rule stands."""
    waiver: WaivedBy | None = None
    """The waiver that is for it, also one that has ended."""


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """What became of a waiver."""

    policy: str
    rule: str
    scenario: str
    """Pattern of the names that it is for."""
    state: WaiverState
    """`not-needed` where the rule holds without it, `no-scenario` where none of those checked is meant."""
    until: date
    reason: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class PolicyReport(Result):
    """What policies say of scenarios."""

    results: tuple[PolicyResult, ...]
    waivers: tuple[WaiverUse, ...] = ()
    idle: tuple[str, ...] = ()
    """Policies that apply to none of the scenarios."""

    @property
    def passed(self) -> bool:
        """Whether no result makes the answer no."""
        return not any(one.fails for one in self.results)
