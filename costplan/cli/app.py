"""The command tree. A new command is one file and one row in `registry`.

Typer is imported only for lines that are not plain (help, completion, mistakes), and builds only the commands
that the line may need: both take longer than pricing a scenario.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from types import CodeType
from typing import TYPE_CHECKING, Any, TypeGuard

from costplan.cli.help_language import HELP_OPTIONS, help_text
from costplan.cli.parameters import Command
from costplan.cli.registry import COMMANDS, PANELS, Group
from costplan.cli.typer_commands import named_only, typer_command
from costplan.language.texts import Texts

if TYPE_CHECKING:
    import typer


COMPLETE = "_COSTPLAN_COMPLETE"
"""The variable by which a shell asks what may follow."""
EPILOG = "[dim]costplan help[/dim] lists the commands and the pages of the docs."
PAGE_EPILOG = "[dim]costplan help {name} --page[/dim] shows the page of the docs about it."
ENGLISH_HELP = Texts()


def named_command(arguments: Sequence[str]) -> tuple[Command, Sequence[str]] | None:
    """Return the command that a line names with the words after it; None when it names none."""
    found = COMMANDS.get(arguments[0]) if arguments else None
    if isinstance(found, Group) and not _is_default(found, arguments):
        arguments = arguments[1:]
        found = found.commands.get(arguments[0]) if arguments else None
    elif isinstance(found, Group):
        found = found.default
    return (_function(found), arguments[1:]) if found is not None else None


def _is_default(group: Group, arguments: Sequence[str]) -> bool:
    """Say whether a line means what a group does by itself."""
    return group.default is not None and not (len(arguments) > 1 and arguments[1] in group.commands)


def _function(reference: str) -> Command:
    module, _, name = reference.partition(":")
    function: Command = getattr(import_module(f"costplan.cli.commands.{module}"), name)
    return function


def _about(entry: str | Group) -> str:
    """Return what a row of the list says: a group's own text, else what its command's docstring says.

    That is taken from the compiled module, which is not run: a list of commands need not import them all.
    """
    if isinstance(entry, Group):
        return entry.help if entry.default is None else _about(entry.default)
    module, _, name = entry.partition(":")
    found = find_spec(f"costplan.cli.commands.{module}")
    read = getattr(found.loader, "get_code", None) if found else None
    code = read(found.name) if found and read else None
    texts = [one.co_consts[0] for one in code.co_consts if _is_function(one, name)] if code else []
    return texts[0] if texts and isinstance(texts[0], str) else _function(entry).__doc__ or ""


def _is_function(constant: object, name: str) -> TypeGuard[CodeType]:
    return isinstance(constant, CodeType) and constant.co_name == name


def command_tree(arguments: Sequence[str], words: Texts = ENGLISH_HELP) -> typer.Typer:
    """Build the commands that a line may need: the one it names, else all; with help in a language."""
    import typer

    app = typer.Typer(
        name="costplan",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        epilog=help_text(EPILOG, words),
        context_settings={"help_option_names": HELP_OPTIONS},
    )
    app.callback()(_callback(words))
    named = arguments[0] if arguments else ""
    # The list of commands shows their names and what they are for; shell completion asks for their options.
    whole = named in COMMANDS or COMPLETE in os.environ
    for panel, rows in PANELS.items():
        for name in rows:
            if named == name or named not in COMMANDS:
                _add(app, name, panel, arguments, words, whole=whole)
    return app


def _add(
    app: typer.Typer, name: str, panel: str, arguments: Sequence[str], words: Texts, *, whole: bool
) -> None:
    """Add one row of the registry.

    Args:
        whole: With its options; else only its name and what it is for.
    """
    found = COMMANDS[name]
    place: dict[str, Any] = {"rich_help_panel": help_text(panel, words), "epilog": _epilog(name, words)}
    if not whole:
        app.command(name, **place)(named_only(help_text(_about(found), words)))
    elif isinstance(found, Group) and found.default is not None and _is_default(found, arguments):
        app.add_typer(_with_default(found, found.default, words), name=name, **place)
    elif isinstance(found, Group):
        import typer

        group = typer.Typer(help=help_text(found.help, words), no_args_is_help=True)
        for word, reference in found.commands.items():
            group.command(word, epilog=place["epilog"])(typer_command(_function(reference), words))
        app.add_typer(group, name=name, **place)
    else:
        app.command(name, **place)(typer_command(_function(found), words))


def _epilog(name: str, words: Texts) -> str:
    """Name the page of the docs that a command has under its own name, which help on the command hides."""
    from costplan.cli.help_topics import pages

    known = help_text(EPILOG, words)
    return f"{help_text(PAGE_EPILOG.replace('{name}', name), words)}\n\n{known}" if name in pages() else known


def _with_default(found: Group, default: str, words: Texts) -> typer.Typer:
    """Make a command of what a group does by itself, whose help lists the commands below it."""
    import typer

    group = typer.Typer(
        invoke_without_command=True,
        subcommand_metavar="",
        context_settings={"allow_extra_args": False, "allow_interspersed_args": True},
    )
    group.callback()(typer_command(_function(default), words))
    for word, reference in found.commands.items():
        group.command(word)(named_only(help_text(_about(reference), words)))
    return group


def _callback(words: Texts) -> Command:
    import typer

    def print_version(asked: bool) -> None:
        if asked:
            from costplan._version import __version__

            typer.echo(f"costplan {__version__}")
            raise typer.Exit

    def costplan(
        version: bool = typer.Option(
            False,
            "--version",
            "-V",
            callback=print_version,
            is_eager=True,
            help=help_text("Print the version.", words),
        ),
        debug: bool = typer.Option(
            False, "--debug", help=help_text("Show a traceback when something goes wrong.", words)
        ),
    ) -> None:
        """What an AI inference service on Yandex Cloud will cost, and which design to build, in advance.

        [dim]costplan estimate stage2[/dim]  the month's bill, line by line
        [dim]costplan compare[/dim]          the three stages side by side
        [dim]costplan help overlays[/dim]    a page of the docs
        """

    costplan.__doc__ = help_text(costplan.__doc__ or "", words)
    return costplan
