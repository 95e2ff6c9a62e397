"""From a file to text that is safe to parse: kind of file, size, encoding, characters."""

from __future__ import annotations

import errno
import os
import re
import stat
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from costplan.messages.errors import Fault, InputError, SourceLocation, did_you_mean, reason_of
from costplan.messages.reason import Reason

FAULT_LIMIT = 50
"""Most faults reported for one file; one in each line must not fill the terminal."""

_BREAK = re.compile("\r\n?|\n")

UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
"""What no input may hold: C0 but tab and line breaks, DEL, C1, U+2028/9, lone surrogates, a BOM inside."""


class Source:
    """One input's name and text; finds lines and columns when an error needs them."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self._starts = [0]
        """Where the lines begin, as far as an error needed them."""
        self._breaks = _BREAK.finditer(text)

    def mark(self, line: int, column: int, length: int = 1) -> SourceLocation:
        """Make the mark of a place; line and column count from 0, a negative length is the line's rest."""
        text = ""
        while len(self._starts) < line + 2 and (found := next(self._breaks, None)):
            self._starts.append(found.end())
        if line < len(self._starts):
            end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self.text)
            text = self.text[self._starts[line] : end].rstrip("\r\n")
        if length < 0:
            length = len(text.rstrip()) - column
        return SourceLocation(self.file, line + 1, column + 1, text, max(1, length))

    def mark_at(self, offset: int) -> SourceLocation:
        """Make the mark of the character at `offset` of the text."""
        while self._starts[-1] <= offset and (found := next(self._breaks, None)):
            self._starts.append(found.end())
        line = bisect_right(self._starts, offset) - 1
        return self.mark(line, offset - self._starts[line])


Place = tuple[Source, int, int, int]
"""Source, line and column from 0, length: what a mark is made of, cheap enough to keep for every node."""


def read_file(path: Path, file: str, limit_bytes: int) -> bytes:
    """Read a regular file of at most `limit_bytes`; never blocks on a FIFO, never opens a device.

    Raises:
        InputError: There is no such file, it is not a regular file, it is too large or cannot be read.
    """
    try:
        with open_regular(path, file) as handle:
            size = os.fstat(handle.fileno()).st_size
            if size > limit_bytes:
                raise too_large(file, Reason("{size} bytes", size), limit_bytes)
            return handle.read(limit_bytes + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(path, file, error) from None


def open_regular(path: Path, file: str) -> BinaryIO:
    """Open a regular file to read; never blocks on a FIFO, never opens a device.

    Raises:
        InputError: It is something else.
        OSError: There is no such file, or it cannot be opened.
    """
    _require_regular(os.stat(path).st_mode, file)  # noqa: PTH116
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = open(os.open(path, flags), "rb")  # noqa: PTH123, SIM115
    try:
        _require_regular(os.fstat(handle.fileno()).st_mode, file)  # it may have been replaced since
    except InputError:
        handle.close()
        raise
    return handle


def _require_regular(mode: int, file: str) -> None:
    if stat.S_ISREG(mode):
        return
    kinds = {
        stat.S_IFDIR: Reason("a directory"),
        stat.S_IFIFO: Reason("a FIFO"),
        stat.S_IFSOCK: Reason("a socket"),
        stat.S_IFCHR: Reason("a device"),
        stat.S_IFBLK: Reason("a device"),
    }
    kind = kinds.get(stat.S_IFMT(mode), Reason("a special file"))
    hint = (
        "name a file inside it" if stat.S_ISDIR(mode) else "copy its content to a file, or pipe it in as `-`"
    )
    raise InputError(Reason("{file}: is {kind}, not a file", file, kind), hint=hint)


def _unreadable(path: Path, file: str, error: Exception) -> InputError:
    if isinstance(error, FileNotFoundError):
        with suppress(OSError, ValueError):
            beside = [entry.name for entry in islice(path.parent.iterdir(), 1000)]
            return InputError(
                Reason("{file}: there is no such file", file=str(file)), hint=did_you_mean(path.name, beside)
            )
        return InputError(Reason("{file}: there is no such file", file=str(file)))
    if isinstance(error, PermissionError):
        return InputError(Reason("{file}: may not be read", file), hint="check the file's permissions")
    if isinstance(error, OSError):
        words = {
            errno.ENAMETOOLONG: Reason("the name is too long"),
            errno.ELOOP: Reason("symbolic links lead in a circle"),
            errno.ENOTDIR: Reason("a part of the path is not a directory"),
        }
        return InputError(
            Reason(
                "{file}: {why}",
                file,
                words.get(error.errno or 0) or reason_of(error),
            )
        )
    return InputError(Reason("{file}: is not a path", file))  # ValueError: a NUL in the name


def too_large(file: str, size: str, limit_bytes: int) -> InputError:
    """Return the error for an input of `size` (in words) that is over the limit."""
    shown = f"{limit_bytes >> 20} MiB" if limit_bytes % (1 << 20) == 0 else f"{limit_bytes:,} bytes"
    return InputError(
        Reason("{file}: holds {size}, the limit is {shown}", file, size, shown), hint="split the file"
    )


def decode(data: bytes, file: str, *, is_yaml: bool = True) -> Source:
    """Decode UTF-8, with or without a byte order mark, and refuse what no text should hold.

    Raises:
        InputError: The bytes are not UTF-8 (with a guess at what they are), or the text holds control
            characters or YAML directives.
    """
    guess = kind_by_signature(data)
    if guess:
        raise InputError(
            Fault(
                Reason("the file is {guess}, not UTF-8 text", guess),
                SourceLocation(file, 1, 1),
                hint="save it as UTF-8",
            )
        )
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        source = Source(file, data.decode())
    except UnicodeDecodeError as error:
        raise InputError(_undecodable(data, file, error)) from None
    faults = list(islice(_unsafe_characters(source, is_yaml), FAULT_LIMIT))
    if faults:
        raise InputError(faults)
    return source


_SIGNATURES = (
    (b"\xff\xfe\0\0", "UTF-32"),
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"\x1f\x8b", Reason("gzip data")),
    (b"PK\x03\x04", Reason("a zip archive")),
)


