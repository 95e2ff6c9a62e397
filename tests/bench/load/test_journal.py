"""The journal: whole, cut off, on a full disk, and tampered with."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from load_servers import simulated
from own_time import wait_until
from virtual_clock import virtual_clock

from costplan.bench.load import journal as journal_module
from costplan.bench.load.journal import SAMPLES_PER_LINE, Journal
from costplan.bench.load.journal_reader import read_journal
from costplan.bench.load.runner import Recording, run_point
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.results.summary import summarise
from costplan.bench.target import LocalPlan
from costplan.messages.errors import InputError

MS = 1_000_000
OPEN = LoadSettings(Mode.OPEN, window_s=4, lead_in_s=0.5, requests_per_second=400, seed=5)


def record(journal: Journal | None, settings: LoadSettings = OPEN) -> Recording:
    return run_point(
        LocalPlan([], lambda r: None),
        settings,
        clock=virtual_clock(),
        journal=journal,
        transport_factory=simulated(lambda: 2 * MS),
    )


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, Recording]:
    path = tmp_path / "run.jsonl"
    journal = Journal(path, {"target": "simulated"})
    recording = record(journal)
    journal.close()
    return path, recording


def test_a_summary_is_rebuilt_exactly_from_the_journal(written: tuple[Path, Recording]) -> None:
    path, recording = written
    read = read_journal(path)
    assert read.run == {"target": "simulated"}
    assert read.missing == []
    assert len(read.recordings) == 1
    direct, rebuilt = asdict(summarise(recording)), asdict(summarise(read.recordings[0]))
    for measured_only in ("generator_cpu_us_per_request", "generator_cpu_share"):
        direct.pop(measured_only)
        rebuilt.pop(measured_only)
    assert rebuilt == direct


def test_the_file_has_short_lines_with_a_running_count(written: tuple[Path, Recording]) -> None:
    path, recording = written
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    samples = [line for line in lines if "due" in line]
    assert all(len(line["due"]) <= SAMPLES_PER_LINE for line in samples)
    total = 0
    for line in samples:
        total += len(line["due"])
        assert line["count"] == total
    assert total == len(recording.samples)
    assert len(samples) > 4 / 0.5, "samples are written while the run goes on, not at its end"


def test_every_truncation_of_the_file_can_be_summarised(
    written: tuple[Path, Recording], tmp_path: Path
) -> None:
    path, recording = written
    whole = path.read_bytes()
    head = whole.index(b"\n") + 1
    second = whole.index(b"\n", head) + 1
    for cut in range(second, len(whole) - 1, len(whole) // 37):
        part = tmp_path / f"cut{cut}.jsonl"
        part.write_bytes(whole[:cut])
        read = read_journal(part)
        complete_lines = [json.loads(line) for line in whole[:cut].split(b"\n")[:-1]]
        expected = max((line.get("count", 0) for line in complete_lines), default=0)
        assert len(read.recordings[0].samples) == expected
        assert read.missing == [f"point 0 was cut off after {expected} samples"]
        point = summarise(read.recordings[0])
        assert point.verdict == "INVALID"
        assert "the run was killed" in point.reasons
        assert point.requests <= expected
    assert expected > len(recording.samples) / 2


def test_a_killed_process_leaves_a_journal_that_can_be_summarised(tmp_path: Path) -> None:
    path = tmp_path / "killed.jsonl"
    script = (
        "import sys, time; from pathlib import Path\n"
        "from costplan.bench.load.journal import Journal\n"
        "from costplan.bench.load.runner import run_point\n"
        "from costplan.bench.load.settings import LoadSettings, Mode\n"
        "from costplan.bench.target import LocalPlan\n"
        "plan = LocalPlan([lambda: time.sleep(0.001)], lambda r: None)\n"
        "run_point(plan, LoadSettings(Mode.SINGLE, window_s=600), journal=Journal(Path(sys.argv[1]), {}))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(path)])
    try:
        wait_until(lambda: path.exists() and path.read_bytes().count(b"\n") >= 6, "lines in the journal")
    finally:
        process.kill()
        process.wait()
    read = read_journal(path)
    assert len(read.recordings[0].samples) > 50
    assert summarise(read.recordings[0]).response_ms.p50 is not None
    assert "cut off" in read.missing[0]


def test_a_full_disk_does_not_end_the_measurement_and_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = [5]

    def full(fd: int, data: bytes) -> None:
        room[0] -= 1
        if room[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.write(fd, data)

    monkeypatch.setattr(journal_module, "_write_all", full)
    journal = Journal(tmp_path / "full.jsonl", {})
    recording = record(journal)
    journal.close()
    assert journal.incomplete == "journal incomplete: full.jsonl: No space left on device"
    assert len(recording.samples) == len(record(None).samples)
    assert recording.ending.value == "completed"
    read = read_journal(tmp_path / "full.jsonl")
    assert 0 < len(read.recordings[0].samples) < len(recording.samples)


def test_a_real_full_device_is_noticed() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    fd = os.open("/dev/full", os.O_WRONLY)
    with pytest.raises(OSError, match="No space left"):
        journal_module._write_all(fd, b"x")
    os.close(fd)


def test_several_points_follow_each_other(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "two.jsonl", {})
    first, second = record(journal), record(journal, LoadSettings(Mode.SINGLE, window_s=1))
    journal.close()
    journal.close()
    read = read_journal(tmp_path / "two.jsonl")
    assert [r.settings.mode for r in read.recordings] == [Mode.OPEN, Mode.SINGLE]
    assert [len(r.samples) for r in read.recordings] == [len(first.samples), len(second.samples)]


def test_an_existing_file_or_a_link_is_not_overwritten(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("mine")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    for path in (there, link):
        with pytest.raises(InputError, match="exists already"):
            Journal(path, {})
    assert there.read_text() == "mine"
    assert not (tmp_path / "elsewhere").exists()
    with pytest.raises(InputError, match="cannot be written"):
        Journal(tmp_path / "no" / "such" / "folder", {})


HEADER = '{"journal":1,"run":{},"outcomes":[]}\n'


def point_line(**more: object) -> str:
    settings = journal_module.settings_to_json(LoadSettings(Mode.SINGLE))
    return json.dumps({"point": 0, "settings": settings | more}) + "\n"


def sample_line(**more: object) -> str:
    return (
        json.dumps({"point": 0, "count": 1, "due": [1], "sent": [2], "done": [3], "outcome": [0]} | more)
        + "\n"
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{}\n", 1),
        ('{"journal":2,"run":{}}\n', 1),
        ("[]\n", 1),
        ("hello\n", 1),
        ("[" * 100_000 + "\n", 1),
        (HEADER + sample_line(), 2),
        (HEADER + point_line() + point_line(), 3),
        (HEADER + point_line(mode="fast"), 2),
        (HEADER + point_line(window_s=-1), 2),
        (HEADER + point_line() + sample_line(due=[1, 2]), 3),
        (HEADER + point_line() + sample_line(due=["a"]), 3),
        (HEADER + point_line() + sample_line(due=[10**30]), 3),
        (HEADER + point_line() + sample_line(done=[2**62]), 3),
        (HEADER + point_line() + sample_line(outcome=[99]), 3),
        (HEADER + point_line() + sample_line(count=7), 3),
        (HEADER + point_line() + sample_line(point=4), 3),
        (HEADER + "x" * (1 << 21) + "\n", 2),
    ],
)
def test_a_line_that_no_run_writes_is_refused_with_its_number(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_journal(path)
    mark = caught.value.faults[0].mark
    assert mark is not None
    assert mark.line == line


def test_an_empty_or_missing_journal_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(InputError, match="not a journal"):
        read_journal(tmp_path / "empty")
    with pytest.raises(InputError, match="cannot be read"):
        read_journal(tmp_path / "none")
