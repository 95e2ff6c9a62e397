"""Paths as they stand on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from costplan.messages.errors import InputError
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
            f"`{visible(shortened(text, MAX_SHOWN))}` is a folder, not a file",
            hint="name a file in it",
        )
    return Path(text)


def folder_or_file_named(text: str) -> Path:
    """Read the name of a place to write; what ends as a folder must be one.

    Raises:
        InputError: It ends as a folder's name does, and there is none.
    """
    if text.endswith("/") and not reached(Path(text), Path.is_dir):
        raise InputError(f"there is no folder `{visible(shortened(text, MAX_SHOWN))}`", hint="make it first")
    return Path(text)


def reason_of(error: Exception) -> str:
    """Return the reason in what the system says."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def reached(path: Path, question: Callable[[Path], bool]) -> bool:
    """Ask something of a path that a user named.

    Raises:
        InputError: The system cannot tell: no permission, a name that is too long, a circle of links.
    """
    try:
        return question(path)
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(f"cannot reach `{shown_path(path)}`: {reason_of(error)}") from None
