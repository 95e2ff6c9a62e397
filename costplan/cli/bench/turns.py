"""Models, servers or thread counts that are at hand, measured in turns and compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

from costplan.analysis.measured.compare import compare_measurements
from costplan.analysis.measured.contender import Contender
from costplan.analysis.measured.documents import AnswerDifference, BenchComparison
from costplan.analysis.measured.ratios import sample_of_runs
from costplan.analysis.serving.cost import with_costs
from costplan.cli.bench.compare import check_count, names_of
from costplan.cli.bench.effects import refuse_without_effect
from costplan.cli.bench.options import BenchWords, mode_of, session_options, target_of, whole
from costplan.cli.bench.output import cost_question
from costplan.cli.bench.progress import ProgressLine
from costplan.measurement.model import VERDICTS, MeasuredCapacity, Measurement
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason

if TYPE_CHECKING:
    from costplan.bench.interleave import Variant

ROUNDS = 5
MOST_ROUNDS = 50
WINDOW, BUDGET = "1 s", "15 s"
"""Of each run, where nothing else is asked for: many short runs tell more than few long ones."""


def variants_of(words: BenchWords, several: Mapping[str, Sequence[Any]]) -> dict[str, BenchWords]:
    """Return the words of each variant by its name.

    Args:
        words: What all share.
        several: Options that were given, by field of `BenchWords`: once for all, or once for each.

    Raises:
        InputError: They are not as many as each other, or there is nothing to compare.
    """
    given = {name: values for name, values in several.items() if values}
    count = max((len(values) for values in given.values()), default=0)
    for name, values in given.items():
        if len(values) not in (1, count):
            raise InputError(
                Reason(
                    "--{option} was given {times} times, another option {count} times",
                    name.replace("_", "-"),
                    len(values),
                    count,
                ),
                hint="give each once for all, or once for each",
            )
    check_count(range(count))
    each = [
        {name: values[min(rank, len(values) - 1)] for name, values in given.items()} for rank in range(count)
    ]
    every = [short_runs(words._replace(**fields)) for fields in each]
    return dict(zip(_names(given, count), every, strict=True))


def short_runs(words: BenchWords) -> BenchWords:
    """Return the words with the lengths of a run that comparisons take where nothing else is asked for."""
    budget = BUDGET if mode_of(words) == "slo" else None
    return words._replace(duration=words.duration or WINDOW, budget=words.budget or budget)


def compared_in_turns(
    variants: Mapping[str, BenchWords],
    rounds: str | None,
    answers: Mapping[str, AnswerDifference] | None = None,
) -> BenchComparison:
    """Measure variants in turns and compare them with the first.

    Args:
        variants: By name.
        rounds: How many runs of each, as the user wrote it.
        answers: How far answers of some are from those of the first, by name.

    Raises:
        InputError: An option is wrong, or a model or server cannot be measured.
        KeyboardInterrupt: It was interrupted before each had run once.
    """
    from costplan.bench.interleave import run_in_turns
    from costplan.bench.load.interrupts import Interrupts

    count = whole("--rounds", rounds, ROUNDS)
    if count > MOST_ROUNDS:
        raise InputError(Reason("--rounds: at most {most}, got {count}", MOST_ROUNDS, count))
    question = cost_question(next(iter(variants.values())).costs())
    opened = [_variant(name, words) for name, words in variants.items()]
    expected = count * sum(one.options.expected_s() for one in opened)
    with Interrupts() as interrupts, ProgressLine(expected) as line:
        found = run_in_turns(opened, count, progress=line, interrupts=interrupts)
        is_complete = not interrupts.requested
    contenders = [
        _contender(name, words, runs, question, (answers or {}).get(name))
        for (name, words), runs in zip(variants.items(), found, strict=True)
    ]
    return compare_measurements(contenders, planned_rounds=count, is_complete=is_complete)


def _variant(name: str, words: BenchWords) -> Variant:
    from costplan.bench.interleave import Variant
    from costplan.bench.targets import open_target
    from costplan.cli.bench.run import on_cores

    target, chosen = target_of(words)
    endpoint = chosen.endpoint
    refuse_without_effect(words, mode_of(words), target, is_remote=endpoint is not None)
    is_here = endpoint is None or ip_address(endpoint.address).is_loopback
    return Variant(
        name,
        lambda: open_target(target, chosen),
        replace(session_options(words), is_co_located=is_here),
        on_cores(target, chosen),
    )


def _contender(
    name: str,
    words: BenchWords,
    runs: Sequence[Measurement | None],
    question: Any,
    answers: AnswerDifference | None,
) -> Contender:
    first = next((run for run in runs if run is not None), None)
    if first is None:
        raise KeyboardInterrupt
    alike = [run and _like(run, first) for run in runs]
    return Contender(
        name,
        str(words.model or words.address or words.target or ""),
        with_costs(_standing_for(first, alike), *question),
        tuple(run and with_costs(run, *question) for run in alike),
        answers,
    )


def _like(run: Measurement, first: Measurement) -> Measurement:
    """Return a run with what only the first looks at; without a capacity that keeps another percentile."""
    found = replace(run, curve=first.curve, calibration=first.calibration, model=first.model)
    if run.claimed_slo == first.claimed_slo:
        return found
    return replace(found, capacity=MeasuredCapacity(None, None, None, "NOT-MEASURED"))


def _standing_for(first: Measurement, runs: Sequence[Measurement | None]) -> Measurement:
    """Return the first run with the capacity of all: their mean, its interval, and the gravest verdict."""
    done = [run for run in runs if run is not None]
    capacity = sample_of_runs([run.capacity.requests_per_second for run in done])
    gravest = max(done, key=lambda run: VERDICTS.index(run.verdict))
    found = replace(first, verdict=gravest.verdict, reasons=gravest.reasons)
    if capacity is None:
        return found
    rates = replace(
        first.capacity,
        requests_per_second=capacity.value,
        low=capacity.low or capacity.value,
        high=capacity.high,
    )
    return replace(found, capacity=rates)


def _names(given: Mapping[str, Sequence[Any]], count: int) -> list[str]:
    """Name variants by what they differ in: `a`, `b`; `1 threads`, `4 threads`; `a, http://...`."""
    parts = [
        names_of(list(map(Path, values))) if name == "model" else [_said(name, value) for value in values]
        for name, values in given.items()
        if len(values) == count
    ]
    joined = [", ".join(column) for column in zip(*parts, strict=True)]
    return [one if joined.count(one) == 1 else f"{one} ({n})" for n, one in enumerate(joined, 1)]


def _said(name: str, value: object) -> str:
    return f"{name} {value}" if name in ("threads", "sessions") else str(value)
