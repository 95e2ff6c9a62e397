"""Records in a real PostgreSQL: the test makes its own cluster on a free port and stops it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from own_time import wait_until
from service_process import Launch

from costplan.protocols.tensors import tensor
from costplan.service.records import Record
from costplan.service.stores import make_store

pytestmark = pytest.mark.live

FOLDERS = [
    *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
    Path("/usr/local/bin"),
    Path("/usr/bin"),
]


def find_programs() -> Path | None:
    return next(
        (folder for folder in FOLDERS if (folder / "initdb").is_file() and (folder / "pg_ctl").is_file()),
        None,
    )


@dataclass
class Cluster:
    programs: Path
    folder: Path
    port: int
    user: str | None

    @property
    def address(self) -> str:
        return f"postgresql://costplan@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *options: str) -> None:
        # PostgreSQL refuses to run as root; its output goes to a file, which the server keeps open.
        who: dict[str, Any] = {}
        if self.user:
            who = {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}
        with (self.folder / "log").open("ab") as log:
            subprocess.run(
                [self.programs / program, "-D", self.folder / "data", *options],
                check=True,
                timeout=60,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
                **who,
            )

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self.run("pg_ctl", "-w", "-t", "40", "-o", options, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-w", "-m", "immediate", "stop")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL's initdb and pg_ctl are not here (Debian: postgresql)")
    user = None
    if os.geteuid() == 0:
        known = {entry.pw_name for entry in pwd.getpwall()}
        user = "postgres" if "postgres" in known else "nobody"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="costplan-pg-"))  # short: a socket's path has at most 107 bytes
    found = Cluster(programs, folder, port, user)
    try:
        if user:
            shutil.chown(folder, user)
        found.run("initdb", "-U", "costplan", "--auth=trust", "-N", "-E", "UTF8", "--locale=C")
        found.start()
        yield found
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            found.stop()
        shutil.rmtree(folder, ignore_errors=True)


def rows(cluster: Cluster, columns: str, table: str = "predictions") -> list[tuple[Any, ...]]:
    with psycopg.connect(cluster.address) as connection:
        return connection.execute(f"select {columns} from {table} order by id").fetchall()  # type: ignore[arg-type]


def test_the_store_writes_types_and_keeps_the_first_of_two(cluster: Cluster) -> None:
    import numpy as np

    odd = [
        tensor("text", np.array([b"\x00'; drop table predictions; --"], dtype=object)),
        tensor("x", np.array([np.nan])),
    ]
    first = Record("a", "r'1", 1_700_000_000.25, "m", "b", 2, 0.5, odd)
    store = make_store(cluster.address)
    assert store is not None
    store.open()
    store.write([first])
    store.write([first, Record("b", "r2", 0.0, "m", "b", 1, 1.5, [])])
    store.close()
    found = rows(cluster, "id, request_id, at, batch, duration_ms, outputs")
    assert [row[0] for row in found] == ["a", "b"]
    assert found[0][1:5] == ("r'1", datetime.fromtimestamp(1_700_000_000.25, UTC), 2, 0.5)
    assert found[0][5] == {"text": ["\x00'; drop table predictions; --"], "x": ["nan"]}


def test_the_service_records_through_a_restart_of_the_database(cluster: Cluster, launch: Launch) -> None:
    process = launch("--record", cluster.address, "--name", "digits")
    picture = {"pixels": [[0] * 8] * 8}

    def ask(request_id: str) -> None:
        reply = httpx.post(process.url + "/predict", json=picture, headers={"X-Request-Id": request_id})
        assert reply.status_code == 200

    def metrics() -> str:
        return httpx.get(process.url + "/metrics").text

    ask("before")
    wait_until(lambda: 'records_total{outcome="written"} 1.0' in metrics(), "the first record")
    cluster.stop()
    ask("while it is down")  # not a harmless id: the service makes its own
    ask("while-down")
    wait_until(lambda: "record_write_failures_total 0.0" not in metrics(), "a failure to write")
    cluster.start()
    assert process.stop() == 0
    kept = [row[0] for row in rows(cluster, "request_id") if not row[0].startswith("r")]
    assert len(kept) == 3
    assert {"before", "while-down"} <= set(kept)
    reasons = [line["reason"] for line in process.events("records cannot be written")]
    assert len(reasons) == 1
