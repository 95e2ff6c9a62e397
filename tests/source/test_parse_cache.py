"""Parsed files are kept: never trusted over the text, never an error, and never wrong."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from command_line import command, environment

from costplan import __version__
from costplan.catalog.store import Catalog
from costplan.datafiles import data_folder
from costplan.messages.errors import CatalogError, InputError
from costplan.source import parse_cache
from costplan.source.parse_cache import WORTH_KEEPING, cache_folder, read_document, read_tree
from costplan.source.reader import Mapping, Node, Scalar, parse_yaml, to_plain

INDEX = (data_folder("catalogs") / "yandex-cloud" / "catalog.yaml").read_text(encoding="utf-8")
PRICE = """\
service: tiny
title: Tiny
skus:
  - code: tiny.unit
    name: A unit
    pricing_unit: request
    prices:
      - effective_from: 2026-05-01
        source: a page
        checked: 2026-05-01
        confidence: list
        rates: {RUB: 1.25}
"""
FILLED = PRICE + "#" * WORTH_KEEPING + "\n"


SCENARIO = """\
# Ä comment
scenario: kept
title: {en: Kept, ru: "Сохранено"}
note: |
  Two
  lines
nothing: ~
workload: &load {monthly_requests: 5M}
again: *load
list: [a, "b c", [], {}, {x: [1, 2]}]
"""
SCENARIO_FILLED = SCENARIO + "#" * WORTH_KEEPING + "\n"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "costplan"


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    folder = tmp_path / "prices"
    folder.mkdir()
    (folder / "catalog.yaml").write_text(INDEX, encoding="utf-8")
    (folder / "tiny.yaml").write_text(FILLED, encoding="utf-8")
    return folder


def unit_price(folder: Path) -> Decimal:
    sku = Catalog([folder]).sku("tiny", "tiny.unit")
    assert sku is not None
    return sku.prices[0].rates["RUB"][0].unit_price


def kept_of(cache: Path, text: str) -> Path:
    """Return the kept file that holds a piece of text."""
    return next(path for path in cache.glob("*.json") if text in path.read_text(encoding="utf-8"))


def count_parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    parsed: list[str] = []

    def counting(data: bytes, file: str, **more: int) -> object:
        parsed.append(Path(file).name)
        return parse_yaml(data, file, **more)

    monkeypatch.setattr(parse_cache, "parse_yaml", counting)
    return parsed


def test_a_file_is_parsed_once_and_its_data_is_the_same_after(
    prices: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = count_parsed(monkeypatch)
    first = read_document(prices / "tiny.yaml").plain
    assert read_document(prices / "tiny.yaml").plain == first
    assert parsed == ["tiny.yaml"]
    assert unit_price(prices) == Decimal("1.25")


def test_a_changed_text_wins(prices: Path, cache: Path) -> None:
    assert unit_price(prices) == Decimal("1.25")
    (prices / "tiny.yaml").write_text(FILLED.replace("1.25", "1.50"), encoding="utf-8")
    assert unit_price(prices) == Decimal("1.50")
    assert len(list(cache.glob("*.json"))) == len({"catalog.yaml", "tiny.yaml"})


@pytest.mark.parametrize(
    "damage",
    [
        lambda body: body.replace(b"1.25", b"9.25"),
        lambda body: body[:-5],
        lambda body: b"",
        lambda body: b"\xff\x00" + body,
        lambda body: body.partition(b"\n")[0] + b"\n",
        lambda body: body + b" ",
        lambda body: b"[" * 100_000,
    ],
    ids=["another price", "cut short", "empty", "other bytes", "no data", "longer", "nested"],
)
def test_a_damaged_file_is_passed_over_and_written_anew(prices: Path, cache: Path, damage: object) -> None:
    assert unit_price(prices) == Decimal("1.25")
    file = kept_of(cache, "tiny.unit")
    whole = file.read_bytes()
    file.write_bytes(damage(whole))  # type: ignore[operator]
    assert unit_price(prices) == Decimal("1.25")
    assert file.read_bytes() == whole


def test_data_that_other_code_made_is_passed_over(
    prices: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unit_price(prices) == Decimal("1.25")
    parsed = count_parsed(monkeypatch)
    monkeypatch.setattr(parse_cache, "_code_key", lambda: f"{__version__} and more".encode())
    assert unit_price(prices) == Decimal("1.25")
    assert sorted(parsed) == ["catalog.yaml", "tiny.yaml"]


def test_what_is_kept_is_checked_as_the_text_is(prices: Path, cache: Path) -> None:
    (prices / "tiny.yaml").write_text(FILLED.replace("1.25", "much"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(CatalogError, match=r"tiny\.yaml:12:22: .*much") as found:
            Catalog([prices]).service("tiny")
        assert "rates" in str(found.value)


def test_somebody_elses_file_is_passed_over(
    prices: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unit_price(prices) == Decimal("1.25")
    parsed = count_parsed(monkeypatch)
    monkeypatch.setattr(os, "geteuid", lambda: 12345, raising=False)
    assert unit_price(prices) == Decimal("1.25")
    assert sorted(parsed) == ["catalog.yaml", "tiny.yaml"]


def test_a_cache_that_cannot_be_written_is_no_error(
    prices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert unit_price(prices) == unit_price(prices) == Decimal("1.25")


def test_a_write_that_fails_half_way_leaves_nothing(
    prices: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(os, "replace", refuse)
    assert unit_price(prices) == Decimal("1.25")
    assert list(cache.iterdir()) == []


def test_a_small_file_is_not_kept(prices: Path, cache: Path) -> None:
    (prices / "tiny.yaml").write_text(PRICE, encoding="utf-8")
    assert len(PRICE) < WORTH_KEEPING
    read_document(prices / "tiny.yaml")
    assert not cache.exists()


def test_a_relative_cache_is_ignored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    assert cache_folder() == tmp_path / ".cache" / "costplan"


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(SCENARIO_FILLED, encoding="utf-8")
    return path


def places(node: Node) -> list[object]:
    """Return all places of a tree as errors would show them."""
    if isinstance(node, Scalar):
        return [node.mark]
    if isinstance(node, Mapping):
        below = [place for value in node.entries.values() for place in places(value)]
        return [node.mark, node.key_marks, *below]
    return [node.mark, *(place for item in node.items for place in places(item))]


def test_a_scenario_is_parsed_once_and_its_tree_is_the_same_after(
    scenario: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = count_parsed(monkeypatch)
    first, second = read_tree(scenario), read_tree(scenario)
    assert parsed == ["mine.yaml"]
    assert to_plain(second) == to_plain(first)
    assert list(second.entries) == list(first.entries)
    assert places(second) == places(first)


@pytest.mark.parametrize(("begin", "end"), [("\ufeff", "\n"), ("", "\r\n")], ids=["byte order mark", "CRLF"])
def test_places_are_the_same_however_a_scenario_is_saved(
    begin: str, end: str, scenario: Path, cache: Path
) -> None:
    scenario.write_bytes((begin + SCENARIO_FILLED.replace("\n", end)).encode())
    first, second = read_tree(scenario), read_tree(scenario)
    assert places(second) == places(first) == places(parse_yaml(scenario.read_bytes(), str(scenario)))


def test_a_changed_scenario_wins_and_takes_the_same_place(scenario: Path, cache: Path) -> None:
    read_tree(scenario)
    scenario.write_text(SCENARIO_FILLED.replace("5M", "6M"), encoding="utf-8")
    for _ in range(2):
        assert to_plain(read_tree(scenario).entries["workload"]) == {"monthly_requests": "6M"}
    assert len(list(cache.iterdir())) == 1


def test_a_kept_scenario_is_called_as_it_is_asked_for(scenario: Path, cache: Path) -> None:
    assert read_tree(scenario).mark.file == str(scenario)
    assert (
        read_tree(scenario, shown_as="scenarios/mine.yaml").entries["title"].mark.file
        == "scenarios/mine.yaml"
    )


def test_a_damaged_scenario_is_passed_over_and_written_anew(scenario: Path, cache: Path) -> None:
    first = read_tree(scenario)
    [file] = cache.iterdir()
    whole = file.read_bytes()
    for damaged in (whole.replace(b"5M", b"9M"), whole[:-5], b"", whole + b" "):
        file.write_bytes(damaged)
        assert to_plain(read_tree(scenario)) == to_plain(first)
        assert file.read_bytes() == whole


def test_scenarios_that_share_a_place_take_it_from_each_other(
    scenario: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parse_cache, "_SCENARIO_PLACES", 1)
    other = scenario.with_name("other.yaml")
    other.write_text(SCENARIO_FILLED.replace("5M", "7M"), encoding="utf-8")
    for _ in range(2):
        for path, load in ((scenario, "5M"), (other, "7M")):
            assert to_plain(read_tree(path).entries["workload"]) == {"monthly_requests": load}
    assert len(list(cache.iterdir())) == 1


def test_a_scenario_that_cannot_be_read_is_not_kept(scenario: Path, cache: Path) -> None:
    scenario.write_text(SCENARIO_FILLED + "scenario: twice\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(InputError, match="duplicate key"):
            read_tree(scenario)
    assert not cache.exists()


@pytest.mark.parametrize("line", ["estimate stage2 --format json", "check stage3 --format json"])
def test_answers_are_the_same_without_with_and_beside_a_cache(line: str, cache: Path) -> None:
    def run() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command(*line.split()), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
        )

    at_once = [run(), run()]
    answers = [process.communicate(timeout=120)[0] for process in at_once]
    answers.append(run().communicate(timeout=120)[0])
    assert json.loads(answers[0])
    assert answers[0] == answers[1] == answers[2]
    assert {path.suffix for path in cache.iterdir()} == {".json"}


def forge(file: Path, data: object) -> None:
    """Write other data with hashes that are right."""
    key = file.read_bytes().split()[0]
    body = json.dumps(data).encode()
    file.write_bytes(key + b" " + hashlib.sha256(body).hexdigest().encode() + b"\n" + body)


@pytest.mark.parametrize(
    "data",
    [None, 5, [], [{}], {"a": 1, "b": 2}, [{"a": "b"}, ""], [{"a": "b"}, "AAAA"], [["a"], 3], ["a", "b"],
     [{"a": 5}, "AAAA" * 30], [{"a": "b"}, "not base64"]],
)  # fmt: skip
def test_a_kept_scenario_of_another_shape_is_passed_over(scenario: Path, cache: Path, data: object) -> None:
    first = read_tree(scenario)
    [file] = cache.iterdir()
    whole = file.read_bytes()
    forge(file, data)
    assert to_plain(read_tree(scenario)) == to_plain(first)
    assert file.read_bytes() == whole


@pytest.mark.parametrize("data", [5, [], "text"])
def test_kept_prices_that_are_no_mapping_are_passed_over(prices: Path, cache: Path, data: object) -> None:
    assert unit_price(prices) == Decimal("1.25")
    forge(kept_of(cache, "tiny.unit"), data)
    assert unit_price(prices) == Decimal("1.25")


def place_fifo(file: Path) -> None:
    os.mkfifo(file)


def place_device(file: Path) -> None:
    file.symlink_to("/dev/zero")


def place_much(file: Path) -> None:
    with file.open("wb") as handle:
        handle.truncate(10**12)  # a file with a hole, which takes no room


@pytest.mark.parametrize("place", [place_fifo, place_device, place_much])
def test_what_is_no_kept_file_is_not_read(scenario: Path, cache: Path, place: Callable[[Path], None]) -> None:
    first = read_tree(scenario)
    [file] = cache.iterdir()
    file.unlink()
    place(file)
    assert to_plain(read_tree(scenario)) == to_plain(first)
    assert file.is_file()
    assert file.stat().st_size < 10_000


@pytest.mark.parametrize("home", ["", "here", "./here"])
def test_without_a_home_nothing_is_kept(
    scenario: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: str
) -> None:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", home)
    monkeypatch.chdir(tmp_path)
    assert cache_folder() is None
    assert to_plain(read_tree(scenario)) == to_plain(read_tree(scenario))
    assert list(tmp_path.iterdir()) == [scenario]
