"""One run of `costplan bench`: measure, price, show; progress and Ctrl-C."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING

from costplan.cli.bench.effects import refuse_without_effect
from costplan.cli.bench.kept import keep_result
from costplan.cli.bench.options import BenchWords, mode_of, session_options, target_of
from costplan.cli.bench.progress import ProgressLine, default_journal
from costplan.cli.bench.sweep import swept_target
from costplan.cli.language import translator
from costplan.cli.streams import say
from costplan.messages.errors import ExitCode

if TYPE_CHECKING:
    from costplan.bench.over_cores import OpenOnCores
    from costplan.bench.session import SessionOptions
    from costplan.bench.target import Target
    from costplan.bench.targets.options import TargetOptions
    from costplan.measurement.model import Measurement
    from costplan.measurement.sweep import SweptSetting


def run_bench(words: BenchWords) -> int | None:
    """Measure, price, show.

    Returns:
        130 after Ctrl-C, 1 when the SLO is not kept, else None.
    """
    from costplan.bench.load.interrupts import Interrupts
    from costplan.bench.session import run_session
    from costplan.bench.targets import open_target
    from costplan.cli.bench.output import cost_question, write_result
    from costplan.cli.output import check_places

    check_places(words.form, words.output, words.plot, force=words.force)
    question = cost_question(words.costs())
    target_name, chosen = target_of(words)
    is_remote = chosen.endpoint is not None or words.backend_address is not None
    refuse_without_effect(words, mode_of(words), target_name, is_remote=is_remote)
    there = chosen.endpoint.address if chosen.endpoint is not None else "127.0.0.1"
    options = replace(session_options(words), is_co_located=ip_address(there).is_loopback)
    tried: tuple[SweptSetting, ...] = ()
    if words.threads == "sweep":
        chosen, tried = swept_target(words, target_name, chosen, options)
    _announce(options)
    journal = words.journal or default_journal()
    with Interrupts() as interrupts, ProgressLine(options.expected_s()) as line:
        measured = run_session(
            open_target(target_name, chosen),
            options,
            journal_path=journal,
            progress=line,
            interrupts=interrupts,
            on_journal=line.name_journal,
            expect=line.expect,
            open_on=on_cores(target_name, chosen),
        )
        was_interrupted = interrupts.requested
    from costplan.analysis.serving.cost import with_costs

    measured = with_costs(replace(measured, sweep=tried), *question)
    write_result(
        measured,
        words.form,
        words.output,
        words.plot,
        force=words.force,
        is_detailed=words.verbose,
        kept=keep_result(measured, journal),
    )
    return int(ExitCode.INTERRUPTED) if was_interrupted else _exit_code(measured, options.mode)


def _announce(options: SessionOptions) -> None:
    """Say how long an open loop takes, where its percentile makes it longer than usual."""
    window_s = options.open_window_s()
    if options.mode == "open" and window_s > options.window_s:
        words = translator()
        said = words(
            "the open loop takes {time} s, for p{percentile}; --duration sets another time",
            time=words.figure(f"{window_s:.0f}"),
            percentile=f"{options.slo.percentile:g}",
        )
        say(said + "\n")


def on_cores(name: str, chosen: TargetOptions) -> OpenOnCores | None:
    """Return what makes the same target for so many cores; None for a model that others serve.

    There is a thread for each core, or as many as were asked, and as many sessions as then have cores.
    """
    from costplan.bench.targets import NEEDS_ADDRESS, open_target

    if name in NEEDS_ADDRESS or chosen.backend:
        return None

    def opened(cores: int) -> Target:
        threads = min(chosen.threads or cores, cores)
        sessions = None if chosen.sessions is None else max(1, min(chosen.sessions, cores // threads))
        return open_target(name, replace(chosen, threads=threads, sessions=sessions))

    return opened


def _exit_code(measured: Measurement, mode: str) -> int | None:
    missed = mode == "slo" and measured.capacity.requests_per_second is None
    missed = missed or (mode == "open" and any(point.meets_slo is False for point in measured.points))
    broken = measured.verdict in ("INVALID", "UNSTABLE")
    return int(ExitCode.NO) if missed or broken else None
