"""Command-line parameters as data: the one definition from which both readers of a line are made.

A command is a function whose parameters are annotated with `Option` or `Argument`; it returns an exit code or
None. `typer_commands` makes Typer's commands of it, `plain_line` reads a plain line by it without Typer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

from costplan.cli.streams import be_quiet

if TYPE_CHECKING:
    from costplan.cli.completions import Completion

Command = Callable[..., int | None]


class Option(NamedTuple):
    """An option; its type is that of the function's parameter (`bool` for a flag, a list when repeatable)."""

    names: tuple[str, ...]
    help: str
    metavar: str | None = None
    reads: Callable[[str], Path] | None = None
    """How a path is read where `Path` would lose what was written, as the slash behind a folder's name."""
    setting: str | None = None
    """The setting that it takes when it is left out; see `costplan.cli.settings`."""
    completes: Completion | None = None
    """What the shell offers for it."""


class Argument(NamedTuple):
    """A positional argument."""

    metavar: str
    help: str
    completes: Completion | None = None
    """What the shell offers for it."""


QUIET = Option(("--quiet", "-q"), help="Only the answer: no notes below it, no hints, no progress.")


class Everywhere(NamedTuple):
    """Options that every command has, and that are none of its business."""

    quiet: Annotated[bool, QUIET] = False


class Parameter(NamedTuple):
    """One parameter of a command, as its function, or a bundle of it, declares it."""

    name: str
    annotation: Any
    """Its type, without the marker."""
    default: Any
    """What it is when left out; `REQUIRED` when it may not be."""
    marker: Option | Argument

    @property
    def repeats(self) -> bool:
        """Whether it takes several values."""
        return get_origin(self._plain) is list

    @property
    def kind(self) -> type:
        """What one value is: `str`, `Path` or `bool`."""
        kind: type = get_args(self._plain)[0] if self.repeats else self._plain
        return kind

    @property
    def _plain(self) -> Any:
        parts = [part for part in get_args(self.annotation) if part is not type(None)]
        return parts[0] if parts and get_origin(self.annotation) is not list else self.annotation


REQUIRED = object()
"""Default of a parameter that must be given."""


@lru_cache
def _hints(declaring: Any) -> dict[str, Any]:
    return {
        name: hint
        for name, hint in get_type_hints(declaring, include_extras=True).items()
        if name != "return"
    }


def _is_bundle(hint: Any) -> bool:
    """Say whether a parameter is a tuple of options that several commands share."""
    return isinstance(hint, type) and hasattr(hint, "_field_defaults")


def parameters_of(command: Command) -> list[Parameter]:
    """Read the parameters of a command from its signature; bundles stand for the options in them."""
    code = command.__code__
    names = code.co_varnames[: code.co_argcount]
    defaults = dict(zip(reversed(names), reversed(command.__defaults__ or ()), strict=False))
    found: list[Parameter] = []
    for name, hint in _hints(command).items():
        if _is_bundle(hint):
            found += _bundled(hint)
        else:
            found.append(_parameter(name, hint, defaults))
    return [*found, *_bundled(Everywhere)]


def _bundled(bundle: Any) -> list[Parameter]:
    return [_parameter(field, _hints(bundle)[field], bundle._field_defaults) for field in bundle._fields]


def _parameter(name: str, hint: Any, defaults: Mapping[str, Any]) -> Parameter:
    annotation, marker = get_args(hint)
    return Parameter(name, annotation, defaults.get(name, REQUIRED), marker)


def invoke(command: Command, values: Mapping[str, Any]) -> int | None:
    """Call a command with values by the names of its parameters; bundles are put together."""
    arguments: dict[str, Any] = {}
    values = {**values, **_from_settings(command, values)}
    be_quiet(bool(values.get("quiet")))
    for name, hint in _hints(command).items():
        if _is_bundle(hint):
            arguments[name] = hint(**{field: values[field] for field in hint._fields if field in values})
        elif name in values:
            arguments[name] = values[name]
    return command(**arguments)


def _from_settings(command: Command, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what options that were left out take from the environment or the file of settings."""
    found: dict[str, Any] = {}
    for parameter in parameters_of(command):
        name = getattr(parameter.marker, "setting", None)
        if name is not None and not values.get(parameter.name):
            from costplan.cli.settings import settings_of

            words = [parameter.kind(word) for word in settings_of(name)]
            if words:
                found[parameter.name] = words if parameter.repeats else words[0]
    return found
