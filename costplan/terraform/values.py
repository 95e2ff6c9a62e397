"""Values of one resource: known, unknown until apply, or hidden because they are sensitive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from costplan.messages.errors import Fault, InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.source.guard import Place
from costplan.source.tree import mark_of

Path = tuple[str | int, ...]
"""Keys of blocks and numbers of their rows."""


@dataclass(frozen=True, slots=True)
class NotRead:
    """A mark of a value that Terraform would know and that was not to be had without it."""

    fault: Fault


class UnknownValueError(Exception):
    """An attribute that the price hangs on is not known before apply, or is sensitive."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class _Unknown:
    """What stands for a value that only the server will fill in."""

    def __bool__(self) -> bool:
        return False


UNKNOWN = _Unknown()


class Values:
    """A block of a resource with what is unknown in it; blocks of one are entered as if they were plain."""

    def __init__(
        self,
        plain: Any,
        unknown: Any = None,
        sensitive: Any = None,
        *,
        place: Place,
        at: Path = (),
        asked: set[Path] | None = None,
    ) -> None:
        self._plain = plain
        self._unknown = unknown
        self._sensitive = sensitive
        self._at = at
        self._place = place
        self.asked: set[Path] = set() if asked is None else asked
        """Paths that were looked at: what the price hangs on."""

    def find(self, path: str) -> Any:
        """Return what stands at a path: a value, None for none, or `UNKNOWN`."""
        steps = _steps(path)
        self.asked.add(self._at + steps if self._at else steps)
        plain, unknown, sensitive = self._plain, self._unknown, self._sensitive
        for step in steps:
            if isinstance(plain, list):
                plain = plain[0] if plain else None
                unknown, sensitive = _first(unknown), _first(sensitive)
            if unknown:  # no mark, `false` and empty marks say that all is known
                unknown = _inside(unknown, step)
            if sensitive:
                sensitive = _inside(sensitive, step)
            plain = plain.get(step) if isinstance(plain, dict) else None
        if isinstance(unknown, NotRead):
            raise InputError(unknown.fault)
        return UNKNOWN if unknown is True or sensitive is True else plain

    def blocks(self, path: str) -> list[Values]:
        """Return the blocks at a path: of a list or a set, the values of a map, or a single one.

        Raises:
            UnknownValueError: How many there are is not known.
        """
        found = self.find(path)
        if found is UNKNOWN:
            raise UnknownValueError(self.path_of(path))
        unknown, sensitive = self._mark(self._unknown, path), self._mark(self._sensitive, path)
        if isinstance(found, dict) and found and all(isinstance(one, dict) for one in found.values()):
            keys: Iterator[Any] = iter(found)
            rows = list(found.values())
        else:
            rows = found if isinstance(found, list) else [] if found is None else [found]
            keys = iter(range(len(rows)))
        return [
            Values(
                row,
                _inside(unknown, key),
                _inside(sensitive, key),
                place=self._place,
                at=(*self._at, *path.split("."), key),
                asked=self.asked,
            )
            for row, key in zip(rows, keys, strict=True)
        ]

    @staticmethod
    def _mark(marks: Any, path: str) -> Any:
        for step in path.split("."):
            marks = _inside(_first(marks) if isinstance(marks, list) else marks, step)
        return marks

    def has(self, path: str) -> bool:
        """Say whether something known and not empty stands at a path."""
        return self.find(path) not in (None, UNKNOWN, [], {}, "")

    def text(self, path: str) -> str | None:
        """Return a scalar as the text of a scenario; None where there is none.

        Raises:
            UnknownValueError: It is not known.
            InputError: A block stands there.
        """
        found = self.find(path)
        if found is UNKNOWN:
            raise UnknownValueError(self.path_of(path))
        if found is None:
            return None
        if isinstance(found, bool):
            return str(found).lower()
        if isinstance(found, (str, int)):
            return str(found)
        raise self.fault(path, Reason("must be a single value"))

    def needed(self, path: str) -> str:
        """Return a scalar that a price cannot do without.

        Raises:
            UnknownValueError: It is not known, or not there.
        """
        found = self.text(path)
        if found is None:
            raise UnknownValueError(self.path_of(path))
        return found

    def number(self, path: str) -> int:
        """Return a whole number; 0 where there is none.

        Raises:
            UnknownValueError: It is not known.
            InputError: It is no whole number from 0 on.
        """
        text = self.text(path)
        if text is None or text == "":
            return 0
        whole = text[:-2] if text.endswith(".0") else text
        if not (whole.isascii() and whole.isdigit() and len(whole) < 16):
            raise self.fault(path, Reason("must be a whole number, got `{value}`", visible(text[:40])))
        return int(whole)

    def flag(self, path: str) -> bool:
        """Say whether a switch is known to be on."""
        return self.find(path) in (True, "true")

    def path_of(self, path: str) -> str:
        """Return a path from the top of the resource."""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self._at)
        return visible(f"{''.join(steps)}.{path}".lstrip("."))

    def fault(self, path: str, message: Reason) -> InputError:
        """Return the error of a value, placed at the resource."""
        return InputError(Fault(message, mark_of(self._place), self.path_of(path)))


@lru_cache(maxsize=1000)
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def _first(marks: Any) -> Any:
    if isinstance(marks, list):
        return marks[0] if marks else None
    return marks


def _inside(marks: Any, step: Any) -> Any:
    """Return what is marked inside a block; a mark of the whole holds for all of it."""
    if marks is True or isinstance(marks, NotRead):
        return marks
    if isinstance(marks, dict):
        return marks.get(step)
    if isinstance(marks, list) and isinstance(step, int):
        return marks[step] if step < len(marks) else None
    return None
