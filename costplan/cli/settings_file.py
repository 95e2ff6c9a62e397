"""The file with settings: the nearest `costplan.toml`, or `[tool.costplan]` of a `pyproject.toml`."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from costplan.messages.errors import Fault, InputError, SourceLocation, did_you_mean, reason_of
from costplan.messages.reason import Reason
from costplan.messages.text import listed
from costplan.source.guard import Source, open_regular

NAME = "costplan.toml"
PROJECT = "pyproject.toml"
MOST_BYTES = 1 << 20
"""A file of settings is no larger; a project file with a lock in it may be."""
_TABLE = re.compile(r"tool\W{1,9}costplan")
"""What a project file has that says anything to costplan; others need not be right."""
_OUTER = r"(?:\s*tool\s*\.\s*(?:costplan\s*\.\s*)?)?"
"""What stands before a key in the heading of a table of a project file."""
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_LONG_NUMBER = re.compile(r"\d[\d_]{4299,}")
"""As many digits as Python's own reader of numbers refuses."""


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

    def mark_of(self, key: str) -> SourceLocation:
        """Return the place of a key, or of its table; the first line where the file spells it otherwise."""
        named = re.compile(rf"\s*(?:(\[{{1,2}}){_OUTER})?[\"']?({re.escape(key)})[\"']?\s*[=.\]]")
        for number, line in enumerate(self.text.splitlines(), start=1):
            found = named.match(line)
            if found:
                start = found.start(1 if found[1] else 2)
                return SourceLocation(self.shown, number, start + 1, line, found.end(2) - start)
        return SourceLocation(self.shown, 1, 1)

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
    # Unlike those of Path, these say no of a folder that may not be looked into.
    if os.path.lexists(own):
        return _read(own, _text_of(own))
    project = folder / PROJECT
    if not os.path.isfile(project):  # noqa: PTH113
        return None
    try:
        text = _text_of(project)
    except InputError:
        return None  # whatever is wrong with it is for others to say
    return _table_of(project, text) if "costplan" in text else None


def _table_of(project: Path, text: str) -> SettingsFile | None:
    """Return what a project file says to costplan; None where it says nothing."""
    try:
        found = _read(project, text)
    except InputError:
        if _TABLE.search(text):
            raise
        return None
    tool = found.entries.get("tool")
    if not isinstance(tool, dict) or "costplan" not in tool:
        return None
    if not isinstance(tool["costplan"], dict):
        raise InputError(Fault("`tool.costplan` must be a table", found.mark_of("costplan")))
    return found._replace(entries=tool["costplan"])


def _opened(path: Path, shown: str) -> BinaryIO:
    try:
        return open_regular(path, shown)
    except InputError as error:
        hint = "put a file with settings there, or take it away"  # nobody named it, so no other can be named
        raise InputError(Fault(fault.message, hint=hint) for fault in error.faults) from None


def _text_of(path: Path) -> str:
    shown = os.path.relpath(path)
    try:
        with _opened(path, shown) as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise InputError(Reason("`{path}` is larger than 1 MiB: it cannot be a file of settings", shown))
        return data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise InputError(Reason("`{path}` is not UTF-8", shown)) from None
    except FileNotFoundError:
        raise InputError(Reason("`{path}` is a link to a file that is not there", shown)) from None
    except OSError as error:
        raise InputError(Reason("cannot read `{path}`: {why}", shown, reason_of(error))) from None


def _read(path: Path, text: str) -> SettingsFile:
    import tomllib  # only where there is such a file

    found = SettingsFile(path, text, {})
    try:
        return found._replace(entries=tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InputError(_no_toml(found, str(error))) from None
    except ValueError:  # of a number that is too long, which says no place
        raise InputError(_too_long(found)) from None
    except RecursionError:
        raise InputError(Reason("`{path}` is nested too deep", found.shown)) from None


def _no_toml(found: SettingsFile, said: str) -> Fault:
    place = _PLACE.search(said)
    lines = found.text.splitlines() or [""]
    line, column = len(lines), len(lines[-1]) + 1
    if place and place[1]:
        line, column = int(place[1]), int(place[2])
    mark = SourceLocation(found.shown, line, column, lines[min(line, len(lines)) - 1])
    return Fault(Reason("is not TOML: {place}", _why_no_toml(_PLACE.sub("", said))), mark)


def _why_no_toml(said: str) -> str:
    """Return what Python's reader says, as a reason: what it says of a key is a tuple of Python's."""
    character = re.match(r"(?:Illegal|Found invalid) character (.+)", said)
    if character:
        return Reason("the character {character} may not stand there", character[1])
    if said.startswith(("Cannot ", "Duplicate ")):
        return Reason("a key or a table stands there a second time")
    return Reason.of(said)


def _too_long(found: SettingsFile) -> Fault:
    number = _LONG_NUMBER.search(found.text)
    start = number.start() if number else 0
    mark = Source(found.shown, found.text).mark_at(start)
    return Fault("a number has more than 4,300 digits", mark)


def _refuse_unknown(found: SettingsFile, known: Collection[str]) -> None:
    unknown = [key for key in found.entries if key not in known]
    if unknown:
        raise InputError(
            Fault(
                Reason("{key}: unknown key", key or '""'),
                found.mark_of(key),
                hint=did_you_mean(key, known) or Reason("known are {names}", listed(known)),
            )
            for key in unknown
        )
