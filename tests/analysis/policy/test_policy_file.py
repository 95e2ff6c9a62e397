"""The file of a policy: what is wrong says where, and what to write instead; nothing hangs."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from policies import policy_of

from costplan.analysis.policy.policy_file import REQUIREMENTS
from costplan.analysis.policy.report import ANSWERS
from costplan.inputs.policies import read_policies, read_policy
from costplan.messages.errors import InputError
from costplan.output.schemas import schema_of

EACH = {
    "max_cost": "60000 RUB",
    "max_increase": "10%",
    "max_cost_per_million": "1.5K USD",
    "max_assumed": "20%",
    "max_unpriced": "0",
    "max_price_age": "90 days",
    "preemptible": "forbidden",
    "backups": "required",
    "min_zones": "2",
    "required_roles": "[monitoring]",
    "ending_services": "forbidden",
    "slo": "kept",
    "feasibility": "kept",
    "quotas": "enough",
}
"""A value for each requirement."""
WHOLE = """\
$schema: policy.schema.json
policy: platform
note: for all teams
applies: {folders: [infra], scenarios: ["shop*"]}
rules:
  - {name: cap, max_cost: 60000 RUB, level: fail, when_unknown: warn, roles: [database], note: agreed in May}
waivers:
  - {rule: cap, scenario: shop, folder: infra, until: 2026-12-31, reason: launch}
