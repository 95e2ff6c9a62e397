"""Files that are whole or not there, also when the process is killed while it writes."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from pathlib import Path

try:
    import fcntl
except ModuleNotFoundError:  # a system without file locks: what a killed process leaves stays there
    fcntl = None  # type: ignore[assignment]

_ENDING = ".part"


def write_whole(data: bytes, output: Path) -> None:
    """Write beside the place and move there; a file that is replaced keeps its permissions.

    What a killed process left beside the same place is removed. Who writes holds a lock on his part, so
    that nobody takes it for one that was left.

    Raises:
        OSError: It cannot be written; nothing is left behind.
    """
    _remove_left(output)
    handle, name = tempfile.mkstemp(dir=output.parent, prefix=_prefix(output), suffix=_ENDING)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _lock(file.fileno())
            if os.fstat(file.fileno()).st_nlink == 0:  # somebody took it for one that was left
                write_whole(data, output)
                return
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), _mode(output))
            part.replace(output)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _remove_left(output: Path) -> None:
    """Remove what processes that were killed left of a file."""
    if fcntl is None:
        return
    left = re.compile(re.escape(_prefix(output)) + r"\w{8}" + re.escape(_ENDING))
    with contextlib.suppress(OSError):
        for part in [one for one in output.parent.iterdir() if left.fullmatch(one.name)]:
            with contextlib.suppress(OSError), part.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                part.unlink()


def _prefix(output: Path) -> str:
    return f".{output.name[:40]}."


def _lock(handle: int) -> None:
    if fcntl is not None:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _mode(output: Path) -> int:
    """Return the permissions of the file that is there, or those that a new file gets."""
    with contextlib.suppress(OSError):
        return output.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
