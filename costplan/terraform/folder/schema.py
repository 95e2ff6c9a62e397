"""What the provider fills in when a plan is made, where a file says nothing: `provider_defaults.csv`."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

UNTIL_APPLY = "?"
"""In the table: not known before apply."""


@lru_cache(maxsize=1)
def _by_type() -> dict[str, dict[str, str]]:
    path = Path(__file__).parent.parent / "provider_defaults.csv"
    found: dict[str, dict[str, str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["type"], {})[row["attribute"]] = row["value"]
    return found


@lru_cache(maxsize=1000)
def filled_in(kind: str, block: str) -> dict[str, str]:
    """Return what is filled in within a block of a type: attribute or block -> value, or `UNTIL_APPLY`.

    Args:
        kind: The type.
        block: Path of the block; empty for the resource itself.
    """
    start = f"{block}." if block else ""
    rows = _by_type().get(kind, {})
    return {
        path.removeprefix(start): value
        for path, value in rows.items()
        if path.startswith(start) and "." not in path.removeprefix(start)
    }


def is_filled_in(kind: str, path: str) -> bool:
    """Say whether a plan knows an attribute that nobody states."""
    return _by_type().get(kind, {}).get(path, UNTIL_APPLY) != UNTIL_APPLY
