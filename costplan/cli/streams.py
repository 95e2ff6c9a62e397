"""The two streams of a command: an answer that cannot be written is an error, talk that cannot be is not."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO

_talk = {"quiet": False}


def be_quiet(wanted: bool) -> None:
    """Say nothing from now on but what went wrong, or talk again."""
    _talk["quiet"] = wanted


def is_quiet() -> bool:
    """Say whether only the answer is wanted."""
    return _talk["quiet"]


def has_terminal() -> bool:
    """Say whether somebody watches what is said, so that progress may be shown."""
    return not is_quiet() and sys.stderr is not None and sys.stderr.isatty()


def say(text: str) -> None:
    """Write talk to standard error, unless only the answer is wanted."""
    if not is_quiet():
        complain(text)


def complain(text: str) -> None:
    """Write what went wrong to standard error; where it takes nothing, the exit code says it."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        drop(sys.stderr)


def drop(stream: TextIO) -> None:
    """Leave nothing that the interpreter would flush at its end into an output that takes nothing."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def as_utf8() -> None:
    """Write data in UTF-8, whatever the locale; a terminal shows it in its own encoding."""
    if hasattr(sys.stdout, "reconfigure") and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
