"""`costplan timeline` as a user meets it: the page that explains it runs, and mistakes are named."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from costplan.cli.run import run
from costplan.messages.errors import ExitCode

Capsys = pytest.CaptureFixture[str]

PAGE = (Path(__file__).parents[2] / "docs" / "timeline.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(scenario: ([\w-]+)\n.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
[SHOWN] = re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
[SHOWN_BY] = re.findall(r"^`costplan (timeline [^`]+)` says:$", PAGE, re.MULTILINE)
COMMANDS = [
    re.sub(r"\s+#.*", "", line).removeprefix("costplan ")
    for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the scenarios of the page."""
    for text, name in EXAMPLES:
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path


def asked(line: str, capsys: Capsys) -> tuple[int, str, str]:
    code = run(["timeline", *line.split()])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_page_shows_what_the_program_prints(shop: Path, capsys: Capsys) -> None:
    assert [name for _, name in EXAMPLES] == ["shop", "shop-gpu"]
    assert run(SHOWN_BY.split()) == ExitCode.DONE
    assert capsys.readouterr().out == SHOWN


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_on_the_page_runs(
    line: str, capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(line.split()) == ExitCode.DONE
    assert capsys.readouterr().out.startswith("Timeline\n")


def test_the_same_files_give_the_same_bytes(shop: Path, capsys: Capsys) -> None:
    line = "shop.yaml shop-gpu.yaml --format json"
    assert asked(line, capsys) == asked(line, capsys)


def test_months_follow_the_day_of_the_prices_and_never_the_clock(capsys: Capsys) -> None:
    _, out, _ = asked("stage1 --months 2 --as-of 2026-03-15 --format json", capsys)
    assert [row["month"] for row in json.loads(out)["months"]] == ["2026-04", "2026-05"]


def test_requests_that_are_asked_for_bring_their_users(shop: Path, capsys: Capsys) -> None:
    """250 requests a month each."""
    _, out, _ = asked("shop.yaml --requests 1M --months 1 --format json", capsys)
    [month] = json.loads(out)["months"]
    assert (month["requests"], month["users"]) == ("1000000", "4000")


def test_a_csv_has_a_row_per_month_with_exact_figures(shop: Path, capsys: Capsys) -> None:
    _, out, _ = asked("shop.yaml shop-gpu.yaml --months 3 --format csv", capsys)
    heading, *rows = out.splitlines()
    assert heading.split(",")[:4] == ["month", "requests", "users", "design"]
    assert [row.split(",")[:4] for row in rows] == [
        ["2026-11", "500000", "2000", "shop"],
        ["2026-12", "650000", "2600", "shop"],
        ["2027-01", "845000", "3380", "shop"],
    ]


def test_strict_ends_with_a_no(shop: Path, capsys: Capsys) -> None:
    """The bill of the first month is 2,869.93 RUB, within the budget of 50,000."""
    assert asked("shop.yaml --months 1 --strict", capsys)[0] == ExitCode.DONE
    assert asked("shop.yaml --months 1 --budget 2869", capsys)[0] == ExitCode.DONE
    assert asked("shop.yaml --months 1 --budget 2869 --strict", capsys)[0] == ExitCode.NO
    assert asked("shop.yaml --months 2 --total-budget 3000 --strict", capsys)[0] == ExitCode.NO


def test_a_month_without_a_design_is_shown_as_such(shop: Path, capsys: Capsys) -> None:
    """Four machines are not enough from 70 million requests on: nothing is made up for the last month."""
    code, out, _ = asked("shop-gpu.yaml --requests 60M --growth 20% --months 2 --strict", capsys)
    assert code == ExitCode.NO
    assert "then no design that meets its requirements to the end, 2026-12 (72M requests)" in out
    [row] = [line for line in out.splitlines() if line.startswith("2026-12")]
    assert row.split()[2:4] == ["none", "-"]
    assert "shop-gpu does not work, first in 2026-12 (72M requests): inference: needs" in out


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("--months 0", "--months: must be from 1 to 600, got 0", ""),
        ("--months 601", "--months: must be from 1 to 600, got 601", ""),
        ("--months 2.5", "--months: `2.5` is not a whole number", "write it like --months 3"),
        ("--hold 0", "--hold: must be from 1 to 600, got 0", ""),
        ("--start 2027-13", "--start: is not a month of the calendar: `2027-13`", ""),
        ("--start May", "--start: is not a month: `May`; write it like `2027-01`", ""),
        ("--start 0001-01", "--start: must be from 2000 to 2100, got `0001-01`", ""),
        ("--growth=-5%", "--growth: must not be negative, got -5", "write it like --growth 10%"),
        ("--growth 2000%", "--growth: is above 1000% a month", ""),
        ("--growth 500% --months 60", "in 2027-07 the load would be 1.68e+12 requests", "at most --months 8"),
        ("--budget 100USD", "--budget: `100USD` is not in RUB", "no exchange rate"),
        ("--budget 100RUB --currency USD", "--budget: `100RUB` is not in USD", "no exchange rate"),
        ("--budget many", "--budget: is not a number: `many`", "write it like --budget 2000RUB"),
        ("--total-budget=-1", "--total-budget: must not be negative, got -1", ""),
        ("--switching 1,5RUB", "--switching: is not a number: `1,5`", ""),
        ("stage1 stage1", "two designs are called `stage1`", "name each once"),
        ("stage1 --set workload.growth=~", "workload: does not say how the load grows", "give --growth 10%"),
    ],
)
def test_a_mistake_is_named_with_what_to_write(line: str, message: str, hint: str, capsys: Capsys) -> None:
    code, out, err = asked(line, capsys)
    assert (code, out) == (ExitCode.USAGE, "")
    assert message in err
    assert hint in err


def test_users_that_do_not_make_the_load_are_named_with_their_line(shop: Path, capsys: Capsys) -> None:
    code, _, err = asked("shop.yaml --set business.users=3000", capsys)
    assert code == ExitCode.USAGE
    assert "business.users: times `requests_per_user` makes 750000 requests a month" in err
    text = (shop / "shop.yaml").read_text(encoding="utf-8")
    (shop / "shop.yaml").write_text(text.replace("users: 2000", "users: 2001"), encoding="utf-8")
    _, _, err = asked("shop.yaml", capsys)
    line = text.splitlines().index("  users: 2000") + 1
    assert err.startswith(f"shop.yaml:{line}:")


def test_an_amount_that_is_missing_in_the_currency_is_named_with_its_line(shop: Path, capsys: Capsys) -> None:
    code, _, err = asked("shop.yaml --currency USD", capsys)
    assert code == ExitCode.USAGE
    assert re.search(r"shop.yaml:\d+:\d+: business.cash: is stated in RUB only; there is no exchange", err)
