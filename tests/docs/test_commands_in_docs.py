"""What the documents say is what the program does: commands run, shown output is real, headings are kept."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import plans
import pytest
from price_answers import SAVED
from repositories import commit, git

from costplan.cli.app import named_command
from costplan.cli.registry import COMMANDS, Group
from costplan.cli.run import run
from costplan.messages.errors import ExitCode
from costplan.resources.kinds import KINDS

Capsys = pytest.CaptureFixture[str]

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(costplan [a-z][^`\n]*)`")
MAY_SAY_NO = {"check"}
"""Commands whose answer may be a no, exit code 1."""


def fenced_commands(text: str) -> list[str]:
    """Return the command lines in shell blocks that run costplan, without prompts and comments."""
    found = []
    for language, block in FENCE.findall(text):
        if language in {"sh", "console", "bash", "shell"}:
            for line in block.replace("\\\n", " ").splitlines():
                plain = re.sub(r"\s+#.*", "", line.removeprefix("$ ")).strip()
                if plain.startswith("costplan "):
                    found.append(plain)
    return found


def is_runnable(line: str) -> bool:
    """Say whether a line names no placeholder (`NAME`, `...`) and no file that only its reader has."""
    if line.startswith("costplan bench"):
        return False  # takes a model and its time; run by the tests of the bench
    return not re.search(
        r"\b[A-Z]{3,}\b(?!=)|\.\.\.|mine\.yaml|my-prices|[|<>]", re.sub("USD|RUB|KZT", "", line)
    )


def commands() -> list[str]:
    found = []
    for name, entry in COMMANDS.items():
        found += [f"{name} {word}" for word in entry.commands] if isinstance(entry, Group) else [name]
    return found


def examples() -> list[str]:
    """Return the examples in the help of every command."""
    found = []
    for words in commands():
        named = named_command(words.split())
        assert named is not None
        found += re.findall(r"\[dim\](costplan [^\[]+)\[/dim\]", named[0].__doc__ or "")
    return found


FENCED = [line for line in fenced_commands(README) if is_runnable(line)]
MENTIONED = [line for line in INLINE.findall(README) if is_runnable(line)]
EXAMPLES = [line for line in examples() if is_runnable(line)]


def test_the_readme_has_commands_to_run_once_it_has_a_block() -> None:
    assert FENCED or "```" not in README


@pytest.mark.parametrize("line", dict.fromkeys([*FENCED, *MENTIONED, *EXAMPLES]))
def test_a_command_in_the_readme_or_in_the_help_runs(
    line: str, capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line)[1:]
    for name in ("shop", "old", "new"):  # what `costplan scenario new shop`, a line before, has written
        if f"{name}.yaml" in words:
            run(["scenario", "new", name, "--from", "stage2"])
    if words[0] in ("diff", "note") and words[1] == "--from":
        git(tmp_path, "init", "-q", "-b", "main")
        commit(tmp_path)
    plans.written(tmp_path, plans.plan(plans.machine()))
    (tmp_path / "skus.json").write_bytes(SAVED.read_bytes())
    if "--workload" in words:  # what `costplan terraform usage`, a line before, has written
        run(["terraform", "usage", "plan.json", "-o", "usage.yaml"])
    code = run(words)
    out, err = capsys.readouterr()
    allowed = {ExitCode.DONE, ExitCode.NO} if words[0] in MAY_SAY_NO else {ExitCode.DONE}
    assert code in allowed, err
    assert out or err.startswith(("wrote ", "записано в "))


@pytest.mark.parametrize("command", commands())
def test_every_command_is_named_in_the_readme_or_in_its_own_page(command: str) -> None:
    page = ROOT / "docs" / f"{command.split()[0]}.md"
    text = README + (page.read_text(encoding="utf-8") if page.exists() else "")
    assert f"costplan {command}" in text or "```" not in README


@pytest.mark.parametrize("command", commands())
def test_every_command_has_an_example_in_its_help(command: str) -> None:
    assert any(example.startswith(f"costplan {command}") for example in examples())


OVERLAYS = (ROOT / "docs" / "overlays.md").read_text(encoding="utf-8")


def test_the_page_on_overlays_says_what_they_do(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its examples as files: the contract's vCPU in stage 2, and the new service in a scenario of its own."""
    monkeypatch.chdir(tmp_path)
    contract, own, resources, stand_in, _ = [
        block for language, block in FENCE.findall(OVERLAYS) if language == "yaml"
    ]  # the last one belongs to another provider's catalog, which has tests of its own
    (tmp_path / "my-prices").mkdir()
    (tmp_path / "my-prices" / "compute.yaml").write_text(contract)
    (tmp_path / "my-prices" / "label-studio.yaml").write_text(own)
    head = "scenario: labels\ntitle: Labels\nworkload: {monthly_requests: 1M}\n"
    (tmp_path / "labels.yaml").write_text(head + resources)
    for line in fenced_commands(OVERLAYS):
        assert run(shlex.split(line)[1:]) == ExitCode.DONE, line
        assert "explain" not in line or "contract 17 of 2026-09-01" in capsys.readouterr().out
    assert run(["estimate", "labels.yaml", "--overlay", "my-prices"]) == ExitCode.DONE
    assert "9,000.00" in capsys.readouterr().out  # 20 x 450
    registry = "resources: {images: {kind: cloud-registry, role: ci-cd, size: 10 GB}}\n"
    (tmp_path / "images.yaml").write_text(head.replace("labels", "images") + registry + stand_in)
    assert run(["estimate", "images.yaml"]) == ExitCode.DONE
    assert "32.94 RUB of the total rest on it" in capsys.readouterr().out  # 7,200 x 0.004575


