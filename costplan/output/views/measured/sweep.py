"""The table of a sweep over sessions and threads, and the sentence above it."""

from __future__ import annotations

from costplan.language.translator import Translator
from costplan.measurement.model import Measurement
from costplan.measurement.sweep import SweepFinding, SweptSetting, sweep_finding
from costplan.output.views.view import Cell, Column, Row, Table, row_of


def sweep_text(measurement: Measurement, words: Translator) -> str | None:
    """Say whether several sessions of one thread are cheaper than one of several; None without a sweep."""
    found = sweep_finding(measurement.sweep)
    if found is None:
        return None
    values = {"several": found.several.sessions, "threads": found.one.threads, "times": _times(found, words)}
    if not found.is_clear:
        return words(
            "{several} sessions of 1 thread or 1 of {threads}: no difference that two rounds could tell "
            "({times} x the requests/s)",
            **values,
        )
    if found.times > 1:
        return words("{several} sessions of 1 thread are {times} x cheaper than 1 of {threads}", **values)
    return words("1 session of {threads} threads is {times} x cheaper than {several} of 1", **values)


def _times(found: SweepFinding, words: Translator) -> str:
    times = 1 / found.times if found.is_clear and found.times < 1 else found.times
    return words.figure(f"{times:.1f}")


def sweep_table(measurement: Measurement, words: Translator) -> Table:
    """A row a setting, in the order in which they were tried."""
    columns = [
        Column(words("Sessions"), right=True),
        Column(words("Threads"), right=True),
        Column(words("Spinning")),
        Column(words("Requests/s"), right=True),
        Column(words("low..high")),
        Column(words("per core"), right=True),
        Column(words("p50 ms"), right=True),
        Column(words("Taken")),
    ]
    rows = [_row(row, words) for row in measurement.sweep]
    return Table(columns, rows, words("Sessions x threads; closed loop, one request for each session"))


def _row(row: SweptSetting, words: Translator) -> Row:
    per_core = row.requests_per_second / (row.sessions * row.threads)
    spinning = words("yes") if row.is_spinning else words("no")
    return row_of(
        words.figure(str(row.sessions)),
        words.figure(str(row.threads)),
        "-" if row.threads == 1 else spinning,
        _rate(row.requests_per_second, words),
        f"{_rate(row.low, words)}..{_rate(row.high, words)}",
        _rate(per_core, words),
        "-" if row.p50_ms is None else words.figure(f"{row.p50_ms:.3g}"),
        Cell("*", "good") if row.is_chosen else Cell(""),
    )


def _rate(rate: float, words: Translator) -> str:
    return words.rate(float(f"{rate:.4g}"))
