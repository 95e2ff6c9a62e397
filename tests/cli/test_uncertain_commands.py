"""`estimate --uncertain` and `check --probability` as their user sees them."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import command, costplan, environment, process

from costplan.analysis.uncertainty import draws
from costplan.cli.run import run
from costplan.messages.installation import install_line

Capsys = pytest.CaptureFixture[str]

SCENARIO = """\
scenario: mine
title: Mine
workload:
  monthly_requests: {value: 5M, uncertain: {distribution: lognormal, low: 2M, high: 20M}}
  request_duration: {value: 20 ms, assumed: "a guess", uncertain: {low: 10 ms, likely: 20 ms, high: 400 ms}}
correlations: [{between: [workload.monthly_requests, workload.request_duration], rho: 0.5}]
budget: {currency: USD, total: 20}
resources:
  api: {kind: serverless-container, role: inference, vcpu: 1, memory: 1 GB}
"""

SURE = """\
scenario: sure
title: Sure
workload: {monthly_requests: 5M, request_duration: 20 ms}
resources:
  api: {kind: serverless-container, role: inference, vcpu: 1, memory: 1 GB}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(SCENARIO, encoding="utf-8")
    Path("sure.yaml").write_text(SURE, encoding="utf-8")
    return tmp_path


def test_the_answer_stands_below_the_bill(capsys: Capsys) -> None:
    plain = costplan(capsys, "estimate", "./mine.yaml").out
    ended = costplan(capsys, "estimate", "./mine.yaml", "--uncertain", "--draws", "2000")
    assert ended.code == 0
    assert ended.err == ""
    bill, budget, *_ = plain.split("\n\n")[1:]
    assert (
        ended.out.index(bill) < ended.out.index(budget) < ended.out.index("How sure: 2,048 draws of 2 inputs")
    )
    for words in ("P10", "P90", "Holds in", "lognormal", "correlated 0.5:", "standard error: at most"):
        assert words in ended.out


def test_json_adds_one_key_to_the_estimate(capsys: Capsys) -> None:
    plain = json.loads(costplan(capsys, "estimate", "./mine.yaml", "-f", "json").out)
    text = costplan(capsys, "estimate", "./mine.yaml", "-f", "json", "--uncertain", "--draws", "2K").out
    found = json.loads(text)
    uncertainty = found.pop("uncertainty")
    assert {**found, "schema": plain["schema"]} == plain
    assert uncertainty["seed"] == 1
    assert uncertainty["draws"] == 2048
    assert set(uncertainty["bill"]) == {"p10", "p50", "p90", "mean"}


def test_the_seed_is_printed_and_decides(capsys: Capsys) -> None:
    def out(*more: str) -> str:
        return costplan(capsys, "estimate", "./mine.yaml", "--uncertain", "--draws", "2K", *more).out

    assert "seed 1\n" in out()
    assert out() == out("--seed", "1")
    assert "seed 7\n" in out("--seed=7")
    assert out("--seed", "7") != out().replace("seed 1", "seed 7")


@pytest.mark.parametrize(("probability", "code"), [("1%", 0), ("99%", 1)])
def test_check_asks_for_a_probability(capsys: Capsys, probability: str, code: int) -> None:
    ended = costplan(capsys, "check", "./mine.yaml", "--probability", probability, "--draws", "2K")
    assert ended.code == code
    assert f"budget total, in {probability}" in ended.out


def test_check_holds_a_limit_against_the_draws(capsys: Capsys) -> None:
    line = ("check", "./mine.yaml", "--probability", "50%", "--draws", "2K", "--max")
    assert "monthly cost, in 50%" in costplan(capsys, *line, "1").out
    assert (
        costplan(capsys, *line, "1000000").out.count("FAILS")
        == costplan(capsys, *line, "1").out.count("FAILS") - 1
    )


