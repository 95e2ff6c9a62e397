"""Sessions x threads: what is tried, in which order, which is taken, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import pytest
from measured_examples import measurement

from costplan.bench.sweep import swept, variants
from costplan.bench.target import ColdStart, LocalPlan, ServerStatistics, TargetDescription
from costplan.bench.targets.options import TargetOptions
from costplan.bench.transport.interface import TransportLimits
from costplan.language.translator import Translator
from costplan.measurement.model import MeasuredSlo
from costplan.measurement.sweep import SweptSetting, sweep_finding
from costplan.output.views.measured.sweep import sweep_table, sweep_text

ENGLISH = Translator("en")
SLO = MeasuredSlo(99, 1000)


def test_a_sweep_tries_one_session_and_as_many_as_have_cores() -> None:
    """Of 8 processors: 1, 4 or 8 threads in one session; 8 sessions of 1, 2 of 4. One thread never spins."""
    found = [(one.sessions, one.threads, one.is_spinning) for one in variants(TargetOptions(), cpus=8)]
    assert found == [
        (1, 1, False), (1, 4, False), (1, 4, True), (8, 1, False), (2, 4, False), (2, 4, True),
        (1, 8, False), (1, 8, True),
    ]  # fmt: skip
    assert [(one.sessions, one.threads) for one in variants(TargetOptions(), cpus=1)] == [(1, 1)]


class Noting:
    """A target that answers at once, and notes in which order targets are started."""

    name: ClassVar[str] = "noting"
    order: ClassVar[list[int]] = []

    def __init__(self, sessions: int) -> None:
        self.sessions = sessions

    def start(self) -> ColdStart:
        self.order.append(self.sessions)
        return ColdStart()

    def plan(self) -> LocalPlan:
        return LocalPlan([lambda: None], lambda reply: None)

    def statistics(self) -> ServerStatistics | None:
        return None

    def describe(self) -> TargetDescription:
        return TargetDescription("noting", "", "")

    def stop(self) -> None:
        return


def test_settings_are_measured_in_turn_and_back() -> None:
    Noting.order.clear()
    settings = [TargetOptions(sessions=1, threads=2), TargetOptions(sessions=2, threads=1)]
    rows = swept(settings, lambda one: Noting(one.sessions or 1), SLO, TransportLimits())
    assert Noting.order == [1, 2, 2, 1]
    assert [(row.sessions, row.threads) for row in rows] == [(1, 2), (2, 1)]
    assert all(0 < row.low <= row.requests_per_second <= row.high for row in rows)
    assert [row.is_chosen for row in rows].count(True) == 1


def row(sessions: int, threads: int, rate: float, spread: float = 1.0) -> SweptSetting:
    return SweptSetting(sessions, threads, False, rate, rate - spread, rate + spread, 10.0)


@pytest.mark.parametrize(
    ("several", "one", "said"),
    [
        (140.0, 100.0, "2 sessions of 1 thread are 1.4 x cheaper than 1 of 2"),
        (100.0, 150.0, "1 session of 2 threads is 1.5 x cheaper than 2 of 1"),
        (
            101.0,
            100.0,
            "2 sessions of 1 thread or 1 of 2: no difference that two rounds could tell "
            "(1.0 x the requests/s)",
        ),
    ],
)
def test_which_is_cheaper_is_said_with_the_ratio(several: float, one: float, said: str) -> None:
    """A machine costs the same whichever it runs: 140 in place of 100 requests/s are 1.4 x cheaper each."""
    rows = (row(1, 1, 60.0), row(2, 1, several), row(1, 2, one))
    assert sweep_text(measurement(sweep=rows), ENGLISH) == said


def test_the_best_of_the_single_sessions_is_compared() -> None:
    """Spinning made 120 requests/s of 100: that is what two sessions have to beat."""
    spinning = replace(row(1, 2, 120.0), is_spinning=True)
    found = sweep_finding((row(2, 1, 180.0), row(1, 2, 100.0), spinning))
    assert found is not None
    assert (found.one, found.times) == (spinning, 1.5)
    assert sweep_finding((row(1, 1, 60.0),)) is None
    assert sweep_text(measurement(), ENGLISH) is None


def test_the_table_has_the_rate_of_each_core() -> None:
    """140 requests/s of two sessions with one thread each are 70 of a core."""
    chosen = replace(row(2, 1, 140.0), is_chosen=True)
    [first, second] = sweep_table(measurement(sweep=(row(1, 2, 100.0), chosen)), ENGLISH).rows
    assert [cell.text for cell in first.cells] == ["1", "2", "no", "100", "99..101", "50", "10", ""]
    assert [cell.text for cell in second.cells] == ["2", "1", "-", "140", "139..141", "70", "10", "*"]
