"""`costplan curve` as a user runs it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from command_line import costplan, process

Capsys = pytest.CaptureFixture[str]

TWO = """\
scenario: {name}
title: Two lines that cross
workload: {{monthly_requests: 5, response_size: 1 GB, slo: p99 <= 1 s}}
currency: {currency}
resources:
  {name}: {{kind: {kind}}}
"""


@pytest.fixture
def designs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Traffic, free up to 100 requests and then 1.42 each, against 142 roubles."""
    monkeypatch.chdir(tmp_path)
    fixed = "fixed-cost, role: other, amounts: {RUB: 142}, source: a contract"
    for name, kind in (("traffic", "network, role: network"), ("flat", fixed)):
        Path(f"{name}.yaml").write_text(TWO.format(name=name, kind=kind, currency="RUB"))


def test_the_table_says_who_wins_where_and_where_they_cross(capsys: Capsys, designs: None) -> None:
    ended = costplan(capsys, "curve", "traffic.yaml", "flat.yaml", "--from", "1", "--to", "1K")
    assert ended.code == 0
    rows = [line.split() for line in ended.out.splitlines()]
    assert ["1", "200", "traffic", "0.00", "142.00"] in rows
    assert ["201", "1,000", "flat", "142.00", "142.00"] in rows
    assert ["201", "traffic", "flat", "142.00", "143.42", "crossing", "both", "meet", "them"] in rows


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_chart_fits_the_screen(capsys: Capsys, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    ended = costplan(capsys, "curve")
    assert max(map(len, ended.out.splitlines())) <= width
    assert {"A stage1   B stage2   C stage3   ·· does not meet its requirements"} <= set(
        ended.out.splitlines()
    )


def test_the_chart_shows_the_winner_below_each_load(capsys: Capsys, designs: None) -> None:
    """200 of 1000 requests lie at 77 % of a logarithmic axis from 1."""
    out = costplan(capsys, "curve", "traffic.yaml", "flat.yaml", "--from", "1", "--to", "1K").out
    [strip] = [line.strip() for line in out.splitlines() if set(line.strip()) == {"A", "B"}]
    assert strip == "A" * strip.count("A") + "B" * strip.count("B")
    assert strip.count("A") / len(strip) == pytest.approx(0.767, abs=0.01)


def test_a_screen_without_line_characters_gets_ascii() -> None:
    ended = process("curve", env={"PYTHONIOENCODING": "ascii", "COLUMNS": "80"})
    assert ended.code == 0
    assert ended.out.isascii()
    assert "1M +" in ended.out
    assert "\\x" not in ended.out


def test_colours_are_left_out_where_they_are_not_wanted(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = costplan(capsys, "curve").out
    monkeypatch.setenv("NO_COLOR", "1")
    plain = costplan(capsys, "curve").out
    assert "\x1b[32m" in coloured
    assert "\x1b" not in plain


def test_json_holds_every_line_and_every_crossover(capsys: Capsys, designs: None) -> None:
    ended = costplan(
        capsys, "curve", "traffic.yaml", "flat.yaml", "--from", "1", "--to", "1K", "--format", "json"
    )
    found = json.loads(ended.out)
    traffic, _ = found["scenarios"]
    assert [(line["start"], line["end"]) for line in traffic["segments"]] == [(1, 100), (101, 1000)]
    assert traffic["segments"][1]["cost_per_further_million"] == "1420000"
    [change] = found["crossovers"]
    assert change["after"] == {
        "monthly_requests": 201, "costs": {"traffic": "143.42", "flat": "142"}, "obstacles": {},
    }  # fmt: skip


def test_csv_holds_the_points_of_each_line(capsys: Capsys, designs: None) -> None:
    ended = costplan(
        capsys, "curve", "traffic.yaml", "--from", "1", "--to", "1K", "--points", "4", "--format", "csv"
    )
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert [(row["monthly_requests"], row["monthly_cost"]) for row in rows] == [
        ("1", "0"), ("10", "0"), ("100", "0"), ("101", "1.42"), ("1000", "1278"),
    ]  # fmt: skip


@pytest.mark.parametrize(("ending", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_a_picture_is_drawn_where_it_is_asked_for(
    capsys: Capsys, designs: None, ending: str, begins: bytes
) -> None:
    ended = costplan(capsys, "curve", "traffic.yaml", "flat.yaml", "--to", "10M", "--plot", f"c.{ending}")
    assert ended.code == 0
    assert ended.err == f"wrote c.{ending}\n"
    assert Path(f"c.{ending}").read_bytes().startswith(begins)


def test_a_design_alone_needs_no_crossovers(capsys: Capsys) -> None:
    out = costplan(capsys, "curve", "stage3", "--to", "100M").out
    assert "Crossovers" not in out
    assert "letters" not in out


def test_a_quota_that_each_load_needs_is_not_said_to_be_needed_from_the_first_load_on(capsys: Capsys) -> None:
    # One T4 machine stands there at any load, and a new account may have none. Stage 1 writes a log record a
    # request: 1,000 a second is passed at some load within the axis only.
    said = costplan(capsys, "curve", "stage1", "stage2").out
    assert "stage2: at every load: needs a raised quota compute.instanceT4Gpus.count, above 0" in said
    assert "requests on: needs a raised quota logging.write.rate, above 1,000 records/s" in said
    narrow = costplan(capsys, "curve", "stage1", "--from", "900M", "--to", "1B").out
    assert "stage1: at every load: needs a raised quota logging.write.rate" in narrow


def test_a_missing_price_is_said_and_is_a_no_under_strict(capsys: Capsys) -> None:
    ended = costplan(capsys, "curve", "stage3:managed-opensearch", "stage1", "--strict")
    assert ended.code == 1
    assert "its cost is a lower bound" in ended.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--from 5 --to 3", "from fewer requests to more, got 5 to 3"),
        ("--from 1.5", "--from: must be a whole number, got 1.5"),
        ("--from 0", "starts at 1 request a month or more, got 0"),
        ("--from=-3", "--from: must not be negative, got -3"),
        ("--to nan", "--to: must be a finite number, got `nan`"),
        ("--to 2T", "--to: has the unknown suffix `T`; use K, M or B"),
        ("--to 5000B", "ends at 1,000,000,000,000 requests a month, got 5,000,000,000,000"),
        ("--points 1", "sampled at 2 to 100,000 loads, got 1"),
        ("--points many", "--points: "),
        ("--plot curve.txt", "--plot: `curve.txt` must end in .svg or .png"),
        ("--currency EUR", "--currency: `EUR` is not one of RUB, USD, KZT"),
        ("--format yaml", "--format: `yaml` is not one of table, json, csv, md"),
    ],
)
def test_wrong_options_are_named(capsys: Capsys, options: str, message: str) -> None:
    ended = costplan(capsys, "curve", "stage1", *options.split())
    assert ended.code == 2
    assert message in ended.err
    assert ended.out == ""


def test_designs_in_different_currencies_are_refused(capsys: Capsys, designs: None) -> None:
    Path("usd.yaml").write_text(TWO.format(name="usd", kind="network, role: network", currency="USD"))
    ended = costplan(capsys, "curve", "traffic.yaml", "usd.yaml")
    assert ended.code == 2
    assert ended.err == (
        "the scenarios are in different currencies: RUB, USD\n  hint: name one with --currency RUB\n"
    )
    assert costplan(capsys, "curve", "traffic.yaml", "usd.yaml", "--currency", "USD").code == 0
