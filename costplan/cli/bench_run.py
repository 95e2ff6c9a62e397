"""From the words of `costplan bench` to a run: which target, inputs and load; progress and Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from costplan.errors import ExitCode, InputError, MissingExtraError
from costplan.money import parse_decimal
from costplan.text import visible
from costplan.units import parse_duration

if TYPE_CHECKING:
    from costplan.bench.session import SessionMode, SessionOptions
    from costplan.bench.targets.options import TargetOptions
    from costplan.cli.bench_output import CostWords
    from costplan.measurements import Measurement

MODES = ("slo", "single", "closed", "open", "batch")
_KEPT_JOURNALS = 20
_MAX_S = 86_400


@contextlib.contextmanager
def needs_extra() -> Iterator[None]:
    """Turn a missing library into the one line that says what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("costplan"):
            raise
        raise MissingExtraError("costplan bench", "bench") from error


class BenchWords(NamedTuple):
    """The options of `costplan bench`, as the user wrote them."""

    scenario: str | None = None
    model: Path | None = None
    target: str | None = None
    address: str | None = None
    model_name: str | None = None
    shape: Sequence[str] = ()
    npz: Path | None = None
    expected: Path | None = None
    batch: str | None = None
    slo: str | None = None
    mode: str | None = None
    rate: str | None = None
    concurrency: str | None = None
    arrivals: str | None = None
    duration: str | None = None
    budget: str | None = None
    timeout: str | None = None
    seed: str | None = None
    threads: str | None = None
    json_tensors: bool = False
    instances: str | None = None
    utilisation: str | None = None
    assume_same_speed: bool = False
    calibration: Sequence[Path] = ()
    currency: str | None = None
    as_of: str | None = None
    form: str | None = None
    output: Path | None = None
    force: bool = False
    journal: Path | None = None
    plot: Path | None = None
    allow_public: bool = False
    catalog: Path | None = None
    overlay: Sequence[Path] = ()

    def costs(self) -> CostWords:
        """Return those about prices."""
        from costplan.cli.bench_output import CostWords

        return CostWords(
            self.scenario, self.instances, self.utilisation, self.assume_same_speed, self.calibration,
            self.currency, self.as_of, self.catalog, self.overlay,
        )  # fmt: skip

    def flags(self) -> dict[str, Any]:
        """Return what was given, for the result file; of paths the names only."""
        said = {}
        for name, value in self._asdict().items():
            if value in (None, False, ()):
                continue
            several = value if isinstance(value, tuple) else (value,)
            shown = [one.name if isinstance(one, Path) else one for one in several]
            said[name] = shown if isinstance(value, tuple) else shown[0]
        return said


def run_bench(words: BenchWords) -> int | None:
    """Measure, price, show.

    Returns:
        130 after Ctrl-C, 1 when the promise is not kept, else None.
    """
    from costplan.bench.interrupts import Interrupts
    from costplan.bench.session import run_session
    from costplan.bench.targets import open_target
    from costplan.cli.bench_output import check_places, cost_question, deliver

    check_places(words.form, words.output, words.plot, force=words.force)
    question = cost_question(words.costs())
    target_name, chosen = target_of(words)
    there = chosen.endpoint.address if chosen.endpoint is not None else "127.0.0.1"
    options = replace(session_options(words), is_co_located=ip_address(there).is_loopback)
    if words.threads == "sweep":
        chosen = swept(target_name, chosen, options)
    with Interrupts() as interrupts, ProgressLine(options.expected_s()) as line:
        measured = run_session(
            open_target(target_name, chosen),
            options,
            journal_path=words.journal or default_journal(),
            progress=line,
            interrupts=interrupts,
            on_journal=line.name_journal,
        )
        was_interrupted = interrupts.requested
    from costplan.analysis.serving_cost import with_costs

    measured = with_costs(measured, *question)
    deliver(measured, words.form, words.output, words.plot, force=words.force)
    return int(ExitCode.INTERRUPTED) if was_interrupted else _exit_code(measured, options.mode)


