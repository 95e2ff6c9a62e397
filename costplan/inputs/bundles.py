"""What several commands, and the library, are told in the same way."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

STAGES = ("stage1", "stage2", "stage3")
"""What is taken where no scenario is named."""


class Layers(NamedTuple):
    """Where prices are read."""

    catalog: Path | None = None
    """A folder of prices in place of the shipped ones."""
    overlay: list[Path] | None = None
    """Folders that are laid over them, the last on top."""


class Prices(NamedTuple):
    """Which of the prices are taken."""

    currency: str | None = None
    as_of: str | None = None
    """A day, as 2026-05-01."""


class Changes(NamedTuple):
    """How scenarios are changed before they are priced."""

    changes: list[str] | None = None
    """Each `path=value`."""
    requests: str | None = None
    """A month: `5M`, `20 req/s`."""
    quotas: list[Path] | None = None
    """Files with the quotas of the account."""
    workload: Path | None = None
    """A scenario whose workload is taken, or a file of usage beside a plan of Terraform."""
