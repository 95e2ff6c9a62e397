"""`costplan bench cluster` and `merge`: workers in Kubernetes, and their samples as one result."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from costplan.cli.bench.options import (
    BenchWords,
    place_of,
    whole,
)
from costplan.cli.bench.worker import COLLECT_S, WorkerWords, worker_options
from costplan.cli.language import translator
from costplan.cli.streams import complain, say
from costplan.messages.errors import ExitCode, InputError
from costplan.messages.reason import Reason
from costplan.messages.text import shortened, visible

if TYPE_CHECKING:
    from costplan.bench.cluster.manifest import JobOptions
    from costplan.measurement.model import Measurement

_SIZE = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,3})?(?:m|Ki|Mi|Gi|Ti|k|M|G|T)?")
_NAME = re.compile(r"[a-z0-9](?:[-.a-z0-9]{0,250}[a-z0-9])?")
_IMAGE = re.compile(r"[A-Za-z0-9][-A-Za-z0-9._/:@]{0,499}")
_PREPARE_S = 120.0


class JobWords(NamedTuple):
    """The options of `costplan bench cluster` about Kubernetes, as the user wrote them."""

    image: str
    claim: str | None = None
    storage_class: str | None = None
    namespace: str | None = None
    context: str | None = None
    cpu: str | None = None
    memory: str | None = None


def job_options(load: BenchWords, words: WorkerWords, job: JobWords) -> JobOptions:
    """Check what a manifest is made of; the server's name is looked up in the cluster only.

    Raises:
        InputError: An option is wrong.
    """
    from costplan.bench.cluster.manifest import FOLDER, JobOptions
    from costplan.bench.cluster.meeting import MARGIN_S
    from costplan.bench.load.slices import Slice

    workers = whole("--workers", words.workers, 1)
    run_id = words.run_id or f"costplan-bench-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    words = words._replace(run_id=run_id, folder=Path(FOLDER))
    options = worker_options(load, words, Slice(0, workers))
    _check_address(load)
    _check_inputs(load, job)
    settings = options.settings
    run_s = settings.lead_in_s + settings.window_s + settings.limits.timeout_s
    return JobOptions(
        run_id=options.run_id,
        workers=workers,
        arguments=_arguments(load, words),
        image=_matching("--image", job.image, _IMAGE),
        deadline_s=round(_PREPARE_S + options.wait_s + MARGIN_S + 2 * run_s + COLLECT_S),
        cpu=_matching("--cpu", job.cpu or "2", _SIZE),
        memory=_matching("--memory", job.memory or "1Gi", _SIZE),
        namespace=job.namespace and _matching("--namespace", job.namespace, _NAME),
        claim=job.claim and _matching("--claim", job.claim, _NAME),
        storage_class=job.storage_class and _matching("--storage-class", job.storage_class, _NAME),
    )


def _check_inputs(load: BenchWords, job: JobWords) -> None:
    """Refuse files that no worker would see."""
    from costplan.bench.cluster.manifest import FOLDER

    files = [str(load.inputs)] if load.inputs is not None else []
    files += [load.preprocess] if load.preprocess not in (None, "image") else []
    for path in files:
        if job.claim is None or not path.startswith(f"{FOLDER}/"):
            raise InputError(
                Reason(
                    "{path}: the workers see no files but those of the volume", visible(shortened(path, 120))
                ),
                hint=Reason(
                    "put them on it, and name it with --claim and them by their paths under {folder}", FOLDER
                ),
            )


def _check_address(load: BenchWords) -> None:
    """Check the form of the address, and that it is not the pod itself."""
    from costplan.bench.guard import check_target

    def unknown_here(host: str, port: int) -> Sequence[str]:
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            return ["127.0.0.1" if host == "localhost" else "10.0.0.1"]

    name, address = place_of(load)
    scheme = "grpc" if name.endswith("grpc") else "http"
    point = check_target(
        address or "",
        is_explicit=True,
        allow_public=load.allow_public,
        default_scheme=scheme,
        resolve=unknown_here,
    )
    if ipaddress.ip_address(point.address).is_loopback:
        raise InputError(
            Reason("{host} is the worker's own pod", point.host),
            hint="give the name of the server's Service, such as http://triton.default.svc:8000",
        )


def _arguments(load: BenchWords, words: WorkerWords) -> list[str]:
    """Write the options of `costplan bench worker` again."""
    options: list[str] = []
    given: dict[str, Any] = {**load._asdict(), "workers": words.workers, "run_id": words.run_id}
    given |= {"folder": words.folder, "wait": words.wait}
    for name, value in given.items():
        if value in (None, False, ()):
            continue
        option = f"--{name.replace('_', '-')}"
        if value is True:
            options.append(option)
        else:
            several = value if isinstance(value, tuple) else (value,)
            options += [f"{option}={one}" for one in several]
    return [*options, "--collect"]


def _matching(option: str, text: str, pattern: re.Pattern[str]) -> str:
    if not pattern.fullmatch(text):
        raise InputError(
            Reason("{option}: Kubernetes takes no `{text}` there", option, visible(shortened(text, 80)))
        )
    return text


def write_cluster(
    load: BenchWords,
    words: WorkerWords,
    job: JobWords,
    *,
    runs: bool,
    dry_run: bool,
    output: Path | None,
    force: bool,
) -> int | None:
    """Write the manifest of a Job, or have the cluster run it and write its result.

    Returns:
        1 when the Job failed, 130 after Ctrl-C, else None.
    """
    from costplan.bench.cluster.manifest import as_yaml, manifest
    from costplan.cli.output import write
    from costplan.cli.places import refuse_file

    options = job_options(load, words, job)
    refuse_file(output, [".json"] if runs and not dry_run else [".yaml", ".yml"], force=force)
    text = as_yaml(manifest(options))
    if runs or dry_run:
        return _run(options, text, job, dry_run=dry_run, output=output, force=force)
    write(text, output, force=force)
    say(_next_steps(options, output) + "\n")
    return None


def _next_steps(options: JobOptions, output: Path | None) -> str:
    from costplan.bench.cluster.kubectl import first_worker
    from costplan.cli.places import is_screen

    place = f" --namespace {options.namespace}" if options.namespace else ""
    return translator()(
        "next: kubectl apply -f {file}; when the Job is complete: "
        "kubectl logs{place} -l {selector} --tail=-1 | tail -n 1 > result.json",
        file="FILE" if is_screen(output) else visible(str(output)),
        place=place,
        selector=first_worker(options.run_id),
    )


def _run(
    options: JobOptions, text: str, job: JobWords, *, dry_run: bool, output: Path | None, force: bool
) -> int | None:
    from costplan.bench.cluster.kubectl import Kubectl
    from costplan.bench.load.interrupts import Interrupts
    from costplan.cli.bench.output import write_result

    context = None if job.context is None else _matching("--context", job.context, _IMAGE)
    words = translator()
    with Interrupts() as interrupts:
        kubectl = Kubectl(context, options.namespace, interrupts)
        say(visible(kubectl.apply(text, dry_run=dry_run).strip()).replace("\\x0a", "\n") + "\n")
        if dry_run:
            return None
        say(
            words(
                "waiting for Job {job}, at most {seconds} s", job=options.run_id, seconds=options.deadline_s
            )
            + "\n"
        )
        state = kubectl.wait(options.run_id, options.deadline_s)
        if state == "Running":
            complain(words("Job {job} still runs", job=options.run_id) + "\n")
            return int(ExitCode.INTERRUPTED if interrupts.requested else ExitCode.NO)
        merged = result_in_log(kubectl.first_worker_log(options.run_id), options.run_id)
    write_result(merged, None, output, None, force=force)
    return int(ExitCode.NO) if state == "Failed" else _exit_code(merged)


def result_in_log(log: str, job: str) -> Measurement:
    """Return the result that the first worker printed as its last line.

    Raises:
        InputError: There is none.
    """
    from costplan.measurement.files import read_document
    from costplan.measurement.model import Measurement

    lines = [line for line in log.splitlines() if line.startswith("{")]
    try:
        found = json.loads(lines[-1])
    except (IndexError, ValueError, RecursionError):
        last = visible(shortened(log.strip().splitlines()[-1] if log.strip() else "", 200))
        raise InputError(
            Reason("the first worker of Job {job} printed no result; its last words: {last}", job, last)
        ) from None
    return read_document(found, f"log of {job}", Measurement)


def merge(
    files: Sequence[Path],
    form: str | None,
    output: Path | None,
    plot: Path | None,
    *,
    force: bool,
    is_detailed: bool,
) -> int | None:
    """Join the journals of all workers and show the result.

    Returns:
        1 when the result is invalid or the SLO is missed, else None.
    """
    from costplan.bench.cluster.merge import merge_journals
    from costplan.cli.bench.output import write_result
    from costplan.cli.output import check_places

    check_places(form, output, plot, force=force)
    merged = merge_journals(files)
    write_result(merged, form, output, plot, force=force, is_detailed=is_detailed)
    return _exit_code(merged)


def _exit_code(merged: Measurement) -> int | None:
    missed = any(point.meets_slo is False for point in merged.points if point.mode == "open")
    return int(ExitCode.NO) if missed or merged.verdict in ("INVALID", "UNSTABLE") else None
