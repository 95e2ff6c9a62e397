"""`--quiet`: the answer, and what went wrong; nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_line import costplan

Capsys = pytest.CaptureFixture[str]


@pytest.mark.parametrize("word", ["--quiet", "-q"])
def test_nothing_is_said_of_a_file_that_was_written(capsys: Capsys, tmp_path: Path, word: str) -> None:
    path = tmp_path / "bill.json"
    ended = costplan(capsys, "estimate", "stage1", "-o", str(path), word)
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert path.exists()


def test_an_error_is_said_without_its_hint(capsys: Capsys) -> None:
    talkative = costplan(capsys, "estimate", "stage2", "--variant", "premptible")
    quiet = costplan(capsys, "estimate", "stage2", "--variant", "premptible", "--quiet")
    assert quiet.code == talkative.code == 2
    assert "hint: did you mean" in talkative.err
    assert quiet.err == talkative.err.partition("  hint:")[0]


def test_it_holds_for_one_line_only(capsys: Capsys, tmp_path: Path) -> None:
    costplan(capsys, "estimate", "stage1", "-o", str(tmp_path / "one.json"), "-q")
    assert costplan(capsys, "estimate", "stage1", "-o", str(tmp_path / "two.json")).err.startswith("wrote ")


def test_data_is_the_same(capsys: Capsys) -> None:
    line = ("estimate", "stage2", "-f", "json")
    assert costplan(capsys, *line, "--quiet") == costplan(capsys, *line)


def test_notes_are_left_out_but_for_what_the_answer_lacks(capsys: Capsys) -> None:
    line = ("estimate", "stage3:managed-opensearch")
    talkative, quiet = costplan(capsys, *line).out, costplan(capsys, *line, "-q").out
    table, _, notes = quiet.partition("\n\nunpriced: ")
    unmarked = re.sub(r" \[[admps]+\]", "", _texts(talkative))
    assert unmarked.startswith(_texts(table))
    assert "assumed [a]" in talkative
    assert "assumed [a]" not in quiet
    assert notes.startswith("2 cost components; the total is a lower bound\n")
    assert "assumed" not in costplan(capsys, "estimate", "stage2", "-q", "-f", "md").out.lower()


def _texts(shown: str) -> str:
    """Return what is shown without what depends on the width of columns."""
    return " ".join(re.sub("-{5,}", "", shown).split())


@pytest.mark.parametrize("form", ["table", "md"])
@pytest.mark.parametrize(
    "command", ["estimate stage2", "compare stage1 stage2", "plan stage2 --budget 235USD"]
)
def test_no_mark_is_left_without_the_note_that_explains_it(capsys: Capsys, command: str, form: str) -> None:
    """An assumed quantity, a measured one, an assumed price, and a total and a budget that rest on it."""
    talkative = costplan(capsys, *command.split(), "-f", form).out
    marks = r" \\?\[[admps]+\\?\]"  # brackets of Markdown are escaped
    assert re.search(marks, talkative)
    assert not re.search(marks, costplan(capsys, *command.split(), "-f", form, "-q").out)


ON_A_CPU = "resources.inference.capacity={measured: digits-triton-grpc, max_replicas: 8}"
API = "resources.api.capacity={measured: digits-service, max_replicas: 1}"


def test_a_measurement_is_said_once_with_its_figures(capsys: Capsys) -> None:
    lines = costplan(capsys, "estimate", "stage2", "--set", ON_A_CPU, "--set", API).out.splitlines()
    runs = [number for number, line in enumerate(lines) if line.startswith("measured [m]: ")]
    assert [lines[number].split(": ")[1] for number in runs] == [
        "measurements/digits-service.json",
        "measurements/digits-triton-grpc.json",
    ]
    assert lines[runs[0] + 1 : runs[1]] == [
        "  resources.api.capacity.requests_per_second: highest rate that keeps p99 <= 100 ms",
        "  resources.api.capacity.request_duration: mean of one request at a time",
    ]


def test_what_holds_of_several_designs_is_said_once_with_their_names(capsys: Capsys) -> None:
    out = costplan(capsys, "compare", "stage2", "stage3", "--set", ON_A_CPU).out
    assert out.count("measured on a CPU (2 vCPU, AMD EPYC), not on 4 vCPU + 1 GPU") == 1
    assert "\nstage2, stage3: inference: measured on a CPU" in out


def test_one_reason_for_several_inputs_is_said_once(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "guess.yaml"
    path.write_text(
        "scenario: guess\ntitle: Guessed\nworkload: {monthly_requests: 1M}\nresources:\n"
        "  models: {kind: object-storage, role: storage, size: {value: 1 GB, assumed: a guess},\n"
        "           put_requests: {value: 10, assumed: a guess}}\n",
        encoding="utf-8",
    )
    out = costplan(capsys, "estimate", str(path)).out
    assert "\n  resources.models.size, resources.models.put_requests: a guess\n" in out


@pytest.mark.parametrize("line", ["compare", "estimate stage3", "catalog list --match t4", "explain stage2"])
def test_in_a_pipe_no_row_is_folded_and_no_code_is_broken(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """A row that is folded goes on in a line without its first column."""
    monkeypatch.delenv("COLUMNS", raising=False)
    out = costplan(capsys, *line.split()).out
    assert "\x1b" not in out
    wide = costplan(capsys, *line.split(), "-o", "-").out
    monkeypatch.setenv("COLUMNS", "60")
    assert len(costplan(capsys, *line.split()).out.splitlines()) > len(wide.splitlines())


@pytest.mark.parametrize("line", ["estimate stage2 -f md", "catalog list --match t4", "scenario show stage1"])
@pytest.mark.parametrize("word", ["--quiet", "-q"])
def test_it_may_stand_in_front_of_the_command(capsys: Capsys, line: str, word: str) -> None:
    assert costplan(capsys, word, *line.split()) == costplan(capsys, *line.split(), word)


def test_in_front_of_no_command_it_is_no_option(capsys: Capsys) -> None:
    assert costplan(capsys, "--quiet", "estmate", "stage2").code == 2
