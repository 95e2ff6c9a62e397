"""The file with settings: the nearest `costplan.toml`, or `[tool.costplan]` of a `pyproject.toml`."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from costplan.messages.errors import Fault, InputError, SourceLocation, did_you_mean, reason_of
from costplan.messages.reason import Reason
from costplan.messages.text import listed

NAME = "costplan.toml"
PROJECT = "pyproject.toml"
MOST_BYTES = 1 << 20
"""A file of settings is no larger; a project file with a lock in it may be."""
_TABLE = re.compile(r"tool\W{1,9}costplan")
"""What a project file has that says anything to costplan; others need not be parsed, nor be right."""
_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$")


class SettingsFile(NamedTuple):
    """A file that was found and read."""

    path: Path
    text: str
    entries: Mapping[str, Any]

    @property
    def shown(self) -> str:
        """Its path as messages have it: relative where that is shorter."""
        relative = os.path.relpath(self.path)
        return min(relative, str(self.path), key=len)

    def mark_of(self, key: str) -> SourceLocation | None:
        """Return the place of a key; None where the file spells it in a way of its own."""
        for number, line in enumerate(self.text.splitlines(), start=1):
            found = re.match(rf"\s*[\"']?({re.escape(key)})[\"']?\s*=", line)
            if found:
                return SourceLocation(self.shown, number, found.start(1) + 1, line, len(key))
        return None

    def words(self, key: str, *, several: bool) -> list[str]:
        """Return what a key says, as texts.

        Raises:
            InputError: It is neither a text nor a date, or a list where one value is wanted.
        """
        value = self.entries[key]
        values = value if several and isinstance(value, list) else [value]
        wrong = next((one for one in values if type(one) not in (str, date)), None)
        if wrong is not None:
            wanted = Reason("a text, or a list of texts") if several else Reason("a text")
            raise InputError(Fault(Reason("{key}: must be {wanted}", key, wanted), self.mark_of(key)))
        return [str(one) for one in values]


def nearest_file(known: Collection[str]) -> SettingsFile | None:
    """Return the nearest file with settings, in the working folder or above it; None where there is none.

    Args:
        known: Keys that may stand in it.

    Raises:
        InputError: It cannot be read, is no TOML, or has a key that is not known.
    """
    try:
        here = Path.cwd()
    except OSError:
        return None
    for folder in (here, *here.parents):
        found = _in_folder(folder)
        if found is not None:
            _refuse_unknown(found, known)
            return found
    return None


def _in_folder(folder: Path) -> SettingsFile | None:
    own = folder / NAME
    # Unlike Path.is_file, this says no to a folder that may not be looked into.
    if os.path.isfile(own):  # noqa: PTH113
        return _read(own, _text_of(own))
    project = folder / PROJECT
    if not os.path.isfile(project):  # noqa: PTH113
        return None
    try:
        text = _text_of(project)
    except InputError:
        return None  # whatever is wrong with it is for others to say
    if not _TABLE.search(text):
        return None
    found = _read(project, text)
    table = found.entries.get("tool", {})
    table = table.get("costplan") if isinstance(table, dict) else None
    return found._replace(entries=table) if isinstance(table, dict) else None


def _text_of(path: Path) -> str:
    shown = os.path.relpath(path)
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise InputError(Reason("`{path}` is larger than 1 MiB: it cannot be a file of settings", shown))
        return data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise InputError(Reason("`{path}` is not UTF-8", shown)) from None
    except OSError as error:
        raise InputError(Reason("cannot read `{path}`: {why}", shown, reason_of(error))) from None


def _read(path: Path, text: str) -> SettingsFile:
    import tomllib  # only where there is such a file

    found = SettingsFile(path, text, {})
    try:
        return found._replace(entries=tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (1, 1)
        lines = text.splitlines() or [""]
        mark = SourceLocation(found.shown, line, column, lines[min(line, len(lines)) - 1])
        raise InputError(Fault(Reason("is not TOML: {place}", _PLACE.sub("", str(error))), mark)) from None
    except RecursionError:
        raise InputError(Reason("`{path}` is nested too deep", found.shown)) from None


def _refuse_unknown(found: SettingsFile, known: Collection[str]) -> None:
    unknown = [key for key in found.entries if key not in known]
    if unknown:
        raise InputError(
            Fault(
                Reason("{key}: unknown key", key),
                found.mark_of(key) or SourceLocation(found.shown, 1, 1),
                hint=did_you_mean(key, known) or Reason("known are {names}", listed(known)),
            )
            for key in unknown
        )
