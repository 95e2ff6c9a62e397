"""The view of several load generators that shared one load."""

from __future__ import annotations

from collections.abc import Sequence

from costplan.language.translator import Translator
from costplan.measurement.load_workers import LoadWorker, SharedLoad
from costplan.output.views.view import Column, Table, row_of

_MAX_ROWS = 16


def shared_load_text(shared: SharedLoad, words: Translator) -> str:
    """How many there were, how near to each other they started, what each can do."""
    spread = shared.start_spread_ms
    ceilings = [w.ceiling_requests_per_second for w in shared.workers if w.ceiling_requests_per_second]
    return words(
        "load generators: {count} of {all} (run {run}), started within {spread} ms; ceiling of each "
        "{ceiling} requests/s",
        count=len(shared.workers),
        all=shared.count,
        run=shared.run_id,
        spread="?" if spread is None else words.figure(f"{spread:.3g}"),
        ceiling=_span(ceilings, words),
    )


def _span(values: Sequence[float], words: Translator) -> str:
    if not values:
        return "?"
    low, high = (words.figure(f"{value:,.0f}") for value in (min(values), max(values)))
    return low if low == high else f"{low}..{high}"


def workers_table(shared: SharedLoad, words: Translator) -> Table:
    """A row a generator; of many those that lag most."""
    workers: Sequence[LoadWorker] = shared.workers
    title = words("Load generators")
    if len(workers) > _MAX_ROWS:
        workers = sorted(workers, key=lambda worker: worker.lag_p99_ms or 0.0, reverse=True)[:_MAX_ROWS]
        title = words("Load generators: the {count} that lag most", count=_MAX_ROWS)
    columns = [
        Column(words("Worker"), right=True),
        Column(words("Requests"), right=True),
        Column(words("Ceiling/s"), right=True),
        Column(words("Lag p99"), right=True),
        Column(words("Start ms"), right=True),
        Column(words("Clock ms"), right=True),
        Column(words("Processor")),
    ]
    rows = [
        row_of(
            str(worker.index),
            words.figure(f"{worker.requests:,}"),
            _number(worker.ceiling_requests_per_second, words),
            _number(worker.lag_p99_ms, words),
            _number(worker.start_ms, words),
            _number(worker.clock_offset_ms, words),
            worker.processor,
        )
        for worker in workers
    ]
    return Table(columns, rows, title)


def _number(value: float | None, words: Translator) -> str:
    if value is None:
        return "-"
    return words.figure(f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}")
