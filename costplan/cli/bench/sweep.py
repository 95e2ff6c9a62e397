"""`costplan bench --threads sweep`: try sessions x threads, tell of each, take the best."""

from __future__ import annotations

from typing import TYPE_CHECKING

from costplan.cli.language import translator
from costplan.cli.streams import say
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason

if TYPE_CHECKING:
    from costplan.bench.session import SessionOptions
    from costplan.bench.targets.options import TargetOptions
    from costplan.cli.bench.options import BenchWords
    from costplan.measurement.model import MeasuredPoint
    from costplan.measurement.sweep import SweptSetting


def swept_target(
    words: BenchWords, name: str, chosen: TargetOptions, options: SessionOptions
) -> tuple[TargetOptions, tuple[SweptSetting, ...]]:
    """Return the target with the setting that answers most in time, and all that were tried.

    Raises:
        InputError: The target has no threads of ours, or the sessions are chosen already.
    """
    from costplan.bench.sweep import swept, variants
    from costplan.bench.targets import open_target

    if name != "onnxruntime":
        raise InputError(
            Reason("--threads sweep: target `{name}` has no threads to sweep", name), hint="use onnxruntime"
        )
    if words.sessions is not None:
        raise InputError("--sessions has no effect with --threads sweep", hint="leave one of them out")
    settings = variants(chosen)
    rows = swept(settings, lambda one: open_target(name, one), options.slo, options.limits, _tell)
    taken = next(setting for setting, row in zip(settings, rows, strict=True) if row.is_chosen)
    return taken, tuple(rows)


def _tell(setting: TargetOptions, point: MeasuredPoint) -> None:
    words = translator()
    message = (
        "{sessions} x {threads} threads, spinning: {rate} requests/s"
        if setting.is_spinning
        else "{sessions} x {threads} threads: {rate} requests/s"
    )
    rate = words.rate(point.achieved_requests_per_second)
    say(words(message, sessions=setting.sessions, threads=setting.threads, rate=rate) + "\n")
