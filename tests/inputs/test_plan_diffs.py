"""A plan of Terraform holds both sides: what is there before it, and what it leads to."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from command_line import Ended, costplan
from plans import machine, plan, resource, state, written

Capsys = pytest.CaptureFixture[str]
BIG = [{"cores": 4, "memory": 8, "core_fraction": 100, "gpus": None}]
CORE, GB, HOURS = Decimal("1.24"), Decimal("0.33"), 720
"""Prices of 2026-10-06 of standard-v3: a core and a GB of memory an hour."""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def diff(capsys: Capsys, document: dict[str, Any], *words: str) -> dict[str, Any]:
    written(Path(), document)
    ended = costplan(capsys, "diff", "plan.json", "--format", "json", *words)
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


def changes(found: dict[str, Any]) -> dict[str, str]:
    return {one["address"]: one["change"] for one in found["resources"]}


def test_created_destroyed_and_changed(capsys: Capsys) -> None:
    prior = [machine(), machine("yandex_compute_instance.gone", resources=BIG)]
    found = diff(
        capsys,
        plan(machine(resources=BIG), machine("yandex_compute_instance.new"), prior=prior),
    )
    assert changes(found) == {
        "yandex_compute_instance.vm": "changed",
        "yandex_compute_instance.new": "added",
        "yandex_compute_instance.gone": "removed",
    }
    # One grows by two cores and 4 GB; the new one has so much less than the one that is gone.
    by_address = {one["address"]: Decimal(one["delta"]) for one in found["resources"]}
    assert by_address["yandex_compute_instance.vm"] == HOURS * (2 * CORE + 4 * GB)
    assert Decimal(found["delta"]) == sum(by_address.values()) == 0


def test_no_changes_print_nothing(capsys: Capsys) -> None:
    written(Path(), plan(machine(), prior=[machine()]))
    assert costplan(capsys, "diff", "plan.json", "--exit-code") == Ended(0, "", "")


def test_a_moved_address_is_no_change_of_money(capsys: Capsys) -> None:
    document = plan(machine("yandex_compute_instance.b"), prior=[machine("yandex_compute_instance.a")])
    document["resource_changes"][0]["previous_address"] = "yandex_compute_instance.a"
    [only] = diff(capsys, document)["resources"]
    assert (only["change"], only["delta"]) == ("moved", "0")
    assert (only["address"], only["old_address"]) == (
        "yandex_compute_instance.b",
        "yandex_compute_instance.a",
    )
    assert costplan(capsys, "diff", "plan.json", "--exit-code").code == 1


def test_terraform_lists_a_moved_one_at_its_new_address_on_both_sides(capsys: Capsys) -> None:
    new = machine("yandex_compute_instance.b")
    document = plan(new, prior=[new])
    document["resource_changes"][0]["previous_address"] = "yandex_compute_instance.a"
    [only] = diff(capsys, document)["resources"]
    assert (only["change"], only["old_address"]) == ("moved", "yandex_compute_instance.a")


def test_an_unpriced_one_that_comes_makes_the_total_a_lower_bound(capsys: Capsys) -> None:
    diff(capsys, plan(machine(), resource("yandex_never_heard_of.x", {}), prior=[machine()]))
    said = costplan(capsys, "diff", "plan.json").out.splitlines()[0]
    cost = "3,022.56"
    assert said == f"plan.json: {cost} -> {cost}+ RUB a month (as far as prices are known)"


def test_a_moved_one_that_grows_is_one_change(capsys: Capsys) -> None:
    document = plan(
        machine("yandex_compute_instance.b", resources=BIG), prior=[machine("yandex_compute_instance.a")]
    )
    document["resource_changes"][0]["previous_address"] = "yandex_compute_instance.a"
    [only] = diff(capsys, document)["resources"]
    assert (only["change"], only["old_address"]) == ("changed", "yandex_compute_instance.a")
    assert Decimal(only["delta"]) == HOURS * (2 * CORE + 4 * GB)


def test_all_is_created_or_destroyed(capsys: Capsys) -> None:
    created = diff(capsys, plan(machine()))
    assert changes(created) == {"yandex_compute_instance.vm": "added"}
    assert (created["old"]["total"]["monthly_cost"], created["ratio"]) == ("0", None)
    destroyed = diff(capsys, plan(prior=[machine()]))
    assert changes(destroyed) == {"yandex_compute_instance.vm": "removed"}
    assert Decimal(destroyed["delta"]) == -Decimal(created["delta"])


def test_drift_is_no_part_of_it(capsys: Capsys) -> None:
    document = plan(machine(), prior=[machine()])
    document["resource_drift"] = [
        {"address": "yandex_compute_instance.vm", "change": {"actions": ["delete"]}}
    ]
    assert diff(capsys, document)["resources"] == []


def test_what_is_not_supported_is_said_when_it_comes(capsys: Capsys) -> None:
    found = diff(capsys, plan(machine(), resource("yandex_never_heard_of.x", {}), prior=[machine()]))
    assert [(one["resource"], one["change"]) for one in found["unpriced"]] == [
        ("yandex_never_heard_of.x", "added")
    ]
    assert "yandex_never_heard_of.x: yandex_never_heard_of is new and in no total" in (
        costplan(capsys, "diff", "plan.json").out
    )


def test_usage_may_name_what_only_one_side_has(capsys: Capsys) -> None:
    bucket = resource("yandex_storage_bucket.media", {"bucket": "media"})
    Path("usage.yaml").write_text("usage:\n  yandex_storage_bucket.media: {size: 100 GB}\n", encoding="utf-8")
    added = diff(capsys, plan(machine(), bucket, prior=[machine()]), "--workload", "usage.yaml")
    assert changes(added) == {"yandex_storage_bucket.media": "added"}
    gone = diff(capsys, plan(machine(), prior=[machine(), bucket]), "--workload", "usage.yaml")
    assert Decimal(gone["delta"]) == -Decimal(added["delta"]) < 0


def test_a_state_alone_is_refused_and_two_compare(capsys: Capsys) -> None:
    written(Path(), state(machine()), "old.json")
    written(Path(), state(machine(resources=BIG)), "new.json")
    alone = costplan(capsys, "diff", "old.json")
    assert (alone.code, alone.out) == (2, "")
    assert (
        alone.err == "old.json: is a state, which holds one side only\n  hint: name two states, or a plan\n"
    )
    both = costplan(capsys, "diff", "old.json", "new.json", "--format", "json")
    assert Decimal(json.loads(both.out)["delta"]) == HOURS * (2 * CORE + 4 * GB)


def test_a_part_without_a_price_is_called_by_its_address(capsys: Capsys) -> None:
    design = Path(__file__).parents[1] / "terraform/designs/redis/plan.json"
    ended = costplan(capsys, "diff", str(design), "--format", "json")
    found = json.loads(ended.out)
    assert {one["address"] for one in found["unpriced"]} == {"yandex_mdb_redis_cluster.cache"}
    [only] = found["resources"]
    assert (only["old_unpriced"], only["new_unpriced"]) == (0, len(found["unpriced"]))
