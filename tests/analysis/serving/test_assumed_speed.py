"""What a user supposes of a machine that nobody measured: priced, marked in words, never a claim."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from measured_examples import measurement

from costplan.analysis.serving.assumed_speed import assumed_speeds
from costplan.analysis.serving.candidates import candidates_of
from costplan.analysis.serving.cost import CostQuestion, with_costs
from costplan.catalog.store import Catalog
from costplan.language.translator import Translator
from costplan.measurement.model import Measurement
from costplan.messages.errors import InputError
from costplan.output.views.bench import details_of, measurement_view

CATALOG = Catalog.shipped()
MACHINES = "standard-v3:2x4,standard-v3-t4:4x16"
"""The first is what measured; the second has a card that was not there."""


def priced(*assume: str) -> Measurement:
    candidates = candidates_of(MACHINES, None, CATALOG)
    question = CostQuestion(
        CATALOG,
        "RUB",
        date(2026, 10, 6),
        assume_same_speed=True,
        assumed_speeds=assumed_speeds(assume, candidates),
    )
    return with_costs(measurement(), candidates, question)


def test_a_machine_is_priced_as_so_many_times_as_fast() -> None:
    """10 x 100 requests/s: a million take 1,000 s, 5 / 18 of an hour. No claim, whatever is taken on."""
    own, card = priced("t4=10x").cost
    assert card.requests_per_second == 1000
    assert card.hourly_cost is not None
    assert card.cost_per_million_requests is not None
    hours = Fraction(5, 18)
    assert abs(Fraction(card.cost_per_million_requests) - Fraction(card.hourly_cost) * hours) < Fraction(
        1, 10**9
    )
    assert (card.basis, card.is_claim, card.assumed_speed) == ("assumed", False, Decimal(10))
    assert card.p99_ms is None
    assert card.reason.startswith(
        "assumed: 10 x as fast as what was measured; has 1 x NVIDIA T4, measured with"
    )
    assert (own.basis, own.assumed_speed) == ("measured", None)


def test_without_it_the_card_has_no_figure() -> None:
    assert priced().cost[1].basis is None


def test_what_was_measured_is_not_supposed() -> None:
    own, _ = priced("standard-v3=3").cost
    assert (own.basis, own.is_claim, own.requests_per_second) == ("measured", True, 100)


def test_the_assumption_stands_in_words_wherever_the_figure_does() -> None:
    found, words = priced("standard-v3-t4=2.5"), Translator("en")
    details = details_of(found, words)
    cells = [cell.text for table in details.tables for row in table.rows for cell in row.cells]
    assert "assumed 2.5 x" in cells
    assert any("assumed with --assume is no claim" in note.text for note in details.notes)
    costs = next(line for line in measurement_view(found, words).facts if "per million" in line)
    assert "assumed" not in costs, "the measured machine is named before one that is supposed"


@pytest.mark.parametrize(
    ("written", "said", "hint"),
    [
        (["t4"], "`t4` is no machine with a factor", "t4=10x"),
        (["t4=0x"], "is no machine with a factor", "above 0"),
        (["t4=99999x"], "is no machine with a factor", "at most 10,000"),
        (["t5=2x"], "no machine that is priced is a `t5`", "standard-v3-t4"),
        (["4=2x"], "no machine that is priced is a `4`", "priced: standard-v3, standard-v3-t4"),
    ],
)
def test_what_means_no_priced_machine_is_refused(written: Sequence[str], said: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        assumed_speeds(written, candidates_of(MACHINES, None, CATALOG))
    assert said in str(caught.value)
    assert hint in str(caught.value)
