"""A request log becomes the weights of the hours of a week."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from costplan.catalog.store import Catalog
from costplan.errors import InputError
from costplan.scenario.load import load_scenario
from costplan.scenario.request_log import week_of

MONDAY = datetime(2026, 11, 2)
DESIGN = """
scenario: one
title: One
workload:
  monthly_requests: 1M
  arrivals: {log: requests.csv, peak_factor: 2}
resources:
  api: {kind: compute-instance, role: inference, vcpu: 2, memory: 4 GB}
"""


def hourly(path: Path, counts: list[int], start: datetime = MONDAY) -> Path:
    rows = [f"{(start + timedelta(hours=hour)).isoformat()},{count}" for hour, count in enumerate(counts)]
    path.write_text("time,requests\n" + "\n".join(rows) + "\n")
    return path


def test_each_hour_has_its_mean_over_the_weeks_that_the_log_covers(tmp_path: Path) -> None:
    """A week and a day: Monday is there twice, 10 and 30 requests an hour, and the other days once, 7."""
    log = hourly(tmp_path / "log.csv", [10] * 24 + [7] * 144 + [30] * 24)
    weights = week_of(log, "log.csv")
    assert [Fraction(weight, weights[-1]) for weight in weights] == [Fraction(20, 7)] * 24 + [
        Fraction(1)
    ] * 144


def test_a_log_that_starts_on_any_day_is_turned_to_monday(tmp_path: Path) -> None:
    log = hourly(tmp_path / "log.csv", [0] * 24 + [5] + [0] * 143, MONDAY + timedelta(days=2))
    weights = week_of(log, "log.csv")
    assert [hour for hour, weight in enumerate(weights) if weight] == [3 * 24]


def test_single_requests_are_counted_in_the_hours_as_written(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    times = ["2026-11-02T00:59:59+03:00", "2026-11-02T00:01:00+03:00", "2026-11-08T23:30:00+03:00"]
    log.write_text("id,time\n" + "".join(f"{n},{time}\n" for n, time in enumerate(times)))
    weights = week_of(log, "log.csv")
    assert (weights[0], weights[167], sum(weights)) == (2, 1, 3)


def test_a_scenario_takes_its_profile_from_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    hourly(tmp_path / "requests.csv", [3] + [1] * 167)
    Path("one.yaml").write_text(DESIGN)
    arrivals = load_scenario("./one.yaml", lambda _: Catalog.shipped()).model.workload.arrivals
    assert arrivals is not None
    assert list(arrivals.hour_weights) == [3] + [1] * 167
    assert arrivals.peak_factor.value == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("when\n2026-11-02", "has no column `time`"),
        ("time\nyesterday", "log.csv:2.*is not a time"),
        ("time,requests\n2026-11-02T00:00,-1", "log.csv:2.*counts -1"),
        ("time\n2026-11-02T00:00\n2026-11-03T00:00", "covers 25 hours"),
        ("time\n2026-11-02T00:00\n2226-11-03T00:00", "a slip in a date"),
        ("time\n", "has no requests"),
        ("", "has no column"),
    ],
)
def test_what_is_no_log_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "log.csv").write_text(text)
    with pytest.raises(InputError, match=message):
        week_of(tmp_path / "log.csv", "log.csv")


@pytest.mark.parametrize(
    ("log", "message"),
    [("../out.csv", "inside the project"), ("none.csv", "cannot read"), ("[a]", "must name a request log")],
)
def test_a_log_must_be_a_file_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("one.yaml").write_text(DESIGN.replace("requests.csv", log))
    with pytest.raises(InputError, match=message):
        load_scenario("./one.yaml", lambda _: Catalog.shipped())


def test_a_log_and_a_profile_are_one_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    hourly(tmp_path / "requests.csv", [1] * 168)
    Path("one.yaml").write_text(DESIGN.replace("peak_factor: 2", "profile: flat"))
    with pytest.raises(InputError, match="one of them"):
        load_scenario("./one.yaml", lambda _: Catalog.shipped())
