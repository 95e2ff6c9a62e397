"""Meeting in a folder: all start at the same moment of one clock, or say who did not come."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from costplan.bench.cluster import meeting as meeting_module
from costplan.bench.cluster.meeting import Meeting
from costplan.bench.load.interrupts import Interrupts
from costplan.bench.load.slices import Slice
from costplan.messages.errors import InputError


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meeting_module, "_POLL_S", 0.01)


def test_all_agree_on_one_moment_by_the_folders_clock_whatever_their_own_say(tmp_path: Path) -> None:
    ahead = [0.0, 1000.0, -1000.0]
    meetings = [
        Meeting(tmp_path, "a", Slice(index, 3), 5000, now=lambda by=by: time.time() + by)  # type: ignore[misc]
        for index, by in enumerate(ahead)
    ]
    with ThreadPoolExecutor(3) as pool:
        agreed = list(pool.map(lambda one: one.agree(None), meetings))
    starts = {one.start_at for one in agreed if one is not None}
    assert len(starts) == 1
    for one, by in zip(agreed, ahead, strict=True):
        assert one is not None
        assert one.clock_offset_s == pytest.approx(by, abs=60)
        assert one.own_start == pytest.approx(one.start_at + by, abs=60)
        assert one.own_start - one.start_at == pytest.approx(one.clock_offset_s, abs=1e-5)
    for one_meeting in meetings:
        one_meeting.leave()
        one_meeting.leave()
    assert [path.name for path in tmp_path.iterdir()] == ["a.start"]


def test_a_moment_that_is_given_needs_nobody_else(tmp_path: Path) -> None:
    agreed = Meeting(tmp_path, "a", Slice(3, 4), 10).agree(12345.0)
    assert agreed is not None
    assert (agreed.start_at, agreed.own_start) == (12345.0, 12345.0)
    assert agreed.clock_offset_s == pytest.approx(0, abs=60)


class Waiting:
    """A clock that goes on by what is slept."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def test_those_who_do_not_come_are_named_in_time(tmp_path: Path) -> None:
    clock = Waiting()
    with pytest.raises(InputError, match="after 2 s 3 of 4 workers are not there: 1, 2, 3"):
        Meeting(tmp_path, "a", Slice(0, 4), 2, now=clock.now, sleep=clock.sleep).agree(None)
    assert clock.time == pytest.approx(2, abs=0.02)


def test_a_first_worker_that_ended_leaves_the_others_no_start(tmp_path: Path) -> None:
    clock = Waiting()
    (tmp_path / "a-00000.ready").write_text(" ")
    with pytest.raises(InputError, match="worker 0 named no start within 2 s"):
        Meeting(tmp_path, "a", Slice(1, 2), 2, now=clock.now, sleep=clock.sleep).agree(None)


def test_ctrl_c_ends_the_wait(tmp_path: Path) -> None:
    interrupts = Interrupts()
    interrupts.requested = True
    assert Meeting(tmp_path, "a", Slice(0, 2), 60, interrupts=interrupts).agree(None) is None


def test_a_folder_that_takes_no_files_is_said(tmp_path: Path) -> None:
    file = tmp_path / "file\x1b"
    file.write_text("")
    with pytest.raises(InputError, match="cannot be written") as refused:
        Meeting(file, "a", Slice(0, 1), 1).agree(None)
    assert "\x1b" not in str(refused.value)


def test_a_start_that_is_being_written_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a.start").write_text("")
    clock = Waiting()
    with pytest.raises(InputError, match="not there"):
        Meeting(tmp_path, "a", Slice(1, 2), 1, now=clock.now, sleep=clock.sleep).agree(None)
