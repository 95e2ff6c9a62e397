"""`costplan plan` as a user runs it: answers, files, mistakes, a search that is interrupted."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from command_line import costplan

from costplan.analysis.plan import search

Capsys = pytest.CaptureFixture[str]

SHOP = """\
scenario: shop
extends: stage2
title: Shop
choose:
  resources.inference.preemptible: [true, false]
resources:
  api:
    choose: {vcpu: [2, 4], commitment: [none, y1]}
"""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_founder_is_told_what_to_take_whether_it_fits_and_what_breaks(capsys: Capsys) -> None:
    ended = costplan(capsys, "plan", "stage2", "--budget", "235USD")
    assert ended.code == 0
    words = " ".join(ended.out.split("Considered designs")[0].split())
    assert "Take stage2:lean: 188.98 USD a month" in words
    assert "It fits the total of 235.00 USD with 46.02 to spare" in words
    # Of its parts, the VM has 20 and costs 22.90, the database 15 and costs 28.76; the GPU is within its 200.
    assert "2 parts of the budget are over their amounts: Compute VM by 2.90, " in words
    assert "PostgreSQL by 13.76 USD." in words
    assert "break their budget first: T4 GPU costs 476.75 of 200.00" in words
    assert "the provider may stop inference at any time" in " ".join(ended.out.split())


def test_the_answer_is_no_where_nothing_fits(capsys: Capsys) -> None:
    ended = costplan(capsys, "plan", "stage2", "--budget", "50USD")
    assert ended.code == 1
    assert "No design meets all demands" in ended.out
    assert "raise the budget by 138.98 USD" in ended.out


def test_an_slo_below_the_time_of_a_request_is_infeasible(capsys: Capsys) -> None:
    ended = costplan(capsys, "plan", "stage2", "--slo", "p99 <= 0.1 ms")
    assert ended.code == 1
    assert "a request alone takes" in ended.out


def test_the_chosen_design_is_written_as_a_scenario_that_costs_what_was_said(capsys: Capsys) -> None:
    ended = costplan(capsys, "plan", "stage2", "--requests", "7M", "-o", "design.yaml", "--format", "json")
    assert ended.code == 0
    chosen = json.loads(ended.out)["considered"][0]
    bill = json.loads(costplan(capsys, "estimate", "design.yaml", "--format", "json").out)
    assert bill["total"]["monthly_cost"] == chosen["monthly_cost"]
    assert Decimal(bill["workload"]["monthly_requests"]) == 7_000_000
    again = costplan(capsys, "plan", "stage2", "-o", "design.yaml")
    assert again.code == 2
    assert "is there already" in again.err


@pytest.mark.parametrize(
    ("name", "begins"), [("a.json", "{"), ("a.md", "## Plan"), ("a.csv", "design,verdict,")]
)
def test_the_ending_of_the_file_says_how_the_answer_is_written(
    capsys: Capsys, name: str, begins: str
) -> None:
    ended = costplan(capsys, "plan", "stage2", "-o", name)
    assert ended.code == 0
    assert ended.out == ""
    assert Path(name).read_text(encoding="utf-8").startswith(begins)


def test_no_scenario_is_written_where_no_design_is_chosen(capsys: Capsys) -> None:
    assert costplan(capsys, "plan", "stage2", "--quota", "gpu=0", "-o", "design.yaml").code == 1
    assert not Path("design.yaml").exists()


def test_a_scenario_says_what_is_open(capsys: Capsys) -> None:
    Path("shop.yaml").write_text(SHOP, encoding="utf-8")
    ended = costplan(capsys, "plan", "shop.yaml", "--format", "json")
    assert ended.code == 0
    names = {row["name"] for row in json.loads(ended.out)["considered"]}
    assert "shop, inference.preemptible=true, api.vcpu=4" in names
    assert costplan(capsys, "estimate", "shop.yaml").code == 0


def test_commitments_are_counted_where_they_are_allowed(capsys: Capsys) -> None:
    plain = json.loads(costplan(capsys, "plan", "stage2", "--format", "json").out)
    counted = json.loads(costplan(capsys, "plan", "stage2", "--commit", "y1", "--format", "json").out)
    saving = {c["term"]: Decimal(c["monthly_saving"]) for c in plain["commitments"]}
    costs = [Decimal(document["considered"][0]["monthly_cost"]) for document in (plain, counted)]
    assert saving["y1"] > 0
    assert costs[0] - costs[1] == saving["y1"]
    assert [c["counted"] for c in plain["commitments"]] == [False, False]


def test_a_search_that_is_interrupted_prints_the_best_so_far(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []

    def fits(design: object, quotas: object) -> bool:
        looked.append(design)
        if len(looked) == 3:
            raise KeyboardInterrupt
        return True

    monkeypatch.setattr(search, "fits", fits)
    ended = costplan(capsys, "plan", "stage2", "--over", "resources.inference.vcpu=4,8", "--over",
                     "resources.inference.memory=[16 GB, 32 GB]")  # fmt: skip
    assert ended.code == 130
    assert "Stopped early" in ended.out
    assert "not proved" in ended.out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--budget 235", "has no currency"),
        ("--budget 235EUR", "`EUR` is not one of RUB, USD, KZT"),
        ("--budget USD", "--budget: is not a number: `USD`; write an amount like `2000 USD`"),
        ("--budget 1..5USD", "--budget: is not a number: `1..5`"),
        ("--budget 235USD --currency RUB", "there is no exchange rate"),
        ("--slo fast", "is not an SLO"),
        ("--slo p99<=0ms", "must be above zero"),
        ("--zones 0", "must be from 1 to 10, got `0`"),
        ("--zones many", "got `many`"),
        ("--quota gpus=2", "did you mean `gpu`?"),
        ("--quota gpu", "must be name=most"),
        ("--quota gpu=few", "--quota gpu=few"),
        ("--commit y2", "`y2` is not one of none, m6, y1"),
        ("--over resources.inference.preemptible", "must be path=value,value"),
        ("--over resources.inference.vcpu=[]", "needs 1 to 100 values, got 0"),
        ("--over resources.inferense.vcpu=2", "did you mean `inference`?"),
        ("--over resources.inference.preemptable=true", "did you mean `preemptible`?"),
        ("--over resource.inference.vcpu=2", "did you mean `resources`?"),
        ("--over currency=USD", "only what is under `resources` or `workload` can be chosen"),
        ("--over resources.inference.vcpu=lots", "is not a number: `lots`"),
        ("--over resources.registry.replicas=2", "has no number of replicas"),
        ("--over resources.monitoring.replicas=auto", "`auto` needs a `capacity`"),
        ("--over resources.api.vcpu=auto", "only `replicas` can be `auto`"),
        ("--over resources.api.commitment=y2", "a commitment is one of none, m6, y1"),
        ("--over resources.inference.vcpu=3,5", "is sold: standard-v3-t4 with 1 GPU is not sold with 3 vCPU"),
    ],
)
def test_a_mistake_is_told_with_what_to_write(capsys: Capsys, line: str, words: str) -> None:
    ended = costplan(capsys, "plan", "stage2", *line.split())
    assert ended.code == 2, ended.out
    assert words in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("choose: {resources.api.vcpu: []}", "is an empty list: there is nothing to choose from"),
        ("choose: {resources.api.vcpu: 2}", "must be a list of values"),
        ("choose: {resources..vcpu: [2]}", "bad.yaml:3:10: choose: `resources..vcpu` is not a path"),
        ("choose: {resources.apy.vcpu: [2]}", "did you mean `api`?"),
        ("choose: {resources.api.vcpus: [2]}", "did you mean `vcpu`?"),
        ("resources: {api: {choose: {vcpus: [2]}}}", "did you mean `vcpu`?"),
        ("quotas: {gpus: 2}", "did you mean `gpu`?"),
        ("choose: {resources.api.vcpu: [%s]}" % ", ".join(map(str, range(101))), "at most 100"),  # noqa: UP031
    ],
    ids=["empty", "no-list", "no-path", "resource", "field", "field-below", "quota", "too-many"],
)  # fmt: skip
def test_a_mistake_in_a_file_is_told_with_its_place(capsys: Capsys, section: str, words: str) -> None:
    Path("bad.yaml").write_text(f"scenario: bad\nextends: stage2\n{section}\n", encoding="utf-8")
    ended = costplan(capsys, "plan", "bad.yaml")
    assert ended.code == 2
    assert words in ended.err
    assert "bad.yaml:3" in ended.err


def test_too_many_combinations_are_counted_and_refused(capsys: Capsys) -> None:
    many = ",".join(map(str, range(2, 82)))
    fields = ("vcpu", "core_fraction", "memory")
    over = [word for field in fields for word in ("--over", f"resources.api.{field}={many}")]
    ended = costplan(capsys, "plan", "stage2", *over)
    assert ended.code == 2
    # 80 values of three fields, with the two or three variants that touch the same resources, or without.
    assert f"{80**3 * 8:,} combinations" in ended.err


def test_stages_are_planned_at_one_load(capsys: Capsys) -> None:
    ended = costplan(capsys, "plan")
    assert ended.code == 2
    assert "--requests 5M" in ended.err
    assert costplan(capsys, "plan", "--requests", "5M").code == 0


def test_one_design_is_not_called_a_search(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "names.yaml"
    path.write_text(
        "scenario: names\ntitle: Names\nworkload: {monthly_requests: 1M}\nresources: {zones: {kind: dns}}\n"
    )
    said = costplan(capsys, "plan", str(path)).out
    assert (
        "names: there is nothing to choose; `choose` in the scenario, or --over, says what may vary" in said
    )
    said = costplan(capsys, "plan", str(path), "--over", "resources.zones.zones=1,2").out
    assert "names: 2 designs, each was looked at; none that meets the demands is cheaper" in said


def test_a_design_without_all_its_prices_is_not_said_to_fit(capsys: Capsys) -> None:
    """No price of Managed Valkey is known, so that the bill may be anything from the machine's up."""
    Path("cache.yaml").write_text(
        "scenario: cache\ntitle: Cache\nworkload: {monthly_requests: 5M}\nresources:\n"
        "  cache:\n    kind: managed-valkey\n    role: database\n"
        "    hosts: {count: 1, platform: ice-lake, vcpu: 2, memory: 8 GB, storage: {size: 16 GB}}\n",
        encoding="utf-8",
    )
    out = costplan(capsys, "plan", "cache.yaml", "--budget", "90USD").out
    assert "Whether it fits the budget of 90.00 USD is not known, as prices are missing" in out
    assert "It fits the budget" not in out
    assert "serves up to" not in out
    assert re.search(r"cache as written costs [\d.]+ or more\.|or more USD a month, as it is written", out)
