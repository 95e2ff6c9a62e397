"""The processor time of a request, and the times that are billed by the millisecond."""

from __future__ import annotations

from dataclasses import replace

import pytest
from measured_examples import measurement, point

from costplan.bench.document import cpu_time_of
from costplan.bench.load.runner import Recording
from costplan.bench.load.samples import Samples
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.outcomes import Outcome
from costplan.bench.results.summary import summarise

US = 1_000


def recording(mode: Mode = Mode.SINGLE) -> Recording:
    """A lead-in with one answer, then answers of 0.2, 1, 1.001 and 3.5 ms and a failure."""
    samples = Samples()
    for number, took in enumerate((500, 200, 1_000, 1_001, 3_500)):
        due = number * 10_000 * US
        samples.add(due, due, due + took * US, Outcome.OK)
    samples.add(50_000 * US, 50_000 * US, 51_000 * US, Outcome.HTTP_ERROR)
    settings = LoadSettings(mode, window_s=1.0, requests_per_second=5.0)
    return Recording(settings, samples, 5_000 * US, 1_005_000 * US, 5)


def test_processor_time_is_shared_by_all_right_answers_of_the_run() -> None:
    """20 ms over 5 right answers, that of the lead-in among them."""
    found = summarise(recording(), server_cpu_s=0.02)
    assert found.server_cpu_ms_per_request == pytest.approx(4.0)
    assert summarise(recording()).server_cpu_ms_per_request is None


def test_times_are_counted_by_the_whole_millisecond_they_begin() -> None:
    """0.2 and 1 ms are billed as one, 1.001 ms as two, 3.5 as four; a failure is no time of a call."""
    found = summarise(recording()).by_ms
    assert found == ((1, 2), (2, 1), (4, 1))
    assert summarise(recording(Mode.OPEN)).by_ms == ()


def test_the_time_under_load_is_that_of_the_capacity() -> None:
    alone = point("single", server_cpu_ms_per_request=3.0)
    slow, there = (point(rate=rate, server_cpu_ms_per_request=ms) for rate, ms in ((50.0, 2.5), (100.0, 2.0)))
    found = cpu_time_of(measurement(points=(alone, there, slow)))
    assert found is not None
    assert (found.alone_ms, found.at_capacity_ms, found.reason) == (3.0, 2.0, "")


def test_a_server_that_was_not_started_here_has_an_unknown_processor_time() -> None:
    found = cpu_time_of(measurement())
    assert found is not None
    assert (found.alone_ms, found.at_capacity_ms) == (None, None)
    assert found.reason == "the server's processor time cannot be read: costplan did not start it"
    assert cpu_time_of(replace(measurement(), points=())) is None
