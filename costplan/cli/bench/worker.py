"""`costplan bench worker`: one of several load generators, from its options to its samples."""

from __future__ import annotations

import ipaddress
import json
import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from costplan.cli.bench.effects import refuse_without_effect
from costplan.cli.bench.options import (
    BenchWords,
    mode_of,
    place_of,
    seconds,
    session_options,
    target_of,
    whole,
)
from costplan.cli.language import translator
from costplan.cli.streams import complain, say
from costplan.language.measured import measured_reason
from costplan.messages.errors import ExitCode, InputError
from costplan.messages.reason import Reason
from costplan.messages.text import shortened, visible

if TYPE_CHECKING:
    from costplan.bench.cluster.worker import WorkerOptions
    from costplan.bench.load.slices import Slice

COLLECT_S = 60.0
"""How long the first worker waits for the journals of the others, beyond a timeout."""
_RUN_ID = re.compile(r"[a-z](?:[-a-z0-9]{0,50}[a-z0-9])?")
"""Also a name of a Job whose pods' names stay within 63 characters."""
_WINDOW_S = 10.0


class WorkerWords(NamedTuple):
    """What the workers of a run have to know besides the load."""

    workers: str
    run_id: str | None = None
    which: str | None = None
    """Its index, from 0."""
    folder: Path = Path()
    start_at: str | None = None
    wait: str | None = None
    collects: bool = False


def run_worker(load: BenchWords, words: WorkerWords) -> int | None:
    """Send one worker's part of a load and journal it.

    Returns:
        130 after Ctrl-C, 1 when samples are missing, else None.
    """
    from costplan.bench.cluster.worker import run_worker as send
    from costplan.bench.load.interrupts import Interrupts
    from costplan.bench.targets import open_target

    part = _part(words)
    name, chosen = target_of(load)
    options = worker_options(load, words, part)
    there = chosen.endpoint.address if chosen.endpoint is not None else "127.0.0.1"
    options = replace(options, is_co_located=ipaddress.ip_address(there).is_loopback)
    said = translator()
    with Interrupts() as interrupts:
        problem = send(
            open_target(name, chosen),
            options,
            interrupts=interrupts,
            tell=lambda why: say(said.reason(why) + "\n"),
        )
        was_interrupted = interrupts.requested
    if problem is not None:
        why = problem if isinstance(problem, Reason) else measured_reason(problem)
        complain(said("worker {index}: {why}", index=part.index, why=said.reason(why)) + "\n")
    if words.collects and part.index == 0 and not was_interrupted:
        _collect(options)
    if was_interrupted:
        return int(ExitCode.INTERRUPTED)
    return int(ExitCode.NO) if problem is not None else None


def _collect(options: WorkerOptions) -> None:
    """Join the journals of all workers and print the result as one line."""
    from costplan.bench.cluster.collect import collect
    from costplan.bench.document import plain_data
    from costplan.cli.output import write

    wait_s = options.settings.limits.timeout_s + COLLECT_S
    merged = collect(options.folder, options.run_id, options.settings.part.count, wait_s)
    write(json.dumps(plain_data(merged)) + "\n", None)


def worker_options(load: BenchWords, words: WorkerWords, part: Slice) -> WorkerOptions:
    """Check the options about the load that is shared, and how.

    Raises:
        InputError: One of them is wrong, or cannot be shared.
    """
    from costplan.bench.cluster.worker import LEAD_IN_S, WorkerOptions, window_for
    from costplan.bench.load.schedule import Arrivals
    from costplan.bench.load.settings import LoadSettings, Mode

    if load.rate is None and load.concurrency is None:
        raise InputError(
            "nothing says how much load there is to share",
            hint="give --rate R for arrivals, or --concurrency N for a closed loop",
        )
    mode = Mode(mode_of(load))
    name, address = place_of(load)
    if address is None:
        raise InputError("several generators need a server that runs", hint="give --address URL")
    refuse_without_effect(load, mode.value, name, is_remote=True)
    told = session_options(load)
    if told.arrivals is Arrivals.RECORDED:
        raise InputError("--arrivals: recorded offsets cannot be shared", hint="use poisson or constant")
    if mode is Mode.CLOSED and told.concurrency < part.count:
        raise InputError(
            Reason(
                "{count} connections cannot be shared by {workers} workers",
                str(told.concurrency),
                str(part.count),
            ),
            hint="give each worker one at least",
        )
    asked_s = told.window_s if load.duration is not None else _WINDOW_S
    settings = LoadSettings(
        mode,
        window_s=window_for(told.slo, asked_s, told.rate),
        lead_in_s=LEAD_IN_S,
        concurrency=told.concurrency,
        requests_per_second=told.rate,
        arrivals=told.arrivals,
        seed=told.seed,
        limits=told.limits,
        part=part,
    )
    return WorkerOptions(
        settings,
        told.slo,
        _run_id(words.run_id),
        words.folder,
        start_at=None if words.start_at is None else _moment(words.start_at),
        wait_s=600.0 if words.wait is None else seconds("--wait", words.wait),
        model_name=told.model_name,
        flags=load.flags(),
    )


def _part(words: WorkerWords) -> Slice:
    """Return which worker this is; Kubernetes says it in the environment."""
    from costplan.bench.load.slices import Slice

    index = words.which if words.which is not None else os.environ.get("JOB_COMPLETION_INDEX")
    if index is None:
        raise InputError("which worker is this?", hint="give --index, from 0")
    if not words.folder.is_dir():
        raise InputError(
            Reason("--folder: there is no folder `{path}`", visible(shortened(str(words.folder), 120)))
        )
    return Slice(whole("--index", index, 0, least=0), whole("--workers", words.workers, 1))


def _run_id(text: str | None) -> str:
    if text is None or not _RUN_ID.fullmatch(text):
        raise InputError(
            Reason(
                "--run-id: must be of small letters, digits and `-`, got `{text}`", visible((text or "")[:80])
            ),
            hint="at most 52 characters, beginning with a letter",
        )
    return text


def _moment(text: str) -> float:
    """Read a moment with its zone, such as `2026-11-29T12:40:00Z`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.min
    if found.tzinfo is None:
        raise InputError(
            Reason("--start-at: is no moment with its zone: {text}", visible(text[:40])),
            hint=Reason("write {example}", f"{datetime.now(UTC) + timedelta(minutes=5):%Y-%m-%dT%H:%M:00Z}"),
        )
    if found <= datetime.now(UTC):
        raise InputError(Reason("--start-at: {text} is past", visible(text[:40])))
    return found.timestamp()
