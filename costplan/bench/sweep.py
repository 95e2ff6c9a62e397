"""How many sessions of how many threads answer most: each setting under a closed loop, twice, in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from costplan.bench.capacity_search.measure import Bench
from costplan.bench.capacity_search.warmup import WarmUpRule
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.target import Target
from costplan.bench.targets.options import TargetOptions
from costplan.bench.transport.interface import TransportLimits
from costplan.cpus import usable_cpus
from costplan.measurement.model import MeasuredPoint, MeasuredSlo
from costplan.measurement.sweep import SweptSetting

ROUNDS = 2
_WARM_UP = WarmUpRule(min_s=0.5, max_s=1.0)
_MIN_WINDOW_S, _MAX_WINDOW_S = 1.0, 10.0
_ANSWERS = 20
"""That a window should hold for each session."""

Open = Callable[[TargetOptions], Target]
Seen = Callable[[TargetOptions, MeasuredPoint], None]


def variants(options: TargetOptions, cpus: int | None = None) -> list[TargetOptions]:
    """Return threads {1, half, all} with one session, and with as many as there are processors for them.

    Several threads are tried with and without spinning; one thread never waits for another, so that spinning
    changes nothing there and is left out.
    """
    count = max(1, usable_cpus() if cpus is None else cpus)
    pairs = {(n, sessions) for n in {1, max(1, count // 2), count} for sessions in (1, count // n)}
    return [
        replace(options, threads=threads, sessions=sessions, is_spinning=spins)
        for threads, sessions in sorted(pairs, key=lambda pair: (pair[0] * pair[1], pair[0]))
        for spins in (False, True)
        if threads > 1 or not spins
    ]


def swept(
    settings: Sequence[TargetOptions],
    open_target: Open,
    slo: MeasuredSlo,
    limits: TransportLimits,
    seen: Seen = lambda setting, point: None,
) -> list[SweptSetting]:
    """Measure every setting in each round, the second in the opposite order; mark the one to take.

    Args:
        settings: What to try.
        open_target: Makes the target; it is started and stopped for each try.
        slo: A setting whose median answer is above its bound is taken only where all are.
        limits: Of each request.
        seen: Told of each try.
    """
    points: list[list[MeasuredPoint]] = [[] for _ in settings]
    order = list(range(len(settings)))
    for number in range(ROUNDS):
        for index in order if number % 2 == 0 else reversed(order):
            found = _measured(open_target(settings[index]), settings[index], slo, limits)
            points[index].append(found)
            seen(settings[index], found)
    return _with_choice([_row(*pair) for pair in zip(settings, points, strict=True)], slo)


def _measured(
    target: Target, setting: TargetOptions, slo: MeasuredSlo, limits: TransportLimits
) -> MeasuredPoint:
    in_flight = max(1, setting.sessions or 1)
    try:
        first_s = (target.start().first_request_ms or 0.0) / 1e3
        window_s = min(max(_MIN_WINDOW_S, _ANSWERS * first_s), _MAX_WINDOW_S)
        load = LoadSettings(Mode.CLOSED, window_s, concurrency=in_flight, limits=limits)
        bench = Bench(target.plan(), load, slo)
        bench.warm_up(_WARM_UP)
        return bench.point(load, "sweep")
    finally:
        target.stop()


def _row(setting: TargetOptions, points: Sequence[MeasuredPoint]) -> SweptSetting:
    rates = [point.achieved_requests_per_second for point in points]
    medians = [point.response_ms.p50 for point in points if point.response_ms.p50 is not None]
    rate, threads, sessions = sum(rates) / len(rates), setting.threads or 1, setting.sessions or 1
    return SweptSetting(
        sessions=sessions,
        threads=threads,
        is_spinning=setting.is_spinning,
        requests_per_second=round(rate, 3),
        low=round(min(rates), 3),
        high=round(max(rates), 3),
        p50_ms=round(max(medians), 6) if medians else None,
    )


def _with_choice(rows: Sequence[SweptSetting], slo: MeasuredSlo) -> list[SweptSetting]:
    """Take the setting that answers most in time: a machine costs the same whichever it runs."""
    in_time = [row for row in rows if row.p50_ms is not None and row.p50_ms <= slo.latency_ms]
    best = max(in_time or rows, key=lambda row: row.requests_per_second)
    return [replace(row, is_chosen=row is best) for row in rows]
