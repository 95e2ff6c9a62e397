"""`costplan scenario kinds`, `kind` and `show`: what a scenario may say, and what one says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import costplan
from jsonschema import Draft202012Validator

from costplan.cli.run import run
from costplan.output.schemas import schema_of
from costplan.resources.kinds import KINDS

Capsys = pytest.CaptureFixture[str]


def answer(capsys: Capsys, *words: str) -> dict[str, object]:
    assert run([*words, "-f", "json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_all_kinds_are_listed_with_their_role_and_whether_they_serve(capsys: Capsys) -> None:
    found = answer(capsys, "scenario", "kinds")
    Draft202012Validator(schema_of("kind-list")).validate(found)
    kinds = {one["kind"]: one for one in found["kinds"]}  # type: ignore[attr-defined]
    assert list(kinds) == list(KINDS)
    assert kinds["serverless-container"]["role"] == "inference"
    assert kinds["serverless-container"]["serves_requests"] is True
    assert kinds["network"]["serves_requests"] is False


def test_a_kind_is_shown_with_its_keys_and_an_example(capsys: Capsys) -> None:
    found = answer(capsys, "scenario", "kind", "serverless-container")
    Draft202012Validator(schema_of("kind-reference")).validate(found)
    required = [key["name"] for key in found["keys"] if key["required"]]  # type: ignore[attr-defined]
    assert required == ["kind", "memory", "vcpu"]
    assert found["example"] == "resources:\n  mine: {kind: serverless-container, vcpu: 1, memory: 1 GB}\n"
    assert run(["scenario", "kind", "serverless-container"]) == 0
    shown = capsys.readouterr().out
    assert "role where none is stated: inference; requests wait for it" in shown
    assert "  mine: {kind: serverless-container, vcpu: 1, memory: 1 GB}" in shown


def test_an_unknown_kind_lists_all(capsys: Capsys) -> None:
    assert run(["scenario", "kind", "serverless-contaner"]) == 2
    said = capsys.readouterr().err
    assert "did you mean `serverless-container`?" in said
    assert "\n    object-storage " in said


def test_a_scenario_is_shown_whole_with_the_place_of_each_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("base.yaml").write_text(
        "scenario: base\ntitle: Base\nworkload: {monthly_requests: 1M, request_duration: 100 ms}\n"
        "resources:\n  api: {kind: serverless-container, vcpu: 1, memory: 1 GB}\n"
        "variants:\n  large: {title: Large, set: {resources.api.vcpu: 2}}\n"
        "  other: {title: O, set: {title: X}}\n"
    )
    Path("mine.yaml").write_text(
        "scenario: mine\nextends: ./base.yaml\n"
        'workload:\n  monthly_requests: {value: 5M, assumed: "a guess"}\n'
    )
    line = ("scenario", "show", "mine.yaml:large", "--set", "resources.api.memory=4 GB")
    found = answer(capsys, *line)
    Draft202012Validator(schema_of("shown-scenario")).validate(found)
    values = {one["path"]: one for one in found["values"]}  # type: ignore[attr-defined]
    assert {path: (one["value"], one["source"], one["line"]) for path, one in values.items()} == {
        "scenario": ("mine", "mine.yaml", 1),
        "title": ("Base", "base.yaml", 2),
        "workload.monthly_requests": ("5M", "mine.yaml", 4),
        "workload.request_duration": ("100 ms", "base.yaml", 3),
        "resources.api.kind": ("serverless-container", "base.yaml", 5),
        "resources.api.stated_for.vcpu": ("1", "base.yaml", 5),
        "resources.api.stated_for.memory": ("1 GB", "base.yaml", 5),
        "resources.api.vcpu": ("2", "base.yaml", 7),
        "resources.api.memory": ("4 GB", "--set resources.api.memory=4 GB", 0),
    }
    assert values["workload.monthly_requests"]["basis"] == "assumed"
    assert values["workload.monthly_requests"]["reason"] == "a guess"
    assert (found["variants"], found["other_variants"]) == (["large"], ["other"])


@pytest.mark.parametrize("form", ["table", "md", "csv"])
@pytest.mark.parametrize("words", ["show stage1", "kinds", "kind metered"])
def test_they_answer_in_the_usual_formats(capsys: Capsys, words: str, form: str) -> None:
    assert run(["scenario", *words.split(), "-f", form]) == 0
    assert "metered" in (out := capsys.readouterr().out) or "request_size" in out.replace("\\_", "_")


@pytest.mark.parametrize(
    ("word", "meant"), [("shop", "./shop.yaml"), ("shop.yam", "./shop.yaml"), ("stge2", "stage2")]
)
def test_a_scenario_that_is_a_file_of_the_folder_is_named(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str, meant: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text("scenario: shop\n", encoding="utf-8")
    (tmp_path / "shop.txt").write_text("not a scenario\n", encoding="utf-8")
    ended = costplan(capsys, "estimate", word)
    assert ended.err == f"there is no scenario `{word}`\n  hint: did you mean `{meant}`?\n"


def test_an_option_has_no_lines_and_columns(capsys: Capsys) -> None:
    ended = costplan(capsys, "estimate", "stage1", "--set", "workload.monthly_requests=abc")
    option, path = "--set workload.monthly_requests=abc", "workload.monthly_requests"
    assert ended.err.startswith(f"{option}: {path}: ")
    assert ":1:1" not in ended.err


def test_a_file_that_is_not_there_is_named_with_one_ending(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert costplan(capsys, "estimate", "shop.yam").err.endswith("or name a file: ./shop.yaml\n")
