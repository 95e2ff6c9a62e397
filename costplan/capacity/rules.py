"""What holds the numbers that the formulas of capacity are given to their rules."""

from __future__ import annotations

from math import isfinite

from costplan.messages.reason import Reason


def check_value(what: str, value: float, holds: bool, rule: str) -> None:
    """Hold a number to its rule, and to being finite.

    Raises:
        ValueError: It is neither.
    """
    if not (holds and isfinite(value)):
        said = rule if isinstance(rule, Reason) else Reason.of(rule)
        raise ValueError(Reason("{what} must be {rule}, got {value}", Reason.of(what), said, f"{value:g}"))
