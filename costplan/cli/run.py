"""Run the command tree: every way to end has its exit code, and only `--debug` shows a traceback."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path

from costplan.cli.language import texts_of_help, translator_of_errors, without_language
from costplan.cli.parameters import QUIET
from costplan.cli.streams import be_quiet, complain, drop, is_quiet
from costplan.messages.errors import CostplanError, ExitCode, InputError, reason_of
from costplan.messages.reason import Reason


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: The command line without the program's name.

    Returns:
        The exit code; see `costplan.messages.errors.ExitCode`.
    """
    line: Sequence[str] = [word for word in arguments if word != "--debug"]
    debug = len(line) != len(arguments) or bool(os.environ.get("COSTPLAN_DEBUG"))
    if sys.stdout is not None and hasattr(sys.stdout, "reconfigure"):
        # On a terminal that is not UTF-8, a letter it lacks is written as an escape, as JSON would.
        sys.stdout.reconfigure(errors="backslashreplace")
    be_quiet(False)
    try:
        line = _with_quiet_behind(without_language(line))
        return dispatch(line)
    except CostplanError as error:
        if debug:
            _show_traceback()
        _say(_fitting(error, line))
        return int(error.exit_code)
    except KeyboardInterrupt:
        words = translator_of_errors()
        _say(words("interrupted"))
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # The reader (`head`) has all it wants; give the interpreter nothing to flush into the closed pipe.
        drop(sys.stdout)
        return int(ExitCode.DONE)
    except Exception as error:
        reason = _out_of_reach(error)
        if reason is not None and not debug:
            _say(reason)
            return int(ExitCode.USAGE)
        if debug:
            _show_traceback()
        _say(_mistake(error, is_shown=debug))
        return int(ExitCode.DEFECT)


def _mistake(error: Exception, *, is_shown: bool) -> str:
    """Say that costplan is at fault, and what to do."""
    words = translator_of_errors()
    what = (
        words("please report the output above")
        if is_shown
        else words("run it again with --debug and report what it prints, please")
    )
    said = words("costplan made a mistake: {error}", error=f"{type(error).__name__}: {error}")
    return f"{said}\n  {words('hint')}: {what}"


def _out_of_reach(error: Exception) -> str | None:
    """Say of a path that was named, or of the working folder, why the system does not reach it.

    Whoever reads a path says so with its place; this is for the questions that the system does not answer.
    """
    if isinstance(error, OSError) and error.filename is not None:
        from costplan.cli.paths import shown_path

        words = translator_of_errors()
        return words(
            "cannot reach `{path}`: {why}",
            path=shown_path(Path(os.fsdecode(error.filename))),
            why=words.reason(reason_of(error)),
        )
    if isinstance(error, FileNotFoundError) and not _has_working_folder():
        words = translator_of_errors()
        said = words("the working folder is no longer there")
        return f"{said}\n  {words('hint')}: {words('change to another one')}"
    return None


def _has_working_folder() -> bool:
    try:
        return bool(os.getcwd())  # noqa: PTH109 - what every relative path rests on
    except OSError:
        return False


def dispatch(arguments: Sequence[str]) -> int:
    """Read a line and run the command that it names; return the exit code."""
    from costplan.cli.app import command_tree, named_command
    from costplan.cli.help_language import typer_in_language
    from costplan.cli.parameters import invoke
    from costplan.cli.plain_line import quick_values
    from costplan.cli.typer_commands import without_types_of_flags

    named = named_command(arguments)
    values = quick_values(*named) if named else None
    if named and values is not None:
        return int(invoke(named[0], values) or ExitCode.DONE)

    import typer

    words = texts_of_help()
    command = typer.main.get_command(command_tree(_words_to_complete() or arguments, words))
    without_types_of_flags(command)
    try:
        with _answering(), typer_in_language(command, words, arguments):
            command.main(list(arguments), prog_name="costplan")
    except SystemExit as end:
        with _answering():
            if sys.stdout is not None:
                sys.stdout.flush()
        return end.code if isinstance(end.code, int) else int(ExitCode.DONE)
    return int(ExitCode.DONE)


def _with_quiet_behind(words: Sequence[str]) -> Sequence[str]:
    """Put `--quiet` that stands in front of a command behind its name, where each command has it."""
    from costplan.cli.app import named_command

    quiet = list(takewhile(QUIET.names.__contains__, words))
    named = named_command(words[len(quiet) :]) if quiet else None
    if named is None:
        return words
    name = words[len(quiet) : len(words) - len(named[1])]
    return [*name, *quiet, *named[1]]


def _words_to_complete() -> list[str]:
    """Return the words that a shell wants completed; none where it does not ask."""
    from costplan.cli.app import COMPLETE

    if COMPLETE not in os.environ:
        return []
    line = os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS", "")
    return line.split()[1:]


def _fitting(error: CostplanError, words: Sequence[str]) -> str:
    """Return what an error says, without advice that the command at hand cannot follow."""
    from costplan.cli.app import named_command
    from costplan.cli.hints import fitting_text, options_of, without_hints
    from costplan.language.errors import error_text

    named, language = named_command(words), translator_of_errors()
    if is_quiet():
        return error_text(without_hints(error).faults, language)
    if named is None:
        return error_text(error.faults, language)
    return fitting_text(error, options_of(named[0]), language)


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    """Say that help, or what is left of an answer, cannot be written.

    Raises:
        InputError: Standard output takes nothing.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EIO, errno.EBADF) or error.filename is not None:
            raise
        drop(sys.stdout)
        raise InputError(Reason("cannot write to standard output: {why}", reason_of(error))) from None


def _show_traceback() -> None:
    import traceback

    traceback.print_exc()


def _say(text: str) -> None:
    from costplan.messages.text import visible

    safe = "\n".join(visible(line) for line in text.split("\n"))
    complain(safe + "\n")
