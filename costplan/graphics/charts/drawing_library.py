"""Start the drawing library where it is: it wants a folder for its cache, and advises those who have none."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import tempfile

from costplan.messages.errors import InputError

MEMORY_FOLDERS = ("/dev/shm", "/run")  # noqa: S108 - tried where no usual folder can be written
"""Folders in memory: often all that a container with a read-only root can write."""


def start_drawing() -> None:
    """Import the drawing library without its advice, and where no folder for its cache can be written, too.

    Raises:
        InputError: There is no folder at all that can be written.
    """
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    if not _has_temporary_folder():
        _cache_in_memory()
    try:
        import matplotlib  # noqa: F401
    except OSError:
        raise InputError(
            "charts need a folder for a cache, and none can be written",
            hint="name one with the environment variable MPLCONFIGDIR, or take `costplan report --brief`",
        ) from None


def _has_temporary_folder() -> bool:
    try:
        return bool(tempfile.gettempdir())
    except FileNotFoundError:
        return False


def _cache_in_memory() -> None:
    """Give the library a folder in memory, where there is one and the user names none."""
    for folder in MEMORY_FOLDERS if "MPLCONFIGDIR" not in os.environ else ():
        try:
            made = tempfile.mkdtemp(prefix="costplan-", dir=folder)
        except OSError:
            continue
        os.environ["MPLCONFIGDIR"] = made
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        return
