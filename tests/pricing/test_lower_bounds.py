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


def test_a_most_that_a_lower_bound_keeps_is_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "gap.yaml", "--max", "5000", "--allow-unpriced"]) == 0
    [row] = [line for line in capsys.readouterr().out.splitlines() if "monthly cost" in line]
    assert row.startswith("warning")
    assert row.endswith("100.00 of at most 5,000.00 RUB; at least: 1 without a price")


def test_a_bill_that_lacks_a_price_is_no_plain_cheapest(capsys: pytest.CaptureFixture[str]) -> None:
    """Its rival does not work at this load, so that it is the only one that may."""
    slow = (
        "resources: {vm: {kind: compute-instance, role: inference, vcpu: 2, memory: 4 GB, capacity: {C}}}\n"
    )
    Path("slow.yaml").write_text(
        "scenario: slow\ntitle: Slow\nworkload: {monthly_requests: 1M, slo: p95 <= 1 s}\n"
        + slow.replace("{C}", "{requests_per_second: 0.1, max_replicas: 1}"),
        encoding="utf-8",
    )
    assert run(["compare", "gap.yaml", "slow.yaml"]) == 0
    assert "cheapest of those that may work, as far as prices are known: gap" in capsys.readouterr().out
