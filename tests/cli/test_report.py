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


def test_markdown_goes_to_the_screen_without_files(capsys: Capsys, folder: Path) -> None:
    ended = costplan(capsys, "report", "stage1", "--md", "-o", "-")
    assert ended.out.startswith("# What it costs: MVP for the first users\n")
    assert list(folder.iterdir()) == []


def test_the_ending_of_the_file_says_what_it_is(capsys: Capsys, folder: Path) -> None:
    assert costplan(capsys, "report", "stage1", "-o", "x.md", "--no-charts").code == 0
    assert (folder / "x.md").read_text(encoding="utf-8").startswith("# ")
    assert [path.name for path in folder.iterdir()] == ["x.md"]


def test_several_forms_go_into_a_folder_under_their_own_names(capsys: Capsys, folder: Path) -> None:
    (folder / "out").mkdir()
    assert costplan(capsys, "report", "stage1", "--html", "--md", "--no-charts", "-o", "out").code == 0
    assert sorted(p.name for p in (folder / "out").iterdir()) == [
        "costplan-report.html",
        "costplan-report.md",
    ]


def test_the_short_form_is_a_part_of_the_long_one(capsys: Capsys) -> None:
    whole = costplan(capsys, "report", "--md", *DAY, "-o", "-").out
    short = costplan(capsys, "report", "--brief", *DAY, "-o", "-").out
    assert len(short) < 4000
    assert set(short.splitlines()) <= set(whole.splitlines())


def test_without_a_browser_pdf_says_what_is_missing(
    capsys: Capsys, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folder))
    ended = costplan(capsys, "report", "stage1", "--pdf")
    assert ended.code == 2
    assert "there is no Chromium or Chrome" in ended.err
    assert "chromium, chromium-browser, google-chrome" in ended.err
    assert list(folder.iterdir()) == []


def test_a_browser_that_prints_nothing_leaves_nothing(
    capsys: Capsys, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "bin").mkdir()
    fake = folder / "bin" / "chromium"
    fake.write_text("#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}")
    ended = costplan(capsys, "report", "stage1", "--pdf")
    assert ended.code == 2
    assert "chromium did not print the report" in ended.err
    assert [path.name for path in folder.iterdir()] == ["bin"]


def test_the_language_comes_from_the_option_else_from_the_environment(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COSTPLAN_LANG", "ru")
    assert '<html lang="ru">' in costplan(capsys, "report", "stage1", "-o", "-").out
    assert '<html lang="en">' in costplan(capsys, "report", "stage1", "--lang", "en", "-o", "-").out


def test_the_language_changes_no_number_of_json(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    english = costplan(capsys, "estimate", "stage2", "--format", "json").out
    monkeypatch.setenv("COSTPLAN_LANG", "ru")
    assert costplan(capsys, "estimate", "stage2", "--format", "json").out == english


def test_standard_input_is_read_once_and_priced_many_times(folder: Path) -> None:
    from command_line import process

    scenario = (
        b"scenario: piped\ntitle: Piped\nworkload: {monthly_requests: 1M}\n"
        b"resources:\n  a: {kind: fixed-cost, role: other, amounts: {RUB: 5}, source: x}\n"
        b"variants:\n  half: {title: Half, set: {resources.a.amounts: {RUB: 2}}}\n"
    )
    ended = process("report", "-", "--md", "-o", "-", stdin=scenario)
    assert ended.code == 0, ended.err
    assert "| `half` | Half | 2.00 |" in ended.out
    assert scenario.decode().strip() in ended.out


def test_what_cannot_be_written_is_refused_before_the_work(capsys: Capsys, folder: Path) -> None:
    (folder / "in-the-way").write_text("x")
    for words, said in (
        (("-o", "nowhere/x.html"), "there is no folder `nowhere`"),
        (("--assets", "pictures"), "--assets: only Markdown has its charts in files"),
        (("--md", "--assets", "in-the-way"), "`in-the-way` is not a folder"),
        (("--pdf", "-o", "-"), "a PDF is not written to the screen"),
    ):
        ended = costplan(capsys, "report", "stage1", *words)
        assert (ended.code, said in ended.err) == (2, True), ended.err
    assert [path.name for path in folder.iterdir()] == ["in-the-way"]


def test_variants_that_clash_with_the_one_reported_on_are_left_out(capsys: Capsys) -> None:
    """`lean` and `preemptible` set the same key; `office-hours` goes with each."""
    ended = costplan(capsys, "report", "stage2:lean", "stage2:preemptible", "--md", "-o", "-")
    assert ended.code == 0, ended.err
    for name in ("lean", "preemptible"):
        variants = (
            ended.out.partition(f"**Variants of stage2:{name}**")[2].partition("\n\n\n")[0].split("\n\n")[1]
        )
        assert "`office-hours`" in variants
        assert "`preemptible`" not in variants


def test_a_change_that_clashes_with_a_variant_leaves_it_out(capsys: Capsys) -> None:
    change = "resources.inference.preemptible=true"
    ended = costplan(capsys, "report", "stage2", "--set", change, "--md", "-o", "-")
    assert ended.code == 0, ended.err
    assert "`office-hours`" in ended.out