def _exit_code(measured: Measurement, mode: str) -> int | None:
    missed = mode == "slo" and measured.capacity.requests_per_second is None
    missed = missed or (mode == "open" and any(point.meets_slo is False for point in measured.points))
    broken = measured.verdict in ("INVALID", "UNSTABLE")
    return int(ExitCode.NO) if missed or broken else None


def session_options(words: BenchWords) -> SessionOptions:
    """Check the options about the load.

    Raises:
        InputError: One of them is wrong.
    """
    from costplan.bench.schedule import Arrivals
    from costplan.bench.session import SessionOptions
    from costplan.bench.transport.interface import Limits
    from costplan.cli.bench_output import utilisation_of
    from costplan.cli.inputs import one_of

    mode = words.mode or ("open" if words.rate else "closed" if words.concurrency else "slo")
    one_of("--mode", mode, MODES)
    arrivals, recorded = Arrivals.POISSON, None
    if words.arrivals in ("poisson", "constant"):
        arrivals = Arrivals(words.arrivals)
    elif words.arrivals is not None:
        arrivals, recorded = Arrivals.RECORDED, Path(words.arrivals)
        if not recorded.is_file():
            raise InputError(f"--arrivals: `{visible(words.arrivals[:80])}` is no kind and no file")
    if mode == "open" and words.rate is None and recorded is None:
        raise InputError("--mode open needs the offered rate", hint="give it with --rate 100")
    model = model_path(words)
    defaults = SessionOptions()
    limits = Limits() if words.timeout is None else Limits(timeout_s=seconds("--timeout", words.timeout))
    return SessionOptions(
        slo=slo_of(words.slo or "p99:100ms"),
        mode=cast("SessionMode", mode),
        rate=None if words.rate is None else number("--rate", words.rate),
        concurrency=_concurrency(words),
        window_s=defaults.window_s if words.duration is None else seconds("--duration", words.duration),
        budget_s=defaults.budget_s if words.budget is None else seconds("--budget", words.budget),
        seed=whole("--seed", words.seed, 1, least=0),
        arrivals=arrivals,
        recorded=recorded,
        limits=limits,
        utilisation=float(utilisation_of(words.utilisation)),
        title=words.scenario or "",
        model_name=words.model_name or (model.stem if model else ""),
        model_path=model,
        flags=words.flags(),
    )


def _concurrency(words: BenchWords) -> int:
    from costplan.service.cpus import usable_cpus

    in_process = words.target == "onnxruntime" or (words.target is None and words.scenario is None)
    return whole("--concurrency", words.concurrency, usable_cpus() if in_process else 8)


def slo_of(text: str) -> Any:
    """Read a promise such as `p99:100ms`.

    Raises:
        InputError: Not such a promise.
    """
    from costplan.bench.result import Slo

    name, colon, bound = text.partition(":")
    try:
        percentile = float(parse_decimal(name.removeprefix("p")))
        latency_ms = float(parse_duration(bound) * 1000)
        if not (name.startswith("p") and colon and 0 < percentile < 100 and latency_ms > 0):
            raise ValueError
    except ValueError:
        raise InputError(
            f"--slo: `{visible(text[:40])}` is not a promise", hint="write it like --slo p99:100ms"
        ) from None
    return Slo(percentile, latency_ms)


def seconds(option: str, text: str) -> float:
    """Read a time above 0; a bare number is in seconds."""
    with contextlib.suppress(ValueError):
        text = f"{parse_decimal(text)} s"
    try:
        found = float(parse_duration(text))
    except ValueError as error:
        raise InputError(f"{option}: {error}") from None
    if not 0 < found <= _MAX_S:
        raise InputError(f"{option}: must be above 0 and at most a day, got {visible(text[:40])}")
    return found


def number(option: str, text: str) -> float:
    """Read a number above 0."""
    try:
        found = float(parse_decimal(text))
    except ValueError as error:
        raise InputError(f"{option}: {error}") from None
    if found <= 0:
        raise InputError(f"{option}: must be above 0, got {visible(text[:40])}")
    return found


