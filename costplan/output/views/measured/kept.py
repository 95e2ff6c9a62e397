"""The view of the runs that are kept, or that go."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.analysis.inventory.kept_runs import BenchList, KeptRun
from costplan.language.terms import MEASUREMENT_VERDICTS
from costplan.language.translator import Translator
from costplan.output.views.view import Cell, Column, DataRow, Row, Table, View, row_of
from costplan.quantities.money import shortest


def bench_list_view(found: BenchList, words: Translator) -> View:
    """A row a run, the newest first."""
    columns = [
        Column(words("Run")),
        Column(words("Started (UTC)")),
        Column(words("Model")),
        Column(words("Target")),
        Column(words("Requests/s"), right=True),
        Column(words("Verdict")),
        Column(words("Size"), right=True),
    ]
    rows = [_row(run, words) for run in found.runs]
    return View(_title(found, words), [], [Table(columns, rows)], list(_notes(found, words)))


def bench_list_rows(found: BenchList) -> Iterator[DataRow]:
    """Give a row for each run."""
    for run in found.runs:
        rate = run.capacity_requests_per_second
        yield {
            "run": run.name,
            "started": run.started.isoformat(),
            "model": run.model,
            "target": run.target,
            "capacity_requests_per_second": None if rate is None else shortest(rate),
            "verdict": run.verdict,
            "bytes": Decimal(run.bytes),
            "action": found.action,
        }


def _title(found: BenchList, words: Translator) -> str:
    size, count = _size(found.bytes, words), len(found.runs)
    if found.action == "removed":
        return words.many("removed {count} run, {size}", "removed {count} runs, {size}", count, size=size)
    if found.action == "would-remove":
        return words.many(
            "{count} run would go, {size}; --force removes it",
            "{count} runs would go, {size}; --force removes them",
            count,
            size=size,
        )
    return words.many(
        "{count} run in {folder}, {size}",
        "{count} runs in {folder}, {size}",
        count,
        folder=found.folder,
        size=size,
    )


def _row(run: KeptRun, words: Translator) -> Row:
    rate = run.capacity_requests_per_second
    return row_of(
        Cell(run.name, "strong"),
        f"{run.started:%Y-%m-%d %H:%M}",
        run.model or "-",
        run.target or "-",
        "-" if rate is None else words.rate(rate),
        words.term(run.verdict, MEASUREMENT_VERDICTS) if run.verdict else words("samples only"),
        _size(run.bytes, words),
    )


def _size(count: int, words: Translator) -> str:
    if count >= 2**20:
        return words("{size} MB", size=words.significant(Decimal(count) / 2**20, 3))
    return words("{size} KB", size=words.significant(Decimal(count) / 2**10, 3))


def _notes(found: BenchList, words: Translator) -> Iterator[Cell]:
    if found.action == "listed" and found.runs:
        yield Cell(
            words("`costplan bench show RUN` shows one, `costplan bench clean --force` removes them"), "faint"
        )
    if found.stay:
        count = len(found.stay)
        yield Cell(
            words.many(
                "{count} other file in the folder is not touched",
                "{count} other files in the folder are not touched",
                count,
            ),
            "faint",
        )
