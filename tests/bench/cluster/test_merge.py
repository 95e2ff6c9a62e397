"""Journals of workers joined to one measurement: exact samples, one run, nobody missing or twice."""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from amounts import THOROUGH
from hypothesis import given, settings
from hypothesis import strategies as st
from load_servers import exponential
from measured_examples import measurement
from worker_journals import MS, OPEN, write_answers, write_journal

from costplan.bench.cluster import merge as merge_module
from costplan.bench.cluster.merge import merge_journals
from costplan.bench.load.modes import whole_schedule
from costplan.bench.load.runner import Recording
from costplan.bench.load.samples import Samples
from costplan.bench.load.schedule import Arrivals
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.load.slices import Slice
from costplan.measurement.model import Tensor
from costplan.messages.errors import InputError


def journals(
    folder: Path, count: int, load: LoadSettings = OPEN, seed: int = 1
) -> tuple[list[Path], list[Recording]]:
    written = [
        write_journal(folder, Slice(index, count), load, exponential(5 * MS, seed + index))
        for index in range(count)
    ]
    return [path for path, _ in written], [recording for _, recording in written]


def responses_ms(recordings: list[Recording]) -> np.ndarray:
    """Response times of the requests due inside each worker's own window, ms, ascending."""
    found = [
        # Requests of a batch are due at once and wait for each other: their time counts from the send.
        (done - (sent if recording.settings.mode is Mode.BATCH else due)) / 1e6
        for recording in recordings
        for due, sent, done in zip(
            recording.samples.due, recording.samples.sent, recording.samples.done, strict=True
        )
        if recording.start <= due < recording.end
    ]
    return np.sort(np.array(found))


def six_digits(value: float) -> float:
    return float(f"{value:.6g}")


