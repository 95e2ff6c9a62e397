"""A design with a price missing is a lower bound: nowhere does it win against one that has all of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from costplan.cli.run import run

Capsys = pytest.CaptureFixture[str]
DESIGN = """scenario: {name}
title: {name}
workload:
  monthly_requests: 1M
  request_duration: {{value: 200 ms, assumed: as is, uncertain: {{low: 100 ms, high: 300 ms}}}}
  growth: 10%/month
  slo: p95 <= 1 s
resources:
  api: {{kind: serverless-container, role: inference, vcpu: 1, memory: {memory}}}
  fee: {{kind: fixed-cost, role: other, amounts: {{{fee}}}, source: offer}}
"""


@pytest.fixture(autouse=True)
def designs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls of `gap` cost more and its fee has no price in roubles: it looks cheaper up to some millions."""
    monkeypatch.chdir(tmp_path)
    for name, memory, fee in (("gap", "2 GB", "USD: 900"), ("whole", "1 GB", "RUB: 500")):
        Path(f"{name}.yaml").write_text(DESIGN.format(name=name, memory=memory, fee=fee))


def said(line: str, capsys: Capsys) -> str:
    command, *words = line.split()
    assert run([command, "gap.yaml", "whole.yaml", *words]) == 0
    return capsys.readouterr().out


def document(line: str, capsys: Capsys) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(f"{line} --format json", capsys))
    return found


def test_the_other_one_looks_dearer(capsys: Capsys) -> None:
    gap, whole = document("compare", capsys)["scenarios"]
    assert float(gap["total"]["gross"]) < float(whole["total"]["gross"])
    assert (gap["unpriced"], whole["unpriced"]) == (1, 0)


def test_compare_does_not_say_which_is_the_cheapest_but_which_of_the_complete(capsys: Capsys) -> None:
    assert document("compare", capsys)["cheapest"] is None
    assert "cheapest of those with all prices: whole; gap may cost less\n" in said("compare", capsys)


def test_curves_have_no_range_and_no_crossover_for_it(capsys: Capsys) -> None:
    found = document("curve", capsys)
    assert [one["scenario"] for one in found["cheapest"]] == ["whole"]
    assert found["crossovers"] == []
    out = said("curve", capsys)
    assert "Crossovers" not in out
    assert "gap: 1 unpriced; its cost is a lower bound, and where others cross it is not known\n" in out
    [strip] = [line for line in out.splitlines() if set(line.strip()) == {"B"} and len(line) > 40]
    assert "A" not in strip


def test_timelines_do_not_take_it(capsys: Capsys) -> None:
    found = document("timeline --months 6", capsys)
    assert {row["stage"] for row in found["months"]} == {"whole"}


def test_plans_do_not_choose_it(capsys: Capsys) -> None:
    assert "\nTake whole: " in said("plan", capsys)


def test_draws_have_no_crossover_for_it(capsys: Capsys) -> None:
    found = document("compare --uncertain --draws 1K", capsys)
    assert found["uncertainty"]["crossovers"] == []
    out = said("compare --uncertain --draws 1K", capsys)
    assert "where others cross gap is not known: prices are missing\n" in out
    assert "no draw has a crossover" not in out


def test_reports_do_not_let_it_win(capsys: Capsys) -> None:
    out = said("report --md -o -", capsys)
    assert "- **whole** is the cheapest" in out
    assert "| **whole** | 1,000 | 1,000,000,000 |" in out
    assert "No month needs a move: **whole** is the cheapest" in out
    assert "another design would cost less" not in out
    assert "**gap** is the cheapest" not in out
    said("report -o report.html", capsys)
    assert "Not compared, as prices are missing" in Path("report.html").read_text()


def test_of_two_incomplete_ones_the_lower_bound_is_named_as_one(capsys: Capsys) -> None:
    Path("whole.yaml").write_text(DESIGN.format(name="whole", memory="1 GB", fee="USD: 1"))
    found = document("curve", capsys)
    assert all(one["lower_bound"] for one in found["cheapest"])
    months = document("timeline --months 2", capsys)["months"]
    assert all(row["lower_bound"] for row in months)
