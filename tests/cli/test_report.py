"""`costplan report`: files appear where they are asked for, and the same bytes each time."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import costplan

Capsys = pytest.CaptureFixture[str]
DAY = ("--date", "2026-11-23", "--as-of", "2026-10-06")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COSTPLAN_LANG", raising=False)
    return tmp_path


def test_without_a_word_it_writes_a_page_about_the_three_stages(capsys: Capsys, folder: Path) -> None:
    ended = costplan(capsys, "report")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == "wrote costplan-report.html\n"
    page = (folder / "costplan-report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert all(f"{stage}: " in page for stage in ("stage1", "stage2", "stage3"))


def test_two_runs_of_one_day_give_the_same_bytes(capsys: Capsys, folder: Path) -> None:
    assert costplan(capsys, "report", *DAY, "-o", "a.html").code == 0
    assert costplan(capsys, "report", *DAY, "-o", "b.html").code == 0
    assert (folder / "a.html").read_bytes() == (folder / "b.html").read_bytes()


def test_a_dash_writes_to_the_screen_and_nothing_else_is_said(capsys: Capsys, folder: Path) -> None:
    ended = costplan(capsys, "report", "stage1", "-o", "-")
    assert ended.out.rstrip().endswith("</html>")
    assert ended.err == ""
    assert list(folder.iterdir()) == []


def test_a_report_that_is_there_is_not_replaced_unasked(capsys: Capsys, folder: Path) -> None:
    (folder / "costplan-report.html").write_text("mine")
    ended = costplan(capsys, "report", "stage1")
    assert ended.code == 2
    assert "is there already" in ended.err
    assert "--force" in ended.err
    assert (folder / "costplan-report.html").read_text() == "mine"
    assert costplan(capsys, "report", "stage1", "--force").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--lang", "rx"), "--lang: `rx` is not one of en, ru"),
        (("--date", "tomorrow"), "--date: `tomorrow` is not a date"),
        (("--html", "--pdf", "-o", "one.html"), "do not go into one file"),
        (("--brief", "--html"), "--brief is Markdown only"),
        (("stage1", "-", "-"), "can be read once only"),
        (("stage9",), "there is no scenario `stage9`"),
        (("stage1",) * 13, "at most 12 scenarios"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else None,
)
def test_a_wrong_word_is_answered_with_what_to_write(
    capsys: Capsys, folder: Path, words: tuple[str, ...], said: str
) -> None:
    ended = costplan(capsys, "report", *words)
    assert ended.code == 2
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert list(folder.iterdir()) == []
