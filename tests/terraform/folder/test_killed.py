"""A read of a folder that is killed leaves no copies of its files."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from own_time import wait_until

KILLED = """
import os, signal, sys
from costplan.terraform.folder import reader
def die(*_): os.kill(os.getpid(), getattr(signal, sys.argv[1]))
reader.evaluated = die
from costplan.cli.run import run
run(["estimate", "infra"])
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL"])
def test_nothing_is_left(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text('resource "yandex_compute_disk" "data" {\n  size = 10\n}\n')
    left = tmp_path / "left"
    left.mkdir()
    monkeypatch.setenv("TMPDIR", str(left))
    done = subprocess.run([sys.executable, "-c", KILLED, name], cwd=tmp_path, check=False)
    assert done.returncode == -getattr(signal, name)
    wait_until(lambda: not list(left.iterdir()), "the end of the folder")
