"""What every test may rely on: an environment that does not change what commands print."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what a developer's own shell may ask of the output."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERMINAL_WIDTH", "COSTPLAN_DEBUG"):
        monkeypatch.delenv(name, raising=False)
