"""The summary of a run of a GitHub workflow: a file that each step may add Markdown to.

Source: docs.github.com, workflow commands, job summaries: at most 1 MiB a step, beyond which none is shown.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from costplan.messages.errors import InputError, reason_of
from costplan.messages.reason import Reason

VARIABLE = "GITHUB_STEP_SUMMARY"
MOST_BYTES = 1 << 20
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""Follows no link and waits for no reader of a pipe; the runner makes a plain file."""


def summary_file(environment: Mapping[str, str]) -> Path:
    """Return the file of the summary.

    Raises:
        InputError: No step of a workflow runs here.
    """
    name = environment.get(VARIABLE, "")
    if not name or "\0" in name:
        raise InputError(
            Reason("--summary: {variable} is not set", VARIABLE), hint="a step of a GitHub workflow has it"
        )
    return Path(name)


def add_to_summary(path: Path, text: str) -> None:
    """Add a text to the summary.

    Raises:
        InputError: It is full, no file, or cannot be written.
    """
    try:
        with os.fdopen(os.open(path, _APPEND, 0o644), "ab") as file:
            _add(file, f"\n{text}".encode())
    except OSError as error:
        why = reason_of(error)
        raise InputError(Reason("--summary: cannot write {variable}: {why}", VARIABLE, why)) from None


def _add(file: BinaryIO, data: bytes) -> None:
    found = os.fstat(file.fileno())
    if not stat.S_ISREG(found.st_mode):
        raise InputError(Reason("--summary: {variable} names no plain file", VARIABLE))
    if found.st_size + len(data) > MOST_BYTES:
        raise InputError(Reason("--summary: this step's summary is full: it takes {most} bytes", MOST_BYTES))
    file.write(data)
