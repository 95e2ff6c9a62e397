"""The command tree. A new command is one file and one line here.

Only the command that the line names is built: reading the signatures of all of them takes longer than pricing
a scenario. For help, completion and unknown words, all are.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

COMMANDS: dict[str, str] = {
    "estimate": "estimate:estimate",
    "compare": "compare:compare",
    "explain": "explain:explain",
    "check": "check:check",
    "catalog": "catalog:app",
    "scenario": "scenario:app",
    "schema": "schema:schema",
    "doctor": "doctor:doctor",
}
"""Name of the command -> module and function, or a group of commands."""


def command_tree(arguments: Sequence[str]) -> typer.Typer:
    """Build the commands that a command line may need."""
    app = typer.Typer(
        name="costplan",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(costplan)
    named = arguments[0] if arguments else ""
    for name in [named] if named in COMMANDS else COMMANDS:
        module, _, attribute = COMMANDS[name].partition(":")
        found = getattr(import_module(f"costplan.cli.{module}"), attribute)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    return app


def _print_version(asked: bool) -> None:
    if asked:
        from costplan import __version__

        typer.echo(f"costplan {__version__}")
        raise typer.Exit


def costplan(
    version: Annotated[
        bool,
        typer.Option("--version", "-V", callback=_print_version, is_eager=True, help="Print the version."),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show a traceback when something goes wrong.")
    ] = False,
) -> None:
    """What an AI inference service on Yandex Cloud will cost, and which design to build, before it is built.

    [dim]costplan estimate stage2[/dim]  the month's bill, line by line
    [dim]costplan compare[/dim]          the three stages side by side
    """
