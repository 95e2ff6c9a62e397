"""The day that it is: asked for here only, so that a test can say another."""

from __future__ import annotations

from datetime import date


def today() -> date:
    """Return the day on which the program runs."""
    return date.today()
