"""A request log becomes the weights of the hours of a week."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.scenario.document.request_log import week_of
from costplan.scenario.export import design_document
from costplan.scenario.load import load_scenario

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
        ("time,requests\n2026-11-02T00:00,0", "has no requests"),
        ("time,requests\n2026-11-02T00:00,1_000", "log.csv:2.*not a whole number of requests: `1_000`"),
        ("time,requests\n2026-11-02T00:00,\u0661\u0662", "log.csv:2.*not a whole number of requests"),
        ("time,requests\n2026-11-02T00:00," + "9" * 4000, "log.csv:2.*not a whole number of requests"),
        ("time,requests\n2026-11-02T00:00,1,000", "log.csv:2.*has 3 cells under a header of 2"),
        ("time,requests\n2026-11-02T00:00", "log.csv:2.*not a whole number of requests: ``"),
        ("time,requests,requests\n2026-11-02T00:00,1,2", "log.csv:1.*has 2 columns `requests`"),
        ("time,time\n2026-11-02T00:00,1", "log.csv:1.*has 2 columns `time`"),
        ("time\n0001-01-01T00:00+05:00", "log.csv:2.*is not a time"),
        ("time\n2026-11-02T00:00\n2026-11-02T00:00Z", "with a UTC offset and times without one"),
        ('time,agent\n2026-11-02T00:00,"' + "a" * 200_000, "log.csv:2.*is not CSV"),
        ("", "has no column"),
    ],
)
def test_what_is_no_log_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "log.csv").write_text(text)
    with pytest.raises(InputError, match=message):
        week_of(tmp_path / "log.csv", "log.csv")


def zoned(start: str, hours: int, count: int = 60) -> list[str]:
    """Return hourly rows of an hourly log in one offset."""
    first = datetime.fromisoformat(start)
    return [f"{(first + timedelta(hours=hour)).isoformat()},{count}" for hour in range(hours)]


def weights_of(path: Path, rows: list[str], header: str = "time,requests") -> list[int]:
    path.write_text("\n".join([header, *rows]) + "\n")
    return week_of(path, "log.csv")


def test_an_hour_that_a_clock_change_repeats_is_there_twice(tmp_path: Path) -> None:
    """60 requests in each of 169 hours: Sunday's third hour comes twice, and is as busy as the others."""
    before, after = zoned("2026-10-19T00:00+02:00", 147), zoned("2026-10-25T02:00+01:00", 22)
    assert len(before) + len(after) == 7 * 24 + 1
    assert weights_of(tmp_path / "log.csv", before + after) == [1] * 168


def test_an_hour_that_a_clock_change_skips_is_not_there(tmp_path: Path) -> None:
    """Two weeks of 60 an hour, 335 hours: Sunday's third hour is there once, as busy as the others."""
    rows = zoned("2027-03-15T00:00+01:00", 7 * 24 + 146) + zoned("2027-03-28T03:00+02:00", 21)
    assert len(rows) == 14 * 24 - 1
    assert weights_of(tmp_path / "log.csv", rows) == [1] * 168


def test_the_hour_that_the_only_week_skips_is_like_the_one_before(tmp_path: Path) -> None:
    rows = zoned("2027-03-22T00:00+01:00", 146) + zoned("2027-03-28T03:00+02:00", 21, 30)
    assert weights_of(tmp_path / "log.csv", rows) == [2] * 147 + [1] * 21


def test_an_hour_without_requests_belongs_to_the_offset_before_it(tmp_path: Path) -> None:
    """Two weeks, the second an hour late; nothing came in the hours 10 and 11 of the change's Sunday."""
    rows = zoned("2026-10-19T00:00+02:00", 147) + zoned("2026-10-25T02:00+01:00", 8)
    rows += zoned("2026-10-25T12:00+01:00", 12 + 7 * 24)
    weights = weights_of(tmp_path / "log.csv", rows)
    assert [hour - 6 * 24 for hour, weight in enumerate(weights) if weight < max(weights)] == [10, 11]


