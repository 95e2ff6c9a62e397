"""A sum that lacks a price is shown as at least so much, and `--strict` asks for the budget's prices too."""

from __future__ import annotations

from pathlib import Path

import pytest

from costplan.cli.run import run

TEXT = """\
scenario: gap
title: Gap
workload: {monthly_requests: 1M}
budget: {currency: USD, total: 50}
resources:
  crew: {kind: fixed-cost, role: other, amounts: {RUB: 100}, source: an offer}
  offer: {kind: fixed-cost, role: compute, amounts: {USD: 10}, source: an offer}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("gap.yaml").write_text(TEXT, encoding="utf-8")


def test_a_role_that_lacks_a_price_is_at_least_so_much(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", "gap.yaml", "-f", "csv"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[0].endswith(",unpriced")
    assert [row.rpartition(",")[2] for row in rows[1:]] == ["", "1", "1"]
    assert run(["compare", "gap.yaml"]) == 0
    out = capsys.readouterr().out
    [row] = [line.split() for line in out.splitlines() if line.startswith("compute")]
    assert row[1] == "0.00+"


def test_strict_asks_for_the_prices_of_the_budget_too(capsys: pytest.CaptureFixture[str]) -> None:
    Path("sure.yaml").write_text(TEXT.replace("{USD: 10}", "{RUB: 1, USD: 10}"), encoding="utf-8")
    assert run(["estimate", "sure.yaml"]) == 0
    assert run(["estimate", "sure.yaml", "--strict"]) == 1
    assert run(["compare", "sure.yaml", "--strict"]) == 1
    whole = TEXT.replace("{USD: 10}", "{RUB: 1, USD: 10}").replace("{RUB: 100}", "{RUB: 100, USD: 1}")
    Path("whole.yaml").write_text(whole, encoding="utf-8")
    assert run(["estimate", "whole.yaml", "--strict"]) == 0
    capsys.readouterr()
