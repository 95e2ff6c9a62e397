"""Settings: the option, else the environment, else the nearest file, else the default."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import costplan

from costplan.cli.settings import SETTINGS, setting, variable_of

Capsys = pytest.CaptureFixture[str]
DOCUMENT = (Path(__file__).parents[2] / "docs/settings.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    inner = tmp_path / "project" / "src"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    return tmp_path / "project"


def currency(capsys: Capsys, *more: str) -> str:
    return str(json.loads(costplan(capsys, "estimate", "stage1", "-f", "json", *more).out)["currency"])


def test_the_option_goes_before_the_variable_that_before_the_file_that_before_the_default(
    capsys: Capsys, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert currency(capsys) == "RUB"
    (folder / "costplan.toml").write_text('currency = "USD"\n')
    assert currency(capsys) == "USD"
    monkeypatch.setenv("COSTPLAN_CURRENCY", "kzt")
    assert currency(capsys) == "KZT"
    assert currency(capsys, "--currency", "RUB") == "RUB"
    monkeypatch.setenv("COSTPLAN_CURRENCY", "")
    assert currency(capsys) == "USD"


def test_the_nearest_file_is_read_and_no_other(folder: Path) -> None:
    (folder / "costplan.toml").write_text('currency = "USD"\nlang = "ru"\n')
    (folder / "src/pyproject.toml").write_text('[project]\nname = "costplan-user"\n')
    assert setting("currency") == "USD"
    (folder / "src/pyproject.toml").write_text('[tool.costplan]\ncurrency = "KZT"\n')
    assert (setting("currency"), setting("lang")) == ("KZT", "en")
    (folder / "src/costplan.toml").write_text("")
    assert setting("currency") is None


def fifo(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (Path.mkdir, "../costplan.toml: is a directory, not a file"),
        (fifo, "../costplan.toml: is a FIFO, not a file"),
        (lambda path: path.symlink_to("/dev/zero"), "../costplan.toml: is a device, not a file"),
        (lambda path: path.symlink_to(path), "cannot read `../costplan.toml`: Too many levels of symbolic"),
        (lambda path: path.symlink_to("none"), "`../costplan.toml` is a link to a file that is not there"),
    ],
    ids=["folder", "fifo", "device", "circle", "dangling"],
)
def test_what_is_no_file_is_not_passed_over(
    capsys: Capsys, folder: Path, make: Callable[[Path], None], said: str
) -> None:
    make(folder / "costplan.toml")
    ended = costplan(capsys, "config")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(said)
    assert "name a file" not in ended.err
    assert "pipe" not in ended.err


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[[tool.costplan]]\ncurrency = 'USD'\n", "1:1"),
        ("[tool]\nother = 1\ncostplan = 3\n", "3:1"),
        ("tool.costplan = 'USD'\n", "1:1"),
    ],
)
def test_settings_of_a_project_are_a_table(capsys: Capsys, folder: Path, text: str, place: str) -> None:
    (folder / "pyproject.toml").write_text(text)
    ended = costplan(capsys, "config")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"../pyproject.toml:{place}: `tool.costplan` must be a table\n")


def test_a_table_may_be_written_in_any_way(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool]\nother = 1\ncostplan.currency = 'USD'\n")
    assert setting("currency") == "USD"


@pytest.mark.parametrize(
    "text", ["not toml [", "dependencies = ['costplan' [", "\xff", '[tool.other]\nkey = "costplan"\n']
)
def test_a_project_file_that_says_nothing_to_costplan_may_be_as_it_is(folder: Path, text: str) -> None:
    (folder / "pyproject.toml").write_bytes(text.encode("latin-1"))
    assert setting("currency") is None


def test_an_unknown_key_is_an_error_with_its_place_and_the_nearest_right_one(
    capsys: Capsys, folder: Path
) -> None:
    (folder / "costplan.toml").write_text('# ours\ncurency = "USD"\n')
    ended = costplan(capsys, "estimate", "stage1")
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err == (
        "../costplan.toml:2:1: curency: unknown key\n"
        '  2 | curency = "USD"\n'
        "    | ^^^^^^^\n"
        "  hint: did you mean `currency`?\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('currency = "EUR"\n', "../costplan.toml:1:1: currency: `EUR` is not one of RUB, USD, KZT"),
        ("currency = 5\n", "../costplan.toml:1:1: currency: must be a text"),
        ('as_of = "soon"\n', "../costplan.toml:1:1: as_of: `soon` is not a date"),
        ('overlay = ["prices"]\n', "../costplan.toml:1:1: overlay: `../prices` is not a folder"),
        ("overlay = [1]\n", "../costplan.toml:1:1: overlay: must be a text, or a list of texts"),
        ('lang = "en"\ncurrency = USD\n', "../costplan.toml:2:12: is not TOML: Invalid value"),
        ("[other]\n", "../costplan.toml:1:1: other: unknown key"),
        ("x = " + "1" * 5000, "../costplan.toml:1:5: a number has more than 4,300 digits"),
        ("\n[currency]\n", "../costplan.toml:2:1: currency: must be a text"),
        ("currency.a = 1\n", "../costplan.toml:1:1: currency: must be a text"),
        ("'' = 1\n", '../costplan.toml:1:2: "": unknown key'),
        ("catalog = ''\n", "../costplan.toml:1:1: catalog: is empty, and must be the path of a folder"),
        ("overlay = ['']\n", "../costplan.toml:1:1: overlay: is empty, and must be the path of a folder"),
        ("policy = 'none.yaml'\n", "../costplan.toml:1:1: policy: `../none.yaml` is not a file"),
        ("policy = ['']\n", "../costplan.toml:1:1: policy: is empty, and must be the path of a file"),
        ("as_of = '0'\n", "hint: write it like as_of = 2026-05-01"),
        ('lang = "en"\ncurrency = """USD\n', "../costplan.toml:2:18: is not TOML: Unterminated string"),
        ("lang = 'ru'\nlang = 'en'\n", "2:12: is not TOML: a key or a table stands there a second time"),
        ("lang = 'r\n'", "1:10: is not TOML: the character '\\n' may not stand there"),
        ("x = " + "[" * 5000, "is nested too deep"),
        ("#" * (1 << 20) + "\n", "is larger than 1 MiB"),
    ],
    ids=[
        "choice",
        "number",
        "date",
        "folder",
        "list",
        "syntax",
        "table",
        "digits",
        "heading",
        "dotted",
        "no name",
        "empty",
        "empty in a list",
        "no file",
        "empty file",
        "day",
        "open end",
        "twice",
        "character",
        "deep",
        "long",
    ],
)
def test_what_cannot_be_is_refused_with_its_place(capsys: Capsys, folder: Path, text: str, said: str) -> None:
    (folder / "costplan.toml").write_text(text)
    ended = costplan(capsys, "config")
    assert ended.code == 2
    assert said in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = " + "1" * 5000, "../costplan.toml:1:5: в числе больше 4300 цифр"),
        ('currency = "USD', "../costplan.toml:1:16: не TOML: строка не закрыта"),
        ("[currency]\n", "../costplan.toml:1:1: currency: здесь нужен текст"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_in_the_language_of_the_line_too(
    capsys: Capsys, folder: Path, text: str, said: str
) -> None:
    (folder / "costplan.toml").write_text(text)
    ended = costplan(capsys, "config", "--lang", "ru")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(said)


def test_a_defect_in_reading_settings_is_told_once(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("no such luck")

    monkeypatch.setattr("costplan.cli.settings.nearest_file", fail)
    ended = costplan(capsys, "estimate", "stage1")
    assert ended.code == 70
    assert ended.err.startswith("costplan made a mistake: ZeroDivisionError: no such luck\n")


def test_the_hint_for_a_variable_sets_it(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COSTPLAN_AS_OF", "0")
    ended = costplan(capsys, "config")
    assert ended.err == (
        "COSTPLAN_AS_OF: `0` is not a date\n  hint: write it like COSTPLAN_AS_OF=2026-05-01\n"
    )


def test_a_wrong_variable_is_named(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COSTPLAN_CURRENCY", "rubl")
    ended = costplan(capsys, "estimate", "stage1")
    assert ended.code == 2
    assert ended.err.startswith("COSTPLAN_CURRENCY: `RUBL` is not one of RUB, USD, KZT\n")


def test_folders_are_relative_to_the_file_that_names_them(capsys: Capsys, folder: Path) -> None:
    (folder / "prices").mkdir()
    (folder / "prices/object-storage.yaml").write_text(
        "service: object-storage\ntitle: By contract\nskus:\n"
        "  - code: storage.bucket.used_space.standard\n    name: By contract\n    pricing_unit: GB*month\n"
        "    prices:\n      - {effective_from: 2026-01-01, source: a contract, checked: 2026-09-01,\n"
        "         confidence: list, rates: {RUB: 1.00}}\n"
    )
    (folder / "costplan.toml").write_text('overlay = "prices"\n')
    assert "By contract" in costplan(capsys, "estimate", "stage1").out


def test_policies_of_the_settings_hold_where_the_line_names_none(capsys: Capsys, folder: Path) -> None:
    for name, most in (("ours", "1 RUB"), ("other", "999999 RUB")):
        rule = f"rules: [{{name: cap, max_cost: {most}}}]"
        (folder / f"{name}.yaml").write_text(f"policy: {name}\n{rule}\n")
    (folder / "costplan.toml").write_text('policy = "ours.yaml"\n')
    assert "ours: cap" in costplan(capsys, "check", "stage1").out
    other = costplan(capsys, "check", "stage1", "--policy", "../other.yaml")
    assert "ours: cap" not in other.out
    assert "1 rule of the policies holds" in other.out
    assert "ours: cap" not in costplan(capsys, "estimate", "stage1").out


def test_a_format_is_that_of_the_screen_and_a_file_s_ending_says_its_own(
    capsys: Capsys, folder: Path
) -> None:
    (folder / "costplan.toml").write_text('format = "csv"\nas_of = 2026-09-15\n')
    assert costplan(capsys, "estimate", "stage1").out.startswith("scenario,resource,role,")
    assert costplan(capsys, "estimate", "stage1", "-f", "table").out.startswith("stage1: ")
    assert costplan(capsys, "estimate", "stage1", "-o", "bill.md").code == 0
    assert "as of 2026-09-15" in Path("bill.md").read_text()


def test_config_shows_each_value_and_who_says_so(
    capsys: Capsys, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "pyproject.toml").write_text('[tool.costplan]\ncurrency = "USD"\n')
    monkeypatch.setenv("COSTPLAN_AS_OF", "2026-09-15")
    found = json.loads(costplan(capsys, "config", "-f", "json").out)
    assert found["file"] == "../pyproject.toml"
    said = {one["name"]: (one["value"], one["origin"]) for one in found["settings"]}
    assert said["currency"] == (["USD"], "../pyproject.toml")
    assert said["as_of"] == (["2026-09-15"], "COSTPLAN_AS_OF")
    assert said["lang"] == (["en"], "default")
    assert said["catalog"] == ([], "default")


def test_every_setting_is_in_the_docs() -> None:
    for name in SETTINGS:
        assert f"| `{name}` | `{variable_of(name)}` | `--{name.replace('_', '-')}` |" in DOCUMENT


def test_config_shows_the_language_of_its_own_line(capsys: Capsys) -> None:
    shown = json.loads(costplan(capsys, "config", "-f", "json", "--lang", "ru").out)
    assert [(one["value"], one["origin"]) for one in shown["settings"] if one["name"] == "lang"] == [
        (["ru"], "--lang")
    ]


def test_an_example_of_a_day_is_said_to_be_one() -> None:
    assert "such as 2026-05-01" in SETTINGS["as_of"].about
