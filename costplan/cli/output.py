"""Write what a command answers: to the screen, or to a file that is whole or not there."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path

from costplan.cli.inputs import one_of
from costplan.errors import InputError
from costplan.report import RENDERERS, rendered
from costplan.text import visible


def show(document: object, form: str, output: Path | None = None, *, force: bool = False) -> None:
    """Render a document and write it.

    Raises:
        InputError: The format is unknown, or the file cannot be written.
    """
    write(rendered(document, one_of("--format", form, list(RENDERERS))), output, force=force)


def write(text: str, output: Path | None, *, force: bool = False) -> None:
    """Write text to a file, or to standard output for None and `-`.

    The file appears whole: it is written beside its place and moved there. Links are not followed.

    Raises:
        InputError: The file is there and `force` is not given, is a link, or cannot be written.
    """
    if output is None or str(output) == "-":
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    shown = visible(str(output))
    if output.is_symlink():
        raise InputError(f"`{shown}` is a link; it is not followed", hint="name the file itself")
    if output.exists() and not output.is_file():
        raise InputError(f"`{shown}` is not a regular file")
    if output.exists() and not force:
        raise InputError(f"`{shown}` is there already", hint="add --force to replace it")
    try:
        _write_whole(text, output)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"cannot write `{shown}`: {reason}") from None
    sys.stderr.write(f"wrote {shown}\n")


def _write_whole(text: str, output: Path) -> None:
    handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name[:40]}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(output)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
