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
from costplan.report.plot import PLOT_ENDINGS, plotted
from costplan.text import shortened, visible

MAX_SHOWN = 120
"""Characters of a file's name that a message shows."""


def show(document: object, form: str = "table", output: Path | None = None, force: bool = False) -> None:
    """Render a document and write it.

    Raises:
        InputError: The format is unknown, or the file cannot be written.
    """
    chosen = one_of("--format", form, list(RENDERERS))
    text = rendered(document, chosen, for_file=output is not None and str(output) != "-")
    write(text, output, force=force)


def check_places(form: str | None, output: Path | None, plot: Path | None, *, force: bool) -> None:
    """Refuse before the work what could not be written after it.

    Raises:
        InputError: The format is unknown, or a file is in the way.
    """
    if form is not None:
        one_of("--format", form, list(RENDERERS))
    if plot is not None and plot.suffix.lower() not in PLOT_ENDINGS:
        raise InputError(f"--plot: `{visible(plot.name)}` must end in {' or '.join(PLOT_ENDINGS)}")
    for path in (output, plot):
        if path is None or str(path) == "-":
            continue
        shown = visible(shortened(str(path), MAX_SHOWN))
        try:
            refuse_place(path, force=force)
            there = path.parent.is_dir()
        except (OSError, ValueError) as error:
            raise InputError(f"cannot write `{shown}`: {_reason(error)}") from None
        if not there:
            raise InputError(f"cannot write `{shown}`: there is no folder `{visible(str(path.parent))}`")


def draw(document: object, plot: Path | None, *, force: bool) -> None:
    """Write the picture of a document, where one is asked for.

    Raises:
        InputError: There is nothing to draw, or the file cannot be written.
    """
    if plot is not None:
        write_bytes(plotted(document, plot.suffix.lower()[1:]), plot, force=force)


def write(text: str, output: Path | None, *, force: bool = False) -> None:
    """Write text to a file, or to standard output for None and `-`.

    The file appears whole: it is written beside its place and moved there. Links are not followed.

    Raises:
        InputError: The file is there and `force` is not given, is a link, or cannot be written.
    """
    if output is None or str(output) == "-":
        _write_to_screen(text)
        return
    write_bytes(text.encode("utf-8"), output, force=force)


def write_bytes(data: bytes, output: Path, *, force: bool = False) -> None:
    """Write a file whole; see `write`.

    Raises:
        InputError: As for `write`.
    """
    shown = visible(shortened(str(output), MAX_SHOWN))
    try:
        refuse_place(output, force=force)
        _write_whole(data, output)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot write `{shown}`: {_reason(error)}") from None
    if sys.stderr is not None:
        sys.stderr.write(f"wrote {shown}\n")


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _write_to_screen(text: str) -> None:
    if sys.stdout is None:
        raise InputError("standard output is closed", hint="name a file with --output")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        drop_standard_output()
        raise InputError(f"cannot write to standard output: {error.strerror}") from None


def drop_standard_output() -> None:
    """Leave nothing that the interpreter would flush at its end into an output that takes nothing."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def refuse_place(output: Path, *, force: bool) -> None:
    """Refuse a file that would not be written, for commands that work long before they write.

    Raises:
        InputError: It is there and `force` is not given, or it is a link or leads through one.
    """
    shown = visible(shortened(str(output), MAX_SHOWN))
    if output.is_symlink():
        raise InputError(f"`{shown}` is a link; it is not followed", hint="name the file itself")
    if _leaves_through_a_link(output):
        raise InputError(
            f"`{shown}` leads out of the folder through a link", hint="write out where it leads to"
        )
    if output.exists() and not output.is_file():
        raise InputError(f"`{shown}` is not a regular file")
    if output.exists() and not force:
        raise InputError(f"`{shown}` is there already", hint="add --force to replace it")


def _leaves_through_a_link(output: Path) -> bool:
    """Say whether a path that stays below the working folder, as written, really does not.

    A folder that others made may hold a link in place of a folder; an absolute path and `..` are asked for.
    """
    if output.is_absolute() or ".." in output.parts:
        return False
    return not output.parent.resolve().is_relative_to(Path.cwd().resolve())


def _write_whole(data: bytes, output: Path) -> None:
    handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name[:40]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(output)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
