"""Tables of answers as pandas frames, of any frozen document."""

from __future__ import annotations

import inspect
import json
import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest

from costplan.analysis.bill.documents import CHECKS_SCHEMA, Check, Checks
from costplan.messages.errors import InputError
from costplan.messages.result import Result
from costplan.output.formats.csv import render
from costplan.output.formats.json import render as json_of
from costplan.output.frame import frame_of
from costplan.output.registry import DOCUMENTS
from costplan.pricing.catalog_stamp import CatalogStamp


@dataclass(frozen=True, slots=True)
class Side:
    """What stands inside a row."""

    cost: Decimal


@dataclass(frozen=True, slots=True)
class Entry:
    """A row."""

    name: str
    count: int
    cost: Decimal | None
    fits: bool
    is_known: bool | None
    side: Side
    by_role: dict[str, Decimal]
    causes: tuple[str, ...]
    sides: tuple[Side, ...]
    mixed: Decimal | str


@dataclass(frozen=True, slots=True)
class Paper(Result):
    """A document with lists, which no view knows."""

    title: str
    entries: tuple[Entry, ...]
    names: tuple[str, ...]
    empty: tuple[Entry, ...] = ()


def entry(name: str, cost: str | None, *, is_known: bool | None, mixed: Decimal | str) -> Entry:
    amount = None if cost is None else Decimal(cost)
    side = Side(Decimal("0.5"))
    return Entry(name, 2, amount, True, is_known, side, {"api": Decimal(7)}, ("a", "b"), (side,), mixed)


PAPER = Paper(
    "paper",
    (
        entry("one", "1.25", is_known=None, mixed=Decimal("10.50")),
        entry("two", None, is_known=True, mixed="many"),
    ),
    ("x", "y"),
)


def test_a_list_of_a_document_is_a_frame_with_numbers_truths_and_texts() -> None:
    frame = PAPER.to_frame("entries")
    assert list(frame.columns) == [
        "name", "count", "cost", "fits", "is_known", "side.cost", "by_role.api", "causes", "sides", "mixed",
    ]  # fmt: skip
    types = {name: str(kind) for name, kind in frame.dtypes.items()}
    assert [types[name] for name in ("count", "cost", "side.cost", "by_role.api")] == ["float64"] * 4
    assert (types["fits"], types["is_known"]) == ("bool", "boolean")
    assert frame["cost"][0] == 1.25
    assert math.isnan(frame["cost"][1])
    assert list(frame["name"]) == ["one", "two"]
    assert list(frame["causes"]) == ["a; b", "a; b"]
    assert json.loads(frame["sides"][0]) == [{"cost": "0.5"}]


def test_numbers_among_texts_are_exact_texts() -> None:
    assert list(PAPER.to_frame("entries")["mixed"]) == ["10.5", "many"]


def test_a_list_of_names_has_one_column() -> None:
    assert PAPER.to_frame("names").to_dict("list") == {"value": ["x", "y"]}


def test_an_empty_list_is_an_empty_frame() -> None:
    assert PAPER.to_frame("empty").empty


@pytest.mark.parametrize(
    ("name", "hint"),
    [("entry", "did you mean `entries`?"), ("zzzzzz", "lists of this answer: entries, names, empty")],
)
def test_a_list_that_is_not_there_is_refused_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(InputError) as raised:
        PAPER.to_frame(name)
    assert str(raised.value) == f"there is no list `{name}` in this answer\n  hint: {hint}"


def checks() -> Checks:
    stamp = CatalogStamp("own", "ru", date(2026, 11, 1), "0" * 64)
    rules = (Check("budget", True, "=1+1"), Check("slo", False, "not known"))
    return Checks(CHECKS_SCHEMA, "shop", "RUB", stamp, False, rules)


def test_the_main_table_is_that_of_the_csv() -> None:
    frame = checks().to_frame()
    assert list(frame.columns) == render(checks()).splitlines()[0].split(",")
    assert frame.to_dict("list") == {
        "rule": ["budget", "slo"], "passed": [True, False], "detail": ["=1+1", "not known"],
    }  # fmt: skip


def test_json_is_that_of_the_format() -> None:
    assert checks().to_json() == json_of(checks())
    assert frame_of(checks()).equals(checks().to_frame())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_with_a_view_is_a_result(name: str) -> None:
    module, _, function = DOCUMENTS[name].view.partition(":")
    view = getattr(import_module(f"costplan.output.views.{module}"), function)
    document, _ = inspect.signature(view, eval_str=True).parameters.values()
    kind: Any = document.annotation
    module, _, name = DOCUMENTS[name].kind.partition(":")
    assert kind is getattr(import_module(f"costplan.{module}"), name)
    assert issubclass(kind, Result)
