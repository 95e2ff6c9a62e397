"""What the README says of the three stages over the load is what `costplan curve` answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import costplan

README = " ".join((Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8").split())


def curve(capsys: pytest.CaptureFixture[str], slo: str) -> Any:
    stages = ("stage1", "stage2", "stage3")
    return json.loads(costplan(capsys, "curve", *stages, "--slo", slo, "-f", "json").out)


def test_at_one_strict_slo(capsys: pytest.CaptureFixture[str]) -> None:
    """A request takes 106.476 ms; 96.7548 x 60 % a second serve 25.1 M requests of an office week.

    Its busiest hour has 12 of 673 parts of the week, twice that in its busiest minutes: 2.3113 a second for
    each million; 58.053 / 2.3113 = 25.117. Of eleven nodes and a consumer's evening, 13 of 1,004 parts:
    638.58 / 1.6785 = 380.45.
    """
    found = curve(capsys, "p99 <= 100 ms")
    ends = {one["scenario"]: one["end"] for one in found["cheapest"]}
    assert ends == {"stage2": 25_116_163, "stage3": 380_454_333, None: 1_000_000_000}
    for end in (25_116_163, 380_454_333):
        assert f"up to {end:,}" in README
    first = next(one for one in found["scenarios"] if one["scenario"] == "stage1")["infeasible"]
    assert [(one["start"], one["obstacle"]["reason"]) for one in first] == [
        (1_000, "a request alone takes 106.5 ms")
    ]


def test_at_a_loose_slo(capsys: pytest.CaptureFixture[str]) -> None:
    """10 in flight / 0.106476 s = 93.918 a second; / 1.6785 = 55.95 M requests."""
    found = curve(capsys, "p95 <= 2 s")
    assert [one["scenario"] for one in found["cheapest"]] == ["stage1"]
    stage1 = next(one for one in found["scenarios"] if one["scenario"] == "stage1")
    code = "serverless.containersRequest.count"
    [raised] = [one for one in stage1["quota_raises"] if one["obstacle"]["code"] == code]
    assert raised["start"] == 55_954_415
    assert f"{raised['start']:,} on" in README
