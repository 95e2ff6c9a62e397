"""A folder that is gone when its process is, however that ends."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from costplan.messages.errors import InputError, reason_of
from costplan.messages.reason import Reason

_WATCH = (
    "import shutil, signal, sys\n"
    "for name in ('SIGINT', 'SIGTERM', 'SIGHUP'):\n"
    "    hasattr(signal, name) and signal.signal(getattr(signal, name), signal.SIG_IGN)\n"
    "sys.stdin.buffer.read()\n"
    "shutil.rmtree(sys.argv[1], ignore_errors=True)\n"
)
"""Waits for the end of its input, which comes when the process ends that holds the other side."""


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a folder that is removed at the end; by a process that watches where this one is killed.

    Raises:
        InputError: It cannot be made.
    """
    watch = None
    try:
        folder = Path(tempfile.gettempdir()).resolve() / f"costplan-past-{secrets.token_hex(8)}"
        watch = _watch(folder)  # first, so that at no moment there is a folder that nobody watches
        folder.mkdir(mode=0o700)
    except OSError as error:
        _end(watch)
        raise InputError(
            Reason("cannot make a temporary folder: {why}", reason_of(error)),
            hint="TMPDIR names a folder with room",
        ) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _end(watch, is_done=not folder.exists())


def _end(watch: subprocess.Popen[bytes] | None, *, is_done: bool = True) -> None:
    """End the watching process; one that has something left to remove does that first."""
    if watch is not None and watch.stdin is not None:
        if is_done:
            watch.kill()
        watch.stdin.close()
        watch.wait()


def _watch(folder: Path) -> subprocess.Popen[bytes] | None:
    """Start the process that removes the folder; None where none can be started."""
    with contextlib.suppress(OSError):
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", "-c", _WATCH, str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    return None
