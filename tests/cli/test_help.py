"""Help in groups, by command and by page of the docs; the version."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import costplan

from costplan import __version__
from costplan.cli.registry import COMMANDS, PANELS, Group

Capsys = pytest.CaptureFixture[str]
DOCS = Path(__file__).parents[2] / "docs"


def test_commands_stand_in_groups_with_a_pointer_to_the_docs(capsys: Capsys) -> None:
    out = costplan(capsys, "--help").out
    places = [out.index(f"─ {panel} ─") for panel in PANELS]
    assert places == sorted(places)
    for panel, rows in PANELS.items():
        inside = out[out.index(f"─ {panel} ─") :].partition("╰")[0]
        assert [line.split()[1] for line in inside.splitlines()[1:] if line[2] != " "] == list(rows)
    assert "costplan help lists the commands and the pages of the docs" in out
    assert "costplan help lists" in costplan(capsys, "estimate", "--help").out
    assert sum(map(len, PANELS.values())) == len(COMMANDS)


def test_the_help_of_a_command_names_its_page_of_the_docs(capsys: Capsys) -> None:
    """`costplan help terraform` is help on the command: nobody would find the page of that name."""
    pages = {page.stem for page in DOCS.glob("*.md")}
    for name in COMMANDS:
        line = f"costplan help {name} --page shows the page of the docs about it."
        assert (line in costplan(capsys, name, "--help").out) is (name in pages), name
    assert "costplan help terraform --page" in costplan(capsys, "terraform", "usage", "--help").out


@pytest.mark.parametrize("words", ["estimate", "catalog list", "bench show", "help"])
def test_help_of_a_command_is_that_of_its_option(capsys: Capsys, words: str) -> None:
    assert costplan(capsys, "help", *words.split()) == costplan(capsys, *words.split(), "--help")


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("name", [name for name, found in COMMANDS.items() if isinstance(found, Group)])
def test_the_help_of_a_group_lists_its_commands(capsys: Capsys, name: str, language: str) -> None:
    group = COMMANDS[name]
    assert isinstance(group, Group)
    out = costplan(capsys, name, "--help", "--lang", language).out
    listed = out[out.index("─ Commands ─" if language == "en" else "─ Команды ─") :].partition("╰")[0]
    assert [line.split()[1] for line in listed.splitlines()[1:] if line[2:3] not in ("", " ")] == list(
        group.commands
    )


def test_a_group_that_does_something_by_itself_takes_options_on_both_sides(capsys: Capsys) -> None:
    for line in ("bench no-such --mode single", "bench --mode single no-such"):
        assert "there is no scenario `no-such`" in costplan(capsys, *line.split()).err
    assert "no-such two" in costplan(capsys, *["bench", "stage1", "no-such", "two"]).err


def test_help_alone_lists_commands_and_pages(capsys: Capsys) -> None:
    out = costplan(capsys, "help").out
    assert out.startswith(costplan(capsys, "--help").out)
    for page in DOCS.glob("*.md"):
        assert f"\n  {page.stem} " in out


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_word_of_a_narrow_help_is_cut(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    groups = [(name, group) for name, group in COMMANDS.items() if isinstance(group, Group)]
    inside = [(name, command) for name, group in groups for command in group.commands]
    for words in [*((name,) for name in COMMANDS), *inside]:
        out = costplan(capsys, *words, "--help", "--lang", language).out
        assert [line for line in out.splitlines() if line.endswith("… │")] == [], words


def test_a_page_is_printed_as_it_is(capsys: Capsys) -> None:
    assert costplan(capsys, "help", "overlays").out == (DOCS / "overlays.md").read_text(encoding="utf-8")
    assert costplan(capsys, "help", "plan", "--page").out == (DOCS / "plan.md").read_text(encoding="utf-8")
    assert "Usage" in costplan(capsys, "help", "plan").out


def test_an_unknown_topic_names_the_nearest(capsys: Capsys) -> None:
    ended = costplan(capsys, "help", "overlay")
    assert ended.code == 2
    assert "hint: did you mean `overlays`?" in ended.err


def test_the_version_is_one_line_however_it_is_asked_for(capsys: Capsys) -> None:
    for line in ("version", "--version", "-V", "version --quiet"):
        assert costplan(capsys, *line.split()).out == f"costplan {__version__}\n"


@pytest.mark.parametrize("line", ["--help", "estimate --help", "catalog list --help", "catalog --help"])
def test_a_flag_is_shown_without_a_value(capsys: Capsys, line: str) -> None:
    assert "<bool>" not in costplan(capsys, *line.split()).out
    assert "<bool>" not in costplan(capsys, *line.split(), "--lang", "ru").out


def test_a_topic_that_is_like_none_is_pointed_to_the_list(capsys: Capsys) -> None:
    assert costplan(capsys, "help", "zzz").err.endswith("\n  hint: `costplan help` lists them all\n")


def test_pages_are_said_to_be_in_english_to_whom_that_is_news(capsys: Capsys) -> None:
    assert costplan(capsys, "help", "--lang", "ru").out.endswith("\nСтраницы на английском языке.\n")
    assert "in English" not in costplan(capsys, "help").out


@pytest.mark.parametrize("language", ["en", "ru"])
def test_brackets_that_are_no_markup_are_shown(capsys: Capsys, language: str) -> None:
    out = costplan(capsys, "config", "--help", "--lang", language).out
    assert "[tool.costplan]" in out
    assert "\\[" not in out
    assert "[dim]" not in out
    assert "[b]" not in costplan(capsys, "estimate", "--help", "--lang", language).out
