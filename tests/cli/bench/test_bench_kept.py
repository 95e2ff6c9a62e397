"""`costplan bench list` and `clean`: what is kept, what goes, and what is left alone."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import costplan
from measured_examples import measurement

from costplan.cli.bench.kept import keep_result
from costplan.cli.bench.progress import default_journal
from costplan.output.formats import rendered

Capsys = pytest.CaptureFixture[str]
NOW = datetime.now(UTC)
LONG_AGO = 1_600_000_000
"""When samples were last written: none of these runs goes on."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    found = tmp_path / "costplan" / "bench"
    found.mkdir(parents=True)
    return found


def name_of(days_ago: float, process: int = 7) -> str:
    return f"run-{NOW - timedelta(days=days_ago):%Y%m%dT%H%M%S}-{process}"


def keep(folder: Path, days_ago: float, *, result: bool = True, **changes: Any) -> str:
    name = name_of(days_ago)
    run = json.loads(rendered(measurement(), "json"))
    samples = folder / f"{name}.jsonl"
    samples.write_text(json.dumps({"journal": 1, "run": run, "outcomes": []}) + "\n{}\n", encoding="utf-8")
    os.utime(samples, (LONG_AGO, LONG_AGO))
    if result:
        text = rendered(measurement(**changes), "json")
        (folder / f"{name}.json").write_text(str(text), encoding="utf-8")
    return name


def bench(capsys: Capsys, *words: str) -> Any:
    return costplan(capsys, "bench", *words)


def test_runs_are_listed_the_newest_first(folder: Path, capsys: Capsys) -> None:
    old, new = keep(folder, 40, result=False), keep(folder, 1)
    found = json.loads(bench(capsys, "list", "-f", "json").out)
    assert [run["name"] for run in found["runs"]] == [new, old]
    newest, oldest = found["runs"]
    assert (newest["model"], newest["target"], newest["verdict"]) == ("digits", "service", "VALID")
    assert newest["capacity_requests_per_second"] == 100.0
    assert newest["bytes"] == sum((folder / file).stat().st_size for file in newest["files"])
    assert (oldest["model"], oldest["verdict"]) == ("digits", None)
    out = bench(capsys, "list").out
    assert out.startswith("2 runs in ")
    assert "samples only" in out
    assert bench(capsys, "list", "-f", "csv").out.count("listed") == 2


def test_the_list_names_a_command_that_removes(folder: Path, capsys: Capsys) -> None:
    keep(folder, 1)
    said = bench(capsys, "list").out
    assert "`costplan bench clean --force` removes them" in said
    bench(capsys, "clean", "--force")
    assert list(folder.iterdir()) == []


def test_nothing_kept_is_an_answer_and_an_unreadable_folder_an_error(folder: Path, capsys: Capsys) -> None:
    folder.rmdir()
    assert bench(capsys, "list").out.startswith("0 runs in ")
    folder.write_text("no folder", encoding="utf-8")
    ended = bench(capsys, "list")
    assert (ended.code, ended.out) == (2, "")
    assert "cannot read the folder" in ended.err
    assert bench(capsys, "clean", "--force").code == 2


def test_what_would_go_is_named_before_it_goes(folder: Path, capsys: Capsys) -> None:
    old, new = keep(folder, 40), keep(folder, 1)
    out = bench(capsys, "clean", "--older-than", "30d").out
    assert out.startswith("1 run would go, ")
    assert "; --force removes it" in out
    assert old in out
    assert new not in out
    assert len(list(folder.iterdir())) == 4
    assert bench(capsys, "clean", "--older-than", "30d", "--force").out.startswith("removed 1 run, ")
    assert {file.stem for file in folder.iterdir()} == {new}
    assert bench(capsys, "clean", new, "--force").out.startswith("removed 1 run, ")
    assert list(folder.iterdir()) == []


def test_what_is_not_its_own_is_left_alone(folder: Path, tmp_path: Path, capsys: Capsys) -> None:
    outside = tmp_path / "outside.jsonl"
    outside.write_text("mine", encoding="utf-8")
    (folder / f"{name_of(50)}.jsonl").symlink_to(outside)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "run-20269999T999999-1.jsonl").write_text("mine", encoding="utf-8")
    (folder / f"{name_of(51)}.json").mkdir()
    keep(folder, 40)
    ended = bench(capsys, "clean", "--force")
    assert ended.out.startswith("removed 1 run, ")
    assert "4 other files in the folder are not touched" in ended.out
    assert len(list(folder.iterdir())) == 4
    assert outside.read_text() == "mine"


def test_a_run_that_may_go_on_stays(folder: Path, capsys: Capsys) -> None:
    name = keep(folder, 0, result=False)
    os.utime(folder / f"{name}.jsonl")
    assert bench(capsys, "clean", "--force").out.startswith("removed 0 runs")
    assert (folder / f"{name}.jsonl").exists()


def test_an_unknown_run_and_a_time_that_is_none_are_errors(folder: Path, capsys: Capsys) -> None:
    name = keep(folder, 1)
    assert f"did you mean `{name}`?" in bench(capsys, "clean", name[:-1]).err
    ended = bench(capsys, "clean", "--older-than", "long")
    assert ended.code == 2
    assert "--older-than" in ended.err


def test_a_damaged_file_is_listed_by_its_name_alone(folder: Path, capsys: Capsys) -> None:
    (folder / f"{name_of(3)}.jsonl").write_bytes(b"\xff{")
    (folder / f"{name_of(3)}.json").write_text("[" * 100_000, encoding="utf-8")
    [run] = json.loads(bench(capsys, "list", "-f", "json").out)["runs"]
    assert (run["model"], run["verdict"]) == ("", None)


def test_a_run_leaves_its_result_beside_its_samples_and_is_shown_by_name(
    folder: Path, tmp_path: Path, capsys: Capsys
) -> None:
    samples = default_journal()
    assert samples is not None
    samples.touch()
    assert keep_result(measurement(), samples) == samples.with_suffix(".json")
    assert "digits" in bench(capsys, "show", samples.stem).out
    assert "digits" in bench(capsys, "compare", samples.stem, "digits-service").out
    elsewhere = tmp_path / "mine.jsonl"
    assert keep_result(measurement(), elsewhere) == elsewhere
    assert not elsewhere.with_suffix(".json").exists()


def test_the_oldest_runs_make_room_with_their_results(folder: Path) -> None:
    names = [keep(folder, days) for days in range(20, 0, -1)]
    default_journal()
    assert {file.stem for file in folder.iterdir()} == set(names[1:])
