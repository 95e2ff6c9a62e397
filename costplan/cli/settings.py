"""What a command does unless its line says otherwise: environment, else file, else default.

The file is the nearest `costplan.toml`, or `pyproject.toml` with a table `[tool.costplan]`, in the working
folder or above it. A new setting is one line in `SETTINGS`; an option that takes it over names it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from costplan.cli.settings_file import SettingsFile, nearest_file
from costplan.language.catalog import LANGUAGES
from costplan.messages.errors import Fault, InputError
from costplan.messages.reason import Reason


class Setting(NamedTuple):
    """One setting."""

    about: str
    reads: Callable[[str, str], str]
    """Checks a value; called with what to name in an error, and the value."""
    default: tuple[str, ...] = ()
    is_path: bool = False
    """Relative to the file that names it."""
    repeats: bool = False


class Found(NamedTuple):
    """What holds, and who says so."""

    values: tuple[str, ...]
    origin: str


def _language(name: str, text: str) -> str:
    from costplan.inputs.values import one_of

    return one_of(name, text.lower(), LANGUAGES)


def _currency(name: str, text: str) -> str:
    from costplan.catalog.store import Catalog
    from costplan.inputs.values import one_of

    own = setting("catalog")
    catalog = Catalog([Path(own)]) if own is not None else Catalog.shipped()
    return one_of(name, text.upper(), tuple(catalog.currencies))


def _format(name: str, text: str) -> str:
    from costplan.inputs.values import one_of
    from costplan.output.formats import TEXT_FORMATS

    return one_of(name, text, TEXT_FORMATS)


def _day(name: str, text: str) -> str:
    from costplan.inputs.values import day_of

    return str(day_of(text, name))


def _folder(name: str, text: str) -> str:
    from costplan.cli.paths import ask_of_path, shown_path

    if not ask_of_path(Path(text), Path.is_dir):
        raise InputError(Reason("{name}: `{path}` is not a folder", name, shown_path(Path(text))))
    return text


def _file(name: str, text: str) -> str:
    from costplan.cli.paths import ask_of_path, shown_path

    if not ask_of_path(Path(text), Path.is_file):
        raise InputError(Reason("{name}: `{path}` is not a file", name, shown_path(Path(text))))
    return text


SETTINGS: dict[str, Setting] = {
    "lang": Setting(Reason("language of tables, notes and reports: en or ru"), _language, ("en",)),
    "currency": Setting(
        Reason("currency of the prices, one of the catalog's; else the scenario's"), _currency
    ),
    "format": Setting(
        Reason("how answers look on the screen: table, json, csv, md or jsonl"), _format, ("table",)
    ),
    "as_of": Setting(
        Reason("day whose prices are taken, such as 2026-05-01; else the scenario's, else the newest"), _day
    ),
    "catalog": Setting(
        Reason("folder of a catalog of your own, in place of the shipped one"), _folder, is_path=True
    ),
    "overlay": Setting(
        Reason("folders of prices that lie over the catalog"), _folder, is_path=True, repeats=True
    ),
    "policy": Setting(
        Reason("files of policies that check and note hold designs against"),
        _file,
        is_path=True,
        repeats=True,
    ),
}  # fmt: skip
"""Key in the file -> what it is; the variable is `COSTPLAN_` and the key in capitals."""


def variable_of(name: str) -> str:
    """Return the environment variable of a setting."""
    return f"COSTPLAN_{name.upper()}"


def setting(name: str) -> str | None:
    """Return the value of one of `SETTINGS` that takes one; None where nobody says anything.

    Raises:
        InputError: The variable or the file says what cannot be.
    """
    return next(iter(settings_of(name)), None)


def settings_of(name: str) -> tuple[str, ...]:
    """Return the values of one of `SETTINGS`; see `setting`."""
    return find_setting(name, nearest_file(SETTINGS)).values


def find_setting(name: str, file: SettingsFile | None) -> Found:
    """Ask the environment, then the file, then the default.

    Raises:
        InputError: As for `setting`.
    """
    found = SETTINGS[name]
    variable = variable_of(name)
    text = os.environ.get(variable)
    if text:
        words = text.split(os.pathsep) if found.repeats else [text]
        return Found(tuple(found.reads(variable, word) for word in words if word), variable)
    if file is not None and name in file.entries:
        return Found(_of_file(name, found, file), file.shown)
    return Found(found.default, Reason("default"))


def _empty_path(name: str, found: Setting, file: SettingsFile) -> Fault:
    if found.reads is _file:
        return Fault(Reason("{key}: is empty, and must be the path of a file", name), file.mark_of(name))
    message = Reason("{key}: is empty, and must be the path of a folder", name)
    return Fault(message, file.mark_of(name), hint="write `.` for the folder of this file")


def _of_file(name: str, found: Setting, file: SettingsFile) -> tuple[str, ...]:
    words: Sequence[str] = file.words(name, several=found.repeats)
    if found.is_path:
        if "" in words:
            raise InputError(_empty_path(name, found, file))
        words = [w if os.path.isabs(w) else os.path.relpath(file.path.parent / w) for w in words]  # noqa: PTH117
    try:
        return tuple(found.reads(name, word) for word in words)
    except InputError as error:
        raise InputError(
            [Fault(fault.message, file.mark_of(name), hint=fault.hint) for fault in error.faults]
        ) from None