@pytest.mark.parametrize(
    "times",
    [
        [f"2026-11-{day:02d}" for day in range(2, 16)],
        [f"2026-11-{day:02d}T03:00" for day in range(2, 16)],
        [f"2026-11-{day:02d}T{21 + day % 2}:00Z" for day in range(2, 16)],
        [f"2026-11-{day:02d}T12:{day:02d}" for day in range(2, 16)],
        [f"2026-11-{day:02d}T{hour:02d}:00" for day in range(2, 10) for hour in (0, 6, 12, 18)],
        [f"2026-11-{day:02d}T00:00" for day in range(2, 16) for _ in range(3)],
    ],
    ids=["days", "same hour", "midnight of a place", "some minute", "six hours", "three rows a day"],
)
@pytest.mark.parametrize(("column", "cell"), [("requests", "1000"), ("path", "/predict")])
def test_a_log_of_days_says_nothing_about_hours(
    tmp_path: Path, times: list[str], column: str, cell: str
) -> None:
    with pytest.raises(InputError, match=r"too coarse: its times are \d+ hours apart"):
        weights_of(tmp_path / "log.csv", [f"{time},{cell}" for time in times], f"time,{column}")


def test_a_job_that_runs_every_night_is_no_log_of_days(tmp_path: Path) -> None:
    rows = [f"2026-11-{day:02d}T02:{minute}:00,5" for day in range(2, 10) for minute in ("00", "30")]
    weights = weights_of(tmp_path / "log.csv", rows)
    assert {hour % 24 for hour, weight in enumerate(weights) if weight} == {2}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_log_may_come_from_a_spreadsheet(tmp_path: Path, delimiter: str, mark: str) -> None:
    rows = [row.replace(",", delimiter) for row in zoned("2026-11-02T00:00", 168)]
    text = "\r\n".join([f"{mark}time{delimiter}requests", *rows])
    (tmp_path / "log.csv").write_text(text, encoding="utf-8", newline="")
    assert week_of(tmp_path / "log.csv", "log.csv") == [1] * 168


@pytest.mark.parametrize("name", ["timestamp", "Date", "ts"])
def test_the_column_of_times_is_found_by_what_is_in_it(tmp_path: Path, name: str) -> None:
    text = f"call the column `time`, not `{name.lower()}`"
    with pytest.raises(InputError, match=text):
        weights_of(tmp_path / "log.csv", ["7,2026-11-02T00:00"], f"requests,{name}")


def test_sums_under_another_name_are_not_counted_as_one_request_each(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="call the column `requests`, not `hits`"):
        weights_of(tmp_path / "log.csv", zoned("2026-11-02T00:00", 168), "time,hits")


def test_a_row_is_named_by_the_line_on_which_it_begins(tmp_path: Path) -> None:
    rows = ['2026-11-02T00:00:01,"a', 'b"', "2026-11-02T00:00:02,c", "soon,d"]
    with pytest.raises(InputError, match=r"^log.csv:5:1: is not a time"):
        weights_of(tmp_path / "log.csv", rows, "time,agent")


def test_a_byte_that_is_no_text_is_named_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(b"time,agent\n2026-11-02T00:00:01,a\n2026-11-02T00:00:02,\xe9\n")
    with pytest.raises(InputError, match=r"^log.csv:3:21: byte 0xe9 is not UTF-8"):
        week_of(tmp_path / "log.csv", "log.csv")


def test_counts_beyond_any_number_keep_their_proportions(tmp_path: Path) -> None:
    """Weeks and an hour, so that Monday's first hour is a mean over three and the others over two."""
    rows = zoned("2026-11-02T00:00", 2 * 168 + 1, 999_999_999_998)
    weights = weights_of(tmp_path / "log.csv", [*rows[:-1], rows[-1].replace(",999999999998", ",2")])
    assert max(weights) <= 10**12
    assert Fraction(weights[0], weights[1]) == pytest.approx(Fraction(2, 3), rel=1e-11)


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
    with pytest.raises(InputError, match=r"`profile` says what `log` says already.*\n.*\n.*\n.*one of them"):
        load_scenario("./one.yaml", lambda _: Catalog.shipped())


def test_times_of_several_places_are_not_put_side_by_side(tmp_path: Path) -> None:
    here, there = zoned("2026-11-02T00:00+03:00", 200), zoned("2026-11-02T02:00+05:00", 200)
    rows = [row for pair in zip(here, there, strict=True) for row in pair]
    with pytest.raises(InputError, match="several places side by side"):
        weights_of(tmp_path / "log.csv", rows)


