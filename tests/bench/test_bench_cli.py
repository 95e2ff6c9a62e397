"""`costplan bench` as a user runs it: options, exit codes, files, Ctrl-C, killed runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from measured_examples import measurement
from own_time import cpu_seconds, wait_until

from costplan.bench import session
from costplan.bench.capacity_search.warmup import WarmUpRule
from costplan.bench.machine.calibration_set import run_calibration
from costplan.cli.bench.options import BenchWords, model_path, seconds, session_options, slo_of, target_of
from costplan.cli.run import run
from costplan.measurement.files import load_measurement
from costplan.measurement.model import MeasuredSlo
from costplan.messages.errors import InputError
from costplan.messages.installation import install_line
from costplan.output.formats import rendered

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "models" / "digits.onnx"
QUICK = ("bench", "--target", "onnxruntime", "--mode", "single", "--duration", "0.3")
Capsys = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Journals go to a folder of the test; what surrounds the load points is short."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(session, "_WARM_UP", WarmUpRule(min_s=0.2, max_s=0.3))
    monkeypatch.setattr(session, "_LEAD_IN_S", 0.1)
    monkeypatch.setattr(session, "_PLANNED_WINDOW_S", 0.5)
    monkeypatch.setattr(session, "run_calibration", lambda: run_calibration(0.02))


def started(*arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    program = "import sys; from costplan.cli.run import run; sys.exit(run(sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )


def wait_for_samples(journal: Path, at_least: int) -> None:
    """Wait until there are more bytes of samples than the half second before the window makes."""
    wait_until(lambda: journal.exists() and journal.stat().st_size > at_least, "samples in the journal")


@pytest.mark.parametrize(
    ("text", "slo"),
    [
        ("p99:100ms", MeasuredSlo(99, 100)),
        ("p95 <= 1.5 s", MeasuredSlo(95, 1500)),
        ("p95<=1.5s", MeasuredSlo(95, 1500)),
        ("p99.9:2s", MeasuredSlo(99.9, 2000)),
        ("p50:0.5 ms", MeasuredSlo(50, 0.5)),
    ],
)
def test_an_slo_is_read_with_its_unit(text: str, slo: MeasuredSlo) -> None:
    assert slo_of(text) == slo


@pytest.mark.parametrize(
    ("text", "why"),
    [
        *((text, "is not an SLO") for text in ("", "p99", "99:100ms", "p100:1s", "pnan:1s")),
        ("p0:1s", "must lie between 0% and 100%"),
        ("p99:0ms", "must be above zero"),
        ("p99:fast", "is not a number with a unit: `fast`"),
    ],
)
def test_what_is_no_slo_is_refused(text: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        slo_of(text)


def test_a_bare_number_of_time_is_seconds() -> None:
    assert seconds("--duration", "2") == 2.0
    assert seconds("--duration", "250 ms") == 0.25


WRONG = {
    "nothing to measure": ["bench"],
    "unknown mode": ["bench", "stage1", "--mode", "fast"],
    "unknown target": ["bench", "stage1", "--target", "tritn-http"],
    "rate of nothing": ["bench", "stage1", "--rate", "0"],
    "no rate": ["bench", "stage1", "--mode", "open"],
    "half a seed": ["bench", "stage1", "--seed", "1.5"],
    "needs address": ["bench", "stage1", "--target", "triton-http"],
    "takes none": ["bench", "stage1", "--target", "service", "--address", "127.0.0.1:1"],
    "metadata": ["bench", "stage1", "--address", "http://169.254.169.254"],
    "public": ["bench", "stage1", "--address", "http://93.184.215.14"],
    "wrong shape": ["bench", "--model", str(DEMO), "--shape", "image"],
    "unknown machine": ["bench", "stage1", "--instances", "standard-v9:2x4"],
    "no such scenario": ["bench", "stage9"],
    "over the whole": ["bench", "stage1", "--utilisation", "150%"],
    "sweep of a server": ["bench", "stage1", "--threads", "sweep"],
    "picture of no kind": ["bench", "stage1", "--plot", "picture.gif"],
    "no folder": ["bench", "stage1", "-o", "no/such/folder/result.json"],
    "no format": ["bench", "stage1", "--format", "xml"],
    "no model": ["bench", "--model", "nowhere.onnx"],
    "a pickle": ["bench", "--model", str(ROOT / "models" / "train_demo.py")],
    "no journal": ["bench", "show", "nowhere.jsonl"],
    "nothing to export": ["bench", "export"],
    "no platform": ["bench", "calibrate", "standard-v9"],
}


def test_a_scenario_is_measured_at_its_own_slo() -> None:
    """Stage 1 states p95 <= 2 s; one that is given counts more; without a scenario it is p99 <= 100 ms."""
    assert session_options(BenchWords(scenario="stage1")).slo == MeasuredSlo(95.0, 2000.0)
    assert session_options(BenchWords(scenario="stage1", slo="p90:50ms")).slo == MeasuredSlo(90.0, 50.0)
    assert session_options(BenchWords(target="service")).slo == MeasuredSlo(99.0, 100.0)


def test_a_scenario_is_measured_with_the_model_of_its_measurements() -> None:
    stage1, demo = model_path(BenchWords(scenario="stage1")), model_path(BenchWords(target="service"))
    assert [path.name for path in (stage1, demo) if path is not None] == ["resnet50.onnx", "digits.onnx"]


@pytest.mark.parametrize("words", WRONG.values(), ids=WRONG)
def test_wrong_use_ends_with_2_and_a_sentence_before_anything_is_measured(
    words: list[str], capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    used = cpu_seconds()
    assert run(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.strip()
    assert "made a mistake" not in err
    assert cpu_seconds() - used < 5


def test_a_missing_extra_is_one_line(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psutil", None)
    for name in [name for name in sys.modules if name.startswith("costplan.bench")]:
        monkeypatch.delitem(sys.modules, name)
    assert run(["bench", "stage1"]) == 2
    err = capsys.readouterr().err
    assert "costplan bench needs the `bench` extra" in err
    assert install_line("bench") in err


def test_a_scenario_is_measured_in_the_service_and_a_model_in_process() -> None:
    assert target_of(BenchWords(scenario="stage1"))[0] == "service"
    assert target_of(BenchWords(model=DEMO))[0] == "onnxruntime"
    assert target_of(BenchWords(scenario="stage2", address="127.0.0.1:8000"))[0] == "triton-http"
    assert target_of(BenchWords(scenario="stage2", address="grpc://127.0.0.1:8001"))[0] == "triton-grpc"
    assert target_of(BenchWords(scenario="stage2", target="http://127.0.0.1:8000"))[0] == "triton-http"


def test_the_options_say_the_mode() -> None:
    assert session_options(BenchWords(scenario="stage1")).mode == "slo"
    assert session_options(BenchWords(scenario="stage1", rate="50")).mode == "open"
    assert session_options(BenchWords(scenario="stage1", concurrency="4")).mode == "closed"


@pytest.mark.parametrize(
    ("words", "window_s"),
    [
        # 662 requests for a p99 at that rate, and a tenth more; not beyond the budget of 45 s.
        ({"rate": "100"}, 1.1 * 662 / 100),
        ({"rate": "5"}, 45),
        ({"rate": "5", "budget": "2min"}, 120),
        ({"rate": "5", "duration": "2s"}, 2),
        ({"rate": "1000"}, 3),
        ({"rate": "5", "slo": "p90:1s"}, 1.1 * 64 / 5),
    ],
)
def test_an_open_loop_lasts_as_long_as_its_percentile_needs_and_the_budget_allows(
    words: dict[str, str], window_s: float
) -> None:
    options = session_options(BenchWords(target="service", **words))  # type: ignore[arg-type]
    assert options.open_window_s() == pytest.approx(window_s)


def test_a_quick_run_takes_about_20_s_and_a_usual_one_about_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert session_options(BenchWords(scenario="stage1", quick=True)).expected_s() <= 20
    assert 60 <= session_options(BenchWords(scenario="stage1")).expected_s() <= 75


def test_a_small_budget_has_short_windows() -> None:
    assert session_options(BenchWords(scenario="stage1")).window_s == 3
    assert session_options(BenchWords(scenario="stage1", budget="15s")).window_s == 1
    assert session_options(BenchWords(scenario="stage1", budget="3s")).window_s == 0.5
    assert session_options(BenchWords(scenario="stage1", budget="3s", duration="4s")).window_s == 4


def test_a_result_keeps_the_names_of_files_and_not_their_folders() -> None:
    flags = BenchWords(model=Path("/home/alice/secret/m.onnx"), shape=("x:1",), seed="7").flags()
    assert flags == {"model": "m.onnx", "shape": ["x:1"], "seed": "7"}


def test_a_quick_run_writes_a_result_that_is_read_back_shown_and_priced(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run([*QUICK, "-o", "result.json", "--plot", "result.svg", "--seed", "5"]) == 0
    shown = capsys.readouterr()
    assert "one request" not in shown.err
    assert "samples: " in shown.err
    found = load_measurement(Path("result.json"))
    assert (found.target, found.seed, found.is_complete) == ("onnxruntime", 5, True)
    assert found.flags["mode"] == "single"
    assert [p.mode for p in found.points] == ["single"]
    assert Path("result.svg").read_bytes().startswith(b"<?xml")
    assert "digits: " in shown.out
    priced = ["--currency", "USD", "--instances", "serverless:1x1"]
    assert run(["bench", "show", "result.json", "-v", *priced]) == 0
    again = capsys.readouterr().out
    assert "USD/million" in again
    assert "Serverless Containers 1x1" in again


def test_the_journal_of_a_run_is_summarised_to_the_same_points(tmp_path: Path, capsys: Capsys) -> None:
    journal, result = tmp_path / "run.jsonl", tmp_path / "result.json"
    assert run([*QUICK, "--journal", str(journal), "-o", str(result)]) == 0
    capsys.readouterr()
    assert run(["bench", "show", str(journal), "--format", "json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    written = json.loads(result.read_text())
    for key in ("requests", "outcomes", "response_ms", "service_ms", "histogram"):
        assert summary["points"][0][key] == written["points"][0][key]
    assert summary["model"]["sha256"] == written["model"]["sha256"]
    assert "summarised from the journal" in summary["warnings"]


@pytest.mark.live
def test_ctrl_c_ends_with_what_there_is_and_130(tmp_path: Path) -> None:
    journal, result = tmp_path / "run.jsonl", tmp_path / "result.json"
    words = ("--target", "onnxruntime", "--mode", "single", "--duration", "600")
    child = started("bench", *words, "--journal", str(journal), "-o", str(result))
    wait_for_samples(journal, 3_000_000)
    os.kill(child.pid, signal.SIGINT)
    _, err = child.communicate(timeout=120)
    assert child.returncode == 130, err
    found = load_measurement(result)
    assert not found.is_complete
    assert found.points[0].requests > 0
    assert any("interrupted" in reason for reason in found.points[0].reasons)


@pytest.mark.live
def test_a_killed_run_is_summarised_from_its_journal_and_leaves_no_server(
    tmp_path: Path, capsys: Capsys
) -> None:
    import psutil

    journal = tmp_path / "run.jsonl"
    words = ("stage1", "--model", "digits", "--mode", "single", "--duration", "600")
    child = started("bench", *words, "--journal", str(journal))
    wait_for_samples(journal, 300_000)
    servers = psutil.Process(child.pid).children(recursive=True)
    assert servers
    child.kill()
    child.communicate(timeout=120)
    assert psutil.wait_procs(servers, timeout=120)[1] == []
    assert run(["bench", "show", str(journal), "--format", "json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert not summary["is_complete"]
    assert summary["points"][0]["requests"] > 0
    assert any("was cut off" in warning for warning in summary["warnings"])


def test_an_open_loop_that_misses_the_slo_ends_with_1(capsys: Capsys) -> None:
    words = ["bench", "--target", "onnxruntime", "--rate", "2000", "--duration", "0.5"]
    assert run([*words, "--slo", "p99:0.001ms"]) == 1
    assert "misses" in capsys.readouterr().out


def test_an_slo_that_one_request_alone_breaks_is_answered_at_once(capsys: Capsys) -> None:
    words = ["bench", "--target", "onnxruntime", "--duration", "0.3", "--slo", "p99:0.001ms"]
    assert run(words) == 1
    assert "one request alone takes" in capsys.readouterr().out


@pytest.mark.live
def test_the_stage_1_scenario_is_priced_on_serverless_containers_and_machines(
    tmp_path: Path, capsys: Capsys
) -> None:
    result = tmp_path / "result.json"
    words = ["stage1", "--model", "digits", "--slo", "p99:100ms", "--budget", "3 s", "--duration", "0.5"]
    run(["bench", *words, "-o", str(result), "-v"])
    out = capsys.readouterr().out
    found = load_measurement(result)
    assert found.title == "stage1"
    assert found.cold_start_ms is not None
    assert found.cold_start_ms > 0
    assert "cold start" in out
    names = [row.instance for row in found.cost]
    assert names[0] == "Serverless Containers 1x1"
    assert sum(row.hourly_cost is not None for row in found.cost) >= 3
    assert found.server_cpu_s is not None
    assert found.curve is None or found.curve.points[0][0] == 1


def test_exporting_writes_a_model_repository_and_names_its_files(tmp_path: Path, capsys: Capsys) -> None:
    folder = tmp_path / "repository"
    assert run(["bench", "export", "--triton", str(folder), "--model", str(DEMO)]) == 0
    assert capsys.readouterr().out.split() == [
        str(folder / "digits" / "config.pbtxt"),
        str(folder / "digits" / "1" / "model.onnx"),
    ]
    assert run(["bench", "export", "--triton", str(folder), "--model", str(DEMO)]) == 2
    assert "is already there" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["table", "json", "csv", "md"])
def test_every_format_shows_the_basis_of_a_cost(form: str) -> None:
    from datetime import date

    from costplan.analysis.serving.candidates import candidates_of
    from costplan.analysis.serving.cost import CostQuestion, with_costs
    from costplan.catalog.store import Catalog

    catalog = Catalog.shipped()
    question = CostQuestion(catalog, "RUB", date(2026, 10, 6))
    machines = candidates_of("standard-v3:2x4,serverless:1x1", None, catalog)
    text = rendered(with_costs(measurement(), machines, question), form)
    assert "measured" in text
    assert "assumed" in text
