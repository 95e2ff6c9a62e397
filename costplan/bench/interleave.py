"""Several targets measured in turns, A B, B A, A B: what slows the machine for a while slows all of them.

Runs, not requests, are the sample of a comparison; every run starts its target anew.

Source: Bulej et al., "Duet Benchmarking: Improving Measurement Accuracy in the Cloud", ICPE 2020.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from costplan.bench.load.interrupts import Interrupts
from costplan.bench.load.progress import PhaseProgress, silent
from costplan.bench.over_cores import OpenOnCores
from costplan.bench.session import SessionOptions, run_session
from costplan.bench.target import Target
from costplan.measurement.model import Measurement
from costplan.messages.reason import Reason


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the targets."""

    name: str
    open: Callable[[], Target]
    options: SessionOptions
    open_on: OpenOnCores | None = None
    """As of `run_session`."""


Rounds = Sequence[list[Measurement | None]]
"""Of each variant, its measurement of each round; None where it did not run to its end."""


def run_in_turns(
    variants: Sequence[Variant],
    rounds: int,
    *,
    progress: PhaseProgress = silent,
    interrupts: Interrupts | None = None,
) -> Rounds:
    """Measure every variant once in each round.

    The order is turned round from one round to the next, so that none always runs after the other. In a round
    all get the same seed, another one than in the round before. What only other machines are priced by, the
    first round measures.

    Args:
        variants: At least one.
        rounds: How many.
        progress: Draws how far it is.
        interrupts: Ctrl-C ends it with the runs that there are.

    Raises:
        InputError: As for `run_session`.
    """
    interrupts = interrupts or Interrupts()
    found: list[list[Measurement | None]] = [[None] * rounds for _ in variants]
    for step, (number, rank) in enumerate(turns(len(variants), rounds), 1):
        variant = variants[rank]
        options = replace(
            variant.options,
            seed=variant.options.seed + number,
            with_machine=variant.options.with_machine and number == 0,
            with_planned=False,
        )
        measured = run_session(
            variant.open(),
            options,
            progress=partial(_named, progress, f"{step}/{len(variants) * rounds} {variant.name}"),
            interrupts=interrupts,
            open_on=variant.open_on,
        )
        if interrupts.requested:
            break
        found[rank][number] = measured
    return found


def turns(variants: int, rounds: int) -> Iterator[tuple[int, int]]:
    """Give round and variant of every run, from 0: `0 1, 1 0, 0 1`."""
    for number in range(rounds):
        order = range(variants) if number % 2 == 0 else reversed(range(variants))
        yield from ((number, rank) for rank in order)


def _named(progress: PhaseProgress, name: str, phase: str, fraction: float, seconds_left: float) -> None:
    progress(Reason("{run}: {phase}", name, phase), fraction, seconds_left)
