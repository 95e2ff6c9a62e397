"""Typer's commands, made from the one definition: for help, completion, and lines that are not plain."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any

from costplan.cli.help_language import HELP_OPTIONS, help_text
from costplan.cli.parameters import (
    REQUIRED,
    Argument,
    Command,
    Option,
    Parameter,
    invoke,
    parameters_of,
)
from costplan.language.texts import Texts

if TYPE_CHECKING:
    from costplan.cli.completions import Completion


def without_types_of_flags(command: Any) -> None:
    """Have help show a flag alone: `--quiet <bool>` looks as if a value had to follow it."""
    context = command.context_class(command, help_option_names=HELP_OPTIONS)
    for parameter in [*command.params, command.get_help_option(context)]:
        if getattr(parameter, "is_flag", False):
            parameter.metavar = ""
    for one in getattr(command, "commands", {}).values():
        without_types_of_flags(one)


def named_only(about: str) -> Callable[[], None]:
    """Make a function with a command's text and none of its parameters, for a list of commands."""

    def run() -> None:
        """Never called: a line that names the command is read by `typer_command`."""

    run.__doc__ = about
    return run


def _always() -> list[Parameter]:
    """Return the options of every command, which are taken out of a line before it is read."""
    from costplan.cli.language import OPTION

    return [Parameter("language", str | None, None, OPTION)]


def typer_command(command: Command, words: Texts) -> Callable[..., None]:
    """Make the function that Typer builds the same command from, with help in a language."""
    from inspect import Parameter as SignatureParameter
    from inspect import Signature

    import typer

    parameters = [
        SignatureParameter(
            found.name,
            SignatureParameter.KEYWORD_ONLY,
            default=SignatureParameter.empty if found.default is REQUIRED else found.default,
            annotation=Annotated[found.annotation, _typer_parameter(found.marker, words)],
        )
        for found in [*parameters_of(command), *_always()]
    ]

    @wraps(command)
    def run(**values: Any) -> None:
        code = invoke(command, values)  # `--lang` is in the help only: the line was read without it
        if code:
            raise typer.Exit(code)

    run.__doc__ = help_text(command.__doc__ or "", words)
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _typer_parameter(marker: Option | Argument, words: Texts) -> Any:
    import typer

    offers = _offering(marker.completes)
    if isinstance(marker, Argument):
        return typer.Argument(
            help=help_text(marker.help, words), metavar=marker.metavar, autocompletion=offers
        )
    reads: dict[str, Any] = {"parser": marker.reads} if marker.reads else {}
    return typer.Option(
        *marker.names,
        help=help_text(marker.help, words),
        metavar=marker.metavar,
        autocompletion=offers,
        **reads,
    )


def _offering(completes: Completion | None) -> Callable[..., list[str]] | None:
    """Make what Typer asks for completions: of what is there, what begins as the word does."""
    if completes is None:
        return None
    import typer

    def offer(context: typer.Context, incomplete: str) -> list[str]:
        # A line whose last option still lacks its value is not parsed: the scenario is among the rest.
        rest = {"scenario": next(iter(context.args), None)}
        given = rest | {name: value for name, value in context.params.items() if value}
        return [found for found in completes(given) if found.startswith(incomplete)]

    offer.__annotations__ = {"context": typer.Context, "incomplete": str}
    return offer
