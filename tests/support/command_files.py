"""Files that the quickest lines of some commands name: a plan of Terraform, journals, a kept run."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import plans
from measured_examples import GENOA, ICE_LAKE, environment, measurement
from price_answers import SAVED
from worker_journals import MS, OPEN, write_answers

from costplan.bench.document import plain_calibration
from costplan.bench.load.slices import Slice
from costplan.measurement.model import CALIBRATION_SCHEMA, Calibration
from costplan.output.formats import rendered

KEPT = "run-20260101T000000-7"
"""Name of the kept run, of long ago."""
RUNS = {"gemm": 2000.0, "memory": 300.0, "convolution": 2000.0, "overhead": 10_000.0}
"""Runs a second of the calibration models, on the machine that measured."""


def write_command_files(folder: Path) -> None:
    """Write `plan.json` with a machine and a bucket, `run-a-0000N.jsonl` of two workers, and `skus.json`."""
    for name, content in _contents().items():
        (folder / name).write_bytes(content)


@cache
def _contents() -> Mapping[str, bytes]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        plans.written(folder, plans.plan(plans.machine(), plans.resource("yandex_storage_bucket.media", {})))
        for index in range(2):
            write_answers(folder, Slice(index, 2), OPEN, 2 * MS)
        (folder / "skus.json").write_bytes(SAVED.read_bytes())
        return {path.name: path.read_bytes() for path in folder.iterdir()}


def write_kept_run(state: Path) -> None:
    """Write the result of a run where `costplan bench list` looks, when that is in `state`."""
    file = state / "costplan" / "bench" / f"{KEPT}.json"
    file.parent.mkdir(parents=True)
    file.write_text(str(rendered(measurement(), "json")), encoding="utf-8")
    os.utime(file, (0, 0))


def write_measured(folder: Path) -> None:
    """Write `measured.json`, of an unknown machine, and `reference.json` of one that is half as fast."""
    here = measurement(environment=environment(GENOA), calibration=RUNS)
    (folder / "measured.json").write_text(str(rendered(here, "json")), encoding="utf-8")
    halves = {name: runs / 2 for name, runs in RUNS.items()}
    there = environment(replace(ICE_LAKE, isa=GENOA.isa))
    found = Calibration(CALIBRATION_SCHEMA, "standard-v3", there, halves)
    (folder / "reference.json").write_text(json.dumps(plain_calibration(found)), encoding="utf-8")
