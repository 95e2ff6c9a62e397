"""What a rule finds in a design, before levels and waivers."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from costplan.analysis.policy.documents import Unit
from costplan.checked.records import dataclass

Verdict = Literal["kept", "broken", "unknown"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a rule is kept, with the figures."""

    verdict: Verdict
    reason: str
    limit: Decimal | None = None
    value: Decimal | None = None
    unit: Unit = ""
    currency: str = ""
    resources: tuple[str, ...] = ()
    """Names of those that it is about; none for the whole design."""


def upper_bound(value: Decimal, limit: Decimal, *, is_lower_bound: bool) -> Verdict:
    """Hold a value against the most that it may be; a lower bound below it says nothing."""
    return "broken" if value > limit else "unknown" if is_lower_bound else "kept"
