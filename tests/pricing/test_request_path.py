"""A request takes its time at each resource on its way."""

from __future__ import annotations

from pathlib import Path

import pytest

from costplan.catalog.store import Catalog
from costplan.pricing.feasibility import feasibility
from costplan.scenario.load import load_scenario

HEAD = """\
scenario: way
title: Way
workload:
  monthly_requests: 1M/month
  slo: {slo}
resources:
"""
MACHINE = """\
  {name}:
    kind: compute-instance
    role: compute
    platform: standard-v3
    vcpu: 2
    memory: 4 GB
    talks_to: [{calls}]
    capacity: {capacity}
    disks: [{{type: network-ssd, size: 20 GB}}]
"""


def unmet(tmp_path: Path, slo: str, *machines: tuple[str, str, str]) -> list[str]:
    path = tmp_path / "way.yaml"
    text = HEAD.format(slo=slo)
    for name, calls, capacity in machines:
        text += MACHINE.format(
            name=name, calls=calls, capacity="{requests_per_second: 100, " + capacity + "}"
        )
    path.write_text(text)
    return [str(one.reason) for one in feasibility(load_scenario(str(path), Catalog.shipped)).unmet]


FRONT = ("front", "back, store", "request_duration: 9 ms")
BACK = ("back", "", "request_duration: 3.5 ms")
STORE = ("store", "", "request_duration: 2 ms")


def test_times_on_the_way_add_up(tmp_path: Path) -> None:
    """9 + 3.5 = 12.5 ms; the store is on another way, which is shorter."""
    assert unmet(tmp_path, "p99 <= 12.5 ms", FRONT, BACK, STORE) == []
    (found,) = unmet(tmp_path, "p99 <= 12 ms", FRONT, BACK, STORE)
    assert found == "a request takes 12.5 ms even where it waits for no other: front 9 ms, back 3.5 ms"


def test_what_calls_back_is_passed_once(tmp_path: Path) -> None:
    circle = ("back", "front", "request_duration: 3.5 ms")
    assert unmet(tmp_path, "p99 <= 12.5 ms", FRONT, circle, STORE) == []


def test_resources_that_do_not_call_each_other_do_not_add_up(tmp_path: Path) -> None:
    alone = ("front", "", "request_duration: 9 ms")
    assert unmet(tmp_path, "p99 <= 10 ms", alone, BACK) == []


@pytest.mark.parametrize(("slo", "is_met"), [("90 ms", True), ("92 ms", False)])
def test_replicas_planned_by_waiting_leave_time_for_the_others(
    tmp_path: Path, slo: str, is_met: bool
) -> None:
    """100 ms - 9 ms leave 91 ms for the replicas behind."""
    back = ("back", "", f"request_duration: 3.5 ms, waiting: M/D/c, slo: p99 <= {slo}")
    assert (unmet(tmp_path, "p99 <= 100 ms", FRONT, back, STORE) == []) is is_met


def test_a_plan_for_a_looser_slo_does_not_keep_it(tmp_path: Path) -> None:
    back = ("back", "", "request_duration: 3.5 ms, waiting: M/D/c, slo: p95 <= 50 ms")
    (found,) = unmet(tmp_path, "p99 <= 100 ms", FRONT, back, STORE)
    assert found == "its capacity is stated for p95 <= 50 ms, not for this SLO"


def test_a_long_way_is_walked(tmp_path: Path) -> None:
    """1,500 machines in a row of 1 ms each: deeper than Python would call itself."""
    count = 1500
    machines = [
        (f"m{number}", f"m{number + 1}" if number + 1 < count else "", "request_duration: 1 ms")
        for number in range(count)
    ]
    (found,) = unmet(tmp_path, "p99 <= 1 s", *machines)
    said = ", ".join(f"m{number} 1 ms" for number in range(6))
    assert found == f"a request takes 1,500 ms even where it waits for no other: {said} and 1494 more"
