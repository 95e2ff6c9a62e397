"""Command-line parameters as data: what Typer builds its commands from, and what the quick path reads.

A command is a function whose parameters are annotated with `Option` or `Argument`; it returns an exit code or
None. Importing Typer takes longer than pricing a scenario, so a plain line, with nothing to explain or to
correct, is read without it; all else (help, completion, mistakes) is Typer's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

Command = Callable[..., int | None]


class Option(NamedTuple):
    """An option; its type is that of the function's parameter (`bool` for a flag, a list when repeatable)."""

    names: tuple[str, ...]
    help: str
    metavar: str | None = None


class Argument(NamedTuple):
    """A positional argument."""

    metavar: str
    help: str


class Parameter(NamedTuple):
    """One parameter of a command, as its function declares it."""

    name: str
    kind: type
    """`str`, `Path` or `bool`: what one value is."""
    repeats: bool
    required: bool
    marker: Option | Argument


def parameters_of(command: Command) -> list[Parameter]:
    """Read the parameters of a command from its signature."""
    hints = get_type_hints(command, include_extras=True)
    defaults = dict(zip(reversed(command.__code__.co_varnames[: command.__code__.co_argcount]),
                        reversed(command.__defaults__ or ()), strict=False))  # fmt: skip
    found = []
    for name, hint in hints.items():
        if name == "return":
            continue
        annotation, marker = get_args(hint)
        plain = [part for part in get_args(annotation) if part is not type(None)] or [annotation]
        kind = plain[0] if get_origin(annotation) is not list else annotation
        repeats = get_origin(kind) is list
        value = get_args(kind)[0] if repeats else kind
        found.append(Parameter(name, value, repeats, name not in defaults, marker))
    return found


def quick_values(command: Command, words: Sequence[str]) -> dict[str, Any] | None:
    """Read a plain command line.

    Args:
        command: The command that the line names.
        words: What follows the command's name.

    Returns:
        The function's keyword arguments; None when anything is unusual and Typer should look at it.
    """
    parameters = parameters_of(command)
    options = {name: p for p in parameters if isinstance(p.marker, Option) for name in p.marker.names}
    positional = [p for p in parameters if isinstance(p.marker, Argument)]
    values: dict[str, Any] = {}
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word.startswith("-") and word != "-":
            name, equals, value = word.partition("=")
            parameter = options.get(name)
            if parameter is None or (equals and (parameter.kind is bool or not name.startswith("--"))):
                return None
            if parameter.kind is bool:
                values[parameter.name] = True
                continue
            if not equals:
                if not waiting or waiting[0].startswith("-"):
                    return None
                value = waiting.pop(0)
        else:
            if not positional:
                return None
            parameter, value = positional[0], word
            positional = positional if parameter.repeats else positional[1:]
        _put(values, parameter, value)
    if any(parameter.required and parameter.name not in values for parameter in parameters):
        return None
    return values


def _put(values: dict[str, Any], parameter: Parameter, text: str) -> None:
    value = Path(text) if parameter.kind is Path else text
    if parameter.repeats:
        values.setdefault(parameter.name, []).append(value)
    else:
        values[parameter.name] = value


def typer_command(command: Command) -> Callable[..., None]:
    """Make the function that Typer builds the same command from."""
    from inspect import Parameter as SignatureParameter
    from inspect import signature
    from typing import Annotated

    import typer

    hints = get_type_hints(command, include_extras=True)
    parameters = []
    for name, parameter in signature(command).parameters.items():
        annotation, marker = get_args(hints[name])
        made = (
            typer.Option(*marker.names, help=marker.help, metavar=marker.metavar)
            if isinstance(marker, Option)
            else typer.Argument(help=marker.help, metavar=marker.metavar)
        )
        kind = SignatureParameter.POSITIONAL_OR_KEYWORD
        parameters.append(parameter.replace(annotation=Annotated[annotation, made], kind=kind))

    @wraps(command)
    def run(**values: Any) -> None:
        code = command(**values)
        if code:
            raise typer.Exit(code)

    run.__signature__ = signature(command).replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run
