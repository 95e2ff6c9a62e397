"""The page about the house names what is there, in the order that the contracts hold imports to."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-it-works.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MOST_LINES = 40
"""Of the walk of one number."""


def test_every_file_and_folder_that_is_named_is_there() -> None:
    named = re.findall(r"`((?:[a-z_]+/)+[a-z_]*(?:\.py)?|[a-z_]+\.py)`", PAGE + CONTRIBUTING)
    assert len(named) > 20
    missing = [name for name in named if not any((ROOT / base / name).exists() for base in ("", "costplan"))]
    assert missing == []


def test_the_floors_are_those_of_the_contract() -> None:
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \|", PAGE, re.MULTILINE)
    floors = [set(re.findall(r"`(\w+)(?:/|\.py)`", folders)) for _, folders in rows]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = contracts["contracts"][0]["layers"]
    assert floors == [set(re.findall(r"costplan\.(\w+)", layer)) for layer in layers]
    assert [int(number) for number, _ in rows] == list(range(len(rows), 0, -1))


def test_the_walk_of_one_number_is_short() -> None:
    walk = PAGE.split("## The way of one number")[1]
    assert len(walk.strip().splitlines()) < MOST_LINES


def test_functions_that_the_walk_names_are_there() -> None:
    for name in ("with_variable_load", "price_scenario"):
        assert f"`{name}`" in PAGE
        assert f"def {name}(" in "".join(p.read_text() for p in (ROOT / "costplan" / "pricing").glob("*.py"))
