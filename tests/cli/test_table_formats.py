"""Workbooks and Parquet on the command line: for files and pipes, never for a terminal."""

from __future__ import annotations

import importlib.util
import io
import os
import pty
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from command_line import command, costplan, environment

from costplan.output.formats import RENDERERS

Capsys = pytest.CaptureFixture[str]
FORMS = ["xlsx", "parquet"]


@pytest.mark.parametrize("form", FORMS)
def test_a_terminal_gets_no_bytes_and_is_told_so_before_the_work(form: str) -> None:
    ours, theirs = pty.openpty()
    try:
        ended = subprocess.run(
            command("estimate", "no-such-scenario", "--format", form),
            stdout=theirs, stderr=subprocess.PIPE, env=environment(), timeout=60, check=False, text=True,
        )  # fmt: skip
    finally:
        os.close(ours)
        os.close(theirs)
    assert ended.returncode == 2
    assert ended.stderr == (
        f"--format {form} is not text, and is not written to a terminal\n"
        f"  hint: name a file: -o answer.{form}\n"
    )


def test_a_pipe_takes_what_the_file_holds(tmp_path: Path, capsys: Capsys) -> None:
    path = tmp_path / "answer.parquet"
    assert costplan(capsys, "compare", "-o", str(path)).code == 0
    piped = subprocess.run(
        command("compare", "--format", "parquet"),
        capture_output=True,
        env=environment(),
        timeout=60,
        check=True,
    )
    assert piped.stdout == path.read_bytes()
    assert len(pd.read_parquet(io.BytesIO(piped.stdout))) > 0


@pytest.mark.parametrize("form", FORMS)
def test_a_missing_library_is_named_with_the_line_that_installs_it(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    found = importlib.util.find_spec
    missing = RENDERERS[form].libraries
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in missing else found(name))
    ended = costplan(capsys, "estimate", "stage1", "-o", f"answer.{form}")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"--format {form} needs the `tables` extra, which is not installed\n  hint: ")
    assert "[tables]" in ended.err


def test_an_old_workbook_is_refused_for_a_new_one(capsys: Capsys) -> None:
    ended = costplan(capsys, "estimate", "stage1", "-o", "answer.xls")
    assert ended.code == 2
    assert ended.err.endswith("\n  hint: a spreadsheet opens .xlsx\n")
