"""What a scenario was made of: its files letter by letter, and the results that it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from costplan.messages.errors import InputError
from costplan.scenario.document.files import open_document
from costplan.scenario.sources import measurements_of, originals

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


def test_results_are_found_in_what_is_extended_too(folder: Path) -> None:
    found = measurements_of(open_document("child.yaml"))
    assert list(found) == ["digits-service"]
    assert found["digits-service"].target == "service"


def test_a_result_outside_of_the_project_is_refused(folder: Path) -> None:
    (folder / "bad.yaml").write_text(
        "scenario: bad\nworkload: {request_duration: {measured: /etc/passwd.json}}\n"
    )
    with pytest.raises(InputError, match="inside the project"):
        measurements_of(open_document("./bad.yaml"))
