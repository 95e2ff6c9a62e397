"""Scenarios of one name side by side, and which of them an option does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from costplan.catalog.store import Catalog
from costplan.cli.run import run
from costplan.messages.errors import InputError
from costplan.scenario.load import load_scenario
from costplan.scenario.load_many import number_duplicates, side_by_side

TEXT = """scenario: ocr
title: OCR
workload: {{monthly_requests: 1M, growth: 0%}}
resources: {{fee: {{kind: fixed-cost, role: other, amounts: {{RUB: {fee}}}, source: offer}}}}
variants: {{half: {{title: Half, set: {{resources.fee.amounts.RUB: 1}}}}}}
"""
Capsys = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three scenarios called `ocr`, two of them in files that are called alike, and one called `other`."""
    monkeypatch.chdir(tmp_path)
    Path("sub").mkdir()
    for fee, name in enumerate(("old.yaml", "new.yaml", "sub/old.yaml"), start=1000):
        Path(name).write_text(TEXT.format(fee=fee))
    Path("other.yaml").write_text(TEXT.format(fee=1).replace("scenario: ocr", "scenario: other"))
    Path("stage1.yaml").write_text(TEXT.format(fee=1).replace("scenario: ocr", "scenario: stage1"))


def names(*references: str) -> list[str]:
    return [one.name for one in side_by_side(references, lambda name: load_scenario(name, Catalog.shipped))]


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        (["old.yaml", "new.yaml"], ["ocr (old.yaml)", "ocr (new.yaml)"]),
        (["old.yaml", "other.yaml"], ["ocr", "other"]),
        (["old.yaml", "old.yaml:half"], ["ocr", "ocr:half"]),
        (["old.yaml", "new.yaml:half"], ["ocr (old.yaml)", "ocr (new.yaml):half"]),
        (["old.yaml", "sub/old.yaml"], ["ocr (old.yaml)", "ocr (sub/old.yaml)"]),
        (["stage1", "stage1.yaml"], ["stage1", "stage1 (stage1.yaml)"]),
        (["new.yaml"], ["ocr"]),
    ],
)
def test_scenarios_of_one_name_are_told_apart_by_their_files(
    references: list[str], expected: list[str]
) -> None:
    assert names(*references) == expected


def test_what_is_the_same_twice_is_numbered() -> None:
    assert number_duplicates(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]


@pytest.mark.parametrize("command", ["compare", "curve", "timeline --months 2", "plan", "report --md -o -"])
def test_every_command_shows_both_names(command: str, capsys: Capsys) -> None:
    run([command.split()[0], "old.yaml", "new.yaml", *command.split()[1:]])
    out = capsys.readouterr().out
    assert "ocr (old.yaml)" in out
    assert "ocr (new.yaml)" in out


@pytest.mark.parametrize("command", ["compare", "report --md -o -"])
def test_an_option_that_does_not_fit_names_the_scenario(command: str, capsys: Capsys) -> None:
    words = [command.split()[0], "stage1", "stage2", "--set", "resources.database.hosts.count=2"]
    assert run([*words, *command.split()[1:]]) == 2
    assert "there is no `resources.database` (of `stage1`)" in capsys.readouterr().err


def test_a_file_at_fault_names_itself() -> None:
    Path("wrong.yaml").write_text(TEXT.format(fee="x"))
    with pytest.raises(InputError, match=r"^wrong.yaml:4:.* is not a number: `x`\n") as caught:
        names("old.yaml", "wrong.yaml")
    assert "(of " not in str(caught.value)


def test_a_plan_is_written_under_a_name_that_scenarios_may_have(capsys: Capsys) -> None:
    assert run(["plan", "old.yaml", "new.yaml", "-o", "Plan.yaml"]) == 0, capsys.readouterr().err
    assert "scenario: ocr-plan\n" in Path("Plan.yaml").read_text()
