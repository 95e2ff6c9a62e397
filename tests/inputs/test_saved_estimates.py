"""Estimates that were saved: read back to the last digit, or refused with the place and what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from command_line import costplan

from costplan.catalog.store import Catalog
from costplan.inputs.diff.saved import is_saved, load_saved
from costplan.messages.errors import InputError
from costplan.pricing.engine import price_scenario
from costplan.scenario.load import load_scenario

Capsys = pytest.CaptureFixture[str]
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    bill = price_scenario(load_scenario("stage2", Catalog.shipped))
    path = Path("base.json")
    path.write_text(bill.to_json(), encoding="utf-8")
    return path


def changed(base: Path, change: Change) -> Path:
    document = json.loads(base.read_text(encoding="utf-8"))
    change(document)
    path = base.with_name("other.json")
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_saved_estimate_is_the_estimate(base: Path) -> None:
    bill = price_scenario(load_scenario("stage2", Catalog.shipped))
    assert is_saved(str(base))
    found = load_saved(base, "base.json")
    assert found.resources == bill.resources
    assert found.total == bill.total
    assert found.to_json() == bill.to_json()


def test_a_plan_and_a_scenario_are_no_saved_estimates(tmp_path: Path) -> None:
    for name, text in (("plan.json", '{"format_version": "1.2"}'), ("s.json", '{"scenario": "a"}')):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert not is_saved(str(tmp_path / name))
    assert not is_saved(str(tmp_path / "missing.json"))


def test_keys_of_later_versions_do_no_harm(base: Path) -> None:
    other = changed(base, lambda document: document.update(later={"a": [1, 2.5]}))
    assert load_saved(other, "other.json") == load_saved(base, "base.json")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(schema="costplan/estimate/7"), "of version 7; this costplan reads version 1"),
        (lambda d: d.update(schema="costplan/curve/1"), "is a document `curve`, not an estimate"),
        (lambda d: d["total"].update(monthly_cost="1"), "total: the resources do not add up to the total"),
        (
            lambda d: d["resources"][0].update(monthly_cost="1"),
            "resources[0]: the lines do not add up to `monthly_cost`",
        ),
        (
            lambda d: d["resources"][0]["line_items"][0].update(quantity="1"),
            "resources[0].line_items[0]: the tiers do not add up to the line",
        ),
        (lambda d: d["total"].update(net="1e999999999"), "total.net: is no amount of a bill"),
        (lambda d: d["total"].update(net="NaN"), "total.net"),
        (lambda d: d["total"].update(net=[]), "total.net"),
        (lambda d: d.pop("resources"), "resources"),
    ],
    ids=["version", "document", "total", "resource", "line", "huge", "nan", "type", "missing"],
)
def test_what_is_no_estimate_is_refused(base: Path, change: Change, said: str) -> None:
    with pytest.raises(InputError) as raised:
        load_saved(changed(base, change), "other.json")
    assert str(raised.value).startswith("other.json")
    assert said in str(raised.value)


def test_a_key_that_comes_twice_and_nesting_are_refused(base: Path) -> None:
    text = base.read_text(encoding="utf-8")
    twice = text.replace('"currency": "RUB",', '"currency": "RUB", "currency": "USD",', 1)
    deep = text.replace("{", '{"a": ' + "[" * 100_000 + "]" * 100_000 + ",", 1)
    for changed_text, said in ((twice, "duplicate key `currency`"), (deep, "values are nested too deep")):
        base.write_text(changed_text, encoding="utf-8")
        with pytest.raises(InputError, match=said):
            load_saved(base, "base.json")


def test_a_byte_order_mark_does_no_harm(base: Path) -> None:
    expected = load_saved(base, "base.json")
    base.write_bytes(b"\xef\xbb\xbf" + base.read_bytes())
    assert is_saved(str(base))
    assert load_saved(base, "base.json") == expected


@pytest.mark.parametrize("command", ["estimate", "check", "explain"])
def test_an_answer_is_no_scenario(base: Path, capsys: Capsys, command: str) -> None:
    ended = costplan(capsys, command, "base.json")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "base.json: is an answer of costplan, not a design\n"
        "  hint: `costplan diff` compares saved estimates\n"
    )


@pytest.mark.parametrize("length", [100, 5_000])
def test_a_file_that_is_cut_off_is_said_with_its_place(base: Path, length: int) -> None:
    base.write_bytes(base.read_bytes()[:length])
    with pytest.raises(InputError, match=r"base\.json:\d+:\d+: the JSON is cut off"):
        load_saved(base, "base.json")


def test_two_saved_ones_compare(base: Path, capsys: Capsys) -> None:
    assert costplan(capsys, "estimate", "stage2:preemptible", "-o", "head.json").code == 0
    saved = costplan(capsys, "diff", "base.json", "head.json", "--format", "json")
    direct = costplan(capsys, "diff", "stage2", "stage2:preemptible", "--format", "json")
    one, other = json.loads(saved.out), json.loads(direct.out)
    for document in (one, other):
        for side in ("old", "new"):
            document[side].pop("source")
    assert one == other
    assert Decimal(one["delta"]) < 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--set", "a=1"], "--set: `base.json` is a saved estimate and cannot be changed"),
        (["--requests", "1M"], "--requests: `base.json` is a saved estimate"),
        (["--currency", "usd"], "--currency: `base.json` is saved in RUB"),
        (["--as-of", "2026-01-01"], "--as-of: `base.json` is saved with the prices of 2026-10-06"),
    ],
)
def test_a_saved_one_is_not_priced_anew(base: Path, capsys: Capsys, words: list[str], said: str) -> None:
    ended = costplan(capsys, "diff", "base.json", "stage2", *words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_two_currencies_are_refused(base: Path, capsys: Capsys) -> None:
    assert costplan(capsys, "estimate", "stage2", "--currency", "USD", "-o", "usd.json").code == 0
    ended = costplan(capsys, "diff", "base.json", "usd.json")
    assert ended.code == 2
    assert "`base.json` is in RUB, `usd.json` in USD: there is no exchange rate" in ended.err
    with_design = costplan(capsys, "diff", "usd.json", "stage2")
    assert (with_design.code, with_design.out) == (0, "")