def whole(option: str, text: str | None, default: int, least: int = 1) -> int:
    """Read a whole number, or take the default."""
    if text is None:
        return default
    try:
        found = parse_decimal(text)
    except ValueError as error:
        raise InputError(f"{option}: {error}") from None
    if found != int(found) or found < least:
        raise InputError(f"{option}: must be a whole number from {least}, got {visible(text[:40])}")
    return int(found)


def model_path(words: BenchWords) -> Path | None:
    """Return the model's file: the user's, the demo model for what we start, none for a running server."""
    from costplan.datafiles import data_folder

    if words.model is not None:
        return words.model
    if words.address is not None or "://" in (words.target or ""):
        return None
    if words.scenario is None and words.target not in ("service", "onnxruntime"):
        raise InputError(
            "nothing to measure",
            hint="name a scenario (costplan bench stage1) or a model (--model FILE.onnx)",
        )
    return data_folder("models") / "digits.onnx"


def target_of(words: BenchWords) -> tuple[str, TargetOptions]:
    """Choose the target and its options.

    A scenario and the demo model are measured in the reference service, a model alone in this process, an
    address by the protocol that its scheme says.

    Raises:
        InputError: There is no such target, or the address is refused.
    """
    from costplan.bench.guard import check_target
    from costplan.bench.models.shapes import parse_shape
    from costplan.bench.models.workload import InputChoice
    from costplan.bench.targets import NEEDS_ADDRESS, TARGETS
    from costplan.bench.targets.options import TargetOptions
    from costplan.cli.inputs import one_of

    name, address = words.target, words.address
    if name is not None and name not in TARGETS and (":" in name or "." in name):
        name, address = None, address or name
    is_grpc = (address or "").startswith(("grpc://", "grpcs://"))
    if name is None:
        by_address = "triton-grpc" if is_grpc else "triton-http"
        name = by_address if address else "service" if words.scenario else "onnxruntime"
    one_of("--target", name, list(TARGETS))
    if name in NEEDS_ADDRESS and address is None:
        raise InputError(f"target `{name}` needs the address of a running server", hint="give --address URL")
    if name not in NEEDS_ADDRESS and address is not None:
        raise InputError(f"target `{name}` is started by costplan itself; it takes no --address")
    endpoint = None
    if address is not None:
        scheme = "grpc" if name.endswith("grpc") else "http"
        endpoint = check_target(
            address, is_explicit=True, allow_public=words.allow_public, default_scheme=scheme
        )
    inputs = InputChoice(
        model=model_path(words),
        shapes=dict(parse_shape(text) for text in words.shape),
        npz=words.npz,
        expected=words.expected,
        batch=None if words.batch is None else whole("--batch", words.batch, 1),
        seed=whole("--seed", words.seed, 1, least=0),
    )
    threads = None if words.threads in (None, "sweep") else whole("--threads", words.threads, 1)
    return name, TargetOptions(
        inputs=inputs,
        endpoint=endpoint,
        model_name=words.model_name or "",
        is_binary=not words.json_tensors,
        threads=threads,
    )


def swept(name: str, chosen: TargetOptions, options: SessionOptions) -> TargetOptions:
    """Try {1, half, all} threads with and without spinning; keep the variant with the highest throughput.

    Raises:
        InputError: The target has no threads of ours.
    """
    from costplan.bench.session import peak_of
    from costplan.bench.targets import open_target
    from costplan.bench.targets.onnxruntime import thread_sweep

    if name != "onnxruntime":
        raise InputError(f"--threads sweep: target `{name}` has no threads to sweep", hint="use onnxruntime")
    best, best_rate = chosen, -1.0
    for variant in thread_sweep(chosen):
        rate = peak_of(open_target(name, variant), replace(options, window_s=1.0))
        spins = "spinning" if variant.is_spinning else "not spinning"
        sys.stderr.write(f"threads {variant.threads}, {spins}: {rate:,.0f} requests/s\n")
        if rate > best_rate:
            best, best_rate = variant, rate
    return best


