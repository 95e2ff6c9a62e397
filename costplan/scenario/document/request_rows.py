"""The rows of a request log: a CSV as programs write it, or as spreadsheets save it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, datetime
from pathlib import Path
from typing import IO, NoReturn

from costplan.messages.errors import Fault, InputError, SourceLocation, reason_of
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible
from costplan.source.guard import kind_by_signature

MOST_BYTES = 256 * 1024 * 1024
SIGNATURE_BYTES = 512
DELIMITERS = ",;\t"
"""Between columns: a spreadsheet writes semicolons where a comma is the decimal mark."""

TIME, REQUESTS = "time", "requests"
_COUNT = re.compile(r"\d{1,12}", re.ASCII)
EXAMPLE = "write a time like `2026-11-02T09:15:00+03:00`"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a log."""

    moment: datetime
    """With its UTC offset, where one is written."""
    requests: int


@dataclass(slots=True)
class RequestRows:
    """Reads the rows of one log.

    Args:
        path: The file.
        shown: What messages call it.
    """

    path: Path
    shown: str
    _line: int = field(default=1, init=False)
    """Line on which the row begins that is being read."""

    def __iter__(self) -> Iterator[Row]:
        """Give the rows in file order.

        Raises:
            InputError: The file cannot be read, or is no such log; with the line.
        """
        try:
            yield from self._read()
        except OSError as error:
            raise InputError(
                Reason("cannot read `{path}`: {why}", visible(self.shown), reason_of(error))
            ) from None

    def _read(self) -> Iterator[Row]:
        if not self.path.is_file():
            raise InputError(Reason("`{path}` is not a regular file", visible(self.shown)))
        if self.path.stat().st_size > MOST_BYTES:
            raise InputError(
                Reason("`{path}` is larger than {most} MiB", visible(self.shown), MOST_BYTES >> 20)
            )
        with self.path.open("rb") as start:
            kind = kind_by_signature(start.read(SIGNATURE_BYTES))
        if kind:
            self._refuse(Reason("the file is {kind}, not UTF-8 text", kind), hint="save it as CSV in UTF-8")
        with self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            first = file.readline()
            delimiter = max(DELIMITERS, key=first.count)
            file.seek(0)
            yield from self._rows(self._cells(file, delimiter))

    def _cells(self, file: IO[str], delimiter: str) -> Iterator[list[str]]:
        reader = csv.reader(self._text_lines(file), delimiter=delimiter)
        while True:
            self._line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._refuse(Reason("is not CSV: {why}", error), hint="is a quote never closed?")
            yield row

    def _text_lines(self, file: IO[str]) -> Iterator[str]:
        for number, line in enumerate(file, start=1):
            if not line.isascii():
                found = re.search("[\udc80-\udcff]", line)
                if found:
                    self._line = number
                    byte = ord(found.group()) - 0xDC00
                    self._refuse(
                        Reason("byte 0x{byte} is not UTF-8", f"{byte:02x}"),
                        found.start() + 1,
                        "save the file as UTF-8",
                    )
            yield line

    def _rows(self, cells: Iterator[list[str]]) -> Iterator[Row]:
        header = [name.strip().lower() for name in next(cells, [])]
        for name in (TIME, REQUESTS):
            if header.count(name) > 1:
                self._refuse(
                    Reason("has {count} columns `{name}`", header.count(name), name), hint="keep one of them"
                )
        if TIME not in header:
            self._refuse_header(header, next(cells, []))
        time = header.index(TIME)
        count = header.index(REQUESTS) if REQUESTS in header else None
        uncounted = _Uncounted(header, time) if count is None else None
        for row in cells:
            if not row:
                continue
            if len(row) > len(header):
                why = Reason(
                    "has {count} cells under a header of {names}: `{row}`",
                    str(len(row)),
                    str(len(header)),
                    _shown(row),
                )
                self._refuse(why, hint="write numbers without separators, and texts with commas in quotes")
            moment = self._moment(row, time)
            if uncounted is not None and not uncounted.add(moment, row):
                uncounted = None
            yield Row(moment, 1 if count is None else self._requests(row, count))
        if uncounted is not None and uncounted.column is not None:
            self._line = 1
            hint = Reason(
                "call the column `{requests}`, not `{column}`, if it counts them",
                REQUESTS,
                visible(uncounted.column[:40]),
            )
            self._refuse(
                Reason("counts one request a row, as no column is called `{requests}`", REQUESTS), hint=hint
            )

    def _refuse_header(self, header: list[str], row: list[str]) -> NoReturn:
        """Refuse a log without a column `time`, and name the column that it should be."""
        hint = Reason(
            "call the column of the times `{time}`; one called `{requests}` may count them", TIME, REQUESTS
        )
        for name, cell in zip(header, row, strict=False):
            with suppress(ValueError):
                datetime.fromisoformat(cell.strip())
                hint = Reason("call the column `{time}`, not `{name}`", TIME, visible(name[:40]))
                break
        self._line = 1
        self._refuse(Reason("has no column `{time}`: {header}", TIME, listed(header)), hint=hint)

    def _moment(self, row: list[str], time: int) -> datetime:
        text = row[time].strip() if time < len(row) else ""
        try:
            moment = datetime.fromisoformat(text) if text.isascii() else None
        except ValueError:
            moment = None
        if moment is None or not MINYEAR < moment.year < MAXYEAR:  # an offset may lead beyond either
            self._refuse(
                Reason("is not a time with a number of requests: `{row}`", _shown(row)), hint=EXAMPLE
            )
        return moment

    def _requests(self, row: list[str], count: int) -> int:
        text = row[count].strip() if count < len(row) else ""
        if not _COUNT.fullmatch(text):
            shown = visible(text[:40])
            if _COUNT.fullmatch(text.removeprefix("-")):
                self._refuse(Reason("counts {shown} requests", shown))
            hint = "write up to twelve digits, without separators: `1000`"
            self._refuse(Reason("is not a whole number of requests: `{shown}`", shown), hint=hint)
        return int(text)

    def _refuse(self, message: str, column: int = 1, hint: str | None = None) -> NoReturn:
        raise InputError(Fault(message, SourceLocation(self.shown, self._line, column), hint=hint))


class _Uncounted:
    """Finds out whether rows without `requests` are sums all the same: a whole minute each, with a number."""

    def __init__(self, header: list[str], time: int) -> None:
        self._names = header
        self._numbers = set(range(len(header))) - {time}
        self._seen: Counter[datetime] = Counter()

    def add(self, moment: datetime, row: list[str]) -> bool:
        """Take in a row; say whether the rows so far may be sums."""
        self._numbers = {
            place for place in self._numbers if place < len(row) and _COUNT.fullmatch(row[place].strip())
        }
        self._seen[moment] += 1
        return bool(self._numbers) and not moment.second and self._seen[moment] == 1

    @property
    def column(self) -> str | None:
        """The column that holds the sums; None where no two rows tell."""
        return self._names[min(self._numbers)] if self._numbers and len(self._seen) > 1 else None


def _shown(row: list[str]) -> str:
    return visible(",".join(row)[:60])