def shape_of(reference: str, *sets: str) -> str:
    """Say which shape a scenario's arrivals have, by how many hours of the week are the busiest."""
    arrivals = load_scenario(reference, lambda _: Catalog.shipped(), sets=sets).model.workload.arrivals
    assert arrivals is not None
    weights = list(arrivals.hour_weights)
    return {1: "log", 2: "weights", 168: "flat", 20: "office-hours"}[weights.count(max(weights))]


@pytest.fixture
def layers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scenarios that say in each way when requests arrive: in one hour, in two, in all."""
    monkeypatch.chdir(tmp_path)
    Path("logs").mkdir()
    hourly(Path("logs/requests.csv"), [3] + [1] * 167)
    variants = """variants:
  recorded: {title: r, set: {workload.arrivals.log: requests.csv}}
  flat: {title: f, set: {workload.arrivals.profile: flat}}
"""
    weights = f"weights: [3, 3, {', '.join('1' * 166)}]"
    for shape, text in (("log", "log: requests.csv"), ("flat", "profile: flat"), ("weights", weights)):
        base = DESIGN.replace("log: requests.csv", text)
        Path(f"logs/{shape}.yaml").write_text(base + variants)
        for below in ("log", "flat", "weights"):
            over = f"scenario: two\ntitle: Two\nextends: ./{below}.yaml\nworkload: {{arrivals: {{{text}}}}}\n"
            Path(f"logs/{shape}-over-{below}.yaml").write_text(over)
    Path("logs/none.yaml").write_text(
        "scenario: three\ntitle: Three\nextends: ./log.yaml\nworkload: {arrivals: {log: ~}}\n"
    )


@pytest.mark.usefixtures("layers")
@pytest.mark.parametrize("below", ["log", "flat", "weights"])
@pytest.mark.parametrize("above", ["log", "flat", "weights"])
def test_the_shape_that_is_stated_last_replaces_the_others(above: str, below: str) -> None:
    assert shape_of(f"./logs/{above}-over-{below}.yaml") == above


@pytest.mark.usefixtures("layers")
@pytest.mark.parametrize("below", ["log", "flat", "weights"])
def test_variants_and_options_replace_the_shape(below: str) -> None:
    base = f"./logs/{below}.yaml"
    assert shape_of(f"{base}:recorded") == "log"
    assert shape_of(f"{base}:flat") == "flat"
    assert shape_of(base, "workload.arrivals.log=logs/requests.csv") == "log"
    assert shape_of(f"{base}:recorded", "workload.arrivals.profile=office-hours") == "office-hours"


@pytest.mark.usefixtures("layers")
def test_a_log_is_taken_away_like_anything_else() -> None:
    assert shape_of("./logs/none.yaml") == "flat"
    assert shape_of("./logs/log.yaml", "workload.arrivals.log=") == "flat"


@pytest.mark.usefixtures("layers")
def test_two_shapes_that_are_stated_at_once_clash() -> None:
    sets = ("workload.arrivals.log=logs/requests.csv", "workload.arrivals.profile=flat")
    with pytest.raises(InputError, match="two overrides clash"):
        shape_of("./logs/log.yaml", *sets)
    with pytest.raises(InputError, match="variant recorded and variant flat"):
        shape_of("./logs/log.yaml:recorded+flat")


@pytest.mark.usefixtures("layers")
def test_a_fault_of_a_whole_log_stands_at_its_name() -> None:
    Path("logs/requests.csv").write_text("time\n2026-11-02T00:00:01\n2026-11-02T00:00:02\n")
    with pytest.raises(
        InputError, match=r"log.yaml:6:19: workload.arrivals.log: `requests.csv` covers 1 hours"
    ):
        shape_of("./logs/log.yaml")


@pytest.mark.usefixtures("layers")
def test_a_design_from_standard_input_takes_its_log_along() -> None:
    design = load_scenario("./logs/log.yaml", lambda _: Catalog.shipped())
    Path("design.yaml").write_text(design_document(design, "-", Path("design.yaml"), "one"))
    assert shape_of("./design.yaml") == "log"
