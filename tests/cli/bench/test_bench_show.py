"""`costplan bench show`: a saved result at other prices, and by references that were measured later."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import costplan
from measured_examples import GENOA, ICE_LAKE, environment, measurement

from costplan.bench.document import plain_calibration
from costplan.measurement.model import CALIBRATION_SCHEMA, Calibration
from costplan.output.formats import rendered

Capsys = pytest.CaptureFixture[str]
HERE = {"gemm": 2000.0, "memory": 300.0, "convolution": 2000.0, "overhead": 10_000.0}
THERE = {"gemm": 1000.0, "memory": 150.0, "convolution": 1000.0, "overhead": 5000.0}
"""Half as fast in every kind."""


def test_a_reference_turns_an_assumed_cost_into_a_scaled_one(tmp_path: Path, capsys: Capsys) -> None:
    """100 requests/s here are 50 there: the machine of 3.80 RUB an hour costs twice as much a million."""
    here = environment(GENOA)
    saved, reference = tmp_path / "result.json", tmp_path / "standard-v3.json"
    saved.write_text(rendered(measurement(environment=here, calibration=HERE), "json"), encoding="utf-8")
    there = Calibration(
        CALIBRATION_SCHEMA, "standard-v3", environment(replace(ICE_LAKE, isa=GENOA.isa)), THERE
    )
    reference.write_text(json.dumps(plain_calibration(there)), encoding="utf-8")
    line = ("bench", "show", str(saved), "--instances", "standard-v3:2x4", "--format", "json")
    [assumed] = json.loads(costplan(capsys, *line).out)["cost"]
    [scaled] = json.loads(costplan(capsys, *line, "--calibration", str(reference)).out)["cost"]
    assert (assumed["basis"], scaled["basis"]) == ("assumed", "scaled")
    assert (assumed["requests_per_second"], scaled["requests_per_second"]) == ("100", "50")
    assert scaled["is_claim"]


def test_a_reference_that_is_none_is_refused(tmp_path: Path, capsys: Capsys) -> None:
    saved = tmp_path / "result.json"
    saved.write_text(rendered(measurement(), "json"), encoding="utf-8")
    ended = costplan(capsys, "bench", "show", str(saved), "--calibration", str(saved))
    assert ended.code == 2
    assert "costplan/calibration/1" in ended.err
