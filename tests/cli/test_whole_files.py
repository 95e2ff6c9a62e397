"""Files that appear whole, keep their permissions, and leave nothing behind."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from costplan.cli.run import run
from costplan.cli.whole_file import write_whole

KILLED = """
import os, signal
from pathlib import Path
from costplan.cli import whole_file
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
whole_file._mode = die
whole_file.write_whole(b"x" * 1000, Path("o.json"))
"""


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444])
def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "bill.json"
    path.write_text("old")
    path.chmod(mode)
    assert run(["estimate", "stage1", "-o", str(path), "--force"]) == 0
    assert path.stat().st_mode & 0o777 == mode
    assert path.read_text().startswith("{")


def test_a_new_file_gets_what_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(b"x", tmp_path / "new.txt")
    finally:
        os.umask(before)
    assert (tmp_path / "new.txt").stat().st_mode & 0o777 == 0o640


def test_what_a_killed_process_left_is_removed_at_the_next_start(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED], cwd=tmp_path, check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 1
    write_whole(b"whole", tmp_path / "o.json")
    assert [one.name for one in tmp_path.iterdir()] == ["o.json"]
    assert (tmp_path / "o.json").read_bytes() == b"whole"


def test_what_somebody_writes_at_this_moment_stays(tmp_path: Path) -> None:
    part = tmp_path / ".o.json.abcdefgh.part"
    other = tmp_path / ".other.json.abcdefgh.part"
    other.write_bytes(b"of another file")
    with part.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        write_whole(b"whole", tmp_path / "o.json")
    assert part.exists()
    assert other.exists()
