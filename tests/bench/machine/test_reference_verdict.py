"""A reference of `bench calibrate` says whether it speaks for its platform; else nothing is scaled by it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from measured_examples import GENOA, ICE_LAKE, environment, measurement

from costplan.analysis.serving.hardware_scaling import Machine, judged, speed_of
from costplan.bench.machine import calibration_set, fingerprint
from costplan.catalog.store import Catalog
from costplan.cli.run import run
from costplan.measurement.environment import Environment
from costplan.measurement.files import load_calibration
from costplan.measurement.model import CALIBRATION_SCHEMA, Calibration, Measurement

RUNS = {"gemm": 1500.0, "memory": 240.0, "convolution": 1000.0, "overhead": 5000.0}
HERE = {kind: 2 * rate for kind, rate in RUNS.items()}
"""The machine that measured is twice as fast in every kind."""
PLATFORM = next(p for p in Catalog.shipped().service("compute").platforms if p.name == "standard-v3")
BUSY = {"other_cpu_share": 0.8, "steal_share": 0.0}
QUIET = {"other_cpu_share": 0.02, "steal_share": 0.001}


def measured() -> Measurement:
    return measurement(environment=environment(GENOA), calibration=HERE)


def reference(there: Environment, **more: Any) -> Calibration:
    return Calibration(CALIBRATION_SCHEMA, "standard-v3", there, RUNS, **more)


@pytest.mark.parametrize(
    ("there", "verdict", "words"),
    [
        (environment(ICE_LAKE, **QUIET), "ok", []),
        (
            environment(GENOA, **QUIET),
            "other-processor",
            ["has Ice Lake processors, not AMD EPYC"],
        ),
        (environment(ICE_LAKE, **BUSY), "busy", ["other processes took 80.0% of the processor time"]),
        (environment(ICE_LAKE, steal_share=0.02), "busy", ["other machines of the host took 2.0%"]),
        (environment(GENOA, **BUSY), "other-processor", ["not AMD EPYC", "took 80.0%"]),
    ],
    ids=["ok", "processor", "busy", "steal", "both"],
)
def test_a_machine_is_judged(there: Environment, verdict: str, words: list[str]) -> None:
    found, reasons = judged(PLATFORM, there)
    assert found == verdict
    assert len(reasons) == len(words)
    assert all(word in reason for word, reason in zip(words, reasons, strict=True))


def same_isa(there: Environment) -> Environment:
    return replace(there, processor=replace(there.processor, isa=GENOA.isa))


def test_a_sound_reference_scales() -> None:
    sound = reference(same_isa(environment(ICE_LAKE, **QUIET)), verdict="ok")
    speed = speed_of(Machine(PLATFORM, 2), measured(), {"standard-v3": sound})
    assert (speed.basis, speed.ratio) == ("scaled", 0.5)


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        (reference(environment(GENOA, **QUIET)), "not AMD EPYC"),
        (reference(same_isa(environment(ICE_LAKE, **BUSY))), "took 80.0%"),
        (reference(same_isa(environment(ICE_LAKE, **QUIET)), verdict="busy", reasons=("seen",)), "(seen)"),
        (reference(same_isa(environment(ICE_LAKE, **BUSY)), verdict="ok"), "took 80.0%"),
    ],
    ids=["processor", "busy", "says-so", "says-ok"],
)
def test_a_spoilt_reference_scales_nothing_whatever_it_says(spoilt: Calibration, why: str) -> None:
    speed = speed_of(Machine(PLATFORM, 2), measured(), {"standard-v3": spoilt})
    assert speed.basis == "assumed"
    assert "its calibration does not speak for it" in speed.reason
    assert why in speed.reason
    assert (speed.ratio, speed.low, speed.high) == (1.0, 1.0, 1.0)


Run = Callable[[Environment], Callable[..., int]]


@pytest.fixture
def calibrate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    def on(machine: Environment) -> Callable[..., int]:
        def close(self: fingerprint.Watch, before: Environment, server_cpu_s: float = 0.0) -> Environment:
            return machine

        monkeypatch.setattr(calibration_set, "run_calibration", lambda seconds: dict(RUNS))
        monkeypatch.setattr(fingerprint, "fingerprint", lambda: machine)
        monkeypatch.setattr(fingerprint.Watch, "close", close)
        place = ["bench", "calibrate", "standard-v3", "-o", str(tmp_path / "reference.json")]
        return lambda *more: run([*place, *more])

    return on


def test_a_quiet_machine_of_the_platform_writes_a_sound_reference(calibrate: Run, tmp_path: Path) -> None:
    assert calibrate(environment(ICE_LAKE, **QUIET))() == 0
    found = load_calibration(tmp_path / "reference.json")
    assert (found.verdict, found.reasons) == ("ok", ())


@pytest.mark.parametrize(
    ("machine", "verdict", "why"),
    [
        (environment(GENOA, **QUIET), "other-processor", "not AMD EPYC"),
        (environment(ICE_LAKE, **BUSY), "busy", "other processes took 80.0%"),
    ],
    ids=["processor", "busy"],
)
def test_another_machine_is_refused_and_marked_when_forced(
    calibrate: Run,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    machine: Environment,
    verdict: str,
    why: str,
) -> None:
    again = calibrate(machine)
    assert again() == 2
    assert not (tmp_path / "reference.json").exists()
    refusal = capsys.readouterr()
    assert refusal.out == ""
    assert "no reference of standard-v3 can be measured here" in refusal.err
    assert why in refusal.err
    assert "--force" in refusal.err
    assert again("--force") == 0
    document = json.loads((tmp_path / "reference.json").read_text(encoding="utf-8"))
    assert document["verdict"] == verdict
    assert why in document["reasons"][0]
    assert f"verdict {verdict}: nothing is scaled by this reference" in capsys.readouterr().err
