"""The reference of the scenario file is what the models say, and its example has a price."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

from costplan.catalog.store import Catalog
from costplan.cli.run import run
from costplan.scenario.load import load_scenario

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("scenario_reference", ROOT / "tools" / "scenario_reference.py")
assert SPEC is not None
assert SPEC.loader is not None
TOOL = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(TOOL)


def test_the_page_is_made_from_the_models() -> None:
    assert (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8") == TOOL.page() + "\n"


def test_its_example_can_be_priced(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(TOOL.EXAMPLE)
    assert run(["estimate", str(path)]) == 0
    assert run(["estimate", f"{path}:half"]) == 0


WAYS = dict(re.findall(r"^\| (.*?) \| (.*) \|$", TOOL.HEAD, re.MULTILINE))
PLACES = {
    "a name": "scenario",
    "a text": "title",
    "a number": "business.migration.hours",
    "money": "business.cash",
    "an SLO": "workload.slo",
    "requests": "workload.monthly_requests",
    "a size": "workload.response_size",
    "a time": "workload.request_duration",
    "running time": "resources.api.hours",
    "a month": "business.grants[0].ends",
    "a share": "resources.api.capacity.utilisation",
    "a growth": "workload.growth",
    "a bandwidth": "resources.api.capacity.bandwidth",
    "a range": "workload.request_duration",
}
"""What the page says how to write -> a path where it may stand."""
EVERYTHING = """\
scenario: all
title: All
workload: {monthly_requests: 5M, request_duration: 100 ms, response_size: 1 KB}
resources:
  api: {kind: compute-instance, vcpu: 2, memory: 4 GB, capacity: {requests_per_second: 50}}
  network: {kind: network}
business:
  vat: payer
  cash: 1 RUB
  grants: [{name: g, amounts: 1 RUB, starts: 2026-12, ends: 2026-12}]
  migration: {hours: 5, hourly: 100 RUB}
"""


@pytest.mark.parametrize("what", PLACES)
def test_what_it_says_how_to_write_is_read(what: str, tmp_path: Path) -> None:
    path = tmp_path / "all.yaml"
    path.write_text(EVERYTHING)
    written = [one for one in re.findall(r"`([^`]+)`", WAYS[what]) if re.search(r"\d|[a-z]: |shop|Shop", one)]
    assert written
    for text in written:
        loaded = load_scenario(str(path), Catalog.shipped, sets=[f"{PLACES[what]}={text}"])
        assert loaded.resources


def test_all_ways_of_writing_are_tried_or_named_elsewhere() -> None:
    others = {"what", "---", "a value with its reason", "a result of `costplan bench`", "a path"}
    others |= {"a published capacity"}
    assert set(WAYS) - others == set(PLACES)


def test_every_page_of_the_docs_is_in_the_wheel() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    carried = build["targets"]["wheel"]["force-include"]
    for page in (ROOT / "docs").glob("*.md"):
        assert carried[f"docs/{page.name}"] == f"costplan/data/docs/{page.name}"
