"""`costplan bench cluster --run` through a kubectl of the test's own."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
import yaml
from worker_journals import OPEN, write_answers

from costplan.bench.cluster import kubectl as kubectl_module
from costplan.bench.cluster.merge import merge_journals
from costplan.bench.document import plain_data
from costplan.bench.load.slices import Slice
from costplan.cli.run import run

SOUND = [
    "bench", "cluster", "--workers", "2", "--rate", "400", "--run-id", "monday",
    "--address", "http://triton.default.svc:8000", "--model-name", "resnet",
]  # fmt: skip
SCRIPT = """#!/bin/sh
printf '%s\\n' "$*" >> "$KUBECTL_HOME/calls"
case "$*" in
  *apply*) cat > "$KUBECTL_HOME/manifest"; echo job.batch/monday created ;;
  *get*) echo $(cat "$KUBECTL_HOME/state") ;;
  *logs*) cat "$KUBECTL_HOME/log" ;;
esac
[ ! -e "$KUBECTL_HOME/refuses" ] || { cat "$KUBECTL_HOME/refuses" >&2; exit 1; }
"""
Capsys = pytest.CaptureFixture[str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cluster whose Job is complete, and whose first worker printed a result."""
    program = tmp_path / "bin" / "kubectl"
    program.parent.mkdir()
    program.write_text(SCRIPT)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("KUBECTL_HOME", str(tmp_path))
    monkeypatch.setattr(kubectl_module, "_POLL_S", 0.01)
    (tmp_path / "state").write_text("SuccessCriteriaMet Complete")
    journals = [write_answers(tmp_path, Slice(index, 2), OPEN, 3_000_000) for index in range(2)]
    merged = json.dumps(plain_data(merge_journals(journals)))
    (tmp_path / "log").write_text(f"ready; waiting for the start\n{merged}\n")
    return tmp_path


def calls(home: Path) -> list[str]:
    return (home / "calls").read_text().splitlines()


def test_a_job_is_applied_waited_for_and_its_result_written(home: Path, capsys: Capsys) -> None:
    result = home / "result.json"
    more = ["--run", "--namespace", "load", "--context", "prod", "-o", str(result)]
    assert run([*SOUND, *more]) in (None, 0)
    job = list(yaml.safe_load_all((home / "manifest").read_text()))[1]
    assert job["kind"] == "Job"
    assert calls(home) == [
        "--context=prod --namespace=load apply --filename=-",
        "--context=prod --namespace=load get job/monday "
        '--output=jsonpath={.status.conditions[?(@.status=="True")].type}',
        "--context=prod --namespace=load logs --selector=batch.kubernetes.io/job-name=monday,"
        "batch.kubernetes.io/job-completion-index=0 --tail=-1",
    ]
    document = json.loads(result.read_text())
    assert document["points"][0]["response_ms"]["p99"] == 3
    assert document["shared_load"]["count"] == 2
    out = capsys.readouterr().out
    assert "load generators: 2 of 2 (run run-a)" in out


def test_a_dry_run_asks_the_cluster_only(home: Path, capsys: Capsys) -> None:
    assert run([*SOUND, "--dry-run"]) in (None, 0)
    assert calls(home) == ["apply --dry-run=server --filename=-"]
    out, err = capsys.readouterr()
    assert out == ""
    assert "job.batch/monday created" in err


def test_what_kubectl_refuses_is_said_in_its_words(home: Path, capsys: Capsys) -> None:
    (home / "refuses").write_text("error: no such host\n\x1b[31m")
    assert run([*SOUND, "--run"]) == 2
    err = capsys.readouterr().err
    assert "kubectl apply: error: no such host" in " ".join(err.split())
    assert "\x1b" not in err


def test_a_failed_job_shows_what_there_is_and_ends_with_1(home: Path, capsys: Capsys) -> None:
    (home / "state").write_text("FailureTarget Failed")
    assert run([*SOUND, "--run"]) == 1
    assert "load generators: 2 of 2" in capsys.readouterr().out


def test_a_first_worker_without_a_result_is_quoted(home: Path, capsys: Capsys) -> None:
    (home / "state").write_text("Failed")
    (home / "log").write_text("starting\nerror: triton: name not found\x1b[31m\n")
    assert run([*SOUND, "--run"]) == 2
    err = " ".join(capsys.readouterr().err.split())
    assert "printed no result; its last words: error: triton: name not found" in err
    (home / "log").write_text('{"schema": "costplan/measurement/1"}\n')
    assert run([*SOUND, "--run"]) == 2
    (home / "log").write_text("")
    assert run([*SOUND, "--run"]) == 2


def test_a_job_that_does_not_end_is_said(home: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "state").write_text("")
    clock = iter(range(0, 10_000, 100))
    monkeypatch.setattr(kubectl_module.Kubectl, "__init__", _with_clock(lambda: next(clock)))
    assert run([*SOUND, "--run"]) == 1
    assert "Job monday still runs" in capsys.readouterr().err


def _with_clock(now: object) -> object:
    made = kubectl_module.Kubectl.__init__

    def start(self: object, context: object, namespace: object, interrupts: object) -> None:
        made(self, context, namespace, interrupts, lambda seconds: None, now)  # type: ignore[arg-type]

    return start


def test_without_kubectl_there_is_a_hint(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run([*SOUND, "--run"]) == 2
    assert "there is no `kubectl` on the path" in capsys.readouterr().err
