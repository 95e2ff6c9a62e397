"""A plain line means the same to both that read it: every option of every command, as Typer reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import typer

from costplan.cli import typer_commands
from costplan.cli.app import command_tree, named_command
from costplan.cli.parameters import REQUIRED, Argument, Command, Option, Parameter, parameters_of
from costplan.cli.plain_line import quick_values
from costplan.cli.registry import COMMANDS, Group

VALUES = ("some.yaml", "--", "-", "a=b", "5M", "p95 <= 1 s")
"""Words that stand for values; `--` is none, and shows that neither takes it for one."""


def commands() -> list[str]:
    found = []
    for name, entry in COMMANDS.items():
        found += [f"{name} {word}" for word in entry.commands] if isinstance(entry, Group) else []
        found += [name] if not isinstance(entry, Group) or entry.default else []
    return found


def command_of(line: str) -> Command:
    named = named_command(line.split())
    assert named is not None
    return named[0]


def by_typer(line: str, words: list[str], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any] | None:
    """Return what Typer reads; None where it refuses the line."""
    seen: list[Mapping[str, Any]] = []

    def remember(_: Command, values: Mapping[str, Any]) -> None:
        seen.append(values)

    monkeypatch.setattr(typer_commands, "invoke", remember)
    whole = [*line.split(), *words]
    try:
        typer.main.get_command(command_tree(whole)).main(whole, prog_name="costplan", standalone_mode=False)
    except Exception:
        return None
    return dict(seen[0]) if seen else None


def told(values: Mapping[str, Any], command: Command) -> dict[str, Any]:
    """Leave out what was not on the line."""
    defaults = {found.name: found.default for found in parameters_of(command)} | {"language": None}
    shown = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return {
        name: value for name, value in shown.items() if value not in (None, []) and value != defaults[name]
    }


def lines_of(command: Command) -> list[list[str]]:
    parameters = parameters_of(command)
    needed = [
        word
        for one in parameters
        if one.default is REQUIRED
        for word in (*(one.marker.names[:1] if isinstance(one.marker, Option) else ()), "some.yaml")
    ]
    found = [needed, [], [*needed, "one", "two", "three"]]
    for one in parameters:
        if isinstance(one.marker, Argument):
            continue
        for name in one.marker.names:
            found += [[*needed, *words] for words in _ways(one, name)]
            found.append([*_ways(one, name)[0], *needed])
    return found


def _ways(parameter: Parameter, name: str) -> list[list[str]]:
    if parameter.kind is bool:
        return [[name]]
    once = [[name, value] for value in VALUES]
    joined = [[f"{name}=x.json"]] if name.startswith("--") else [[f"{name}x.json"]]
    return [*once, *joined, [name, "one.json", name, "two.json"], [name]]


@pytest.mark.parametrize("line", commands())
def test_what_is_read_without_typer_is_what_typer_reads(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    command, tried = command_of(line), 0
    for words in lines_of(command):
        quick = quick_values(command, words)
        if quick is None:
            continue
        slow = by_typer(line, words, monkeypatch)
        assert slow is not None, words
        assert told(quick, command) == told(slow, command), words
        tried += 1
    assert tried
