"""Policies of a command line: those that it names, else those of the settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from costplan.cli.settings import settings_of

if TYPE_CHECKING:
    from costplan.analysis.policy.policy_file import PolicyFile


def policies_of(paths: Sequence[Path] | None) -> list[PolicyFile]:
    """Read the policies.

    Raises:
        InputError: One cannot be read or is wrong, or two are called alike.
    """
    named = list(paths or map(Path, settings_of("policy")))
    if not named:
        return []
    from costplan.inputs.policies import read_policies  # most lines have no policy

    return read_policies(named)
