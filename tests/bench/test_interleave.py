"""Runs in turns: their order, their seeds, and what is left of them after Ctrl-C."""

from __future__ import annotations

from typing import Any

import pytest
from measured_examples import measurement

from costplan.bench import interleave
from costplan.bench.interleave import Variant, run_in_turns, turns
from costplan.bench.load.interrupts import Interrupts
from costplan.bench.session import SessionOptions


class Runs:
    """Takes the place of `run_session`; Ctrl-C comes in one of its runs."""

    def __init__(self, interrupted_in: int = 0) -> None:
        self.asked: list[tuple[str, int, bool, bool]] = []
        self.said: list[str] = []
        self.interrupted_in = interrupted_in

    def __call__(self, target: Any, options: SessionOptions, **rest: Any) -> Any:
        self.asked.append((target, options.seed, options.with_machine, options.with_planned))
        rest["progress"]("warming up", 0.5, 1.0)
        rest["interrupts"].requested = len(self.asked) == self.interrupted_in
        return measurement(title=target, seed=options.seed)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    found = Runs()
    monkeypatch.setattr(interleave, "run_session", found)
    return found


def variants() -> list[Variant]:
    options = SessionOptions(seed=7)
    return [Variant(name, lambda name=name: name, options) for name in "ab"]  # type: ignore[misc]


def test_the_order_is_turned_round_from_round_to_round() -> None:
    assert list(turns(2, 3)) == [(0, 0), (0, 1), (1, 1), (1, 0), (2, 0), (2, 1)]
    assert [rank for _, rank in turns(3, 2)] == [0, 1, 2, 2, 1, 0]


def test_all_of_a_round_share_a_seed_and_the_first_looks_at_the_machine(runs: Runs) -> None:
    found = run_in_turns(variants(), 2, progress=lambda phase, *_: runs.said.append(phase))
    assert runs.asked == [
        ("a", 7, True, False), ("b", 7, True, False), ("b", 8, False, False), ("a", 8, False, False),
    ]  # fmt: skip
    assert [[run and (run.title, run.seed) for run in one] for one in found] == [
        [("a", 7), ("a", 8)],
        [("b", 7), ("b", 8)],
    ]
    assert runs.said == ["1/4 a: warming up", "2/4 b: warming up", "3/4 b: warming up", "4/4 a: warming up"]


def test_ctrl_c_keeps_the_runs_that_came_to_their_end(runs: Runs) -> None:
    runs.interrupted_in = 3
    interrupts = Interrupts()
    found = run_in_turns(variants(), 2, interrupts=interrupts)
    assert interrupts.requested
    assert [[run is not None for run in one] for one in found] == [[True, False], [True, False]]
