"""Levels, waivers before and after their end, and which scenarios a policy is for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from policies import fees, only_result, policy_of, report, subjects, write

from costplan.analysis.policy.report import policy_report
from costplan.scenario.terraform_files import scenario_text

CAP = "  - {name: cap, max_cost: 1 RUB}\n"
WAIVER = "waivers: [{rule: cap, scenario: shop, until: 2026-12-31, reason: launch}]\n"


def test_a_broken_rule_of_the_level_warn_is_told_and_fails_nothing(tmp_path: Path) -> None:
    [shop] = subjects(write(tmp_path / "shop.yaml", fees(a="2 RUB")))
    warned = only_result(policy_of(tmp_path, "  - {name: cap, max_cost: 1 RUB, level: warn}\n"), shop)
    assert (warned.status, warned.fails, warned.level) == ("warned", False, "warn")
    broken = only_result(policy_of(tmp_path, CAP), shop)
    assert (broken.status, broken.fails, broken.level) == ("broken", True, "fail")


@pytest.mark.parametrize(
    ("day", "status", "state"),
    [("2026-12-30", "waived", "used"), ("2026-12-31", "waived", "used"), ("2027-01-01", "broken", "ended")],
)
def test_a_waiver_holds_to_the_end_of_its_last_day(tmp_path: Path, day: str, status: str, state: str) -> None:
    [shop] = subjects(write(tmp_path / "shop.yaml", fees(a="2 RUB")))
    found = report(policy_of(tmp_path, CAP, WAIVER), shop, today=date.fromisoformat(day))
    [result], [use] = found.results, found.waivers
    assert (result.status, result.fails, use.state) == (status, status == "broken", state)
    assert result.waiver is not None
    assert (result.waiver.reason, result.waiver.until) == ("launch", date(2026, 12, 31))
    assert ("its waiver ended on 2026-12-31" in result.reason) is (status == "broken")
    assert found.passed is (status == "waived")


def test_a_waiver_that_nothing_needs_is_said(tmp_path: Path) -> None:
    cheap, other = subjects(
        write(tmp_path / "shop.yaml", fees(a="1 RUB")), write(tmp_path / "b.yaml", fees("b", a="2 RUB"))
    )
    policy = policy_of(tmp_path, CAP, WAIVER)
    assert [use.state for use in report(policy, cheap, other).waivers] == ["not-needed"]
    assert [use.state for use in report(policy, other).waivers] == ["no-scenario"]


def test_a_waiver_for_a_design_is_none_for_its_variants(tmp_path: Path) -> None:
    variants = "variants: {big: {title: Big, set: {resources.a.amounts: {RUB: 9}}}}"
    path = write(tmp_path / "shop.yaml", fees(more=variants, a="2 RUB"))
    plain, big = subjects(path, f"{path}:big")
    policy = policy_of(tmp_path, CAP, WAIVER)
    assert [one.status for one in report(policy, plain, big).results] == ["waived", "broken"]


def test_of_two_waivers_the_one_that_holds_longest_counts(tmp_path: Path) -> None:
    [shop] = subjects(write(tmp_path / "shop.yaml", fees(a="2 RUB")))
    both = (
        "waivers:\n  - {rule: cap, until: 2026-11-01, reason: first}\n"
        "  - {rule: cap, until: 2026-12-01, reason: second}\n"
    )
    found = report(policy_of(tmp_path, CAP, both), shop)
    assert [one.status for one in found.results] == ["waived"]
    assert [use.state for use in found.waivers] == ["ended", "used"]


def test_a_policy_is_for_the_scenarios_that_it_names(tmp_path: Path) -> None:
    variants = "variants: {big: {title: Big, set: {resources.a.amounts: {RUB: 9}}}}"
    path = write(tmp_path / "shop.yaml", fees(more=variants, a="2 RUB"))
    found = subjects(path, f"{path}:big", write(tmp_path / "b.yaml", fees("blog", a="2 RUB")))
    for pattern, names in {
        "shop": ["shop", "shop:big"],  # a variant is one of its scenarios
        "'shop:*'": ["shop:big"],
        "'b*'": ["blog"],
        "'*'": ["shop", "shop:big", "blog"],
        "nobody": [],
    }.items():
        policy = policy_of(tmp_path, CAP, f"applies: {{scenarios: [{pattern}]}}\n")
        made = report(policy, *found)
        assert [one.scenario for one in made.results] == names, pattern
        assert made.idle == (() if names else ("platform",))


def test_a_policy_is_for_the_folders_that_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    paths = ["top.yaml", "infra/prod/a.yaml", "infra/prod/eu/b.yaml", "infra/test/c.yaml", "infra2/d.yaml"]
    names = ["top", "a", "b", "c", "d"]
    found = subjects(
        *(write(Path(path), fees(name, x="2 RUB")) for path, name in zip(paths, names, strict=True))
    )
    assert [one.place().file for one in found] == paths
    for pattern, wanted in {
        "infra": ["a", "b", "c"],
        "infra/": ["a", "b", "c"],
        "./infra/prod": ["a", "b"],
        "'infra/*/eu'": ["b"],
        "'infra*'": ["a", "b", "c", "d"],
        ".": names,
        "prod": [],
    }.items():
        policy = policy_of(tmp_path, CAP, f"applies: {{folders: [{pattern}]}}\n")
        assert [one.scenario for one in report(policy, *found).results] == wanted, pattern


def test_a_folder_that_is_a_design_is_within_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy for `infra/prod` that passes over the design `infra/prod` would be a gate that stands open."""
    monkeypatch.chdir(tmp_path)
    address = (
        'resource "yandex_vpc_address" "a" {\n  external_ipv4_address { zone_id = "ru-central1-a" }\n}\n'
    )
    write(Path("infra/prod/main.tf"), address)
    write(Path("made.yaml"), scenario_text("infra/prod", Path("made.yaml")))
    [folder, made] = subjects("infra/prod", "made.yaml")
    assert (folder.folder, made.folder) == ("infra/prod", "")
    waiver = "waivers: [{rule: cap, folder: infra/prod, until: 2026-12-31, reason: launch}]\n"
    for pattern in ("infra", "infra/prod", "'infra/*'"):
        policy = policy_of(tmp_path, CAP, f"applies: {{folders: [{pattern}]}}\n" + waiver)
        assert [(one.file, one.status) for one in report(policy, folder, made).results] == [
            ("infra/prod", "waived")
        ], pattern


