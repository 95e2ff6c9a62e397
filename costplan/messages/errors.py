"""What can go wrong, said so that it can be fixed: a place, a sentence, a hint, an exit code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from costplan.messages.installation import install_line
from costplan.messages.reason import Reason
from costplan.messages.text import nearest, shortened, visible


class ExitCode(IntEnum):
    """What the process ends with; documented in the README and reached by a test each."""

    DONE = 0
    """The command did what was asked."""
    NO = 1
    """The answer is no: a budget is exceeded, a check fails, a price is missing under `--strict`."""
    USAGE = 2
    """Wrong usage or wrong input; the message says where and what to write instead."""
    DEFECT = 70
    """A defect of costplan itself (EX_SOFTWARE of sysexits.h)."""
    INTERRUPTED = 130
    """Ended by Ctrl-C (128 + SIGINT)."""


_PATH_WIDTH = 200
_MESSAGE_WIDTH = 1000
"""Longest path and message that an error shows: a name of a megabyte must not fill the terminal."""

FAULTS_SHOWN = 50
"""Most faults that an error shows; whoever fixes these finds the next ones."""


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """A place in an input: a file's line and column, both counted from 1; line 0 is what no line says."""

    file: str
    line: int
    column: int
    text: str = ""
    """The whole source line, without its newline; empty when there is none to show."""
    length: int = 1
    """How many characters of the line are meant."""

    def __str__(self) -> str:
        return f"{self._file}:{self.line}:{self.column}" if self.line else self._file

    @property
    def named(self) -> str:
        """Its name in an error: in an option, such as `--set path=value`, nobody counts lines."""
        return self._file if self.file.startswith("--") else str(self)

    @property
    def _file(self) -> str:
        return visible(shortened(self.file, _PATH_WIDTH))


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with an input."""

    message: str
    mark: SourceLocation | None = None
    path: str = ""
    """Where in the document: `resources.inference.vcpu`."""
    hint: str | None = None
    """What to do at once."""
    choices: tuple[str, ...] = ()
    """All that may stand there, a line each."""

    def __str__(self) -> str:
        return self.text()

    def text(self, hint: str = "hint") -> str:
        """Write it with its place, the line of the file and what to do.

        Args:
            hint: What stands before that.
        """
        where = f"{self.mark.named}: " if self.mark else ""
        path = f"{visible(shortened(self.path, _PATH_WIDTH))}: " if self.path else ""
        lines = [f"{where}{path}{visible(shortened(self.message, _MESSAGE_WIDTH))}"]
        if self.mark and self.mark.text:
            lines += _quoted_line(self.mark)
        if self.hint:
            lines.append(f"  {hint}: {visible(shortened(self.hint, _MESSAGE_WIDTH))}")
        lines += [f"    {visible(shortened(choice, _MESSAGE_WIDTH))}" for choice in self.choices]
        return "\n".join(lines)


_LINE_WIDTH = 120
"""Longest piece of a source line that an error shows: a 10 MB line must not fill the terminal."""


def _quoted_line(mark: SourceLocation) -> list[str]:
    start = max(0, mark.column - 1 - _LINE_WIDTH // 2) if len(mark.text) > _LINE_WIDTH else 0
    piece = mark.text[start : start + _LINE_WIDTH]
    before = visible(piece[: mark.column - 1 - start])
    meant = visible(piece[mark.column - 1 - start : mark.column - 1 - start + mark.length])
    number = str(mark.line)
    caret = " " * len(before) + "^" * max(1, len(meant))
    return [f"  {number} | {visible(piece)}", f"  {' ' * len(number)} | {caret}"]


@dataclass(frozen=True, slots=True)
class Refusal(Fault):
    """What the provider would refuse: right as it is written, but not sold so."""


class CostplanError(Exception):
    """The base of every error that a user can fix; carries all faults found, in file order."""

    exit_code = ExitCode.USAGE

    def __init__(self, faults: Fault | str | Iterable[Fault], *, hint: str | None = None) -> None:
        if isinstance(faults, str):
            faults = Fault(faults, hint=hint)
        self.faults: Sequence[Fault] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        shown = [str(fault) for fault in self.faults[:FAULTS_SHOWN]]
        if len(self.faults) > FAULTS_SHOWN:
            shown.append(Reason("there are more faults; the first {count} are shown", str(FAULTS_SHOWN)))
        super().__init__("\n".join(shown))


class InputError(CostplanError):
    """A scenario, a catalog, a measurement or an option is wrong."""


class CatalogError(InputError):
    """The catalog contradicts itself or cannot be read."""


class MissingExtraError(CostplanError):
    """A command needs an optional part of costplan that is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            Reason("{what} needs the `{extra}` extra, which is not installed", what=what, extra=extra),
            hint=install_line(extra),
        )


def reason_of(error: Exception) -> str:
    """Return the reason in what the system, or a library, says."""
    said = error.strerror if isinstance(error, OSError) else None
    return Reason.of(said or str(error))


def did_you_mean(word: str, choices: Iterable[str]) -> str | None:
    """Return the hint that names the nearest choice, or None when none is near."""
    found = nearest(word, choices)
    return Reason("did you mean `{name}`?", name=found) if found else None
