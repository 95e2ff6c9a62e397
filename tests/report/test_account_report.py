"""The report of an account: its bill with all designs, and nothing that asks one load."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from command_line import costplan

from costplan.pricing.paid_lines import paid_lines
from costplan.report.findings import assumed_cost

ACCOUNT = """\
account: company
designs: {shop: stage1, search: "stage2:lean"}
discount: {all: 10%, services: {compute: 20%}}
budget: 1 RUB
"""
Capsys = pytest.CaptureFixture[str]


@pytest.fixture
def page(capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("account.yaml").write_text(ACCOUNT, encoding="utf-8")
    ended = costplan(
        capsys, "report", "account.yaml", "--md", "--no-charts", "-o", "a.md", "--date", "2026-11-29"
    )
    assert ended.code == 0, ended.err
    return Path("a.md").read_text(encoding="utf-8")


def test_it_says_what_the_account_costs_and_what_each_design_has_of_it(page: str) -> None:
    assert "This account costs" in page
    assert "its 2 designs get 6M requests" in page
    assert "What each design has of the bill of company" in page
    assert "| search (stage2:lean) |" in page
    assert "discount: -" in page
    assert "Discount, 20%, compute" in page


def test_chapters_about_one_load_are_left_out_and_that_is_said(page: str) -> None:
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert headings[:3] == ["## Verdict", "## Architecture", "## The bill"]
    assert "## Sources and reproduction" in headings
    assert not {"## Load and cost", "## What if", "## Month by month"} & set(headings)
    assert "chapters about one load are left out" in page
    assert "costplan plan" not in page  # over its budget, but a plan is for one design


def test_all_files_are_in_full(page: str) -> None:
    assert "account: company" in page
    assert "scenario: stage1" in page
    assert "scenario: stage2" in page


def test_as_html_and_beside_a_design(capsys: Capsys, page: str) -> None:
    ended = costplan(capsys, "report", "account.yaml", "stage1", "-o", "a.html", "--date", "2026-11-29")
    assert ended.code == 0, ended.err
    assert "company" in Path("a.html").read_text(encoding="utf-8")


def test_shares_of_the_bill_count_what_is_left_after_the_discount(page: str) -> None:
    from costplan.catalog.store import Catalog
    from costplan.inputs.scenarios import price_design
    from costplan.scenario.load_design import load_design

    bill = price_design(load_design("account.yaml", Catalog.shipped))
    total = bill.total.monthly_cost
    assert sum((line.monthly_cost for _, line in paid_lines(bill)), Decimal(0)) == total
    assert Decimal(0) < assumed_cost(bill) < total
