"""What is handed to the library is refused by the argument's name, or read as it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from costplan import InputError, compare, curve, estimate, load_scenario, plan, timeline

load: Any = load_scenario
price: Any = estimate
search: Any = plan
ahead: Any = timeline
over_load: Any = curve

ITSELF: list[object] = []
ITSELF.append(ITSELF)

REFUSED: list[tuple[Callable[..., object], str, object, str]] = [
    *((load, "scenario", value, "not `") for value in (None, 1, [], b"x", load_scenario)),
    *((price, "scenario", value, "not `") for value in (None, [], 1, ["stage1"])),
    *(
        (command, "scenarios", value, "not `")
        for command in (compare, curve, plan, timeline)
        for value in (None, 1, b"x", [None], range(2), {"stage1": 1})
    ),
]
OF_A_SCENARIO: list[tuple[Callable[..., object], str, object, str]] = [
    *((load, "variants", value, "not `") for value in (None, 1, [None], [1], [[]])),
    *((load, "set", value, "not `") for value in ("x", "", 0, [1], {1: 2})),
    *((load, "set", {"title": value}, "not `") for value in (b"x", object(), ITSELF)),
    (load, "set", {"title=a": "b"}, "no `=`"),
    *((load, "requests", value, "not `") for value in (True, [], b"5M")),
    *((load, name, value, "not `") for name in ("quotas", "overlays") for value in (None, 1, [1], b"x")),
    *((load, "workload", value, "not `") for value in (1, ["x"], b"x")),
    *((load, "catalog", value, "not `") for value in (1, [], b"x")),
    *((price, "currency", value, "not `int`") for value in (0, 1)),
    *((price, "currency", value, "not `") for value in ([], b"x")),
    *((price, "as_of", value, "not `") for value in (0, 1, True, [], [1], {})),
    *((over_load, name, value, "not `") for name in ("first", "last") for value in (1.5, "5", None, True)),
    (over_load, "first", Decimal("NaN"), "not `Decimal`"),
    *((search, "over", value, "not `") for value in ("x", "", 0, {"a": 1}, {"a": [ITSELF]})),
    *((search, "quotas", value, "not `") for value in ("x", 0, {"gpu": None}, {"gpu": []})),
    *((search, "slo", value, "not `") for value in (1, [])),
    *((search, "budget", value, "not `") for value in (235, [])),
    *((search, "commit", value, "not `") for value in (None, 1, [1])),
    *((search, "progress", value, "not `") for value in (0, 1)),
    *((search, "zones", value, "not `") for value in (None, "2", 1.5, True)),
    *(
        (search, name, value, "must be True or False")
        for name in ("within_quotas", "allow_preemptible", "no_preemptible", "allow_shorter_hours")
        for value in ("nope", float("nan"), None, 1)
    ),
    *((ahead, "start", value, "not `") for value in (1, date(2026, 1, 1))),
    *((ahead, name, value, "not `") for name in ("months", "hold") for value in (None, "3", 1.5)),
    *(
        (ahead, name, value, "not `")
        for name in ("growth", "switching", "budget", "total_budget")
        for value in (True, [], b"x")
    ),
]
"""What is called, with which argument, and what its error says."""


@pytest.mark.parametrize(("command", "name", "value", "said"), REFUSED)
def test_what_is_no_scenario_is_refused(
    command: Callable[..., object], name: str, value: object, said: str
) -> None:
    with pytest.raises(InputError) as raised:
        command(value)
    assert str(raised.value).startswith(f"`{name}`: ")
    assert said in str(raised.value)


@pytest.mark.parametrize(("command", "name", "value", "said"), OF_A_SCENARIO)
def test_an_argument_of_a_wrong_type_is_named(
    command: Callable[..., object], name: str, value: object, said: str
) -> None:
    with pytest.raises(InputError) as raised:
        command("stage2", **{name: value})
    [fault] = raised.value.faults
    assert fault.message.startswith(f"`{name}`: ")
    assert said in fault.message
    assert fault.hint is None or fault.hint.startswith(f"write it like {name}=")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: load("stage2", catalog="x" * 5000), "is not a folder"),
        (lambda: load("stage2", overlays=["x" * 5000]), "is not a folder"),
        (lambda: price("stage2", as_of=date.max), "--as-of: must be at most in 2100, got 9999-12-31"),
        (lambda: ahead("stage2", as_of=date.max), "--as-of: must be at most in 2100, got 9999-12-31"),
        (lambda: search("stage2", as_of=date.max), "--as-of: must be at most in 2100, got 9999-12-31"),
        (lambda: search("stage2", commit=[""]), "--commit: `` is not one of none, m6, y1"),
        (lambda: load("stage2", set={"title": 10**5000}), "`set`: the number is too large"),
        (lambda: load("stage2", requests=10**5000), "`requests`: the number is too large"),
        (lambda: over_load("stage2", last=10**5000), "`last`: the number is too large"),
        (lambda: load("stage2", requests="5M # x"), "is not a number of requests: `5M # x`"),
    ],
)
def test_a_value_is_held_to_what_the_command_line_takes(call: Callable[[], object], said: str) -> None:
    with pytest.raises(InputError) as raised:
        call()
    assert said in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        *("a # b", "# a", "'q'", '"q"', "&x y", "*x", "!x", "@x", "%x", "`x`", "|", "> x", "? x", "- a"),
        *("a: b", "a, b", "[2, 4]", "{a: 1}", "null", "NULL", "~", "", " a ", "x\ny", 'say "a\\b"', "---"),
        *("true", "5M", "p99 <= 100 ms", "2027-01", "a=b", "Сервис", "😀"),
    ],
)
def test_a_text_stays_that_text(text: str) -> None:
    changed = load_scenario("stage2", set={"title": text})
    assert changed.model.title == {"en": text}


def test_values_of_python_are_values_of_the_file() -> None:
    changed = load_scenario(
        "stage2",
        set={
            "title": {"en": "a, b", "ru": "x: y"},
            "resources.api.talks_to": ("inference", "database"),
            "resources.api.disks": [{"type": "network-ssd", "size": "30 GB"}],
            "resources.api.vcpu": 4,
            "workload.growth": None,
        },
        requests="5M",
        variants="preemptible",
    )
    assert changed.model.title == {"en": "a, b", "ru": "x: y"}
    assert changed.model.workload.monthly_requests.value == 5_000_000
    assert changed.model.workload.growth is None
    api: Any = changed.resources["api"]
    assert list(api.talks_to) == ["inference", "database"]
    assert api.vcpu == 4
    assert [disk.size.value for disk in api.disks] == [30 * 1024**3]


def test_values_that_are_left_open_are_those_of_python() -> None:
    lists = plan("stage2", over={"resources.api.vcpu": [2, "4"]}).to_json()
    assert lists == plan("stage2", over={"resources.api.vcpu": ("2", 4)}).to_json()
    assert plan("stage2", over={"resources.api.vcpu": "2"}).to_json() != lists


def test_one_scenario_may_stand_alone(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("extends: stage1\n", encoding="utf-8")
    assert compare(load_scenario("stage1")).to_json() == compare(["stage1"]).to_json()
    assert estimate(file).total == estimate("stage1").total
    assert compare(iter(["stage1"])).to_json() == compare("stage1").to_json()


def test_a_day_with_its_hour_is_that_day() -> None:
    noon = price("stage2", as_of=datetime(2026, 5, 1, 12))
    assert noon.to_json() == price("stage2", as_of="2026-05-01").to_json()
