"""Workers as processes on loopback: they meet, start together, and their samples are one measurement."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_oip import serving_oip
from own_time import wait_until

from costplan.bench.cluster.collect import collect, has_ended
from costplan.bench.cluster.merge import merge_journals
from costplan.bench.load.modes import whole_schedule
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.cli.run import run
from costplan.measurement.files import load_measurement

ROOT = Path(__file__).parents[3]
PROGRAM = (
    "import sys\n"
    "from costplan.bench.capacity_search.warmup import WarmUpRule\n"
    "from costplan.bench.cluster import worker\n"
    "from costplan.cli.run import run\n"
    "worker._WARM_UP = WarmUpRule(min_s=0.1, min_requests=5, max_s=0.2)\n"
    "worker.MARGIN_S = 6.0\n"
    "sys.exit(run(['bench', 'worker', *sys.argv[1:]]))\n"
)
Capsys = pytest.CaptureFixture[str]


def start_worker(folder: Path, address: str, index: int, count: int, *more: str) -> subprocess.Popen[str]:
    given = ["--workers", str(count), "--run-id", "local", "--folder", str(folder), "--address", address]
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *given, "--model-name", "m", *more],
        env={**os.environ, "PYTHONPATH": str(ROOT), "JOB_COMPLETION_INDEX": str(index)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def read_samples(journal: Path) -> tuple[list[int], list[int]]:
    """Read due and done of a journal without the code under test, ns since its start."""
    due: list[int] = []
    done: list[int] = []
    for text in journal.read_text().splitlines():
        line: dict[str, Any] = json.loads(text)
        due += line.get("due", [])
        done += line.get("done", [])
    return due, done


def seconds_in(journal: Path) -> float:
    """Return the time of the last answer in a journal that is being written."""
    if not journal.exists():
        return 0.0
    whole = journal.read_text().rsplit("\n", 1)[0].splitlines()
    return max((max(json.loads(text).get("done", [0])) for text in whole), default=0) / 1e9


def test_four_workers_are_one_generator(tmp_path: Path, capsys: Capsys) -> None:
    load = ["--rate", "200", "--duration", "2", "--seed", "3", "--collect"]
    with serving_oip() as address:
        workers = [start_worker(tmp_path, address, index, 4, *load) for index in range(4)]
        said = [worker.communicate(timeout=120) for worker in workers]
    for worker, (_, err) in zip(workers, said, strict=True):
        assert worker.returncode in (0, None), err
    journals = sorted(tmp_path.glob("local-*.jsonl"))
    assert [path.name for path in journals] == [f"local-{index:05d}.jsonl" for index in range(4)]
    assert not list(tmp_path.glob("*.ready"))

    # p99 at 200 requests/s needs 662 x 1.1 requests: 3.641 s, longer than what was asked.
    window_s = 1.1 * 662 / 200
    whole = whole_schedule(
        LoadSettings(Mode.OPEN, window_s, lead_in_s=1.0, requests_per_second=200, seed=3, concurrency=8)
    )
    samples = [read_samples(path) for path in journals]
    assert sorted(offset for due, _ in samples for offset in due) == whole.tolist()

    opens, closes = 1_000_000_000, round((1.0 + window_s) * 1e9)
    every = np.sort(
        [b - a for due, done in samples for a, b in zip(due, done, strict=True) if opens <= a < closes]
    )
    assert run(["bench", "merge", *map(str, journals), "-o", str(tmp_path / "all.json")]) in (None, 0, 1)
    capsys.readouterr()
    merged = load_measurement(tmp_path / "all.json")
    (point,) = merged.points
    assert point.requests == len(every)
    for percentile in (50, 90, 95, 99):
        exact = every[-(-percentile * len(every) // 100) - 1] / 1e6
        assert getattr(point.response_ms, f"p{percentile}") == float(f"{exact:.6g}")
    assert merged.shared_load is not None
    assert [worker.index for worker in merged.shared_load.workers] == [0, 1, 2, 3]
    assert all(worker.ceiling_requests_per_second for worker in merged.shared_load.workers)

    # The first worker has printed the same result: its log is where `cluster --run` finds it.
    printed = json.loads(said[0][0].splitlines()[-1])
    assert printed["points"][0]["response_ms"]["p99"] == point.response_ms.p99
    assert [out for out, _ in said[1:]] == ["", "", ""]


def test_a_killed_worker_is_seen_in_the_result(tmp_path: Path) -> None:
    load = ["--concurrency", "4", "--duration", "600"]
    with serving_oip() as address:
        workers = [start_worker(tmp_path, address, index, 2, *load) for index in range(2)]
        try:
            journals = [tmp_path / f"local-{index:05d}.jsonl" for index in range(2)]
            for path in journals:
                wait_until(lambda: seconds_in(path) > 2, "two seconds of samples")  # noqa: B023
            workers[1].kill()
            workers[0].send_signal(signal.SIGINT)
            assert workers[0].wait(60) == 130
        finally:
            for worker in workers:
                worker.kill()
                worker.communicate()
    assert has_ended(journals[0])
    assert not has_ended(journals[1])
    merged = merge_journals(journals)
    assert merged.verdict == "INVALID"
    assert not merged.is_complete
    assert any("worker 1: point 0 was cut off after" in reason for reason in merged.reasons)
    assert merged.points[0].requests > 100
    # Closed loop of 4: each of the two had its share of the connections.
    settings = [json.loads(path.read_text().splitlines()[1])["settings"] for path in journals]
    assert [line["part"] for line in settings] == [[0, 2], [1, 2]]
    assert {line["concurrency"] for line in settings} == {4}


def test_whoever_collects_waits_no_longer_than_told(tmp_path: Path) -> None:
    from worker_journals import OPEN, write_answers

    from costplan.bench.load.slices import Slice

    write_answers(tmp_path, Slice(0, 2), OPEN, 1_000_000)
    clock = [0.0]

    def sleep(seconds: float) -> None:
        clock[0] += seconds

    merged = collect(tmp_path, "run-a", 2, 30, now=lambda: clock[0], sleep=sleep)
    assert clock[0] == 30
    assert merged.reasons[0] == "1 of 2 workers are missing: 1"
    write_answers(tmp_path, Slice(1, 2), OPEN, 1_000_000)
    clock[0] = 0.0
    assert collect(tmp_path, "run-a", 2, 30, now=lambda: clock[0], sleep=sleep).is_complete
    assert clock[0] == 0


SOUND = ["--workers", "2", "--run-id", "a", "--index", "0", "--address", "127.0.0.1:1", "--model-name", "m"]
WRONG = {
    "no load": ([], "nothing says how much load there is to share"),
    "no server": (["--target", "onnxruntime", "--rate", "9"], "takes no --address"),
    "recorded": (["--rate", "9", "--arrivals", "{folder}/offsets"], "for --mode open without --rate"),
    "too few connections": (["--concurrency", "1"], "1 connections cannot be shared by 2 workers"),
    "no such worker": (["--rate", "9", "--index", "2"], "must be from 0 to 1, got 2"),
    "no workers": (["--rate", "9", "--workers", "0"], "must be a whole number from 1"),
    "name": (["--rate", "9", "--run-id", "../x"], "--run-id: must be of small letters"),
    "no folder": (["--rate", "9", "--folder", "nowhere\x1b"], r"there is no folder `nowhere\x1b`"),
    "no zone": (["--rate", "9", "--start-at", "2026-11-29T12:40"], "no moment with its zone"),
    "past": (["--rate", "9", "--start-at", "2020-01-01T00:00:00Z"], "is past"),
    "nobody there": (["--rate", "9"], "nothing listens there"),
}


@pytest.mark.parametrize(("more", "said"), WRONG.values(), ids=WRONG)
def test_wrong_use_of_a_worker_ends_with_2_and_a_sentence(
    more: list[str], said: str, tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "offsets").write_text("0\n")
    words = [word.replace("{folder}", str(tmp_path)) for word in more]
    assert run(["bench", "worker", *SOUND, *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in " ".join(err.split())


def test_a_worker_without_its_index_asks_for_it(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOB_COMPLETION_INDEX", raising=False)
    words = [word for word in SOUND if word not in ("--index", "0")]
    assert run(["bench", "worker", *words, "--rate", "9"]) == 2
    assert "give --index, from 0" in capsys.readouterr().err