SHOWN = [block for language, block in FENCE.findall(README) if language == "text"]


@pytest.mark.parametrize("block", SHOWN, ids=[block.split("\n", 1)[0] for block in SHOWN])
def test_output_that_the_readme_shows_is_what_the_program_prints(
    block: str, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    title = block.split("\n", 1)[0]
    lines = {"Comparison": "compare"}
    if title in lines:
        assert run(lines[title].split()) == 0
        assert capsys.readouterr().out == block


def test_the_readme_explains_every_exit_code() -> None:
    section = README.partition("xit code")[2]
    for code in ExitCode:
        assert re.search(rf"\b{code.value}\b", section), code


def test_the_readme_starts_with_two_commands_that_set_all_up() -> None:
    assert re.search(r"^make demo\b", README, re.MULTILINE)
    assert re.search(r"^make test\b", README, re.MULTILINE)


CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_changelog_has_a_part_for_what_is_not_released_yet() -> None:
    assert CHANGELOG.startswith("# Changelog\n")
    assert re.findall(r"^## (.*)$", CHANGELOG, re.MULTILINE)[0] == "Unreleased"


def test_the_changelog_uses_its_four_headings_in_order_and_fills_each() -> None:
    for part in re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]:
        headings = re.findall(r"^### (.*)$", part, re.MULTILINE)
        assert headings == [h for h in ("Added", "Changed", "Fixed", "Prices") if h in headings]
        for text in re.split(r"^### .*$", part, flags=re.MULTILINE)[1:]:
            assert text.strip().startswith("- ")


def test_the_changelog_names_the_day_of_the_prices() -> None:
    from costplan.catalog.store import Catalog

    assert str(Catalog.shipped().index.as_of) in CHANGELOG


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_links_inside_the_repository_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", (ROOT / name).read_text(encoding="utf-8")):
        if "://" not in target:
            assert (ROOT / target).exists(), target


def test_every_resource_kind_is_written_about() -> None:
    """A kind that no document names would not be found."""
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]
    text = " ".join(page.read_text(encoding="utf-8") for page in pages).lower().replace("-", " ")
    text = re.sub(r"\s+", " ", text)
    for name in KINDS:
        words = name.replace("managed-", "").replace("kubernetes-", "").replace("-", " ")
        last = words.split()[-1]
        assert words in text or last in text, name


ACCOUNT = (ROOT / "docs" / "account.md").read_text(encoding="utf-8")


def test_the_page_on_accounts_says_what_they_do(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = [block for language, block in FENCE.findall(ACCOUNT) if language == "yaml"]
    whole, parts, discount, by_service, prices = blocks
    contract = FENCE.findall(OVERLAYS)[0][1]
    (tmp_path / "contract").mkdir()
    (tmp_path / "contract" / "compute.yaml").write_text(contract)
    others = [whole + discount, whole + by_service, whole + prices]
    for text in (whole, whole.replace("budget: 3000 USD\n", parts), *others):
        (tmp_path / "account.yaml").write_text(text)
        for line in fenced_commands(ACCOUNT):
            (tmp_path / "account.html").unlink(missing_ok=True)
            assert run(shlex.split(line)[1:]) == ExitCode.DONE, line
    assert "search.api" in capsys.readouterr().out