def kind_by_signature(data: bytes) -> str | None:
    """Name what a file is by its first bytes; None where they may be the beginning of UTF-8 text."""
    for start, name in _SIGNATURES:
        if data.startswith(start):
            return name
    head = data[:512]
    if len(head) >= 4 and head.count(0) * 3 >= len(head):
        even, odd = head[::2].count(0), head[1::2].count(0)
        if not even or not odd:
            return Reason("UTF-16 without a byte order mark")
    return None


def _undecodable(data: bytes, file: str, error: UnicodeDecodeError) -> Fault:
    source = Source(file, data.decode(errors="replace"))
    mark = source.mark_at(len(data[: error.start].decode()))
    if error.reason == "unexpected end of data":
        return Fault("the file ends in the middle of a character", mark, hint="is the file cut short?")
    if data[error.start] == 0xED and data[error.start + 1 : error.start + 2] >= b"\xa0":
        return Fault("a lone surrogate, which is not a character", mark, hint="delete it")
    message = Reason("byte 0x{byte} is not UTF-8", f"{data[error.start]:02x}")
    encoding = _guess_encoding(data, source.text)
    if encoding is None:
        return Fault(message, mark, hint="type the character anew")
    hint = Reason(
        "the file looks like {encoding}; save it as UTF-8: `iconv -f {encoding} -t UTF-8 FILE`", encoding
    )
    return Fault(message, mark, hint=hint)


_FREQUENT = frozenset("оеаинтсрвл")
"""The ten letters that make up 60 % of Russian text; a wrong code page turns them into rare ones."""


def _guess_encoding(data: bytes, replaced: str) -> str | None:
    beyond = len(replaced) - len(replaced.encode("ascii", "ignore"))
    if beyond > 2 * replaced.count("\ufffd"):
        return None  # UTF-8 with a broken place
    head = data[: 1 << 16]
    if not re.search(rb"[\x80-\xff]{2}", head):
        return "CP1252"  # accents stand alone in a word, Cyrillic letters do not
    high = sum(byte > 0x7F for byte in head)

    def score(encoding: str) -> int:
        return sum(letter in _FREQUENT for letter in head.decode(encoding, "ignore"))

    best = max(("CP1251", "KOI8-R", "CP866"), key=score)
    return best if score(best) * 4 >= high else None


def _unsafe_characters(source: Source, is_yaml: bool) -> Iterator[Fault]:
    text = source.text
    for found in UNSAFE.finditer(text):
        yield Fault(
            Reason("{found} is not allowed", describe(found.group())),
            source.mark_at(found.start()),
            hint="delete it",
        )
    if is_yaml and (text.startswith("%") or "\n%" in text or "\r%" in text):
        # libyaml needs minutes for 5 MiB of %TAG lines, so none of them may reach it
        for found in re.finditer(r"(?:\A|(?<=[\r\n]))%\S*", text):
            word = found.group()[:40]
            yield Fault(
                Reason("a line begins with `{word}`: YAML directives are not read", word),
                source.mark_at(found.start()),
                hint="delete the line; indent it if it belongs to a text",
            )


def describe(character: str) -> str:
    """Name a character of `UNSAFE` for a message."""
    code = f"U+{ord(character):04X}"
    names = {"\0": Reason("a NUL byte"), "\ufeff": Reason("a byte order mark inside the text ({code})", code)}
    if "\ud800" <= character <= "\udfff":
        return Reason("the lone surrogate {code}", code)
    if character in "\u2028\u2029":
        return Reason("the invisible line break {code}", code)
    return names.get(character, Reason("the control character {code}", code))
