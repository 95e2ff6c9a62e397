"""Write what a command answers: to the screen, or to a file that is whole or not there."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from costplan.cli.language import translator
from costplan.cli.paths import shown_path
from costplan.cli.places import check_places, form_of, is_screen, refuse_place, refuse_terminal, unwritable
from costplan.cli.streams import as_utf8, drop, is_quiet, say
from costplan.cli.whole_file import write_whole
from costplan.graphics.plot import plotted
from costplan.messages.errors import InputError, reason_of
from costplan.messages.reason import Reason
from costplan.output.formats import rendered
from costplan.output.registry import document_row

__all__ = ["check_places", "draw", "refuse_place", "show", "write", "write_bytes"]


def show(
    document: object,
    form: str | None = None,
    output: Path | None = None,
    force: bool = False,
    *,
    is_detailed: bool = False,
) -> None:
    """Render a document in the format that its file's ending or `--format` says, and write it.

    Args:
        is_detailed: Show the details of an answer that is short otherwise.

    Raises:
        InputError: The format is unknown, or the file cannot be written.
    """
    chosen = form_of(form, output)
    made = rendered(
        document,
        chosen,
        translator(),
        for_file=not is_screen(output),
        is_brief=is_quiet(),
        is_detailed=is_detailed,
    )
    if isinstance(made, str):
        write(made, output, force=force, is_data=chosen != "table")
    elif output is None or is_screen(output):
        refuse_terminal(chosen)
        _write_bytes_to_screen(made)
    else:
        write_bytes(made, output, force=force)


def show_changed(
    document: object,
    form: str | None = None,
    output: Path | None = None,
    force: bool = False,
    *,
    changed: bool,
    is_detailed: bool = False,
) -> None:
    """Show a document that people only want to see when it says something; a file and JSON always have it.

    Raises:
        InputError: As for `show`.
    """
    if changed or not is_screen(output) or form_of(form, output) == "json":
        show(document, form, output, force, is_detailed=is_detailed)


def draw(document: object, plot: Path | None, *, force: bool) -> None:
    """Write the picture of a document, where one is asked for.

    Raises:
        InputError: There is nothing to draw, or the file cannot be written.
    """
    if plot is not None:
        form, row = plot.suffix.lower()[1:], document_row(document)
        write_bytes(plotted(document, form, row.plot or "", translator()), plot, force=force)


def write(text: str, output: Path | None, *, force: bool = False, is_data: bool = True) -> None:
    """Write text to a file, or to standard output for None and `-`; data is UTF-8 in both.

    The file appears whole: it is written beside its place and moved there. Links are not followed.

    Raises:
        InputError: The file is there and `force` is not given, is a link, or cannot be written.
    """
    if output is None or is_screen(output):
        if is_data:
            as_utf8()
        _write_to_screen(text)
        return
    write_bytes(text.encode("utf-8"), output, force=force)


def write_bytes(data: bytes, output: Path, *, force: bool = False) -> None:
    """Write a file whole; see `write`.

    Raises:
        InputError: As for `write`.
    """
    refuse_place(output, force=force)
    try:
        write_whole(data, output)
    except (OSError, ValueError) as error:
        raise unwritable(output, error) from None
    words = translator()
    say(words("wrote {path}", path=shown_path(output)) + "\n")


def _write_to_screen(text: str) -> None:
    with _writing():
        sys.stdout.write(text)
        sys.stdout.flush()


def _write_bytes_to_screen(data: bytes) -> None:
    with _writing():
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    """Say that standard output is not there, or takes nothing."""
    if sys.stdout is None:
        raise InputError("standard output is closed", hint="name a file with --output")
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        drop(sys.stdout)
        raise InputError(Reason("cannot write to standard output: {why}", reason_of(error))) from None
