"""Records in PostgreSQL: `postgresql://user@host/database`; the password may come from `PGPASSWORD`."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, LiteralString

import psycopg

from costplan.messages.errors import InputError
from costplan.service.records import Record

_CONNECT_SECONDS = 5
_STATEMENT_MILLISECONDS = 10_000

_TABLE: LiteralString = """
create table if not exists predictions (
  id text primary key, request_id text not null, at timestamptz not null, model text not null,
  backend text not null, batch integer not null, duration_ms double precision not null, outputs json not null
)
"""
_INSERT: LiteralString = """
insert into predictions (id, request_id, at, model, backend, batch, duration_ms, outputs)
values (%(id)s, %(request_id)s, %(at)s, %(model)s, %(backend)s, %(batch)s, %(duration_ms)s, %(outputs)s)
on conflict (id) do nothing
"""


class PostgresqlStore:
    """One table in a database, over one connection."""

    scheme: ClassVar[str] = "postgresql"
    interval_seconds: ClassVar[float] = 0.5
    batch_size: ClassVar[int] = 1000

    def __init__(self, address: str) -> None:
        try:
            limits: dict[str, Any] = {"connect_timeout": _CONNECT_SECONDS, "application_name": "costplan"}
            given = psycopg.conninfo.conninfo_to_dict(address)
            self._address = psycopg.conninfo.make_conninfo("", **(limits | given))
        except psycopg.Error:  # its text quotes the address
            raise _unreadable() from None
        if not _is_plain(given):
            raise _unreadable()
        self._connection: psycopg.Connection | None = None

    def open(self) -> None:
        """Connect, and make the table when it is not there."""
        self._connection = psycopg.connect(self._address)
        self._connection.execute(f"set statement_timeout = {_STATEMENT_MILLISECONDS}")
        with contextlib.suppress(psycopg.errors.UniqueViolation):  # two replicas that start together
            self._connection.execute(_TABLE)
        self._connection.commit()

    def write(self, records: Sequence[Record]) -> None:
        """Insert all records in one transaction."""
        if self._connection is None:
            raise psycopg.OperationalError("not connected")
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(_INSERT, [record.as_fields() for record in records])

    def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _is_plain(given: Mapping[str, Any]) -> bool:
    """Say whether host and port are some: a password with `/` or `@` in it would be read as one of them."""
    ports = str(given.get("port", "")).split(",")
    named = f"{given.get('host', '')}{given.get('dbname', '')}{given.get('user', '')}"
    return all(port == "" or port.isdecimal() for port in ports) and not set(named) & set("@:? ")


def _unreadable() -> InputError:
    return InputError(
        "--record: the PostgreSQL address cannot be read",
        hint="postgresql://user@host:5432/database; `%`, `@`, `:`, `/` and blanks of a password are written "
        "%25, %40, %3A, %2F and %20, or it is given as PGPASSWORD",
    )
