"""Where answers may go, and in which format: refused before the work, not after it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from costplan.cli.paths import shown_path
from costplan.cli.settings import setting
from costplan.graphics.plot import PLOT_ENDINGS
from costplan.inputs.values import one_of
from costplan.messages.errors import InputError, reason_of
from costplan.messages.reason import Reason, either
from costplan.messages.text import listed, shortened, visible
from costplan.output.formats import ENDINGS, RENDERERS, TEXT_FORMATS, check_libraries

SCREEN = "-"
SCENARIO_ENDINGS = (".yaml", ".yml")
ELSEWHERE = {
    ".html": Reason("`costplan report` writes HTML"),
    ".pdf": Reason("`costplan report` writes PDF"),
    ".xls": Reason("a spreadsheet opens .xlsx"),
    ".ods": Reason("a spreadsheet opens .xlsx"),
    ".docx": Reason("a word processor opens .html of `costplan report`"),
}
"""What to do about endings that people try."""


def is_screen(output: Path | None) -> bool:
    """Say whether an answer goes to standard output."""
    return output is None or str(output) == SCREEN


def form_of(form: str | None, output: Path | None, others: Sequence[str] = ()) -> str:
    """Return the format of an answer: the ending of its file decides, on the screen `--format`, else a table.

    Args:
        others: Endings of files that the command itself knows how to write.

    Raises:
        InputError: The ending is unknown, or `--format` says another one.
    """
    asked = None if form is None else one_of("--format", form, list(RENDERERS))
    if output is None or is_screen(output) or output.suffix.lower() in others:
        return asked or setting("format") or "table"
    if asked is not None and not output.suffix:
        return asked
    by_ending = ENDINGS[known_ending(output, [*ENDINGS, *others])]
    if asked not in (None, by_ending):
        endings = [ending for ending, name in ENDINGS.items() if name == asked]
        raise InputError(
            Reason(
                "--format {asked} and the ending of `{output}` contradict each other",
                asked,
                shown_path(output),
            ),
            hint=Reason("leave --format out, or name a file that ends in {endings}", endings[0]),
        )
    return by_ending


def known_ending(output: Path, endings: Sequence[str]) -> str:
    """Return the ending of a file that is to be written.

    Raises:
        InputError: It is none of `endings`.
    """
    found = output.suffix.lower()
    if found in endings:
        return found
    said = Reason("ends in {found}", visible(shortened(found, 20))) if found else Reason("has no ending")
    raise InputError(
        Reason(
            "`{output}` {said}; the ending says the format: {endings}",
            shown_path(output),
            said,
            listed(endings),
        ),
        hint=next((hint for ending, hint in ELSEWHERE.items() if ending == found), None),
    )


def check_places(
    form: str | None,
    output: Path | None,
    plot: Path | None = None,
    *,
    force: bool,
    others: Sequence[str] = (),
) -> None:
    """Refuse before the work what could not be written after it; see `form_of`.

    Raises:
        InputError: The format or an ending is unknown, or a file is in the way.
    """
    if form is not None:
        one_of("--format", form, list(RENDERERS))
    if plot is not None and plot.suffix.lower() not in PLOT_ENDINGS:
        raise InputError(
            Reason("--plot: `{name}` must end in {plot_endings}", visible(plot.name), either(PLOT_ENDINGS))
        )
    for path in (output, plot):
        if path is not None and not is_screen(path):
            refuse_place(path, force=force)
    chosen = form_of(form, output, others)
    check_libraries(chosen)
    if is_screen(output):
        refuse_terminal(chosen)


def refuse_terminal(form: str) -> None:
    """Refuse to write what is no text to a terminal; a pipe takes it.

    Raises:
        InputError: It is none, and standard output is a terminal.
    """
    if form not in TEXT_FORMATS and sys.stdout is not None and sys.stdout.isatty():
        hint = Reason("name a file: -o answer{ending}", RENDERERS[form].ending)
        raise InputError(
            Reason("--format {form} is not text, and is not written to a terminal", form), hint=hint
        )


def refuse_file(output: Path | None, endings: Sequence[str], *, force: bool) -> None:
    """Refuse a file of a command whose answer has one format only.

    Raises:
        InputError: Its ending is none of `endings`, or it would not be written.
    """
    if output is not None and not is_screen(output):
        refuse_place(output, force=force)
        known_ending(output, endings)


def refuse_place(output: Path, *, force: bool) -> None:
    """Refuse a file that would not be written.

    Raises:
        InputError: It is there and `force` is not given, is a link or leads through one, or has no folder.
    """
    try:
        _refuse_file(output, force=force)
        is_folder = output.parent.is_dir()
    except (OSError, ValueError, RuntimeError) as error:
        raise unwritable(output, error) from None
    if not is_folder:
        raise InputError(
            Reason(
                "cannot write `{path}`: there is no folder `{folder}`",
                path=shown_path(output),
                folder=shown_path(output.parent),
            )
        )


def unwritable(output: Path, error: Exception) -> InputError:
    """Say why a file cannot be written."""
    return InputError(Reason("cannot write `{path}`: {why}", path=shown_path(output), why=reason_of(error)))


def _refuse_file(output: Path, *, force: bool) -> None:
    shown = shown_path(output)
    if "\0" in str(output):
        raise ValueError("embedded null character")
    if output.is_symlink():
        raise InputError(
            Reason("`{shown}` is a link; it is not followed", shown), hint="name the file itself"
        )
    if _leaves_through_a_link(output):
        raise InputError(
            Reason("`{shown}` leads out of the folder through a link", shown),
            hint="write out where it leads to",
        )
    if output.is_dir():
        raise InputError(
            Reason("`{path}` is a folder, not a file", path=shown), hint=Reason("name a file in it")
        )
    if output.exists() and not output.is_file():
        raise InputError(Reason("`{path}` is not a regular file", shown))
    if output.exists() and not force:
        raise InputError(
            Reason("`{path}` is there already", path=shown), hint=Reason("add --force to replace it")
        )


def _leaves_through_a_link(output: Path) -> bool:
    """Say whether a path that stays below the working folder, as written, really does not.

    A folder that others made may hold a link in place of a folder; an absolute path and `..` are asked for.
    """
    if output.is_absolute() or ".." in output.parts:
        return False
    return not output.parent.resolve().is_relative_to(Path.cwd().resolve())