def default_journal() -> Path | None:
    """Return a new file for samples in the user's state folder; old ones are removed.

    None where there is no such folder: the run goes on without.
    """
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    folder = Path(base) / "costplan" / "bench"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in sorted(folder.glob("run-*.jsonl"))[: -_KEPT_JOURNALS + 1]:
            old.unlink(missing_ok=True)
    except OSError:
        return None
    return folder / f"run-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.jsonl"


class ProgressLine:
    """One line on standard error, on a terminal only, with the time left."""

    def __init__(self, expected_s: float) -> None:
        self.is_shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._end = time.monotonic() + expected_s
        self._shown_at = 0.0

    def __call__(self, phase: str, fraction: float, seconds_left: float) -> None:
        """Draw the line, at most five times per second."""
        now = time.monotonic()
        if not self.is_shown or (now - self._shown_at < 0.2 and fraction < 1):
            return
        self._shown_at = now
        left = max(0.0, self._end - now)
        step = f"{phase}: {fraction:4.0%}, {seconds_left:.0f} s left of it"
        sys.stderr.write(f"\r\x1b[K{step}; at most {left:.0f} s in all (Ctrl-C: end with what there is)")
        sys.stderr.flush()

    def name_journal(self, path: Path) -> None:
        """Say where the samples go."""
        self._clear()
        sys.stderr.write(f"samples: {visible(str(path))}\n")

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()

    def _clear(self) -> None:
        if self.is_shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def export_model(
    model: Path | None,
    triton: Path | None,
    tfserving: Path | None,
    saved_model: Path | None,
    name: str | None,
    backend: str,
    max_batch: str | None,
    copies: str | None,
    shape: Sequence[str],
    force: bool,
) -> int | None:
    """Write a model repository or a serving layout, and name the files.

    Raises:
        InputError: Nothing was asked for, or the model cannot be served so.
    """
    from costplan.bench.export import TritonBackend, export_tfserving, export_triton
    from costplan.bench.models.guard import inspect_model
    from costplan.bench.models.shapes import parse_shape
    from costplan.cli.inputs import one_of
    from costplan.datafiles import data_folder

    if triton is None and tfserving is None:
        raise InputError("nothing to export", hint="give --triton DIR or --tfserving DIR")
    path = model or data_folder("models") / "digits.onnx"
    written: list[Path] = []
    if triton is not None:
        one_of("--backend", backend, ("onnxruntime", "python"))
        facts = inspect_model(path, shapes=dict(parse_shape(text) for text in shape))
        written += export_triton(
            facts,
            triton,
            name or path.stem,
            backend=cast("TritonBackend", backend),
            max_batch_size=whole("--max-batch-size", max_batch, 0, least=0),
            instances=whole("--instances", copies, 1),
            force=force,
        )
    if tfserving is not None:
        written += export_tfserving(tfserving, name or path.stem, saved_model=saved_model, force=force)
    for file in written:
        sys.stdout.write(f"{visible(str(file))}\n")
    return None


def calibrate_machine(platform: str, output: Path | None, force: bool) -> int | None:
    """Run the calibration set and write a reference for a platform of the catalog."""
    import json

    from costplan.bench.calibration_set import run_calibration
    from costplan.bench.document import plain_calibration
    from costplan.bench.fingerprint import Watch, fingerprint
    from costplan.catalog.store import Catalog
    from costplan.cli.inputs import one_of
    from costplan.cli.output import write
    from costplan.measurements import CALIBRATION_SCHEMA, Calibration

    platforms = [found.name for found in Catalog.shipped().service("compute").platforms]
    one_of("PLATFORM", platform, platforms)
    watch, environment = Watch(), fingerprint()
    runs = run_calibration(seconds=3.0)
    found = Calibration(
        CALIBRATION_SCHEMA, platform, watch.close(environment), runs, datetime.now(UTC).date()
    )
    write(json.dumps(plain_calibration(found), indent=2) + "\n", output, force=force)
    return None