def test_a_waiver_may_be_for_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans of Terraform are all called `plan`: their folders tell them apart."""
    monkeypatch.chdir(tmp_path)
    found = subjects(
        *(write(Path(folder) / "shop.yaml", fees("shop", x="2 RUB")) for folder in ("prod", "test"))
    )
    waiver = "waivers: [{rule: cap, scenario: shop, folder: test, until: 2026-12-31, reason: launch}]\n"
    made = report(policy_of(tmp_path, CAP, waiver), *found)
    assert [(one.file, one.status) for one in made.results] == [
        ("prod/shop.yaml", "broken"),
        ("test/shop.yaml", "waived"),
    ]


def test_several_policies_give_a_result_for_each_rule_in_their_order(tmp_path: Path) -> None:
    [shop] = subjects(write(tmp_path / "shop.yaml", fees(a="2 RUB")))
    policies = [
        policy_of(tmp_path, CAP, name="b"),
        policy_of(tmp_path, CAP + "  - {name: all, max_unpriced: 0}\n", name="a"),
    ]
    found = policy_report(policies, [shop], date(2026, 11, 29)).results
    assert [(one.policy, one.rule) for one in found] == [("b", "cap"), ("a", "cap"), ("a", "all")]


def test_an_account_is_held_as_one_design_with_places_in_its_scenarios(tmp_path: Path) -> None:
    """Two designs of 900 and 600 in one account: together 1,500, and the databases are in the second only."""
    write(tmp_path / "a.yaml", fees("a", web="compute 900 RUB"))
    write(tmp_path / "b.yaml", fees("b", db="database 600 RUB"))
    text = "account: company\ndesigns:\n  shop: a.yaml\n  blog: b.yaml\n"
    [company] = subjects(write(tmp_path / "company.yaml", text))
    rules = "  - {name: cap, max_cost: 1499 RUB}\n  - {name: db, max_cost: 1 RUB, roles: [database]}\n"
    whole, part = report(policy_of(tmp_path, rules), company).results
    assert (whole.status, whole.value, whole.scenario) == ("broken", 1500, "company")
    assert (Path(whole.file).name, whole.line) == ("company.yaml", 1)
    assert (part.status, part.value, part.places[0].resource) == ("broken", 600, "blog.db")
    assert (Path(part.file).name, part.line) == ("b.yaml", 5)
    named = policy_of(tmp_path, rules, "applies: {scenarios: [company]}\n")
    assert len(report(named, company).results) == 2
