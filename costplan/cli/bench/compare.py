"""`costplan bench compare`: saved results, or models here in turns, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from costplan.analysis.measured.compare import compare_measurements
from costplan.analysis.measured.contender import Contender
from costplan.analysis.measured.documents import BenchComparison
from costplan.analysis.serving.cost import with_costs
from costplan.cli.bench.output import CostWords, cost_question, read_result
from costplan.cli.output import draw, show
from costplan.cli.paths import shown_path
from costplan.cli.places import is_screen
from costplan.messages.errors import ExitCode, InputError
from costplan.messages.reason import Reason

MOST = 20
"""Most measurements side by side."""


class AnswerWords(NamedTuple):
    """Where and how a comparison is written."""

    form: str | None
    output: Path | None
    plot: Path | None
    force: bool


def compared_files(files: Sequence[Path], costs: CostWords) -> BenchComparison:
    """Compare saved results, priced anew by one list of prices.

    Raises:
        InputError: There are too few or too many, or one cannot be read.
    """
    check_count(files)
    measured = [read_result(file) for file in files]
    question = cost_question(costs)
    contenders = [
        Contender(name, shown_path(file), with_costs(one, *question))
        for name, file, one in zip(names_of(files), files, measured, strict=True)
    ]
    return compare_measurements(contenders)


def check_count(compared: Sequence[object]) -> None:
    """Refuse one, which has nothing beside it, and more than anybody reads.

    Raises:
        InputError: It is so.
    """
    if len(compared) < 2:
        raise InputError(
            "nothing to compare",
            hint="name two results, `costplan bench compare a.json b.json`, or give --model twice",
        )
    if len(compared) > MOST:
        raise InputError(Reason("more than {most} to compare: {count}", MOST, len(compared)))


def names_of(files: Sequence[Path]) -> list[str]:
    """Return short names that differ: where files share one, with their folders, else numbered."""
    stems = Counter(file.stem for file in files)
    names = [
        file.stem if stems[file.stem] == 1 else str(Path(file.parent.name) / file.stem) for file in files
    ]
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def answer(found: BenchComparison, words: AnswerWords) -> int | None:
    """Write a comparison, and its picture; beside a file named by its ending the screen shows the table.

    Returns:
        1 where none keeps the SLO, 130 where the runs were interrupted, else None.
    """
    draw(found, words.plot, force=words.force)
    show(found, words.form, words.output, words.force)
    if words.form is None and not is_screen(words.output):
        show(found)
    if not found.is_complete:
        return int(ExitCode.INTERRUPTED)
    return int(ExitCode.NO) if found.conclusion.outcome == "none-keeps-slo" else None
