"""Paths as they stand on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from costplan.messages.errors import InputError, reason_of
from costplan.messages.reason import Reason
from costplan.messages.text import shortened, visible

MAX_SHOWN = 120
"""Characters of a file's name that a message shows."""


def shown_path(path: Path) -> str:
    """Write a path for a message."""
    return visible(shortened(str(path), MAX_SHOWN))


def file_named(text: str) -> Path:
    """Read the name of a file to write; a folder's name is none.

    Raises:
        InputError: It ends as a folder's does.
    """
    if text.endswith(("/", "/.", "/..")) or text in {".", ".."}:
        raise InputError(
            Reason("`{path}` is a folder, not a file", visible(shortened(text, MAX_SHOWN))),
            hint="name a file in it",
        )
    return Path(text)


def folder_or_file_named(text: str) -> Path:
    """Read the name of a place to write; what ends as a folder must be one.

    Raises:
        InputError: It ends as a folder's name does, and there is none.
    """
    if text.endswith("/") and not ask_of_path(Path(text), Path.is_dir):
        raise InputError(
            Reason("there is no folder `{path}`", visible(shortened(text, MAX_SHOWN))), hint="make it first"
        )
    return Path(text)


def ask_of_path(path: Path, question: Callable[[Path], bool]) -> bool:
    """Ask something of a path that a user named.

    Raises:
        InputError: The system cannot tell: no permission, a name that is too long, a circle of links.
    """
    try:
        return question(path)
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(Reason("cannot reach `{path}`: {why}", shown_path(path), reason_of(error))) from None
