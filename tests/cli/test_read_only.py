"""A machine where no folder can be written, as a container with a read-only root."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PRELUDE = """
import sys, tempfile
def none(): raise FileNotFoundError(2, "No usable temporary directory found")
tempfile._get_default_tempdir = none
from costplan.graphics.charts import drawing_library
drawing_library.MEMORY_FOLDERS = tuple(sys.argv[1].split()[:1])
from costplan.cli.run import run
sys.exit(run(sys.argv[2:]))
"""


def without_folders(memory: str, *words: str, cwd: Path) -> tuple[int, str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in {"MPLCONFIGDIR"}}
    nowhere = {"HOME": "/proc/none", "XDG_CONFIG_HOME": "/proc/none", "XDG_CACHE_HOME": "/proc/none"}
    ended = subprocess.run(
        [sys.executable, "-c", PRELUDE, memory, *words],
        cwd=cwd, env={**environment, **nowhere}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return ended.returncode, ended.stdout, ended.stderr


def test_a_chart_needs_no_folder_on_a_disk(tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    code, _, err = without_folders(str(memory), "estimate", "stage1", "--plot", "x.svg", cwd=tmp_path)
    assert (code, err) == (0, "wrote x.svg\n")
    assert list(memory.iterdir()) == [], "the cache goes when the command ends"


@pytest.mark.parametrize("line", ["report stage1 -o -", "estimate stage1 --plot x.svg"])
def test_without_any_folder_one_line_says_what_is_missing(line: str, tmp_path: Path) -> None:
    code, out, err = without_folders("", *line.split(), cwd=tmp_path)
    assert (code, out) == (2, "")
    assert err == (
        "charts need a folder for a cache, and none can be written\n"
        "  hint: name one with the environment variable MPLCONFIGDIR, or take `costplan report --brief`\n"
    )


def test_a_note_without_charts_needs_no_folder(tmp_path: Path) -> None:
    code, out, err = without_folders("", "report", "stage1", "--brief", "-o", "-", cwd=tmp_path)
    assert (code, err) == (0, "")
    assert out.startswith("# ")
