"""tfparse, in a process of its own: it is native code, and what it is given may be hostile."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

LONGEST_SECONDS = 60
"""Processor time; the clock of a busy machine may show several times as much."""
LONGEST_WAIT_SECONDS = 5 * LONGEST_SECONDS
KILLED = 9
"""The signal that ends a process which has had its time."""
MOST_MEMORY = 6 * 2**30
"""Address space of the process; it takes about 2 GB of it to begin with."""


class EvaluationError(Exception):
    """The evaluator refuses the text, in its own words; without any it crashed, or took too long."""


class TooLongError(EvaluationError):
    """It took longer than it may."""


def evaluated(folder: Path, values: list[str], answer: Path, workspace: str = "default") -> dict[str, Any]:
    """Evaluate a root module.

    Args:
        folder: The root module.
        values: Names of its files of values.
        answer: A file that does not exist yet.
        workspace: What `terraform.workspace` is.

    Raises:
        EvaluationError: It cannot be evaluated.
    """
    line = [sys.executable, "-P", "-m", __name__, str(folder), str(answer), workspace, *values]
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter, and our own module
            line, capture_output=True, timeout=LONGEST_WAIT_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise TooLongError("") from None
    if done.returncode == -KILLED:
        raise TooLongError("")
    try:
        found = json.loads(answer.read_bytes(), parse_float=str)  # as plans are read
    except (OSError, ValueError, RecursionError):
        raise EvaluationError("") from None
    if done.returncode != 0 or "answer" not in found:
        raise EvaluationError(found.get("error", ""))
    rows: dict[str, Any] = found["answer"]
    return rows


def _main(folder: str, answer: str, workspace: str, *values: str) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_SECONDS, LONGEST_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    from tfparse import ParseError, load_from_path

    try:
        rows = load_from_path(
            folder, stop_on_hcl_error=True, workspace_name=workspace, vars_paths=list(values)
        )
        found = {"answer": rows}
    except ParseError as error:
        found = {"error": str(error)}
    Path(answer).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    _main(*sys.argv[1:])
