"""Run the command tree: every way to end has its exit code, and only `--debug` shows a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from costplan.errors import CostplanError, ExitCode


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: The command line without the program's name.

    Returns:
        The exit code; see `costplan.errors.ExitCode`.
    """
    words = [word for word in arguments if word != "--debug"]
    debug = len(words) != len(arguments) or bool(os.environ.get("COSTPLAN_DEBUG"))
    if sys.stdout is not None and hasattr(sys.stdout, "reconfigure"):
        # On a terminal that is not UTF-8, a letter it lacks is written as an escape, as JSON would.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return _dispatch(words)
    except CostplanError as error:
        if debug:
            _show_traceback()
        _say(_fitting(error, words))
        return int(error.exit_code)
    except KeyboardInterrupt:
        _say("interrupted")
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # The reader (`head`) has all it wants; give the interpreter nothing to flush into the closed pipe.
        from costplan.cli.output import drop_standard_output

        drop_standard_output()
        return int(ExitCode.DONE)
    except Exception as error:
        if debug:
            _show_traceback()
        what = "report what stands above" if debug else "run it again with --debug and report what it prints"
        _say(f"costplan made a mistake: {type(error).__name__}: {error}\n  hint: {what}, please")
        return int(ExitCode.DEFECT)


def _dispatch(arguments: Sequence[str]) -> int:
    from costplan.cli.app import command_tree, named_command
    from costplan.cli.parameters import invoke, quick_values

    named = named_command(arguments)
    values = quick_values(*named) if named else None
    if named and values is not None:
        return int(invoke(named[0], values) or ExitCode.DONE)

    import typer

    command = typer.main.get_command(command_tree(arguments))
    try:
        command.main(list(arguments), prog_name="costplan")
    except SystemExit as end:
        if sys.stdout is not None:
            sys.stdout.flush()
        return end.code if isinstance(end.code, int) else int(ExitCode.DONE)
    return int(ExitCode.DONE)


def _fitting(error: CostplanError, words: Sequence[str]) -> str:
    """Return what an error says, without advice that the command at hand cannot follow."""
    from costplan.cli.app import named_command
    from costplan.cli.hints import options_of, said

    named = named_command(words)
    return said(error, options_of(named[0])) if named else str(error)


def _show_traceback() -> None:
    import traceback

    traceback.print_exc()


def _say(text: str) -> None:
    from costplan.text import visible

    safe = "\n".join(visible(line) for line in text.split("\n"))
    if sys.stderr is not None:
        sys.stderr.write(safe + "\n")