"""


def refusal(folder: Path, text: str) -> str:
    path = folder / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_policy(path)
    return str(caught.value).replace(f"{folder}/", "")


def complaints(text: str) -> list[str]:
    data = yaml.load(text, yaml.BaseLoader)
    return [error.message for error in Draft202012Validator(schema_of("policy")).iter_errors(data)]


def test_every_requirement_is_read_answered_and_in_the_schema(tmp_path: Path) -> None:
    assert set(REQUIREMENTS) == set(ANSWERS) == set(EACH)
    for key, value in EACH.items():
        policy = policy_of(tmp_path, f"  - {{name: one, {key}: {value}}}\n").policy
        assert policy.rules[0].requires == key


def test_a_whole_policy_is_read_with_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    found = read_policy(path)
    assert (found.rule_lines, found.waiver_lines) == ((6,), (8,))
    assert found.policy.applies.folders == ("infra",)
    assert found.policy.waivers[0].reason == "launch"
    assert complaints(WHOLE) == []


def test_an_increase_may_be_above_a_hundred_per_cent(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, "  - {name: one, max_increase: 250%}\n").policy
    assert policy.rules[0].max_increase == Fraction(5, 2)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("name: a", "policy.yaml:2:9: rules[0]: states no requirement: one of max_cost, max_increase"),
        (
            "name: a, max_cost: 1 RUB, slo: kept",
            "rules[0]: states max_cost, slo: write a rule for each, with a name of its own",
        ),
        ("name: a, max_costs: 1 RUB", "rules[0].max_costs: unknown key\n"),
        ("name: a, max_costs: 1 RUB", "hint: did you mean `max_cost`?"),
        ("name: a, slo: keept", "rules[0].slo: must be one of kept; got `keept`"),
        ("name: a, slo: kept, level: warning", "hint: did you mean `warn`?"),
        (
            "name: a, slo: kept, roles: [compute]",
            "rules[0]: `slo` is about the whole design: leave `roles` and `resources` out",
        ),
        ("name: a, max_cost: 1 RUB, roles: [databse]", "hint: did you mean `database`?"),
        ("name: a, max_cost: 60000", "rules[0].max_cost: has no currency; write it like `60000 USD`"),
        ("name: a, max_cost: -1 RUB", "must not be negative, got -1"),
        ("name: a, max_cost: [1 RUB]", "rules[0].max_cost: must be an amount, got a list"),
        ("name: a, max_increase: ten%", "rules[0].max_increase: is not a number: `ten`"),
        ("name: a, max_increase: -5%", "must not be negative, got -5"),
        ("name: a, max_assumed: 120%", "is a share above 100%: `120%`"),
        ("name: a, max_unpriced: 1.5", "must be a whole number, got `1.5`"),
        ("name: a, max_price_age: 90", "is a duration without a unit: `90`"),
        ("name: A rule, slo: kept", "rules[0].name: is not a name: `A rule`"),
        ("slo: kept", "rules[0]: missing `name`"),
        ("name: a, slo: kept, slo: kept", "duplicate key `slo`"),
        ("name: a, max_cost: 1 RUB, resources: ['']", "is empty, and must be a name or a pattern"),
        ("name: a, max_cost: 1 RUB, resources: ['" + "*" * 201 + "']", "is longer than 200 characters (201)"),
        ("name: a, max_cost: 1 RUB, resources: 'api'", "rules[0].resources: must be a list"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_at_its_place(tmp_path: Path, rule: str, said: str) -> None:
    assert said in refusal(tmp_path, f"policy: p\nrules: [{{{rule}}}]\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("- a\n", "the top level is a list"),
        ("rules: []\n", "missing `policy`"),
        ("policy: p\nrules: []\n", "rules: must hold 1 or more entries, got 0"),
        ("policy: p\nrule: []\n", "did you mean `rules`?"),
        ("policy: p\nrules: [{name: a, slo: kept}, {name: a, slo: kept}]\n", "there is another rule `a`"),
        (
            "policy: p\nrules: [{name: cap, slo: kept}]\n"
            "waivers: [{rule: cape, until: 2026-12-31, reason: x}]\n",
            "policy.yaml:3:18: waivers[0].rule: there is no rule `cape`\n",
        ),
        (
            "policy: p\nrules: [{name: cap, slo: kept}]\nwaivers: [{rule: cap, until: soon, reason: x}]\n",
            "waivers[0].until: is not a date: `soon`; write it like `2026-05-01`",
        ),
        (
            "policy: p\nrules: [{name: cap, slo: kept}]\n"
            "waivers: [{rule: cap, until: 2026-02-30, reason: x}]\n",
            "is not a day of the calendar: `2026-02-30`",
        ),
        (
            "policy: p\nrules: [{name: cap, slo: kept}]\nwaivers: [{rule: cap, until: 2026-12-31}]\n",
            "waivers[0]: missing `reason`",
        ),
        ("policy: p\nrules: [{name: a, slo: kept}]\napplies: {folder: [a]}\n", "did you mean `folders`?"),
        ("policy: !!python/name:os.system p\n", "tag"),
    ],
)
def test_what_is_wrong_with_a_policy_is_said_at_its_place(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path, text)


def test_all_faults_of_a_policy_are_said_at_once(tmp_path: Path) -> None:
    text = "policy: p\nrules:\n  - {name: a, max_cots: 1 RUB}\n  - {name: B, slo: kept}\n"
    said = refusal(tmp_path, text)
    assert "policy.yaml:3:15: rules[0].max_cots: unknown key" in said
    assert "policy.yaml:4:12: rules[1].name: is not a name: `B`" in said
    assert "must hold" not in said


def test_aliases_within_aliases_are_refused_at_once(tmp_path: Path) -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    said = refusal(tmp_path, "\n".join([*rows, "policy: p", "rules: *a9", ""]))
    assert "policy.yaml:" in said


def test_a_policy_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_policy(tmp_path / "none.yaml")


def test_two_policies_of_one_name_are_refused_and_one_file_twice_is_one(tmp_path: Path) -> None:
    rule = "  - {name: one, slo: kept}\n"
    policy_of(tmp_path, rule, name="a")
    (tmp_path / "b.yaml").write_text((tmp_path / "a.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(InputError, match="two policies are called `a`"):
        read_policies([tmp_path / "a.yaml", tmp_path / "b.yaml"])
    assert len(read_policies([tmp_path / "a.yaml", tmp_path / "a.yaml"])) == 1


@pytest.mark.parametrize(
    "text",
    [
        WHOLE.replace("max_cost: 60000 RUB", "max_costs: 60000 RUB"),
        WHOLE.replace("max_cost: 60000 RUB", "max_cost: 1 RUB, slo: kept"),
        WHOLE.replace("max_cost: 60000 RUB, ", ""),
        WHOLE.replace("level: fail", "level: error"),
        WHOLE.replace(", reason: launch", ""),
        WHOLE.replace("policy: platform\n", ""),
    ],
)
def test_an_editor_sees_what_is_wrong_by_the_published_schema(text: str) -> None:
    assert complaints(text)
