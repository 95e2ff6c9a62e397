"""One run of `costplan bench`: measure, price, show; progress and Ctrl-C."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from ipaddress import ip_address
from typing import TYPE_CHECKING

from costplan.cli.bench.effects import refuse_without_effect
from costplan.cli.bench.options import BenchWords, mode_of, session_options, target_of
from costplan.cli.bench.progress import ProgressLine, default_journal
from costplan.cli.language import translator
from costplan.cli.streams import say
from costplan.messages.errors import ExitCode, InputError
from costplan.messages.reason import Reason

if TYPE_CHECKING:
    from costplan.bench.over_cores import OpenOnCores
    from costplan.bench.session import SessionOptions
    from costplan.bench.target import Target
    from costplan.bench.targets.options import TargetOptions
    from costplan.measurement.model import Measurement


def run_bench(words: BenchWords) -> int | None:
    """Measure, price, show.

    Returns:
        130 after Ctrl-C, 1 when the SLO is not kept, else None.
    """
    from costplan.bench.load.interrupts import Interrupts
    from costplan.bench.session import run_session
    from costplan.bench.targets import NEEDS_ADDRESS, open_target
    from costplan.cli.bench.output import cost_question, write_result
    from costplan.cli.output import check_places

    check_places(words.form, words.output, words.plot, force=words.force)
    question = cost_question(words.costs())
    target_name, chosen = target_of(words)
    is_remote = chosen.endpoint is not None
    refuse_without_effect(words, mode_of(words), target_name, is_remote=is_remote)
    there = chosen.endpoint.address if chosen.endpoint is not None else "127.0.0.1"
    options = replace(session_options(words), is_co_located=ip_address(there).is_loopback)
    if words.threads == "sweep":
        chosen = swept(target_name, chosen, options)
    journal = words.journal or default_journal()
    with Interrupts() as interrupts, ProgressLine(options.expected_s()) as line:
        measured = run_session(
            open_target(target_name, chosen),
            options,
            journal_path=journal,
            progress=line,
            interrupts=interrupts,
            on_journal=line.name_journal,
            open_on=None if target_name in NEEDS_ADDRESS else on_cores(target_name, chosen),
        )
        was_interrupted = interrupts.requested
    from costplan.analysis.serving.cost import with_costs

    measured = with_costs(measured, *question)
    write_result(
        measured,
        words.form,
        words.output,
        words.plot,
        force=words.force,
        is_detailed=words.verbose,
        kept=journal,
    )
    return int(ExitCode.INTERRUPTED) if was_interrupted else _exit_code(measured, options.mode)


def on_cores(name: str, chosen: TargetOptions) -> OpenOnCores:
    """Return what makes the same target for so many cores: a thread for each, or as many as were asked."""
    from costplan.bench.targets import open_target

    def opened(cores: int) -> Target:
        return open_target(name, replace(chosen, threads=min(chosen.threads or cores, cores)))

    return opened


def _exit_code(measured: Measurement, mode: str) -> int | None:
    missed = mode == "slo" and measured.capacity.requests_per_second is None
    missed = missed or (mode == "open" and any(point.meets_slo is False for point in measured.points))
    broken = measured.verdict in ("INVALID", "UNSTABLE")
    return int(ExitCode.NO) if missed or broken else None


def swept(name: str, chosen: TargetOptions, options: SessionOptions) -> TargetOptions:
    """Try {1, half, all} threads with and without spinning; keep the variant with the highest throughput.

    Raises:
        InputError: The target has no threads of ours.
    """
    from costplan.bench.session import peak_of
    from costplan.bench.targets import open_target
    from costplan.bench.targets.onnxruntime import thread_sweep

    if name != "onnxruntime":
        raise InputError(
            Reason("--threads sweep: target `{name}` has no threads to sweep", name), hint="use onnxruntime"
        )
    best, best_rate, words = chosen, -1.0, translator()
    for variant in thread_sweep(chosen):
        rate = peak_of(open_target(name, variant), replace(options, window_s=1.0))
        message = (
            "threads {count}, spinning: {rate} requests/s"
            if variant.is_spinning
            else "threads {count}, not spinning: {rate} requests/s"
        )
        shown = words.number(Decimal(round(rate)))
        say(words(message, count=variant.threads, rate=shown) + "\n")
        if rate > best_rate:
            best, best_rate = variant, rate
    return best
