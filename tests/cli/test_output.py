"""Data on standard output, talk on standard error, files whole or not there."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from command_line import command, costplan, environment, process

Capsys = pytest.CaptureFixture[str]

WRITERS = [
    "estimate stage1",
    "compare stage1 stage2",
    "explain stage1",
    "check stage1 --max 1000000 --set budget=~",
    "catalog list --match t4",
    "catalog show network.egress.inet",
    "catalog verify",
    "scenario list",
    "schema scenario",
    "doctor",
    "config",
]


@pytest.mark.parametrize("line", WRITERS)
def test_a_file_holds_what_the_screen_would_show(capsys: Capsys, tmp_path: Path, line: str) -> None:
    shown = costplan(capsys, *line.split())
    path = tmp_path / ("answer.json" if line.startswith("schema") else "answer.txt")
    ended = costplan(capsys, *line.split(), "-o", str(path))
    assert ended.code == shown.code == 0
    assert ended.out == ""
    assert ended.err == f"wrote {path}\n"
    assert path.read_text(encoding="utf-8") == shown.out
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("line", WRITERS)
def test_a_file_that_is_there_is_replaced_only_by_force(capsys: Capsys, tmp_path: Path, line: str) -> None:
    path = tmp_path / ("answer.json" if line.startswith("schema") else "answer.txt")
    path.write_text("mine", encoding="utf-8")
    refused = costplan(capsys, *line.split(), "-o", str(path))
    assert refused.code == 2
    assert refused.err == f"`{path}` is there already\n  hint: add --force to replace it\n"
    assert path.read_text(encoding="utf-8") == "mine"
    assert costplan(capsys, *line.split(), "-o", str(path), "--force").code == 0
    assert path.read_text(encoding="utf-8") != "mine"


def test_a_dash_writes_to_standard_output(capsys: Capsys) -> None:
    assert costplan(capsys, "estimate", "stage1", "-o", "-") == costplan(capsys, "estimate", "stage1")


def test_a_link_is_not_written_through(capsys: Capsys, tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link.txt"
    target.write_text("mine", encoding="utf-8")
    link.symlink_to(target)
    ended = costplan(capsys, "estimate", "stage1", "-o", str(link), "--force")
    assert ended.code == 2
    assert target.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("where", ["folder.txt", "no/such/folder/answer.txt"])
def test_a_file_that_cannot_be_written_is_not_there(capsys: Capsys, tmp_path: Path, where: str) -> None:
    (tmp_path / "folder.txt").mkdir()
    ended = costplan(capsys, "estimate", "stage1", "-o", str(tmp_path / where))
    assert ended.code == 2
    assert [entry.name for entry in tmp_path.iterdir()] == ["folder.txt"]


def test_nothing_is_written_when_the_input_is_wrong(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "answer.txt"
    assert costplan(capsys, "estimate", "stage9", "-o", str(path)).code == 2
    assert not path.exists()


def test_a_failed_write_leaves_the_old_file(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "answer.txt"
    path.write_text("mine", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("costplan.cli.output.Path.replace", full)
    ended = costplan(capsys, "estimate", "stage1", "-o", str(path), "--force")
    assert ended.code == 2
    assert ended.err == f"cannot write `{path}`: No space left on device\n"
    assert path.read_text(encoding="utf-8") == "mine"
    assert [entry.name for entry in tmp_path.iterdir()] == ["answer.txt"]


def test_a_written_file_has_the_usual_rights(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "answer.txt"
    old = os.umask(0o022)
    try:
        costplan(capsys, "estimate", "stage1", "-o", str(path))
    finally:
        os.umask(old)
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_dash_reads_standard_input() -> None:
    text = "scenario: piped\nextends: stage1\ntitle: Piped\n"
    ended = process("estimate", "-", "--format", "json", stdin=text.encode())
    assert ended.code == 0
    assert json.loads(ended.out)["scenario"] == "piped"


def test_a_fault_in_standard_input_has_a_place() -> None:
    ended = process("estimate", "-", stdin=b"scenario: piped\nextends: stage1\ntitel: Piped\n")
    assert ended.code == 2
    assert ended.err.startswith("<stdin>:3:1: titel: unknown key\n")


@pytest.mark.parametrize("form", ["json", "-fjson"], ids=["quick", "by-typer"])
def test_a_reader_that_has_enough_ends_it_in_peace(form: str) -> None:
    """`costplan catalog list --format json | head -1`."""
    words = ["--format", form] if form == "json" else [form]
    with subprocess.Popen(
        command("catalog", "list", *words),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline() == b"{\n"
        running.stdout.close()
        said = running.stderr.read()
        assert running.wait(timeout=120) == 0
    assert said == b""


@pytest.mark.parametrize(
    "line", ["estimate stage2 --format json", "compare --format csv", "explain stage3 -f md"]
)
def test_the_same_files_and_date_give_the_same_bytes(line: str) -> None:
    first = process(*line.split(), env={"PYTHONHASHSEED": "1"})
    assert first == process(*line.split(), env={"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C"})
    assert first.code == 0


# Colour and width


def test_piped_output_has_no_escape_codes() -> None:
    for line in ("estimate stage2", "check stage2", "--help", "estimate --help", "estimate stage9"):
        ended = process(*line.split())
        assert "\x1b" not in ended.out + ended.err


@pytest.mark.parametrize(
    ("env", "coloured"),
    [
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False),
        ({}, False),
    ],
    ids=["forced", "refused", "empty-refusal", "dumb", "piped"],
)
def test_colour_follows_the_environment(env: dict[str, str], coloured: bool) -> None:
    ended = process("check", "stage2", env=env)
    assert ("\x1b[31m" in ended.out) is coloured
    assert "FAILS" in ended.out, "colour only repeats what the words say"


def test_colour_changes_no_words() -> None:
    import re

    plain = process("estimate", "stage2").out
    coloured = process("estimate", "stage2", env={"FORCE_COLOR": "1"}).out
    assert coloured != plain
    assert re.sub(r"\x1b\[\d+m", "", coloured).split() == plain.split()


@pytest.mark.parametrize("form", ["json", "csv", "md"])
def test_data_formats_are_never_coloured(form: str) -> None:
    assert "\x1b" not in process("estimate", "stage2", "--format", form, env={"FORCE_COLOR": "1"}).out


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize(
    "line",
    [
        "estimate stage1",
        "estimate stage2",
        "estimate stage3",
        "estimate stage3 --currency USD",
        "estimate stage3 --as-of 2022-05-01",
        "estimate stage3 --variant managed-opensearch",
        "compare",
        "compare stage1 --variants",
        "compare stage2 --variants",
        "compare stage3 --variants --currency KZT",
        "check stage3 --parts",
        "explain stage1",
        "explain stage3 inference",
        "explain stage2 network --currency USD",
        "catalog list",
        "catalog list --match t4 --currency USD",
        "catalog show network.egress.inet",
        "catalog show storage.bucket.used_space.standard",
        "catalog verify",
        "scenario list",
        "doctor",
    ],
)
def test_no_line_is_wider_than_the_terminal(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch, line: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    ended = costplan(capsys, *line.split())
    assert ended.code in (0, 1)
    wider = [text for text in ended.out.splitlines() if len(text) > width]
    assert wider == []


@pytest.mark.parametrize("columns", ["", "0", "-5", "wide", "²"])
def test_without_a_width_a_row_is_a_line(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    """In a pipe there is no width: `grep` finds a whole row, and no code is broken over two."""
    monkeypatch.setenv("COLUMNS", columns)
    skus = json.loads(costplan(capsys, "catalog", "list", "--format", "json").out)["skus"]
    lines = costplan(capsys, "catalog", "list").out.splitlines()
    rows = lines[next(n for n, line in enumerate(lines) if set(line) == {"-"}) + 1 :]
    rows = rows[: rows.index("")] if "" in rows else rows
    assert [line.split()[0] for line in rows] == [sku["code"] for sku in skus]
    assert all(sku["name"] in line for sku, line in zip(skus, rows, strict=True))


def test_without_a_width_a_table_is_one_block(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "")
    lines = costplan(capsys, "compare", "stage2", "--variants").out.splitlines()
    assert sum(line.startswith("inference ") for line in lines) == 1
    assert len([line for line in lines if line.startswith("total ")]) == 1


def test_a_file_has_a_row_in_a_line_whatever_the_screen(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    costplan(capsys, "catalog", "list", "-o", str(tmp_path / "list.txt"))
    monkeypatch.setenv("COLUMNS", "")
    assert (tmp_path / "list.txt").read_text(encoding="utf-8") == costplan(capsys, "catalog", "list").out
