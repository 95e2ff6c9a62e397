"""What a scenario was made of: its files letter by letter, and the results that it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from costplan.catalog.store import Catalog
from costplan.measurement.model import Measurement
from costplan.messages.errors import InputError
from costplan.scenario.document.files import open_document
from costplan.scenario.files_used import measurements_of, originals
from costplan.scenario.load import load_scenario

CHILD = """\
# a comment stays
scenario: child
extends: ./base.yaml
title: Child
"""
BASE = """\
scenario: base
extends: stage1
title: Base
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "child.yaml").write_text(CHILD)
    (tmp_path / "base.yaml").write_text(BASE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_files_come_letter_by_letter_from_the_one_named_down_to_the_shipped_one(folder: Path) -> None:
    found = originals(open_document("child.yaml"))
    assert [one.name for one in found] == ["child.yaml", "base.yaml", "scenarios/stage1.yaml"]
    assert [one.text for one in found[:2]] == [CHILD, BASE]


def _measurements(name: str) -> dict[str, Measurement]:
    return measurements_of(load_scenario(name, Catalog.shipped))


def test_results_that_figures_come_from_are_found_in_what_is_extended_too(folder: Path) -> None:
    found = _measurements("child.yaml")
    assert list(found) == ["resnet50-service"]
    assert found["resnet50-service"].target == "service"


def test_a_result_whose_figures_are_replaced_is_none_of_the_design(folder: Path) -> None:
    # stage1 takes nothing but its request_duration from resnet50-service.
    (folder / "own.yaml").write_text(f"{CHILD}workload: {{request_duration: 120 ms}}\n")
    assert _measurements("./own.yaml") == {}


def test_a_result_that_only_a_variant_takes_is_found(folder: Path) -> None:
    (folder / "own.yaml").write_text(
        f"{CHILD}workload: {{request_duration: 120 ms}}\nvariants:\n  quick:\n    title: Quick\n"
        "    set: {workload.request_duration: {measured: digits-service}}\n"
    )
    assert list(_measurements("./own.yaml")) == ["digits-service"]


def test_a_result_outside_of_the_project_is_refused(folder: Path) -> None:
    (folder / "bad.yaml").write_text(
        f"{CHILD}workload: {{request_duration: {{measured: /etc/passwd.json}}}}\n"
    )
    with pytest.raises(InputError, match="inside the project"):
        _measurements("./bad.yaml")
