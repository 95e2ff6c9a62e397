"""The library prices accounts as the command line does, and refuses them where one design is wanted."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import plans
import pytest
from command_line import costplan

import costplan as library
from costplan.messages.errors import InputError

Capsys = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("account.yaml").write_text("account: a\ndesigns: {one: stage1, two: stage2}\n", encoding="utf-8")


def test_an_account_is_priced_as_on_the_command_line(capsys: Capsys) -> None:
    bill = library.estimate(Path("account.yaml"))
    assert bill.to_json() == costplan(capsys, "estimate", "account.yaml", "-f", "json").out
    assert [one.name for one in bill.designs] == ["one", "two"]
    compared = library.compare(["account.yaml", "stage1"], currency="USD")
    assert [one.scenario for one in compared.scenarios] == ["a", "stage1"]


def test_one_design_is_wanted_elsewhere() -> None:
    for ask in (library.load_scenario, library.curve, library.plan):
        with pytest.raises(InputError, match="is an account"):
            ask("account.yaml")


@pytest.mark.parametrize("command", ["curve", "plan", "timeline", "sensitivity", "scenario show"])
def test_commands_that_ask_one_load_refuse_it_at_its_place(capsys: Capsys, command: str) -> None:
    ended = costplan(capsys, *command.split(), "account.yaml")
    assert (ended.code, ended.out) == (2, "")
    assert "account.yaml:1:10: account: is an account: each of its designs has its own load" in ended.err
    assert "name one of its designs" in ended.err


@pytest.mark.parametrize("option", [("--requests", "5M"), ("--variant", "lean"), ("--workload", "stage2")])
def test_options_for_one_design_are_refused(capsys: Capsys, option: tuple[str, str]) -> None:
    ended = costplan(capsys, "estimate", "account.yaml", *option)
    assert (ended.code, ended.out) == (2, "")
    assert f"{option[0]} is for one" in ended.err


def test_an_account_may_be_piped_in_and_extend_another() -> None:
    Path("more.yaml").write_text("extends: ./account.yaml\naccount: b\ndesigns: {two: ~, three: stage1}\n")
    designs = library.estimate("more.yaml").designs
    assert [one.name for one in designs] == ["one", "three"]
    assert designs[0].monthly_cost == designs[1].monthly_cost
    with Path("account.yaml").open("rb") as account:
        line = [sys.executable, "-m", "costplan", "estimate", "-", "-f", "json"]
        piped = subprocess.run(line, stdin=account, capture_output=True, check=True)
    assert b'"scenario": "a"' in piped.stdout


def test_plans_of_terraform_are_designs_with_usage_of_their_own(capsys: Capsys) -> None:
    bucket = plans.resource("yandex_storage_bucket.media", {})
    plans.written(Path(), plans.plan(plans.machine(), bucket))
    Path("usage.yaml").write_text("usage:\n  yandex_storage_bucket.media: {size: 100 GB}\n")
    Path("plans.yaml").write_text("""\
account: a
designs: {one: {scenario: ./plan.json, workload: ./usage.yaml}, two: ./plan.json}
""")
    alone = library.estimate("plan.json")
    bill = library.estimate("plans.yaml")
    assert bill.terraform is not None
    assert alone.terraform is not None
    assert bill.terraform.count == 2 * alone.terraform.count == 4
    assert sum(bill.terraform.counts.values()) == 4
    two = next(one for one in bill.designs if one.name == "two")
    assert two.monthly_cost == alone.total.monthly_cost
    ended = costplan(capsys, "estimate", "plans.yaml")
    assert "one: yandex_storage_bucket.media" in ended.out
    assert "`workload: usage.yaml` of its design reads it" in ended.out


def test_two_hundred_designs_are_one_bill() -> None:
    names = ", ".join(f"d{number}: stage1" for number in range(200))
    Path("many.yaml").write_text(f"account: many\ndesigns: {{{names}}}\n")
    bill = library.estimate("many.yaml")
    assert len(bill.designs) == 200
    first = bill.designs[0].monthly_cost
    assert max(abs(one.monthly_cost - first) for one in bill.designs) < Decimal("1e-6")
    assert sum((one.monthly_cost for one in bill.designs), Decimal(0)) == bill.total.monthly_cost