@settings(deadline=None, max_examples=30 if THOROUGH else 4)
@given(
    seed=st.integers(0, 10_000),
    count=st.integers(1, 7),
    load=st.sampled_from(
        [
            OPEN,
            replace(OPEN, arrivals=Arrivals.CONSTANT),
            LoadSettings(Mode.CLOSED, window_s=1, concurrency=9),
            LoadSettings(Mode.BATCH, batch_requests=300, concurrency=7),
        ]
    ),
)
def test_percentiles_are_those_of_all_samples_together(
    tmp_path_factory: pytest.TempPathFactory, seed: int, count: int, load: LoadSettings
) -> None:
    load = replace(load, seed=seed)
    paths, recordings = journals(tmp_path_factory.mktemp("merged"), count, load, seed)
    random.Random(seed).shuffle(paths)
    merged = merge_journals(paths)
    (point,) = merged.points
    every = responses_ms(recordings)
    assert point.requests == len(every)
    for percentile in (50, 90, 95, 99):
        rank = -(-percentile * len(every) // 100)  # nearest rank: ceil(p n)
        assert getattr(point.response_ms, f"p{percentile}") == six_digits(every[rank - 1])
    assert point.response_ms.max == six_digits(every[-1])
    assert merged.is_complete


def test_an_open_loop_has_every_request_of_the_whole_schedule_once(tmp_path: Path) -> None:
    paths, recordings = journals(tmp_path, 4)
    sent = sorted(
        due - (recording.start - 500 * MS) for recording in recordings for due in recording.samples.due
    )
    drawn = whole_schedule(OPEN).tolist()
    assert sent == drawn
    point = merge_journals(paths).points[0]
    assert point.requests == sum(1 for offset in drawn if 0.5e9 <= offset < 4.5e9)
    assert point.offered_requests_per_second == 400
    assert point.verdict == "VALID"


def test_each_workers_lag_and_ceiling_are_in_the_document(tmp_path: Path) -> None:
    paths, recordings = journals(tmp_path, 3)
    shared = merge_journals(list(reversed(paths))).shared_load
    assert shared is not None
    assert [worker.index for worker in shared.workers] == [0, 1, 2]
    for worker, recording in zip(shared.workers, recordings, strict=True):
        assert worker.ceiling_requests_per_second == 5000
        assert worker.requests == len(responses_ms([recording]))
        assert worker.lag_p99_ms == pytest.approx(0.0, abs=0.001)
    assert shared.start_spread_ms == 0
    assert shared.missing == ()


def test_a_missing_worker_makes_the_result_invalid_and_is_named(tmp_path: Path) -> None:
    paths, _ = journals(tmp_path, 4)
    merged = merge_journals([paths[0], paths[3]])
    assert merged.verdict == "INVALID"
    assert merged.reasons[0] == "2 of 4 workers are missing: 1, 2"
    # Half of the schedule is there: the rest was due and is not.
    assert any("requests that were due" in reason for reason in merged.reasons)
    assert not merged.is_complete


def test_a_killed_worker_leaves_what_it_wrote_and_ends_the_window(tmp_path: Path) -> None:
    paths, _ = journals(tmp_path, 4)
    whole = paths[2].read_bytes()
    paths[2].write_bytes(whole[: len(whole) * 6 // 10])  # in the middle of a line
    merged = merge_journals(paths)
    assert merged.verdict == "INVALID"
    assert any("worker 2: point 0 was cut off after" in reason for reason in merged.reasons)
    assert any("worker 2: the run was killed" in reason for reason in merged.reasons)
    assert not merged.is_complete
    assert merged.points[0].window_s < 4


def test_a_worker_whose_disk_was_full_is_named(tmp_path: Path) -> None:
    paths, _ = journals(tmp_path, 2)
    lines = paths[1].read_text().splitlines(keepends=True)
    samples = [number for number, line in enumerate(lines) if '"due"' in line]
    paths[1].write_text("".join(line for number, line in enumerate(lines) if number != samples[-1]))
    merged = merge_journals(paths)
    assert merged.verdict == "INVALID"
    assert any("worker 1: point 0:" in reason and "are in the file" in reason for reason in merged.reasons)


def test_a_worker_that_came_too_late_sent_nothing(tmp_path: Path) -> None:
    paths, _ = journals(tmp_path, 2)
    paths[1].write_text(paths[1].read_text().splitlines(keepends=True)[0])
    merged = merge_journals(paths)
    assert merged.verdict == "INVALID"
    assert "worker 1 sent nothing" in merged.reasons


def test_nobody_that_sent_anything_is_invalid_too(tmp_path: Path) -> None:
    path, _ = write_journal(tmp_path, Slice(0, 1))
    path.write_text(path.read_text().splitlines(keepends=True)[0])
    merged = merge_journals([path])
    assert (merged.verdict, merged.reasons, merged.points) == ("INVALID", ("worker 0 sent nothing",), ())


def with_header(path: Path, change: object) -> None:
    first, *rest = path.read_text().splitlines(keepends=True)
    line = json.loads(first)
    change(line["run"])  # type: ignore[operator]
    path.write_text(json.dumps(line) + "\n" + "".join(rest))


IMAGES = Tensor("x", "FP32", (8, 3, 32, 32))

OTHERS = {
    "run": ("shared", {"run_id": "run-b"}, "its run is run-b, not run-a"),
    "start": ("shared", {"start_at": 1001.0}, "its start is 1001.000000, not 1000.000000"),
    "target": ("target", "triton-http", "its target is triton-http"),
    "seed": ("seed", 6, "its seed is 6, not 5"),
    "inputs": (
        "model",
        replace(measurement().model, inputs=(IMAGES,)),
        "its inputs is x FP32 (8, 3, 32, 32)",
    ),
}


@pytest.mark.parametrize(("name", "value", "said"), OTHERS.values(), ids=OTHERS)
def test_journals_of_two_runs_are_refused_with_what_differs(
    tmp_path: Path, name: str, value: object, said: str
) -> None:
    one, _ = write_journal(tmp_path, Slice(0, 2))
    (tmp_path / "other").mkdir()
    other, _ = write_journal(tmp_path / "other", Slice(1, 2), **{name: value})
    with pytest.raises(InputError, match="of another run than") as refused:
        merge_journals([one, other])
    assert said in str(refused.value)


LOADS = {
    "rate": (replace(OPEN, requests_per_second=300.0), "its offered rate is 300"),
    "window": (replace(OPEN, window_s=3.0), r"its window is \(0.5, 3.0\)"),
    "mode": (replace(OPEN, mode=Mode.CLOSED), "its mode is closed, not open"),
    "connections": (replace(OPEN, concurrency=9), "its concurrency is 9, not 8"),
}


@pytest.mark.parametrize(("load", "said"), LOADS.values(), ids=LOADS)
def test_another_load_under_the_same_name_is_refused(tmp_path: Path, load: LoadSettings, said: str) -> None:
    one, _ = write_journal(tmp_path, Slice(0, 2))
    other, _ = write_journal(tmp_path, Slice(1, 2), load)
    with pytest.raises(InputError, match=said):
        merge_journals([one, other])


def test_a_worker_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    paths, _ = journals(tmp_path, 2)
    with pytest.raises(InputError, match="worker 1 is there twice"):
        merge_journals([*paths, paths[1]])


def test_a_worker_that_claims_anothers_number_is_refused(tmp_path: Path) -> None:
    path, _ = write_journal(tmp_path, Slice(0, 2))
    with_header(path, lambda run: run["shared_load"]["workers"][0].update(index=1))
    with pytest.raises(InputError, match="of another worker than it says"):
        merge_journals([path])


def test_what_is_no_workers_journal_is_refused(tmp_path: Path) -> None:
    path, _ = write_journal(tmp_path, Slice(0, 2))
    single = tmp_path / "single.jsonl"
    single.write_text(path.read_text())
    with_header(single, lambda run: run.pop("shared_load"))
    with pytest.raises(InputError, match="not the journal of a worker"):
        merge_journals([single])
    text = tmp_path / "a\x1b[31m\u202e.jsonl"
    text.write_text("{}\n")
    with pytest.raises(InputError) as refused:
        merge_journals([text])
    assert "not a journal of costplan bench" in str(refused.value)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for other, why in ((pipe, "regular file"), (tmp_path, "regular file"), (tmp_path / "no", "no such file")):
        with pytest.raises(InputError, match=why):
            merge_journals([other])
    with pytest.raises(InputError, match="nothing to merge"):
        merge_journals([])


def test_a_name_that_would_act_on_a_terminal_is_written_out(tmp_path: Path) -> None:
    path, _ = write_journal(tmp_path, Slice(0, 2))
    hostile = path.rename(tmp_path / "--\x1b[31m\n\u202e.jsonl")
    with pytest.raises(InputError) as refused:
        merge_journals([hostile, hostile])
    said = refused.value.faults[0].message
    assert "worker 0 is there twice" in said
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_more_samples_than_fit_are_refused_before_they_are_all_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, recordings = journals(tmp_path, 2)
    most = sum(len(recording.samples) for recording in recordings)
    monkeypatch.setattr(merge_module, "MAX_SAMPLES", most)
    assert merge_journals(paths).is_complete
    monkeypatch.setattr(merge_module, "MAX_SAMPLES", most - 1)
    with pytest.raises(InputError, match="more than"):
        merge_journals(paths)


def test_workers_that_started_apart_make_the_generator_the_limit(tmp_path: Path) -> None:
    paths, _ = journals(tmp_path, 2)
    with_header(paths[1], lambda run: run["shared_load"]["workers"][0].update(start_ms=41.0))
    merged = merge_journals(paths)
    assert merged.points[0].verdict == "GENERATOR-LIMITED"
    # 1 % of the window of 4 s are 40 ms.
    assert "the workers started 41 ms apart, more than 1% of the window" in merged.points[0].reasons


def test_a_worker_at_its_ceiling_is_named(tmp_path: Path) -> None:
    paths, recordings = journals(tmp_path, 2)
    with_header(paths[1], lambda run: run["generator"].update(ceiling_requests_per_second=390.0))
    reasons = merge_journals(paths).points[0].reasons
    own = len(responses_ms([recordings[1]])) / 4
    assert own > 390 / 2
    assert reasons == (
        f"1 of 2 workers were at their limit; worker 1: {own:.0f} requests/s is more than half of what the "
        "generator itself reaches (390 requests/s)",
    )


def test_an_overloaded_server_is_unstable_as_with_one_generator(tmp_path: Path) -> None:
    # 64 servers of 400 ms answer 160 a second; 400 a second are offered.
    slow = [write_journal(tmp_path, Slice(index, 2), OPEN, lambda: 1600 * MS)[0] for index in range(2)]
    point = merge_journals(slow).points[0]
    assert point.verdict in ("UNSTABLE", "INVALID")
    assert any("load above capacity" in reason for reason in point.reasons)


def test_a_thousand_workers_are_read_one_at_a_time(tmp_path: Path) -> None:
    load = replace(OPEN, requests_per_second=2000.0, window_s=1.0)
    paths = [write_answers(tmp_path, Slice(index, 1000), load, 2 * MS) for index in range(1000)]
    opened = count_open_files()
    merged = merge_journals(paths)
    (point,) = merged.points
    assert point.requests == sum(1 for offset in whole_schedule(load).tolist() if 0.5e9 <= offset < 1.5e9)
    assert (point.response_ms.p50, point.response_ms.p99) == (2, 2)
    assert merged.shared_load is not None
    assert len(merged.shared_load.workers) == 1000
    assert count_open_files() == opened


def count_open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize("spoilt", [{"late": -1}, {"late": 10**30}, {"late": "soon"}])
def test_a_start_that_cannot_be_is_refused_with_its_line(tmp_path: Path, spoilt: dict[str, object]) -> None:
    path, _ = write_journal(tmp_path, Slice(0, 1))
    lines = path.read_text().splitlines(keepends=True)
    lines[1] = json.dumps(json.loads(lines[1]) | spoilt) + "\n"
    path.write_text("".join(lines))
    with pytest.raises(InputError, match="not a journal line"):
        merge_journals([path])


def test_messages_of_many_workers_are_bounded() -> None:
    joined = Samples()
    for index in range(100):
        one = Samples()
        one.messages[f"error {index}"] = 2
        one.messages["the same"] = 1
        joined.join(one)
    assert len(joined.messages) <= 21
    assert joined.messages["the same"] == 100
    assert sum(joined.messages.values()) == 300
