"""Runs of `costplan bench` that are kept in a folder: their samples, and their results."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from costplan.messages.errors import InputError, reason_of
from costplan.messages.reason import Reason
from costplan.messages.result import Result
from costplan.messages.text import visible

BENCH_LIST_SCHEMA: Final = "costplan/bench-list/1"
SAMPLES, RESULT = ".jsonl", ".json"
OWN: Final = re.compile(r"(?P<name>run-(?P<at>\d{8}T\d{6})-\d+)(?P<ending>\.jsonl?)")
"""Names that `costplan bench` gives; nothing else in the folder is its own."""
_AT: Final = "%Y%m%dT%H%M%S"
_MOST_BYTES: Final = 4 * 1024 * 1024
"""Of what is read of a file: a result is no larger, nor is the first line of samples."""


@dataclass(frozen=True, slots=True)
class KeptRun:
    """One run."""

    name: str
    """`costplan bench show NAME` shows it."""
    started: datetime
    model: str
    target: str
    verdict: str | None
    """None where only samples are kept: the run was killed, or goes on."""
    capacity_requests_per_second: float | None
    bytes: int
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BenchList(Result):
    """The runs of a folder, the newest first."""

    schema: str
    folder: str
    action: Literal["listed", "would-remove", "removed"]
    runs: tuple[KeptRun, ...]
    """Those that are listed, or go."""
    stay: tuple[str, ...] = ()
    """What lies there and is not touched: files of others, links, folders."""

    @property
    def bytes(self) -> int:
        """Return how much all of them take."""
        return sum(run.bytes for run in self.runs)


def kept_runs(folder: Path, shown_as: str) -> BenchList:
    """Look through a folder; one that is not there holds nothing.

    Raises:
        InputError: It cannot be read.
    """
    own: dict[str, list[os.DirEntry[str]]] = {}
    others = []
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        entries = []
    except OSError as error:
        raise InputError(
            Reason("cannot read the folder `{path}`: {why}", visible(shown_as), reason_of(error))
        ) from None
    for entry in entries:
        name = _own_name(entry)
        if name is None:
            others.append(entry.name)
        else:
            own.setdefault(name, []).append(entry)
    runs = [_kept_run(name, files) for name, files in own.items()]
    newest_first = tuple(sorted(runs, key=lambda run: (run.started, run.name), reverse=True))
    return BenchList(BENCH_LIST_SCHEMA, shown_as, "listed", newest_first, tuple(others))


def older_than(runs: Iterable[KeptRun], seconds: float, now: datetime) -> Iterator[KeptRun]:
    """Give those that started longer ago."""
    yield from (run for run in runs if (now - run.started).total_seconds() > seconds)


def _own_name(entry: os.DirEntry[str]) -> str | None:
    """Return the run that a file belongs to; None for what is not our own: only regular files are."""
    found = OWN.fullmatch(entry.name)
    if found is None or not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
        return None
    try:
        datetime.strptime(found["at"], _AT)
    except ValueError:
        return None
    return found["name"]


def _kept_run(name: str, files: Iterable[os.DirEntry[str]]) -> KeptRun:
    by_ending = {Path(file.name).suffix: file for file in files}
    found = _result(by_ending.get(RESULT)) or _first_line(by_ending.get(SAMPLES))
    capacity = _part(found, "capacity").get("requests_per_second")
    verdict = found.get("verdict") if RESULT in by_ending else None
    match = OWN.fullmatch(f"{name}{SAMPLES}")
    assert match is not None
    return KeptRun(
        name=name,
        started=datetime.strptime(match["at"], _AT).replace(tzinfo=UTC),
        model=_text(_part(found, "model").get("name")),
        target=_text(found.get("target")),
        verdict=_text(verdict) or None,
        capacity_requests_per_second=float(capacity) if isinstance(capacity, (int, float)) else None,
        bytes=sum(file.stat(follow_symlinks=False).st_size for file in by_ending.values()),
        files=tuple(file.name for file in by_ending.values()),
    )


def _result(file: os.DirEntry[str] | None) -> dict[str, Any]:
    return _parsed(Path(file.path).read_bytes()[:_MOST_BYTES]) if file is not None else {}


def _first_line(file: os.DirEntry[str] | None) -> dict[str, Any]:
    """Return what a journal says of its run before the first sample."""
    if file is None:
        return {}
    with Path(file.path).open("rb") as opened:
        return _part(_parsed(opened.readline(_MOST_BYTES)), "run")


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _part(found: dict[str, Any], name: str) -> dict[str, Any]:
    part = found.get(name)
    return part if isinstance(part, dict) else {}


def _text(value: object) -> str:
    return visible(value[:200]) if isinstance(value, str) else ""