def test_compare_says_how_sure_the_bills_are_and_where_they_cross(capsys: Capsys) -> None:
    Path("theirs.yaml").write_text(
        "scenario: theirs\nextends: stage2\ntitle: Quick machines\n"
        "resources:\n  api: {capacity: {measured: digits-service, max_replicas: 1}}\n"
        "  inference:\n    capacity: {published: ~, waiting: ~, slo: ~, measured: digits-triton-grpc}\n",
        encoding="utf-8",
    )
    line = ("compare", "./mine.yaml", "theirs.yaml", "--draws", "2K", "--uncertain")
    ended = costplan(capsys, *line)
    assert ended.code == 0
    assert "How sure: 2,048 draws, seed 1" in ended.out
    [crossing] = [row for row in ended.out.splitlines() if row.startswith("mine  ") and "theirs" in row]
    assert "M" in crossing
    found = json.loads(costplan(capsys, *line, "-f", "json").out)["uncertainty"]
    # A second GPU machine, far beyond what one serves, makes further crossovers in some of the draws.
    first, *later = found["crossovers"]
    assert (first["cheaper_below"], first["number"]) == ("mine", 1)
    assert all(float(one["probability"]["value"]) < float(first["probability"]["value"]) for one in later)
    assert "crossover 1: mine to theirs,p50," in costplan(capsys, *line, "-f", "csv").out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("estimate ./mine.yaml --seed 1", "--seed and --draws are for --uncertain"),
        ("compare stage1 --seed 1", "--seed and --draws are for --uncertain"),
        ("compare ./sure.yaml --uncertain", "nothing in these scenarios is uncertain"),
        ("check ./mine.yaml --draws 1K", "--seed and --draws are for --probability"),
        ("estimate ./mine.yaml --uncertain --seed -1", "seed"),
        ("estimate ./mine.yaml --uncertain --seed x", "--seed: is not a number"),
        ("estimate ./mine.yaml --uncertain --draws 0", "--draws: must be a whole number from 1 to 4,194,304"),
        ("estimate ./mine.yaml --uncertain --draws 1B", "--draws: must be a whole number"),
        ("check ./mine.yaml --probability 0", "--probability: must be above 0%"),
        ("check ./mine.yaml --probability 101%", "--probability: is a share above 100%"),
        ("estimate ./sure.yaml --uncertain", "nothing in `sure` is uncertain"),
    ],
)
def test_what_cannot_be_drawn_is_2_with_a_sentence(capsys: Capsys, line: str, said: str) -> None:
    ended = costplan(capsys, *line.split())
    assert ended.code == 2
    assert said in ended.err
    assert ended.out == ""


def test_draws_need_no_scipy_but_for_very_many_inputs(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_it = costplan(capsys, "estimate", "./mine.yaml", "--uncertain", "--draws", "1K").out
    for name in [name for name in sys.modules if name.partition(".")[0] == "scipy"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "scipy", None)
    without = costplan(capsys, "estimate", "./mine.yaml", "--uncertain", "--draws", "1K")
    assert (without.code, without.out) == (0, with_it)
    monkeypatch.setattr(draws, "MOST_DIMENSIONS", 0)
    assert run(["estimate", "./mine.yaml", "--uncertain"]) == 2
    assert install_line("plan") in capsys.readouterr().err


def test_a_plain_estimate_of_a_scenario_with_ranges_draws_nothing() -> None:
    """The reader of ranges is imported, to refuse wrong ones; NumPy and SciPy are not."""
    script = "import sys; from costplan.cli.run import run; run(['estimate', './mine.yaml']); "
    script += "assert not {'numpy', 'scipy'} & set(sys.modules); "
    script += "assert 'costplan.scenario.uncertain.substitution' in sys.modules"
    subprocess.run(
        [sys.executable, "-c", script], env=environment(), check=True, capture_output=True, timeout=120
    )


def test_a_scenario_without_ranges_does_not_import_their_reader() -> None:
    script = "import sys; from costplan.cli.run import run; run(['estimate', './sure.yaml']); "
    script += "modules = {f'costplan.scenario.uncertain.{m}' for m in ('substitution', 'ranges')}; "
    script += "assert not modules & set(sys.modules)"
    subprocess.run(
        [sys.executable, "-c", script], env=environment(), check=True, capture_output=True, timeout=120
    )


def test_ctrl_c_ends_a_long_run_with_130_and_a_clean_line() -> None:
    """On a terminal the line that shows how far it is goes away."""
    reader, terminal = pty.openpty()
    running = subprocess.Popen(
        command("estimate", "./mine.yaml", "--uncertain", "--draws", "4M"),
        stdout=subprocess.PIPE, stderr=terminal, env=environment({"TERM": "xterm"}),
    )  # fmt: skip
    os.close(terminal)
    said = b""
    deadline = time.monotonic() + 120
    while b"drawing: 1" not in said and time.monotonic() < deadline:
        said += os.read(reader, 4096)
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=120)
    while True:
        try:
            more = os.read(reader, 4096)
        except OSError:
            break
        if not more:
            break
        said += more
    os.close(reader)
    assert running.returncode == 130
    assert out == b""
    assert said.rstrip().endswith(b"interrupted")
    assert b"Traceback" not in said


def test_a_pipe_sees_no_progress() -> None:
    ended = process("estimate", "./mine.yaml", "--uncertain", "--draws", "500K")
    assert (ended.code, ended.err) == (0, "")
