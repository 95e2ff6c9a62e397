"""Run costplan as a user does: in this process, or as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from costplan.cli.run import run

PLAIN = {"COLUMNS": "120", "TERM": "xterm"}
TALKATIVE = ("NO_COLOR", "FORCE_COLOR", "COSTPLAN_DEBUG", "TERMINAL_WIDTH")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def costplan(capsys: pytest.CaptureFixture[str], *arguments: str) -> Ended:
    """Run in this process."""
    capsys.readouterr()
    code = run(arguments)
    out, err = capsys.readouterr()
    return Ended(code, out, err)


def process(*arguments: str, env: Mapping[str, str] | None = None, stdin: bytes = b"") -> Ended:
    """Run as a process of its own, its output piped."""
    ended = subprocess.run(
        command(*arguments), input=stdin, capture_output=True, env=environment(env), timeout=120, check=False
    )
    return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def command(*arguments: str) -> Sequence[str]:
    """Return the command line of the console script."""
    return [sys.executable, "-c", "from costplan.cli.entry import main; main()", *arguments]


def environment(env: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this environment without what changes the output, plus `env`."""
    kept = {key: value for key, value in os.environ.items() if key not in TALKATIVE}
    return {**kept, **PLAIN, **(env or {})}
