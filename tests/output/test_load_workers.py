"""Several load generators, as a measurement shows them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from measured_examples import measurement

from costplan.language.translator import ENGLISH, Translator
from costplan.measurement.load_workers import LoadWorker, SharedLoad
from costplan.output.views.bench import details_of, measurement_view
from costplan.output.views.view import Table


def shared(count: int, here: int) -> SharedLoad:
    workers = tuple(
        LoadWorker(index, 4000.0 + index, 100, 0.5 + index, 1.25, -0.125, "AMD EPYC", 2.0)
        for index in range(here)
    )
    return SharedLoad("monday", count, 1000.0, workers, 2.5)


def table(load: SharedLoad) -> Table:
    found = details_of(replace(measurement(), shared_load=load), ENGLISH).tables
    return next(one for one in found if str(one.heading).startswith("Load generators"))


def test_the_answer_says_how_many_shared_the_load_and_how_near_they_started() -> None:
    view = measurement_view(replace(measurement(), shared_load=shared(4, 3)), ENGLISH)
    said = (
        "load generators: 3 of 4 (run monday), started within 2.5 ms; ceiling of each 4,000..4,002 requests/s"
    )
    assert said in [str(line) for line in view.facts]
    assert not any("load generators" in str(line) for line in measurement_view(measurement(), ENGLISH).facts)


def test_each_generator_is_a_row_of_the_details() -> None:
    rows = [[str(cell.text) for cell in row.cells] for row in table(shared(2, 2)).rows]
    assert rows == [
        ["0", "100", "4,000", "0.5", "1.25", "-0.125", "AMD EPYC"],
        ["1", "100", "4,001", "1.5", "1.25", "-0.125", "AMD EPYC"],
    ]


def test_of_many_those_that_lag_most_are_shown() -> None:
    found = table(shared(1000, 1000))
    assert str(found.heading) == "Load generators: the 16 that lag most"
    assert [str(row.cells[0].text) for row in found.rows] == [str(index) for index in range(999, 983, -1)]


def test_what_is_not_known_is_a_dash() -> None:
    load = SharedLoad("monday", 1, 1000.0, (LoadWorker(0),))
    (row,) = table(load).rows
    assert [str(cell.text) for cell in row.cells] == ["0", "0", "-", "-", "-", "-", ""]


@pytest.mark.parametrize("language", ["ru"])
def test_it_is_said_in_russian(language: str) -> None:
    view = measurement_view(replace(measurement(), shared_load=shared(4, 3)), Translator(language))
    assert any("генераторы нагрузки: 3 из 4" in str(line) for line in view.facts)
