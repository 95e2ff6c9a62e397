"""The page about policies: its policy is read, its table has every requirement, its commands run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_line import costplan
from policies import fees, write
from repositories import commit, git

from costplan.analysis.policy.policy_file import REQUIREMENTS, WHOLE_RULES
from costplan.inputs.policies import read_policy

Capsys = pytest.CaptureFixture[str]

PAGE = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_policy_of_the_page_is_read(tmp_path: Path) -> None:
    [text] = blocks("yaml")
    path = tmp_path / "platform.yaml"
    path.write_text(text, encoding="utf-8")
    found = read_policy(path).policy
    assert [rule.name for rule in found.rules] == ["cap", "jump", "steady-db", "watched"]
    assert len(found.waivers) == 1


def test_the_table_has_each_requirement_once_and_says_which_are_whole(tmp_path: Path) -> None:
    section = PAGE.partition("## Rules")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+): ([^`]+)`.* \|(.*)\|$", section, re.MULTILINE)
    assert sorted(name for name, _, _ in rows) == sorted(REQUIREMENTS)
    assert {name for name, _, said in rows if "(whole)" in said} == set(WHOLE_RULES)
    rules = "\n".join(f"  - {{name: r{n}, {name}: {value}}}" for n, (name, value, _) in enumerate(rows))
    path = tmp_path / "all.yaml"
    path.write_text(f"policy: all\nrules:\n{rules}\n", encoding="utf-8")
    assert len(read_policy(path).policy.rules) == len(REQUIREMENTS)


def test_the_commands_of_the_page_run(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q", "-b", "main")
    write(Path("shop.yaml"), fees("shop", a="9 RUB"))
    write(Path("infra/blog.yaml"), fees("blog", a="9 RUB"))
    commit(tmp_path)
    write(Path("platform.yaml"), blocks("yaml")[0].replace("applies:", "# applies:"))
    write(Path("team.yaml"), "policy: team\nrules: [{name: cap, max_cost: 10 RUB}]\n")
    lines = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("costplan")]
    assert len(lines) == 5
    for line in lines:
        words = line.partition("  #")[0].replace("infra/plan.json", "infra/blog.yaml").split()[1:]
        words = [one.replace("infra/*.yaml", "infra/blog.yaml") for one in words]
        ended = costplan(capsys, *words)
        assert ended.code in (0, 1), f"{line}: {ended.err}"
