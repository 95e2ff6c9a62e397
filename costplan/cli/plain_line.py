"""A plain command line, read without Typer from the one definition of a command's parameters.

Typer for every line would be simpler and costs more than pricing: its reader goes through pydantic, which
`estimate` does without. `estimate stage2` takes 1,803 million instructions so, 2,266 with Typer, and
`import typer, rich, pydantic, yaml` takes 471 (valgrind, callgrind). Both read the same definition; a test
holds them to each other for every option of every command. Help, completion, and what is unusual or wrong
are Typer's alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from costplan.cli.parameters import REQUIRED, Argument, Command, Option, Parameter, parameters_of


def quick_values(command: Command, words: Sequence[str]) -> dict[str, Any] | None:
    """Read a plain command line.

    Args:
        command: The command that the line names.
        words: What follows the command's name.

    Returns:
        Values by parameter; None when anything is unusual and Typer should look at it.
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
    if any(parameter.default is REQUIRED and parameter.name not in values for parameter in parameters):
        return None
    return values


def _put(values: dict[str, Any], parameter: Parameter, text: str) -> None:
    reads = getattr(parameter.marker, "reads", None) or Path
    value = reads(text) if parameter.kind is Path else text
    if parameter.repeats:
        values.setdefault(parameter.name, []).append(value)
    else:
        values[parameter.name] = value
