"""Records in a SQLite file: `sqlite:///relative.db` or `sqlite:////absolute.db`."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import ClassVar

from costplan.messages.errors import InputError
from costplan.service.records import COLUMNS, Record

_TABLE = """
create table if not exists predictions (
  id text primary key, request_id text not null, at text not null, model text not null,
  backend text not null, batch integer not null, duration_ms real not null, outputs text not null
)
"""
_INSERT = f"insert or ignore into predictions values ({', '.join('?' * len(COLUMNS))})"  # noqa: S608


class SqliteStore:
    """One file, written ahead (WAL) so that it can be read while the service runs."""

    scheme: ClassVar[str] = "sqlite"
    interval_seconds: ClassVar[float] = 0.05
    batch_size: ClassVar[int] = 1000

    def __init__(self, address: str) -> None:
        path = address.removeprefix("sqlite:///")
        if not path or path == address or "?" in path:
            raise InputError(
                "--record: a SQLite address names a file", hint="sqlite:///predictions.db, or none"
            )
        self._path = Path(path)
        self._connection: sqlite3.Connection | None = None

    def open(self) -> None:
        """Open the file and make the table when it is not there."""
        connection = sqlite3.connect(self._path, timeout=5.0, check_same_thread=False)
        self._connection = connection
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=normal")
        connection.execute(_TABLE)
        connection.commit()

    def write(self, records: Sequence[Record]) -> None:
        """Insert all records in one transaction."""
        if self._connection is None:
            raise sqlite3.ProgrammingError("the file is not open")
        with self._connection:
            self._connection.executemany(_INSERT, [tuple(record.as_fields().values()) for record in records])

    def close(self) -> None:
        """Fold the log into the file and close it."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with closing(connection):
                connection.execute("pragma wal_checkpoint(truncate)")
