"""What every command does unless its line says otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from costplan.messages.result import Result

CONFIGURATION_SCHEMA = "costplan/configuration/1"


@dataclass(frozen=True, slots=True)
class ConfiguredSetting:
    """One setting."""

    name: str
    """Its key in `costplan.toml`."""
    variable: str
    """The environment variable that is asked before the file."""
    value: tuple[str, ...]
    """What holds; several folders for layers, nothing where no one says anything."""
    origin: str
    """Who says so: `--lang`, a variable, a file, or `default`."""
    about: str
    """What it does."""


@dataclass(frozen=True, slots=True)
class Configuration(Result):
    """All settings, with the file that was read."""

    schema: str
    file: str | None
    """The nearest `costplan.toml`, or `pyproject.toml` with `[tool.costplan]`; None where there is none."""
    settings: tuple[ConfiguredSetting, ...]
