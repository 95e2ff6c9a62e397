"""How many cases the generated tests try: a part of them by hand, all of them in continuous integration."""

from __future__ import annotations

import os

THOROUGH = os.environ.get("COSTPLAN_THOROUGH") == "1"


def cases(quick: int, thorough: int, variable: str = "COSTPLAN_SCENARIOS") -> int:
    """Return the number to try; the environment variable, where it is set, says another."""
    return int(os.environ.get(variable) or (thorough if THOROUGH else quick))
